"""Capillary as a provider: customers, what they hold, promotions, and changes."""

import asyncio
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from bot.domain.draft import AddressKind, kind_of_address
from bot.domain.errors import OfferElsewhere, ProviderError, Rejected
from bot.domain.request import Action, Change, Contact, Holding, Offer, Reading
from bot.ports import Check, Clock, OfferQuery, Pacer, Permit, Target, permitted
from bot.providers.base import TIMEOUT, Api, check_url
from bot.providers.capillary.calls import Calls
from bot.providers.capillary.checks import Checks
from bot.providers.capillary.door import door_of
from bot.providers.capillary.effects import effects
from bot.providers.capillary.faults import CAPILLARY, explained, tells
from bot.providers.capillary.meaning import Json, Kind, holding_from, kind_of, offer_from, promotion_id, standing_in
from bot.providers.capillary.settings import CapillarySettings
from bot.providers.capillary.writing import Receipts, Writer

EVERYBODYS = "everyone has this promotion already; there is nothing to grant or revoke"
NO_KIND = "this bot does not know the type of this promotion, so it changes nothing about it"
GONE = "there is no such promotion in the program of CAPILLARY_PROGRAM_ID"
#: how Capillary calls the kinds of addresses; an id is nothing to be looked up
IDENTIFIERS = {AddressKind.EMAIL: "email", AddressKind.MOBILE: "mobile", AddressKind.EXTERNAL: "externalId"}


class Capillary:
    """One loyalty program.

    What may be sent once more when an answer is lost and reading says no: a revoke, which names what it revokes. A
    grant never: issuing again would issue another one, and enrolling again would replace the enrolment.
    """

    name: str = CAPILLARY
    title: str = "Capillary"
    repeatable: frozenset[Action] = frozenset({Action.REVOKE})
    creates_contacts: bool = False
    sends_welcome: bool = False
    addresses: frozenset[AddressKind] = frozenset(AddressKind)

    def __init__(
        self, settings: CapillarySettings, *, pacer: Pacer, clock: Clock, receipts: Receipts, timeout: float = TIMEOUT
    ) -> None:
        url = check_url("CAPILLARY_API_URL", settings.api_url)
        self._settings, self._clock = settings, clock
        self._api = Api(CAPILLARY, url=url, pacer=pacer, clock=clock, explain=explained, tells=tells, timeout=timeout)
        self._door = door_of(self._api, settings, clock=clock)
        self._calls = Calls(self._door, settings)
        self._writer = Writer(
            self._calls, clock, receipts=receipts, batch=settings.batch, proved=settings.issued_ids_proved
        )
        #: types of promotions, which cannot be changed once they are made
        self._kinds: dict[str, Kind] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """End all connections."""
        await self._door.close()
        await self._api.close()

    async def check(self) -> Sequence[Check]:
        """Try address, credentials, program, and what must be readable."""
        return await Checks(self._door, self._calls, self._settings).run()

    def effects(self, action: Action, reading: Reading, *, welcome_email: bool) -> tuple[str, ...]:  # noqa: ARG002 - Capillary has no such mail
        """Say what else will or may happen."""
        kind = self._kinds.get(reading.offer.id) if reading.offer is not None else None
        return effects(action, reading, kind=kind, proved=self._settings.issued_ids_proved)

    # --- promotions ------------------------------------------------------------------------------------------------

    async def list_offers(self, query: OfferQuery) -> Sequence[Offer]:
        """List what can be granted, by title: prices are not told, and what everybody has is left out."""
        words = query.words.casefold().split()
        found = [offer for one in await self._calls.promotions() if (offer := self._offer(one)) is not None]
        fits = [one for one in found if all(word in f"{one.title} {one.description}".casefold() for word in words)]
        by_title = query.descending and not query.by_price
        return sorted(fits, key=lambda one: (one.title.casefold(), int(one.id)), reverse=by_title)

    async def offer(self, offer_id: str) -> Offer | None:
        """Read one promotion; raise `OfferElsewhere` for one of another program, `Rejected` for what everybody has."""
        if not offer_id.isdigit() or not offer_id.isascii() or len(offer_id) > _DIGITS:
            return None
        told = await self._calls.promotion(offer_id)
        if told is None:
            return None
        if str(told.get("programId") or self._settings.program_id) != str(self._settings.program_id):
            raise OfferElsewhere
        if kind_of(told) is Kind.EVERYBODYS:
            raise Rejected(CAPILLARY, EVERYBODYS, code="everybodys")
        return self._offer(told)

    def _offer(self, told: Json) -> Offer | None:
        offer, kind = offer_from(told), kind_of(told)
        if offer is None or kind is Kind.EVERYBODYS:
            return None
        if kind is not None:
            self._kinds[offer.id] = kind
        return offer

    # --- customers and what they hold --------------------------------------------------------------------------------

    async def read(self, targets: Sequence[Target], *, with_offers: bool = True) -> Sequence[Reading | ProviderError]:
        """Read customers by id, or by what identifies them, and what they hold. Raises `OfferElsewhere`."""
        asked = (self._read(one, with_offers=with_offers) for one in targets)
        answers = await asyncio.gather(*asked, return_exceptions=True)
        return [_kept(one) for one in answers]

    async def _read(self, target: Target, *, with_offers: bool) -> Reading:
        offer = await self.offer(target.offer_id) if with_offers and target.offer_id else None
        nobody = Reading(contact=None, offer=offer)
        customer_id = target.contact.id or await self._find(target.contact)
        promotions = await self._calls.promotions_of(customer_id) if customer_id is not None else None
        if customer_id is None or promotions is None:
            return nobody
        name = target.contact.name or await self._calls.name(customer_id)
        contact = Contact(
            provider=CAPILLARY, address=target.contact.address, id=customer_id, name=name, ref=target.contact.ref
        )
        holdings, untold = self._holdings(promotions)
        return Reading(contact=contact, holdings=holdings, offer=offer, untold=untold)

    async def _find(self, contact: Contact) -> str | None:
        kind = kind_of_address(contact.address)
        if kind is None:
            return None
        value = contact.address.partition(":")[2] if kind in {AddressKind.ID, AddressKind.EXTERNAL} else contact.address
        if kind is AddressKind.ID:
            return value
        return await self._calls.customer(IDENTIFIERS[kind], value.removeprefix("+"))

    def _holdings(self, promotions: Sequence[Json]) -> tuple[tuple[Holding, ...], frozenset[str]]:
        """Tell what is held, those that count now first, and of which promotions Capillary does not say it."""
        held, untold = [], set()
        for item in promotions:
            offer_id, kind = promotion_id(item, "promotionId", "id"), kind_of(item)
            if offer_id is None or kind is Kind.EVERYBODYS:
                continue
            if kind is not None:
                self._kinds[offer_id] = kind
            standing = standing_in(item, self._clock())
            if standing.untold:
                untold.add(offer_id)
            elif (holding := holding_from(item, offer_id, standing)) is not None:
                held.append(holding)
        return tuple(sorted(held, key=lambda one: not one.active)), frozenset(untold)

    # --- changes -----------------------------------------------------------------------------------------------------

    async def write(self, changes: Sequence[Change], *, permit: Permit = permitted) -> Sequence[str | ProviderError]:
        """Make the changes, those of one action and promotion together; each of their steps needs a permit.

        A change whose second step gets none is done in part, which is never `Withheld`.
        """
        answers: list[str | ProviderError | None] = [None] * len(changes)
        groups: dict[tuple[Action, str], list[int]] = {}
        for place, change in enumerate(changes):
            if change.action is Action.CREATE:
                answers[place] = Rejected(CAPILLARY, "customers cannot be created from here", code="no_creation")
            elif change.contact.id is None:
                answers[place] = Rejected(CAPILLARY, "the customer is not known yet", code="no_contact")
            else:
                groups.setdefault((change.action, change.offer_id), []).append(place)
        for places in groups.values():
            found = await self._write([changes[place] for place in places], permit)
            for place, mine in zip(places, found, strict=True):
                answers[place] = mine[changes[place].contact.id or ""]
        return [one for one in answers if one is not None]

    async def _write(self, changes: Sequence[Change], permit: Permit) -> Sequence[dict[str, str | ProviderError]]:
        try:
            kind = await self._kind(changes[0].offer_id)
            return await self._writer.write(kind, changes, permit)
        except ProviderError as error:  # raised before anything was sent
            return [{change.contact.id or "": error} for change in changes]

    async def _kind(self, promotion: str) -> Kind:
        if promotion not in self._kinds:
            try:
                offer = await self.offer(promotion)
            except OfferElsewhere:
                offer = None
            if offer is None:
                raise Rejected(CAPILLARY, GONE, code="OfferGone")
            if promotion not in self._kinds:
                raise Rejected(CAPILLARY, NO_KIND, code="no_kind")
        return self._kinds[promotion]


_DIGITS = 19


def _kept(answer: Reading | BaseException) -> Reading | ProviderError:
    """Keep what failed for one as its own answer; what is no failure of Capillary's is raised."""
    if isinstance(answer, BaseException) and not isinstance(answer, ProviderError):
        raise answer
    return answer
