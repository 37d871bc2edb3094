import asyncio
import shutil
from pathlib import Path

import pytest

from bot.domain.request import Person
from tests.contract.store.world import approved, decided, finished, opened, pending, submitted
from tests.unit.cli.shell import NOISE


async def run_in(folder: Path) -> list[str]:
    async with opened(folder) as store:
        await finished(store, await approved(store))
        await pending(store, "form-2", reason="asked by jane@example.com \x1b[2J\u202egnihton")
        await submitted(store, "form-3", requester=Person(NOISE, "@ADA"), address="bob@example.com")
        await decided(store, await pending(store, "form-4", address="eve@example.com"), note="fine by Jane@Example.com")
        page = await store.requests()
    return [request.id for request in page.requests]


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """Where a bot ran: a grant that was done, one that waits, one of somebody with an odd name, one approved."""
    folder = tmp_path_factory.mktemp("ran")
    return folder, asyncio.run(run_in(folder))


@pytest.fixture
def folder(ran, tmp_path):
    """A copy of it for one test."""
    return shutil.copytree(ran[0], tmp_path / "ran")


@pytest.fixture
def ids(ran):
    """The requests there, newest first."""
    return ran[1]
