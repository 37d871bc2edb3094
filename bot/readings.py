"""What providers said a moment ago, so that the form and the request that follows it do not ask twice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from bot.domain.errors import ContactNotFound, NobodyByThis, OfferElsewhere, ProviderError
from bot.domain.request import Contact, Holding, Offer, Reading
from bot.ports import Clock, Provider, Store, Target

Answer = TypeVar("Answer")

#: seconds for which a form's reading serves; before anything is sent the world is read afresh in any case
KEPT = 60.0
#: readings kept at once
ROOM = 256
#: titles that one screen may ask the provider for, where the cache does not have them (archived offers)
TITLES = 10


@dataclass(slots=True)
class Readings:
    """Reads what contacts hold, with titles, and remembers it for a minute."""

    providers: Mapping[str, Provider]
    store: Store
    clock: Clock
    _kept: dict[tuple[str, str], tuple[float, Reading]] = field(default_factory=dict)

    async def of(self, provider: str, address: str, *, max_age: float = KEPT) -> Reading:
        """Read a contact by address and what it holds. Raises `ProviderError`, or `ContactAmbiguous`."""
        kept = self._kept.get((provider, address))
        if kept is not None and 0 <= self.clock() - kept[0] < max_age:
            return kept[1]
        target = Target(contact=Contact(provider=provider, address=address))
        reading = only(await self.providers[provider].read([target], with_offers=False))
        reading = await self.titled(reading, provider)
        if reading.contact is not None:  # who is missing may be there a moment later
            self._keep((provider, address), reading)
        return reading

    async def titled(self, reading: Reading, provider: str) -> Reading:
        """Name what is held, as people know it."""
        return replace(reading, holdings=await self._titled(provider, reading.holdings))

    def forget(self, provider: str, address: str) -> None:
        """Ask afresh next time: something was just changed."""
        self._kept.pop((provider, address), None)

    async def live_offer(self, provider: str, offer_id: str) -> Offer | None:
        """Read an offer from the provider and bring the cache up to date. Raises `OfferElsewhere`."""
        offer = await self.providers[provider].offer(offer_id)
        if offer is None:
            return None
        offer = replace(offer, listed=await self.listed(provider, offer_id))
        await self.store.remember_offers(provider, [offer], now=self.clock(), whole=False)
        return offer

    async def listed(self, provider: str, offer_id: str) -> bool:
        """Whether the provider's list of offers has it: only the list tells that an offer is archived."""
        cached = await self.store.cached_offer(provider, offer_id)
        if cached is not None:
            return cached.listed
        return await self.store.offers_age(provider, now=self.clock()) is None

    async def _titled(self, provider: str, holdings: tuple[Holding, ...]) -> tuple[Holding, ...]:
        titled, asked = [], 0
        for holding in holdings:
            offer = await self.store.cached_offer(provider, holding.offer_id)
            if offer is None and asked < TITLES:
                asked += 1
                offer = await self._old_offer(provider, holding.offer_id)
            titled.append(replace(holding, title=offer.title) if offer is not None else holding)
        return tuple(titled)

    async def _old_offer(self, provider: str, offer_id: str) -> Offer | None:
        """Read an offer that the cache does not have, so that it has a title and can be revoked."""
        try:
            offer = await self.providers[provider].offer(offer_id)
        except (ProviderError, OfferElsewhere):
            return None  # a missing title is no reason to show nothing
        if offer is None:
            return None
        offer = replace(offer, listed=await self.listed(provider, offer_id))
        await self.store.remember_offers(provider, [offer], now=self.clock(), whole=False)
        return offer

    def _keep(self, key: tuple[str, str], reading: Reading) -> None:
        self._kept.pop(key, None)
        while len(self._kept) >= ROOM:
            self._kept.pop(next(iter(self._kept)))
        self._kept[key] = (self.clock(), reading)


def nobody(provider: Provider) -> ContactNotFound:
    """Return what to raise where nobody is found."""
    return NobodyByThis() if len(provider.addresses) > 1 else ContactNotFound()


def only(answers: Sequence[Answer | ProviderError]) -> Answer:
    """Return the one answer to one question, or raise its error."""
    (answer,) = answers
    if isinstance(answer, ProviderError):
        raise answer
    return answer
