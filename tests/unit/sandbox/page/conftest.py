"""The page over the workspace of four people, a local Kajabi beside it, and windows for whoever is named."""

from contextlib import AsyncExitStack

import pytest

from bot.sandbox.kajabi import LocalKajabi
from bot.sandbox.page import open_page
from bot.sandbox.town import furnish
from tests.unit.sandbox.page.windows import Process, Window, World, browser


@pytest.fixture
async def kajabi():
    async with LocalKajabi() as running:
        furnish(running)
        yield running


@pytest.fixture
def process():
    return Process()


@pytest.fixture
async def page(slack, kajabi, process):
    async with open_page(World(slack, kajabi, process)) as page:
        yield page


@pytest.fixture
async def window(page, workspace):
    """A function that opens a window as somebody."""
    async with AsyncExitStack() as stack:

        async def opened(name):
            http = await stack.enter_async_context(browser())
            return await stack.enter_async_context(Window(http, page, workspace.member(name).id))

        yield opened
