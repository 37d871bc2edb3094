"""The page over all that `python -m bot.sandbox` runs: the bot as a process, and everybody at a window of their own."""

from contextlib import AsyncExitStack

import pytest

from bot.sandbox.local_world import local_world
from bot.sandbox.page import open_page
from bot.sandbox.page.seed import furnish_school
from tests.contract.openapi import OpenApiWitness
from tests.unit.sandbox.page.windows import Window, browser

WITHIN = 15


@pytest.fixture
async def town():
    witness = OpenApiWitness()
    async with (
        local_world(http=False, seed=furnish_school, on_exchange=witness) as world,
        open_page(world) as page,
        AsyncExitStack() as stack,
    ):

        async def window(person):
            http = await stack.enter_async_context(browser())
            return await stack.enter_async_context(Window(http, page, person))

        yield world, window
    witness.assert_agreement()


def button(window, words, *, with_):
    """Where the newest button with these words stands, on what is about something."""
    found = [
        {"where": {"message": {"channel": channel, "ts": post["ts"]}}, "block_id": block["block_id"]}
        | {"action_id": element["action_id"], "value": element.get("value")}
        for channel, posts in window.told["messages"].items()
        for post in posts
        if with_ in str(post)
        for block in post["blocks"]
        for element in block.get("elements", [])
        if element.get("type") == "button" and element["text"]["text"] == words
    ]
    return found[-1] if found else None


async def asks(window, command):
    await window.does("type", channel="C0SUPPORT", text=command)
    view = await window.until(
        lambda told: told["views"] and "Then:" in str(told["views"]) and told["views"][-1], within=WITHIN
    )
    assert (await window.does("submit", view_id=view["id"]))["errors"] == {}


async def test_three_people_at_three_windows_grant_break_and_mend(town):
    world, window = town
    ada, grace, linus = [await window(person) for person in ("U0ADA", "U0GRACE", "U0LINUS")]
    assert {one["name"]: one["role"] for one in ada.told["people"]}["Mallory"] == "may not approve"
    assert {one["handle"] for one in ada.told["groups"]} == {"offer-approvers"}

    await asks(ada, "/offer grant jane@example.com everything bundle because refund case 4412")
    approve = await grace.until(lambda _: button(grace, "Approve", with_="Jane Doe"), within=WITHIN)
    await linus.until(lambda _: button(linus, "Approve", with_="Jane Doe"), within=WITHIN)
    await grace.does("press", **approve)
    await ada.until(lambda _: ada.post_with("verified"), within=WITHIN)
    (shown,) = (await ada.get("/panel/provider"))["providers"]
    jane = next(one for one in shown["contacts"] if one["email"] == "jane@example.com")
    assert "Everything Bundle" in [one["title"] for one in jane["holds"]]

    stopped = await ada.post("/panel/bot", {"do": "kill"})
    assert (stopped["ok"], stopped["running"], stopped["pid"]) == (True, False, None)
    await ada.does("type", channel="C0SUPPORT", text="/offer help")
    await ada.until(lambda told: told["notices"] == ['/offer failed with the error "dispatch_failed"'])
    started = await ada.post("/panel/bot", {"do": "start"})
    assert started["running"]
    assert started["pid"] == world.bot.pid
    await world.slack.connected()

    await ada.post("/panel/troubles", {"system": "kajabi", "name": "refuse", "on": True})
    await asks(ada, "/offer grant mia.chen@example.com sourdough because won the bake-off")
    await grace.does("press", **await grace.until(lambda _: button(grace, "Approve", with_="Mia Chen"), within=WITHIN))
    retry = await ada.until(lambda _: button(ada, "Retry", with_="Mia Chen"), within=WITHIN)
    await ada.post("/panel/troubles", {"system": "kajabi", "name": "refuse", "on": False})
    await ada.does("press", **retry)
    await ada.until(lambda _: ada.post_with("Mia Chen now has Sourdough"), within=WITHIN)
