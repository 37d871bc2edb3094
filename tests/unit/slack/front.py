"""The input side of Slack with everything that stands behind it, before a local Slack; only the provider is a shelf."""

from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from slack_bolt.app.async_app import AsyncApp

from bot.authority import Authority
from bot.courier import Courier
from bot.domain.draft import AddressKind
from bot.domain.errors import Unavailable
from bot.domain.notices import Notices
from bot.domain.policy import of_approvers
from bot.domain.request import Action, Contact, Holding, Offer, Reading
from bot.domain.states import Timing
from bot.lookups import Lookups
from bot.ports import Check, Provider, Store, permitted
from bot.preparer import Preparer
from bot.previews import Previews
from bot.readings import Readings
from bot.service import Service
from bot.slack import register
from bot.slack.desk import Desk, Screens
from bot.slack.messenger import SlackMessenger
from bot.slack.people import SlackPeople
from bot.slack.tasks import Tasks
from bot.store import open_store
from bot.words.scene import Scene
from tests.unit.slack.town import Town, a_town

BUNDLE = Offer(provider="kajabi", id="7", title="Gold Bundle", internal_title="gold-26", price=19900, currency="USD")
STARTER = Offer(provider="kajabi", id="8", title="Starter", price=4900, currency="USD")
YEARLY = Offer(provider="kajabi", id="9", title="Gold Yearly", price=15000, currency="USD", recurring=True)


@dataclass
class Shelf:
    """A provider in memory: customers by address, and what they hold."""

    name: str = "kajabi"
    title: str = "Kajabi"
    repeatable: frozenset[Action] = frozenset({Action.GRANT, Action.REVOKE})
    creates_contacts: bool = True
    sends_welcome: bool = True
    addresses: frozenset[AddressKind] = frozenset({AddressKind.EMAIL})
    offers: list = field(default_factory=lambda: [BUNDLE, STARTER, YEARLY])
    held: dict = field(default_factory=lambda: {"jane@example.com": [STARTER.id]})
    down: bool = False
    reads: int = 0

    async def check(self):
        return [Check(name=self.name, ok=not self.down, says="a shelf")]

    async def write(self, changes, *, permit=permitted):
        self._answer()
        for change in changes:
            assert await permit(change)
            held = self.held.setdefault(change.contact.address, [])
            if change.action is Action.GRANT:
                held.append(change.offer_id)
            elif change.action is Action.REVOKE:
                held.remove(change.offer_id)
        return ["done" for _ in changes]

    async def list_offers(self, query):
        self._answer()
        words = query.words.casefold().split()
        found = [one for one in self.offers if all(word in one.title.casefold() for word in words)]
        key = (lambda one: one.price) if query.by_price else (lambda one: one.title)
        return sorted(found, key=key, reverse=query.descending)

    async def offer(self, offer_id):
        self._answer()
        return next((one for one in self.offers if one.id == offer_id), None)

    async def read(self, targets, *, with_offers=True):
        self._answer()
        self.reads += 1
        return [self._reading(target, with_offer=with_offers) for target in targets]

    def effects(self, action, reading, *, welcome_email):
        if action is Action.REVOKE:
            return ("Payments go on.",) if reading.holdings else ()
        return ("The welcome mail is asked for.",) if welcome_email else ("No welcome mail is asked for.",)

    def _reading(self, target, *, with_offer):
        address = target.contact.address
        if address not in self.held:
            return Reading(contact=None)
        holdings = tuple(Holding(offer_id=one, granted=True) for one in self.held[address])
        contact = Contact(provider="kajabi", address=address, id=f"c-{address}", name="Jane Doe")
        offer = next((one for one in self.offers if with_offer and one.id == target.offer_id), None)
        return Reading(contact=contact, holdings=holdings, offer=offer)

    def _answer(self):
        if self.down:
            raise Unavailable("kajabi", "no connection")


@dataclass
class Front:
    town: Town
    desk: Desk
    store: Store
    shelf: Shelf
    preparer: Preparer
    courier: Courier

    @property
    def ada(self):
        return self.town.world.person("Ada")

    @property
    def bob(self):
        return self.town.world.person("Bob")

    @property
    def carol(self):
        return self.town.world.person("Carol")

    async def works(self):
        """Do once what the engine would: prepare, and deliver until nothing is owed."""
        now = self.town.clock()
        for case in await self.store.claim_requests(now=now, lease=30, limit=10):
            await self.preparer.prepare(case)
        while owed := await self.store.claim_messages(now=now, lease=30, limit=10):
            for delivery in owed:
                await self.courier.deliver(delivery)

    async def asked(self):
        """Have Ada ask for the bundle for Jane; return the request's id."""
        await self.ada.types("/offer grant jane@example.com gold bundle because refund 4412", channel="offers")
        await self.ada.sees("Holds now", in_="view")
        assert await self.ada.submits() == {}
        await self.works()
        return (await self.store.requests()).requests[0].id


@asynccontextmanager
async def a_front(folder, *, approvers=("U0BOB", "U0CAROL"), approvals_channel=None, **shelf):
    async with a_town() as town:
        notices, timing = Notices(), Timing()
        async with open_store(f"sqlite:///{folder / 'offerdesk.db'}", notices=notices, clock=town.clock) as store:
            provider = Shelf(**shelf)
            providers: dict[str, Provider] = {provider.name: provider}
            installation = await town.installation()
            people = SlackPeople(town.client, installation=installation, clock=town.clock)
            authority = Authority(of_approvers(approvers), people, store, town.clock)
            readings = Readings(providers, store, town.clock)
            scene = Scene(titles={"kajabi": "Kajabi"}, creators=frozenset({"kajabi"}))
            await store.remember_offers("kajabi", provider.offers, now=town.clock(), whole=True)

            async def refreshed(_):
                pass

            desk = Desk(
                bot_user=installation.bot_user,
                service=Service(store, authority, providers, town.clock),
                lookups=Lookups(store, authority, readings, town.clock),
                authority=authority,
                scene=scene,
                default_provider="kajabi",
                approvals_channel=approvals_channel,
                tasks=Tasks(),
                clock=town.clock,
                first_sight=store.first_sight,
                homes=store,
                in_thread=store.in_thread,
                user_changed=refreshed,
                group_changed=refreshed,
                screens=Screens(quiet=0.01),
                incident=lambda: "i-1",
            )
            messenger = SlackMessenger(town.client, scene=scene, installation=installation, clock=town.clock)
            previews = Previews(store, authority, people, providers)
            preparer = Preparer(store, readings, previews, people, providers, town.clock, timing, 30.0)
            app = AsyncApp(client=town.client, signing_secret=town.world.signing_secret, process_before_response=True)
            register(app, desk=desk)
            async with _served(app) as address:
                town.slack.events_url = f"{address}/slack/events"
                yield Front(town, desk, store, provider, preparer, Courier(store, messenger, town.clock, 30))
                await desk.tasks.stop(within=5)


@asynccontextmanager
async def _served(app):
    runner = web.AppRunner(app.web_app("/slack/events"))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
