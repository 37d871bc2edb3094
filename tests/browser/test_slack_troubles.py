"""Each bad day of Slack that the Troubles panel has, and what people see of it."""

import pytest
import pytest_asyncio

from bot.sandbox.page.troubles import MOMENTS, SLACK
from tests.browser.knobs import approved, knob, switched
from tests.browser.window import expect
from tests.process.world import effects, holds

pytestmark = pytest.mark.asyncio(loop_scope="module")

#: trouble, how often, words for the offer, the offer
BAD_DAYS = {
    "refuse_posts": ("2", "holiday", "Holiday Baking"),
    "refuse_edits": ("2", "gluten", "Gluten-free Kitchen"),
    "rate_limit": ("1", "kids", "Baking with Kids"),
    "lose_answers": ("1", "sourdough", "Sourdough Deep Dive"),
    "slow": ("2", "pastry", "Pastry Basics"),
}
#: those that have a test of their own
OTHERS = {"views", "drop_socket", "down", "duplicate_events"}


@pytest.fixture(autouse=True)
def calm(world):
    """No trouble outlives its test."""
    yield
    world.slack.workspace.troubles.clear()


@pytest_asyncio.fixture(loop_scope="module")
async def ada(window):
    return await window("Ada")


@pytest_asyncio.fixture(loop_scope="module")
async def grace(window):
    return await window("Grace")


async def test_no_trouble_is_left_out():
    assert SLACK.keys() | MOMENTS.keys() == BAD_DAYS.keys() | OTHERS


@pytest.mark.parametrize("name", BAD_DAYS)
async def test_on_a_bad_day_everybody_still_reads_everything_and_nothing_twice(ada, grace, world, name):
    times, words, title = BAD_DAYS[name]
    before = effects(world)
    await ada.types(f"/offer grant jane@example.com {words} because of the weather")
    await ada.sees("Then:", within=ada.form)
    assert await switched(grace, name.replace("_", " "), times=times, system="Slack")
    await ada.form.get_by_role("button", name="Send").click()
    await expect(ada.form).to_be_hidden()
    await approved(grace, f"Grant {title}")
    await ada.sees(f"Jane Doe now has {title}")
    await grace.sees("Done, verified", within=grace.thread)

    cards = ada.channel.get_by_role("article").filter(has_text="asked by").filter(has_text=f"Grant {title}")
    await expect(cards.get_by_text("Done, verified")).to_have_count(1)
    await expect(cards).to_have_count(1)
    asked = grace.thread.get_by_role("article").filter(has_text=f"Grant {title} (")
    await expect(asked).to_have_count(1)
    assert (title in holds(world), effects(world) - before) == (True, 1)


async def test_a_form_that_slack_does_not_open_is_told_of(ada):
    assert await switched(ada, "views", times="1", system="Slack")
    await ada.types("/offer grant jane@example.com business")
    await ada.sees("Slack did not let me show you this just now (internal_error). Try again.")
    await expect(knob(ada, "views", system="Slack").get_by_role("switch")).not_to_be_checked()
    await ada.types("/offer grant jane@example.com business")
    await expect(ada.form).to_be_visible()
    await ada.page.keyboard.press("Escape")
    await expect(ada.form).to_be_hidden()


async def test_a_broken_line_is_taken_up_again(ada, world):
    before = len(world.slack.workspace.journal.called("apps.connections.open"))
    await ada.opens_panel("Troubles")
    await knob(ada, "drop socket", system="Slack").click()
    await world.slack.connected()
    await ada.panel.get_by_role("button", name="Close Troubles").click()
    await ada.types("/offer who sam@example.com")
    await ada.sees("Sam Rivers · sam@example.com holds 1 offer")
    assert len(world.slack.workspace.journal.called("apps.connections.open")) > before


async def test_while_slack_is_down_nothing_goes_out_and_afterwards_all_goes_on(ada, grace, world):
    await ada.asks("/offer grant noor@example.com bread because she waited")
    await grace.sees("Grant Bread from Scratch to Noor")
    await expect(grace.message("Noor de Vries").locator("button.replies")).to_be_visible()
    assert await switched(grace, "down", system="Slack")
    await ada.writing().fill("/offer help")
    await ada.writing().press("Enter")
    await ada.sees("Slack is down", within=ada.page.locator("body"))
    assert not await switched(grace, "down", system="Slack")
    await grace.panel.get_by_role("button", name="Close Troubles").click()
    await world.slack.connected()
    await approved(grace, "Grant Bread from Scratch to Noor")
    await ada.sees("Noor de Vries now has Bread from Scratch")


async def test_an_event_that_comes_twice_decides_once(ada, grace, world):
    await ada.asks("/offer grant yuki@example.net sourdough because of a bug")
    await grace.opens_thread("Grant Sourdough Deep Dive to Yuki")
    await grace.sees("Holds now:", within=grace.thread)
    assert await switched(grace, "duplicate events", times="2", system="Slack")
    await grace.panel.get_by_role("button", name="Close Troubles").click()
    await grace.types("@Offerdesk approve", in_thread=True)
    await grace.sees("Yuki Tanaka now has Sourdough Deep Dive", within=grace.thread)
    await expect(grace.thread.get_by_role("article").filter(has_text="@Grace approved. I start now.")).to_have_count(1)
    assert "Sourdough Deep Dive" in holds(world, "yuki@example.net")
