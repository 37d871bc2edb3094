"""What people ask without changing anything: who holds what, which offers there are, what a request is about."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot import undoing
from bot.authority import Authority
from bot.domain import draft as drafts
from bot.domain import preview
from bot.domain.draft import Account, Draft, Foreseen
from bot.domain.errors import (
    NotAllowed,
    OfferAmbiguous,
    OfferElsewhere,
    OfferMissing,
    OfferNotFound,
    OnlyOwn,
    ProviderError,
    Refusal,
    RequestNotFound,
    StandingUnknown,
)
from bot.domain.explanation import Explanation
from bot.domain.home import Entry, Home, Overview
from bot.domain.listing import ME, Filter
from bot.domain.notices import card_key
from bot.domain.pause import Pause
from bot.domain.request import Action, Contact, Holding, Offer, Person, State
from bot.domain.term import DAY
from bot.ports import Clock, OfferQuery, Page, Store
from bot.readings import Readings, nobody

#: seconds for which a list of offers found serves its next pages
FOUND_KEPT = 300.0
#: offers named when words fit several
CHOICES = 10
#: what providers make ids of: a number, or the 24 digits of a document's
AN_ID = re.compile(r"[0-9]{1,19}|[0-9a-f]{24}", re.IGNORECASE)


@dataclass(slots=True)
class Lookups:
    """The questions of Offerdesk. Answers are for the person who asked."""

    store: Store
    authority: Authority
    readings: Readings
    clock: Clock
    _found: dict[tuple[str, OfferQuery], tuple[float, tuple[Offer, ...]]] = field(default_factory=dict)

    async def who(self, provider: str, address: str, *, by: Person) -> Account:
        """Say what a customer holds and what was done for them. Raises `ContactNotFound`, `ProviderError`."""
        await self.authority.may_look(by)
        address = drafts.normal(address)
        drafts.check_address(address, self.readings.providers[provider].addresses)
        reading = await self.readings.of(provider, address, max_age=0)
        if reading.contact is None:
            raise nobody(self.readings.providers[provider])
        given = await self.store.given(provider, reading.contact)
        held = [one.offer_id for one in reading.holdings if one.active]
        planned = {one: await self.store.end_of(reading.contact, one) for one in held}
        return Account(
            contact=reading.contact,
            holdings=reading.holdings,
            given=tuple(given),
            ends={offer: end for offer, end in planned.items() if end is not None},
        )

    async def find(self, provider: str, query: OfferQuery, *, by: Person) -> tuple[Offer, ...]:
        """List offers by words in title or description, asking the provider itself."""
        await self.authority.may_look(by)
        kept = self._found.get((provider, query))
        if kept is not None and 0 <= self.clock() - kept[0] < FOUND_KEPT:
            return kept[1]
        offers = tuple(await self.readings.providers[provider].list_offers(query))
        await self.store.remember_offers(provider, offers, now=self.clock(), whole=False)
        self._found = {key: one for key, one in self._found.items() if self.clock() - one[0] < FOUND_KEPT}
        self._found[provider, query] = (self.clock(), offers)
        return offers

    async def show(self, provider: str, words: str, *, by: Person) -> Offer:
        """Read one offer with its products from the provider."""
        await self.authority.may_look(by)
        try:
            offer = await self.match(provider, words)
        except OfferNotFound:
            return await self.by_id(provider, words)
        live = await self.readings.live_offer(provider, offer.id)
        if live is None:
            raise OfferNotFound(words)
        return live

    async def by_id(self, provider: str, words: str) -> Offer:
        """Ask the provider itself for what looks like an id of its own: it may say why nobody can choose that.

        Raises `OfferNotFound`, and `ProviderError`.
        """
        offer_id = words.strip().removeprefix(f"{provider}:")
        try:
            live = await self.readings.live_offer(provider, offer_id) if AN_ID.fullmatch(offer_id) else None
        except OfferElsewhere:
            live = None
        if live is None:
            raise OfferNotFound(words)
        return live

    async def match(self, provider: str, words: str) -> Offer:
        """Find the one offer that somebody means: by id, by exact title, or because only one fits."""
        words = words.strip()
        if not words:
            raise OfferMissing
        named = await self.store.cached_offer(provider, words.removeprefix(f"{provider}:"))
        if named is not None:
            return named
        fits = await self.store.suggest(provider, words, limit=CHOICES + 1)
        exact = [offer for offer in fits if offer.title.casefold() == words.casefold()]
        if len(exact) == 1:
            return exact[0]
        if not fits:
            raise OfferNotFound(words)
        if len(fits) > 1:
            raise OfferAmbiguous(words, fits[:CHOICES])
        return fits[0]

    async def suggest(self, provider: str, words: str, *, limit: int) -> tuple[Offer, ...]:
        """Complete what is being typed, from the cache."""
        return tuple(await self.store.suggest(provider, words, limit=limit))

    async def suggest_held(self, provider: str, address: str, words: str, *, limit: int) -> tuple[Offer, ...]:
        """Complete from what the customer holds: a revoke can take nothing else. Raises as `who`."""
        reading = await self.readings.of(provider, drafts.normal(address))
        if reading.contact is None:
            raise nobody(self.readings.providers[provider])
        offers = [await self._as_offer(provider, one) for one in reading.holdings if one.active]
        wanted = words.casefold().split()
        fits = [one for one in offers if all(word in _searched(one) for word in wanted)]
        return tuple(sorted(fits, key=lambda one: one.title.casefold())[:limit])

    async def foresee(self, draft: Draft) -> Foreseen:
        """Preview a draft for its form. Nothing is raised: what stands against it is part of the preview."""
        address, provider = drafts.normal(draft.address), self.readings.providers[draft.provider]
        if drafts.kind_of_address(address) not in provider.addresses:
            return Foreseen()
        try:
            reading = await self.readings.of(draft.provider, address)
        except (ProviderError, Refusal) as problem:
            return Foreseen(problem=problem)
        if reading.contact is None and not draft.creates_contact:
            return Foreseen(reading=reading, problem=nobody(provider))
        if draft.offer is None:
            return Foreseen(reading=reading)
        reading = replace(reading, offer=draft.offer)
        contact = reading.contact or Contact(provider=draft.provider, address=address)
        grants = draft.action is Action.GRANT
        moves = await self.store.end_of(contact, draft.offer.id) if grants else None
        try:
            ids = drafts.named_ids(draft.ids) if draft.action is Action.REVOKE else ()
            undoes = await self._undoes(draft)
            part = undoing.is_part(provider, undoes)
            preview.refuse_pointless(draft.action, reading, draft.offer, extends=moves is not None, ids=ids, part=part)
        except Refusal as problem:
            return Foreseen(reading=reading, problem=problem)
        effects = undoing.effects(provider, draft.action, reading, welcome_email=draft.welcome_email, undoes=undoes)
        rivals = tuple(await self.store.rivals(contact, draft.offer.id, but=draft.edits))
        return Foreseen(reading=reading, effects=effects, rivals=rivals, moves=moves)

    async def _undoes(self, draft: Draft) -> str:
        """Return the receipt of what a draft would undo, if it still asks for that; empty where it is nothing."""
        parent = await self.store.case(draft.parent) if draft.parent else None
        if parent is None or parent.request.bulk or draft.offer is None:
            return ""
        done = parent.main
        same = (done.offer_id, done.contact.address) == (draft.offer.id, drafts.normal(draft.address))
        return done.confirmed if same and draft.action is drafts.undo_of(parent) else ""

    async def usual_provider(self, place: str) -> str | None:
        """Name the provider that was chosen last in a channel, as long as it is set up."""
        last = await self.store.last_provider(place) if place and len(self.readings.providers) > 1 else None
        return last if last in self.readings.providers else None

    async def paused(self) -> Pause | None:
        """Return the pause that stands, which everybody may know of."""
        return await self.store.paused()

    async def requests(
        self, which: str, *, by: Person, wanted: Filter | None = None, before: float | None = None, limit: int = 10
    ) -> Page:
        """List requests: `mine`, `waiting` or `recent`, like this; those of others only for people who may decide."""
        await self.authority.take_part(by)
        wanted = wanted or Filter()
        requester = by.id if wanted.requester == ME else wanted.requester
        everybodys = (which != "mine" or bool(requester)) and (await self.authority.may_read_all(by)).allowed
        if not everybodys and requester not in {"", by.id}:
            raise OnlyOwn
        waiting = frozenset({State.PREPARING, State.PENDING}) if which == "waiting" else None
        contacts = [Contact(provider=one, address=wanted.address) for one in self.readings.providers]
        return await self.store.requests(
            states=waiting or wanted.states or None,
            requester=(requester or None) if everybodys else by.id,
            customers=contacts if wanted.address else None,
            since=wanted.begins(self.clock()),
            wanted=wanted.fits if wanted != Filter() else None,
            before=before,
            limit=limit,
        )

    async def ending(self, days: int, *, by: Person, limit: int = 10) -> Sequence[Entry]:
        """List what ends by itself within so many days; of others only for people who may decide."""
        await self.authority.take_part(by)
        everybodys = (await self.authority.may_read_all(by)).allowed
        until = self.clock() + days * DAY
        return await self.store.ending(until=until, requester=None if everybodys else by.id, limit=limit)

    async def overview(self, home: Home) -> Overview:
        """Read all that somebody's Home shows. Raises `StandingUnknown`: what they may see cannot be told then."""
        person, authority = home.person, self.authority
        try:
            await authority.take_part(person)
        except StandingUnknown:
            raise
        except NotAllowed as refusal:
            return Overview(person=person, refusal=refusal)
        named = person.id in await authority.named()
        reads_all = (await authority.may_read_all(person)).allowed
        return Overview(
            person=person,
            asking=(await authority.may_request(person)).refusal,
            decides=named,
            reads_all=reads_all,
            stops=(await authority.may_pause(person)).allowed,
            pause=await self.store.paused(),
            leaves=await self.store.leaves(
                home,
                decides=await authority.addressed(person) if named else None,
                reads_all=reads_all,
            ),
        )

    async def why(self, request_id: str, *, by: Person, channel: str | None = None) -> Explanation:
        """Tell one request's story to somebody whose business it is: who decides, why not they, what happened."""
        await self.authority.take_part(by)
        case = await self.store.case(request_id)
        if case is None:
            raise RequestNotFound(request_id)
        await self.authority.demand_part(case.request, by, channel=channel)
        card = await self.store.message(card_key(request_id))
        told = Explanation(
            case=case,
            events=tuple(await self.store.history(request_id)),
            reader=by,
            card=(card.channel, card.ts) if card is not None and card.shown and card.ts else None,
        )
        if case.request.state is not State.PENDING:
            return told
        try:
            verdict, count = await self.authority.may_decide(case, by), await self.authority.counting(case)
        except StandingUnknown:
            return told
        return replace(told, verdict=verdict, tally=count(case))

    async def _as_offer(self, provider: str, holding: Holding) -> Offer:
        cached = await self.store.cached_offer(provider, holding.offer_id)
        if cached is not None:
            return cached
        title = holding.title or f"Offer {holding.offer_id}"
        listed = await self.readings.listed(provider, holding.offer_id)
        offer = Offer(provider=provider, id=holding.offer_id, title=title, listed=listed)
        await self.store.remember_offers(provider, [offer], now=self.clock(), whole=False)
        return offer


def _searched(offer: Offer) -> str:
    return f"{offer.title} {offer.internal_title} {offer.id}".casefold()
