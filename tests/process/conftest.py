import pytest

from bot.sandbox.local_world import local_world
from tests.contract.openapi import OpenApiWitness
from tests.process.discretion import assert_discreet


@pytest.fixture(params=["socket"])
def transport(request):
    return request.param


@pytest.fixture
async def world(transport):
    witness = OpenApiWitness()
    async with local_world(http=transport == "http", on_exchange=witness) as world:
        yield world
        assert_discreet(world)
    witness.assert_agreement()
