"""Keeps the cache of offers fresh, for the type-ahead and for titles. No approval rests on it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import structlog

from bot.domain.errors import ProviderError
from bot.ports import Clock, OfferQuery, Provider, Store

log = structlog.get_logger()
#: seconds to wait after a refresh that failed
PAUSE = 60.0


@dataclass(slots=True)
class Catalogue:
    """Reads each provider's whole list of offers now and then."""

    store: Store
    providers: Mapping[str, Provider]
    clock: Clock
    #: seconds after which the list counts as old
    max_age: float
    #: when each was last asked for
    _tried: dict[str, float] = field(default_factory=dict)

    async def stale(self) -> list[str]:
        """Name the providers whose list is due."""
        now = self.clock()
        due = []
        for name in self.providers:
            age = await self.store.offers_age(name, now=now)
            rests = 0 <= now - self._tried.get(name, -math.inf) < PAUSE  # below nought the clock has stepped back
            if (age is None or age >= self.max_age) and not rests:
                due.append(name)
        return due

    async def fill(self) -> None:
        """Read the lists that were never read, so that the first form after an installation can complete offers."""
        for name in await self.stale():
            if await self.store.offers_age(name, now=self.clock()) is None:
                await self.refresh(name)

    async def refresh(self, name: str) -> None:
        """Read one provider's list; a failure leaves the old one and is logged."""
        self._tried[name] = self.clock()
        try:
            offers = await self.providers[name].list_offers(OfferQuery())
        except ProviderError as error:
            log.warning("offers not refreshed", provider=name, why=error.detail)
            return
        await self.store.remember_offers(name, offers, now=self.clock(), whole=True)
        log.info("offers refreshed", provider=name, offers=len(offers))
