"""The clock at the top of the page: what time brings, for the people in front of it."""

import re

import pytest
import pytest_asyncio

from bot.sandbox.local_world import local_world
from tests.browser.window import PHONE, expect, until_true
from tests.contract.openapi import OpenApiWitness

pytestmark = pytest.mark.asyncio(loop_scope="module")

DAY = 86_400


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["http", "socket"])
async def world(request, browser, seed):
    witness = OpenApiWitness()
    async with local_world(http=request.param == "http", seed=seed, on_exchange=witness, showcase=True) as world:
        yield world
    witness.assert_agreement()


def clock(window):
    return window.page.get_by_role("button", name="Move the clock forward")


async def moves(window, world, step):
    """Move the world on; the time at the top is another one then."""
    before = world.timeline.clock.ahead
    await clock(window).click()
    await window.page.get_by_role("menuitem", name=step).click()

    async def has_moved():
        return world.timeline.clock.ahead > before

    await until_true(has_moved, what="the clock was not moved")
    return world.timeline.clock.ahead - before


async def asks_for_pastry(ada, customer):
    await ada.goes("support")
    await ada.asks(f"/offer grant {customer} pastry because a welcome")
    headline = "Grant Pastry Basics"
    await expect(ada.message(headline).get_by_text("1 reply")).to_be_visible()
    await ada.opens_thread(headline)
    await ada.sees("please decide", within=ada.thread)


async def test_a_day_brings_the_reminder_and_others_who_may_decide_and_a_week_the_end(window, world):
    ada, olga = await window("Ada"), await window("Olga")
    await asks_for_pastry(ada, "noor@example.com")
    shown = await clock(ada).inner_text()

    assert await moves(ada, world, "+1 day") == DAY
    await expect(clock(ada)).not_to_have_text(shown)
    await ada.sees("Still waiting for a decision", within=ada.thread)
    await ada.sees(re.compile("Nobody has decided for too long. @finance may decide as well now"), within=ada.thread)
    await olga.opens_thread("Grant Pastry Basics")
    await expect(olga.thread.get_by_role("button", name="Approve")).to_be_visible()

    assert await moves(ada, world, "+1 week") == 7 * DAY
    await expect(
        ada.message("Nobody decided in time", within=ada.thread).get_by_role("button", name="Ask again")
    ).to_be_visible()
    await expect(olga.thread.get_by_role("button", name="Approve")).to_have_count(0)
    await ada.sees("Expired")


async def test_by_keyboard_the_clock_goes_to_what_is_due_next(window, world):
    ada = await window("Ada")
    await asks_for_pastry(ada, "yuki@example.net")
    await clock(ada).focus()
    await ada.page.keyboard.press("ArrowDown")
    await expect(ada.page.get_by_role("menuitem", name="+1 hour")).to_be_focused()
    await ada.page.keyboard.press("End")
    last = ada.page.get_by_role("menuitem", name="To what is due next")
    await expect(last).to_be_focused()
    await expect(last).to_contain_text("still waits for a decision")
    await ada.page.keyboard.press("Enter")
    await ada.sees("Still waiting for a decision", within=ada.thread)
    await expect(clock(ada)).to_be_focused()


async def test_on_a_phone_the_clock_and_the_policy_are_there_and_nothing_scrolls_sideways(window, world):
    ada = await window("Ada", size=PHONE, has_touch=True, is_mobile=True)
    await expect(clock(ada)).to_be_in_viewport(ratio=1)
    await ada.assert_fits()
    await clock(ada).click()
    await expect(ada.page.get_by_role("menuitem", name="+1 hour")).to_be_in_viewport(ratio=1)
    await ada.assert_fits()
    await ada.page.keyboard.press("Escape")
    assert await moves(ada, world, "+1 hour") == 3600
    await ada.assert_fits()
    await ada.opens_panel("Policy")
    await ada.sees("Everything else needs one approver.", within=ada.panel)
    await ada.sees("escalate_to", within=ada.panel)
    await ada.assert_fits()


async def test_a_window_that_was_open_shows_the_moved_time_and_how_long_ago_things_were(window, world):
    ada, grace = await window("Ada"), await window("Grace")
    shown = await clock(grace).inner_text()
    await ada.types("a note of today")
    await grace.sees("a note of today")
    await moves(ada, world, "+1 week")

    await expect(clock(grace)).not_to_have_text(shown)
    await ada.types("a note of next week")
    await grace.sees("a note of next week")
    days = await grace.channel.locator(".day-line").all_inner_texts()
    assert days[-1] == "Today"
    assert len(days) > 1
