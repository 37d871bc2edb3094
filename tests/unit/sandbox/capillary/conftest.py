from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from bot.sandbox.capillary import Conduct, Customer, Kind, LocalCapillary, Promotion
from tests.contract.capillary_world import Client, served


@dataclass
class Clock:
    now: float = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass(kw_only=True)
class World:
    """Jane holds nothing yet; there is a promotion of each type."""

    capillary: LocalCapillary
    client: Client
    clock: Clock
    jane: Customer
    sam: Customer
    club: Promotion
    voucher: Promotion
    everybody: Promotion

    @property
    def conduct(self) -> Conduct:
        return self.capillary.conduct


@pytest.fixture
async def world() -> AsyncIterator[World]:
    clock = Clock()
    capillary = LocalCapillary(clock=clock, tills={"till.1": "5f4dcc3b5aa765d61d8327deb882cf99"})
    jane = capillary.add_customer("Jane", "Doe", mobile="919111111111", email="jane@example.com", external_id="J-1")
    sam = capillary.add_customer("Sam", "Rivers", mobile="919222222222")
    club = capillary.add_promotion("Club", Kind.ENROL_AND_ISSUE, enrolments=2, issues=3)
    voucher = capillary.add_promotion("Voucher", Kind.DIRECT, issues=2)
    everybody = capillary.add_promotion("Everybody", Kind.GENERIC)
    async with served(capillary) as client:
        yield World(
            capillary=capillary,
            client=client,
            clock=clock,
            jane=jane,
            sam=sam,
            club=club,
            voucher=voucher,
            everybody=everybody,
        )
