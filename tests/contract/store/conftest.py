from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from bot.ports import Store
from tests.contract.store.world import opened

#: every implementation of the port, by the way it is opened in an empty folder
STORES: dict[str, Callable[[Path], AbstractAsyncContextManager[Store]]] = {"sqlite": opened}


@pytest.fixture(params=sorted(STORES))
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    async with STORES[request.param](tmp_path) as opened_store:
        yield opened_store
