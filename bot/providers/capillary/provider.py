"""Capillary as a provider: customers, what they hold, promotions, and changes."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Self

from bot.domain.draft import AddressKind, kind_of_address
from bot.domain.errors import OfferElsewhere, ProviderError, Rejected
from bot.domain.request import Action, Change, Contact, Offer, Reading
from bot.ports import Check, Clock, OfferQuery, Pacer, Permit, Target, permitted
from bot.providers.base import TIMEOUT, Api, check_url
from bot.providers.capillary import words
from bot.providers.capillary.calls import Calls
from bot.providers.capillary.checks import Checks
from bot.providers.capillary.door import door_of
from bot.providers.capillary.effects import effects
from bot.providers.capillary.faults import CAPILLARY, explained, tells, unnamed
from bot.providers.capillary.meaning import (
    Json,
    Kind,
    Standing,
    holding_from,
    kind_of,
    offer_from,
    promotion_id,
    standing_in,
)
from bot.providers.capillary.memory import Memory, standing_of
from bot.providers.capillary.naming import Given, Namer, Receipts, given_by, is_part, taken_by
from bot.providers.capillary.settings import CapillarySettings
from bot.providers.capillary.writing import Writer

UNIFIED = re.compile(r"(?=.*[a-fA-F])[0-9a-fA-F]{24}")
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
    ids_hint: str = words.WHICH_IDS

    def __init__(
        self, settings: CapillarySettings, *, pacer: Pacer, clock: Clock, receipts: Receipts, timeout: float = TIMEOUT
    ) -> None:
        url = check_url("CAPILLARY_API_URL", settings.api_url)
        self._settings, self._clock = settings, clock
        self._api = Api(CAPILLARY, url=url, pacer=pacer, clock=clock, explain=explained, tells=tells, timeout=timeout)
        self._door = door_of(self._api, settings, clock=clock)
        self._calls = Calls(self._door, settings)
        self._namer = Namer(receipts, settings.issued_ids_proved)
        #: how many customers go into one call that changes something
        self.batch = settings.batch
        self._memory = Memory(clock)
        self._writer = Writer(self._calls, clock, self._namer, self._memory, settings.batch)
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

    def is_part(self, receipt: str) -> bool:
        """Whether what was done was one step of two."""
        return is_part(receipt)

    def part_effects(self, action: Action, reading: Reading) -> tuple[str, ...]:
        """Say what else will or may happen where one step alone is undone."""
        kind = self._kinds.get(reading.offer.id) if reading.offer is not None else None
        return effects(action, reading, kind=kind, proved=self._settings.issued_ids_proved, part=True)

    # --- promotions ------------------------------------------------------------------------------------------------

    async def list_offers(self, query: OfferQuery) -> Sequence[Offer]:
        """List what can be granted, by title: prices are not told, and what everybody has is left out."""
        sought = query.words.casefold().split()
        found = [offer for one in await self._calls.promotions() if (offer := self._offer(one)) is not None]
        fits = [one for one in found if all(word in _searched(one) for word in sought)]
        by_title = query.descending and not query.by_price
        return sorted(fits, key=lambda one: (one.title.casefold(), int(one.id)), reverse=by_title)

    async def offer(self, offer_id: str) -> Offer | None:
        """Read one promotion; raise `OfferElsewhere` for one of another program.

        Raises `Rejected` for what everybody has, and for what only the unified family names like that.
        """
        if UNIFIED.fullmatch(offer_id):
            raise Rejected(CAPILLARY, words.OF_UNIFIED, code="unified")
        if not offer_id.isdigit() or not offer_id.isascii() or len(offer_id) > _DIGITS:
            return None
        told = await self._calls.promotion(offer_id)
        if told is None:
            return None
        if str(told.get("programId") or self._settings.program_id) != str(self._settings.program_id):
            raise OfferElsewhere
        if kind_of(told) is Kind.EVERYBODYS:
            raise Rejected(CAPILLARY, words.EVERYBODYS, code="everybodys")
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
        return [unnamed(_kept(one), target.contact) for one, target in zip(answers, targets, strict=True)]

    async def _read(self, target: Target, *, with_offers: bool) -> Reading:
        offer = await self.offer(target.offer_id) if with_offers and target.offer_id else None
        nobody = Reading(contact=None, offer=offer)
        found = await self._find(target.contact)
        if found is None:
            return nobody
        customer_id, promotions = found
        name = target.contact.name or await self._calls.name(customer_id)
        contact = Contact(
            provider=CAPILLARY, address=target.contact.address, id=customer_id, name=name, ref=target.contact.ref
        )
        receipts = await self._namer.receipts(contact)
        standings = self._standings(promotions, receipts)
        told = {one: standing for one, (_, standing) in standings.items()}
        if target.offer_id is not None:
            taken = taken_by(receipts.get(target.offer_id, ()))
            told[target.offer_id] = standing_of(promotions, target.offer_id, self._clock(), taken)
            self._memory.keep(target.offer_id, customer_id, told[target.offer_id])
        held = [holding_from(item, one, standing) for one, (item, standing) in standings.items() if not standing.untold]
        return Reading(
            contact=contact,
            holdings=tuple(sorted((one for one in held if one is not None), key=lambda one: not one.active)),
            offer=offer,
            untold=frozenset(one for one, standing in told.items() if standing.untold),
            stale=frozenset(one for one, standing in told.items() if standing.stale),
            **self._named(told, receipts),
        )

    async def _find(self, contact: Contact) -> tuple[str, list[Json]] | None:
        """Return a customer's id, and the promotions as they are for them; None where nobody is known like this."""
        customer_id, kind = contact.id, kind_of_address(contact.address)
        value = contact.address.partition(":")[2] if kind in {AddressKind.ID, AddressKind.EXTERNAL} else contact.address
        if customer_id is None and kind is AddressKind.ID:
            customer_id = value.lstrip("0") or value  # answers name customers by a number
        elif customer_id is None and kind is not None:
            name, value = IDENTIFIERS[kind], value.removeprefix("+")
            found = await self._calls.promotions_by(name, value)
            if found is None:
                return None
            customer_id, promotions = found
            if customer_id is not None:
                return customer_id, promotions
            customer_id = await self._calls.customer(name, value)
        told = await self._calls.promotions_of(customer_id) if customer_id is not None else None
        return None if customer_id is None or told is None else (customer_id, told)

    def _standings(
        self, promotions: Sequence[Json], receipts: Mapping[str, Sequence[str]]
    ) -> dict[str, tuple[Json, Standing]]:
        """Tell how the customer stands to each promotion that not everybody has."""
        found: dict[str, tuple[Json, Standing]] = {}
        for item in promotions:
            offer_id, kind = promotion_id(item, "promotionId", "id"), kind_of(item)
            if offer_id is None or kind is Kind.EVERYBODYS:
                continue
            if kind is not None:
                self._kinds[offer_id] = kind
            found[offer_id] = item, standing_in(item, self._clock(), taken_by(receipts.get(offer_id, ())))
        return found

    def _named(
        self, standings: Mapping[str, Standing], receipts: Mapping[str, Sequence[str]]
    ) -> dict[str, frozenset[str]]:
        """Say of which promotions what is held cannot be named by this bot, and which it did not give itself."""
        held = {one: told for one, told in standings.items() if told.untold or told.issues or told.enrolment}
        given: dict[str, Given] = {one: given_by(receipts.get(one, ())) for one in held}
        return {
            "unnamed": frozenset(one for one, told in held.items() if self._namer.names(told, given[one]) is None),
            "foreign": frozenset(one for one, told in held.items() if self._namer.is_foreign(told, given[one])),
        }

    # --- changes -----------------------------------------------------------------------------------------------------

    async def write(self, changes: Sequence[Change], *, permit: Permit = permitted) -> Sequence[str | ProviderError]:
        """Make the changes, those of one action and promotion together; each of their steps needs a permit.

        A change whose second step gets none is done in part, which is never `Withheld`.
        """
        answers: list[str | ProviderError | None] = [None] * len(changes)
        groups: dict[tuple[Action, str], list[int]] = {}
        for place, change in enumerate(changes):
            if change.action is Action.CREATE:
                answers[place] = Rejected(CAPILLARY, words.NO_CREATION, code="no_creation")
            elif change.contact.id is None:
                answers[place] = Rejected(CAPILLARY, words.NO_CONTACT, code="no_contact")
            else:
                groups.setdefault((change.action, change.offer_id), []).append(place)
        for places in groups.values():
            found = await self._write([changes[place] for place in places], permit)
            for place, mine in zip(places, found, strict=True):
                contact = changes[place].contact
                answers[place] = unnamed(mine[contact.id or ""], contact)
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
                raise Rejected(CAPILLARY, words.GONE, code="OfferGone")
            if promotion not in self._kinds:
                raise Rejected(CAPILLARY, words.NO_KIND, code="no_kind")
        return self._kinds[promotion]


_DIGITS = 19


def _searched(offer: Offer) -> str:
    return f"{offer.title} {offer.internal_title} {offer.description}".casefold()


def _kept(answer: Reading | BaseException) -> Reading | ProviderError:
    """Keep what failed for one as its own answer; what is no failure of Capillary's is raised."""
    if isinstance(answer, BaseException) and not isinstance(answer, ProviderError):
        raise answer
    return answer
