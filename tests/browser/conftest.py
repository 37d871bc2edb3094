"""A running sandbox for each file of tests, its page, and a browser; a window of its own for each person."""

from contextlib import AsyncExitStack

import pytest
import pytest_asyncio
from playwright.async_api import async_playwright

from bot.sandbox.local_world import local_world
from bot.sandbox.page import open_page
from bot.sandbox.town import furnish
from tests.browser.chromium import ARGUMENTS, executable
from tests.browser.window import DESK, opened
from tests.contract.openapi import OpenApiWitness


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser():
    path = executable()
    if path is None:
        pytest.skip("There is no chromium on this machine: install it, e.g. `apt-get install chromium`.")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest.fixture(scope="module")
def seed():
    """Puts into Kajabi what is there from the start."""
    return furnish


@pytest.fixture(scope="module")
def rewards():
    """Puts into Capillary what is there from the start; None: there is no Capillary."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(browser, seed, rewards):
    witness = OpenApiWitness()
    async with local_world(http=False, seed=seed, rewards=rewards, on_exchange=witness) as world:
        yield world
    witness.assert_agreement()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def url(world):
    async with open_page(world) as page:
        yield page.url


@pytest_asyncio.fixture(loop_scope="module")
async def window(browser, url):
    """A function that opens a window as somebody; whatever went wrong in one of them fails the test."""
    windows = []
    async with AsyncExitStack() as stack:

        async def open_window(name, *, size=DESK, **traits):
            width, height = size
            context = await browser.new_context(viewport={"width": width, "height": height}, **traits)
            stack.push_async_callback(context.close)
            windows.append(await opened(context, url, person=f"U0{name.upper()}"))
            return windows[-1]

        yield open_window
        assert [fault for one in windows for fault in one.faults] == []
