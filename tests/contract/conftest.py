from collections.abc import AsyncIterator

import pytest

from bot.domain.request import Contact
from tests.contract.provider_worlds import PATIENCE, WORLDS, World


@pytest.fixture
def patience() -> float:
    """Seconds after which the provider gives a call up."""
    return PATIENCE


@pytest.fixture(params=WORLDS)
async def world(request: pytest.FixtureRequest, patience: float) -> AsyncIterator[World]:
    """One provider after the other, each with its counterpart."""
    async with WORLDS[request.param](patience=patience) as world:
        yield world


@pytest.fixture
def jane(world: World) -> Contact:
    return world.contact("jane@example.com")
