"""A whole provider in one file: a cupboard, and what is lent from it to whom."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field, replace

from pydantic import BaseModel

from bot.domain.draft import AddressKind
from bot.domain.errors import ProviderError, Rejected, Withheld
from bot.domain.request import Action, Change, Holding, Offer, Reading
from bot.ports import Check, Clock, OfferQuery, Permit, Provider, Store, Target, permitted
from bot.providers.recipe import Recipe

NAME = "toy"
THINGS = {"1": "Red Kite", "2": "Blue Ball", "3": "Green Top"}


@dataclass
class Cupboard:
    """Knows everybody by their address, and lends each thing to as many as want it."""

    name: str = NAME
    title: str = "Toy Cupboard"
    repeatable: frozenset[Action] = frozenset({Action.GRANT, Action.REVOKE})
    creates_contacts: bool = False
    sends_welcome: bool = False
    addresses: frozenset[AddressKind] = frozenset({AddressKind.EMAIL})
    lent: set[tuple[str, str]] = field(default_factory=set)

    async def check(self) -> Sequence[Check]:
        return [Check(name="Toy Cupboard", ok=True, says=f"{len(THINGS)} things")]

    async def list_offers(self, query: OfferQuery) -> Sequence[Offer]:
        words = query.words.casefold().split()
        found = [offer for one in THINGS if (offer := await self.offer(one)) is not None]
        fits = [one for one in found if all(word in one.title.casefold() for word in words)]
        return sorted(fits, key=lambda one: one.title, reverse=query.descending)

    async def offer(self, offer_id: str) -> Offer | None:
        return Offer(provider=NAME, id=offer_id, title=THINGS[offer_id]) if offer_id in THINGS else None

    async def read(self, targets: Sequence[Target], *, with_offers: bool = True) -> Sequence[Reading | ProviderError]:
        return [await self._read(one, with_offers=with_offers) for one in targets]

    async def _read(self, target: Target, *, with_offers: bool) -> Reading:
        who = target.contact.id or target.contact.address
        held = [Holding(offer_id=one, title=THINGS[one], granted=True) for one in THINGS if (who, one) in self.lent]
        offer = await self.offer(target.offer_id) if with_offers and target.offer_id else None
        return Reading(contact=replace(target.contact, id=who), holdings=tuple(held), offer=offer)

    async def write(self, changes: Sequence[Change], *, permit: Permit = permitted) -> Sequence[str | ProviderError]:
        return [self._write(one) if await permit(one) else Withheld(NAME) for one in changes]

    def _write(self, change: Change) -> str | ProviderError:
        if change.action is Action.CREATE or change.contact.id is None or change.offer_id not in THINGS:
            return Rejected(NAME, "there is no such thing", code="not_found")
        lend = self.lent.add if change.action is Action.GRANT else self.lent.discard
        lend((change.contact.id, change.offer_id))
        return "noted in the book"

    def effects(self, action: Action, reading: Reading, *, welcome_email: bool) -> tuple[str, ...]:
        return ("Somebody has to carry it.",)


class Nothing(BaseModel):
    """It needs no settings."""


def opened(settings: BaseModel, store: Store, clock: Clock) -> AbstractAsyncContextManager[Provider]:
    return nullcontext(Cupboard())


PROVIDER = Recipe(fields=Nothing, missing=lambda _: (), open=opened)
