from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from bot.sandbox.kajabi import Conduct, Contact, Exchange, LocalKajabi, Offer
from bot.sandbox.remote.troubles import Trouble
from tests.contract.kajabi_world import Client, served


@dataclass
class Clock:
    now: float = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass(kw_only=True)
class World:
    """Jane holds nothing yet; there are a bundle at a price and a club by subscription."""

    kajabi: LocalKajabi
    client: Client
    clock: Clock
    exchanges: list[Exchange]
    jane: Contact
    bundle: Offer
    club: Offer

    @property
    def conduct(self) -> Conduct:
        return self.kajabi.conduct

    @property
    def done(self) -> bool:
        return self.kajabi.granted(self.jane) == {self.bundle.id}

    async def grant(self) -> httpx.Response:
        return await self.client.grant(self.jane, self.bundle)

    def trouble(self, name: str, **options: Any) -> Trouble:
        """Once, for a grant, where nothing else is said."""
        usual: dict[str, Any] = {"method": "POST", "path": "*/relationships/offers", "times": 1}
        return self.kajabi.trouble(name, **(usual | options))

    def hurry(self, seconds: float = 0.25) -> None:
        self.client.http.timeout = httpx.Timeout(seconds)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    clock = Clock()
    exchanges: list[Exchange] = []
    kajabi = LocalKajabi(clock=clock, on_exchange=exchanges.append)
    jane = kajabi.add_contact("Jane@example.com", "Jane Doe")
    bundle = kajabi.add_offer("Bundle", price_in_cents=19_900, description="Marketing and more")
    club = kajabi.add_offer("Club", price_in_cents=900, subscription=True)
    async with served(kajabi) as client:
        yield World(
            kajabi=kajabi,
            client=client,
            clock=clock,
            exchanges=exchanges,
            jane=jane,
            bundle=bundle,
            club=club,
        )
