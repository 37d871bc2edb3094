import pytest

from tests.unit.core.world import a_core


@pytest.fixture
async def core(tmp_path):
    async with a_core(tmp_path) as core:
        yield core
