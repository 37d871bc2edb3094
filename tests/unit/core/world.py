"""The core around a real store on a file: the provider, Slack's people and the time do as the test says."""

from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import groupby
from typing import Any

from bot.authority import Authority
from bot.comparison import Comparison
from bot.domain import lifecycle
from bot.domain.draft import AddressKind
from bot.domain.errors import ChannelUnreachable, GroupGone, ProviderError, StandingUnknown, Withheld
from bot.domain.notices import Notices
from bot.domain.policy import of_approvers
from bot.domain.request import Action, Choice, Contact, Holding, Offer, Person, Profile, Reading, Submission
from bot.domain.states import Timing
from bot.executor import Executor
from bot.lookups import Lookups
from bot.ports import Check, People, Provider, Store, permitted
from bot.preparer import Preparer
from bot.previews import Previews
from bot.readings import Readings
from bot.store import open_store

ADA, BOB, EVE = Person("T1", "UADA"), Person("T1", "UBOB"), Person("T1", "UEVE")
BUNDLE = Offer(provider="kajabi", id="7", title="Gold Bundle", price=19900, currency="USD")
STARTER = Offer(provider="kajabi", id="8", title="Starter", price=4900, currency="USD")
JANE = Contact(provider="kajabi", address="jane@example.com", id="c-1", name="Jane")
TIMING = Timing(reads=(3.0, 7.0), busy=2.0, give_up=600.0, approval=3600.0, first_look=60.0)
LEASE = 30.0


@dataclass
class Clock:
    now: float = 1_700_000_000.0

    def __call__(self):
        return self.now

    def passes(self, seconds):
        self.now += seconds


@dataclass(frozen=True, kw_only=True)
class Called:
    """What one call of `write` does: whether it takes effect, and what it says."""

    takes_effect: bool = True
    says: str | ProviderError = "200 granted"
    #: the whole call fails with it, rather than one place of its answer
    raised: bool = False
    #: what happens at that very moment
    meanwhile: Callable[[], Awaitable[None]] | None = None


@dataclass
class Booth:
    """A provider in memory that does what was put down for its next calls, and otherwise works."""

    name: str = "kajabi"
    title: str = "Kajabi"
    repeatable: frozenset[Action] = frozenset({Action.GRANT, Action.REVOKE})
    creates_contacts: bool = True
    sends_welcome: bool = True
    addresses: frozenset[AddressKind] = frozenset({AddressKind.EMAIL})
    contacts: dict = field(default_factory=lambda: {JANE.address: JANE})
    held: dict = field(default_factory=lambda: {JANE.address: {}})
    offers: dict = field(default_factory=lambda: {BUNDLE.id: BUNDLE, STARTER.id: STARTER})
    #: for the next reads, in order: an error for each place, `Raise`, or something to do before answering
    reads: deque = field(default_factory=deque)
    writes: deque = field(default_factory=deque)
    lists: deque = field(default_factory=deque)
    #: what happens while the next calls wait for their place in the rate, in order: something to do, or an error
    waits: deque = field(default_factory=deque)
    #: what was called, in order, and for whom something was written
    calls: list = field(default_factory=list)
    written_for: list = field(default_factory=list)

    async def check(self):
        return [Check(name=self.name, ok=True, says="a booth")]

    async def list_offers(self, query):
        self.calls.append("list")
        if self.lists:
            raise self.lists.popleft()
        found = [one for one in self.offers.values() if query.words.casefold() in one.title.casefold()]
        return sorted(found, key=lambda one: one.title)

    async def offer(self, offer_id):
        self.calls.append(f"offer {offer_id}")
        return self.offers.get(offer_id)

    async def read(self, targets, *, with_offers=True):
        self.calls.append("read")
        planned = self.reads.popleft() if self.reads else None
        if isinstance(planned, Raise):
            raise planned.error
        if isinstance(planned, ProviderError):
            return [planned for _ in targets]
        if planned is not None:
            await planned()
        return [self._reading(target, with_offer=with_offers) for target in targets]

    async def write(self, changes, *, permit=permitted):
        answers: list[str | ProviderError] = []
        for change in changes:
            planned = self.waits.popleft() if self.waits else None
            if isinstance(planned, ProviderError):
                answers.append(planned)
                continue
            if planned is not None:
                await planned(partial(permit, change))
            if not await permit(change):
                answers.append(Withheld(self.name))
                continue
            self.calls.append(f"write {change.action.value}")
            self.written_for.append(change.contact)
            planned = self.writes.popleft() if self.writes else Called()
            if planned.meanwhile is not None:
                await planned.meanwhile()
            if planned.takes_effect:
                self._make_so(change)
            if planned.raised and isinstance(planned.says, ProviderError):
                raise planned.says
            answers.append(planned.says)
        return answers

    def effects(self, action, reading, *, welcome_email):
        if action is Action.REVOKE:
            return ("Payments go on.",) if any(one.paying for one in reading.holdings) else ()
        return ("A welcome mail may go out.",) if welcome_email else ()

    def holds(self, *offers):
        self.held[JANE.address] = {one: Holding(offer_id=one, granted=True) for one in offers}

    @property
    def written(self):
        return [call for call in self.calls if call.startswith("write")]

    def _make_so(self, change):
        address = change.contact.address
        if change.action is Action.CREATE:
            self.contacts[address] = replace(change.contact, id="c-2")
            self.held[address] = {}
        elif change.action is Action.GRANT:
            self.held[address][change.offer_id] = Holding(offer_id=change.offer_id, granted=True)
        else:
            del self.held[address][change.offer_id]

    def _reading(self, target, *, with_offer):
        offer = self.offers.get(target.offer_id) if with_offer else None
        contact = self.contacts.get(target.contact.address)
        if target.contact.id is not None:  # the id counts, where there is one
            contact = next((one for one in self.contacts.values() if one.id == target.contact.id), None)
        if contact is None:
            return Reading(contact=None, offer=offer)
        return Reading(contact=contact, holdings=tuple(self.held[contact.address].values()), offer=offer)


@dataclass(frozen=True)
class Raise:
    """A read that fails as a whole."""

    error: Exception


@dataclass
class Town:
    """Slack's people, as the test wants them to be."""

    profiles: dict = field(default_factory=dict)
    groups: dict = field(default_factory=dict)
    #: by channel, who is not in it
    away: dict = field(default_factory=dict)
    #: channels that nobody can post in
    closed: set = field(default_factory=set)
    silent: bool = False
    #: the ages that were asked for, by id
    ages: list = field(default_factory=list)

    async def profile(self, person, *, max_age=300):
        self._answer()
        self.ages.append((person.id, max_age))
        return self.profiles.get(person.id, Profile(person=Person("T1", person.id), name=person.id))

    async def members(self, group, *, max_age=300):
        self._answer()
        self.ages.append((group, max_age))
        if group not in self.groups:
            raise GroupGone
        return frozenset(self.groups[group])

    async def outside(self, channel, people):
        self._answer()
        return frozenset(self.away.get(channel, ())) & frozenset(people)

    async def reach(self, channel):
        if channel in self.closed:
            raise ChannelUnreachable

    def turns(self, person_id, **told):
        self.profiles[person_id] = Profile(person=Person("T1", person_id), name=person_id, **told)

    def _answer(self):
        if self.silent:
            raise StandingUnknown


@dataclass
class Core:
    clock: Clock
    booth: Booth
    town: Town
    store: Store
    authority: Authority
    readings: Readings
    previews: Previews
    preparer: Preparer
    executor: Executor
    lookups: Lookups
    lease: float

    async def asks(self, **told):
        given: dict[str, Any] = {
            "action": Action.GRANT,
            "provider": "kajabi",
            "requester": ADA,
            "channel": "CSALES",
            "address": JANE.address,
            "offer_id": BUNDLE.id,
            "reason": "refund 4412",
            "key": f"form-{self.clock()}-{told}",
        }
        submission = Submission(**given | told)
        offer = replace(BUNDLE, id=submission.offer_id)
        return await self.store.submit(submission, offer=self.booth.offers.get(offer.id, offer), now=self.clock())

    async def prepares(self):
        for case in await self.store.claim_requests(now=self.clock(), lease=self.lease, limit=10):
            await self.preparer.prepare(case)

    async def asked(self, **told):
        case = await self.asks(**told)
        await self.prepares()
        return await self.again(case)

    async def approved(self, **told):
        case = await self.asked(**told)
        await self.decides(case)
        return await self.again(case)

    async def decides(self, case, *, by=BOB):
        version = (await self.again(case)).request.version
        now = self.clock()
        await self.store.step(
            case.request.id, lambda found: lifecycle.decide(found, Choice.APPROVE, by=by, shown=version, now=now)
        )

    async def takes(self, case, step, **told):
        await self.store.step(case.request.id, lambda found: step(found, now=self.clock(), **told))

    async def executes(self):
        """Do once what the engine would do with due changes."""
        claimed = await self.store.claim_changes(now=self.clock(), lease=self.lease, limit=10)
        for _, changes in groupby(claimed, key=lambda change: change.request_id):
            await self.executor.perform(list(changes))

    async def put_back(self, seconds):
        """Put the clock back, and let the engine notice."""
        latest = self.clock()
        self.clock.passes(-seconds)
        await self.store.move_due(latest=latest, now=self.clock(), lease=self.lease)

    async def comes_back(self, case):
        """Let the time pass until its change is due, and work on it; say how long that was."""
        due = (await self.again(case)).main.due
        assert due is not None, "nothing is due"
        waited = due - self.clock()
        self.clock.now = due
        await self.executes()
        return waited

    async def again(self, case):
        found = await self.store.case(case.request.id)
        assert found is not None
        return found

    async def events(self, case):
        return [event.name for event in await self.store.history(case.request.id)]

    async def event(self, case, name):
        return next(event for event in await self.store.history(case.request.id) if event.name == name)


@asynccontextmanager
async def a_core(folder, *, approvers=("UBOB", "UEVE"), admins=(), policy=None, lease=LEASE):
    clock, booth, town = Clock(), Booth(), Town()
    async with open_store(f"sqlite:///{folder / 'offerdesk.db'}", notices=Notices(), clock=clock) as store:
        people: People = town
        providers: dict[str, Provider] = {"kajabi": booth}
        authority = Authority(policy or of_approvers(approvers, admins=admins), people, store, clock)
        readings = Readings(providers, store, clock)
        previews = Previews(store, authority, people, providers)
        comparison = Comparison(authority, previews, readings, clock, TIMING)
        yield Core(
            clock=clock,
            booth=booth,
            town=town,
            store=store,
            authority=authority,
            readings=readings,
            previews=previews,
            preparer=Preparer(store, readings, previews, people, providers, clock, TIMING, lease),
            executor=Executor(store, providers, comparison, readings, clock, TIMING, lease),
            lookups=Lookups(store, authority, readings, clock),
            lease=lease,
        )
