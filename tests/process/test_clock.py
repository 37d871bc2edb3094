"""The sandbox's clock: Slack, Kajabi and the bot, which is a process of its own, go by one time, whatever it is."""

import re
from time import time

import pytest

from bot.sandbox.local_world import local_world
from bot.sandbox.model import CannotDo
from tests.contract.openapi import OpenApiWitness
from tests.process.processes import until
from tests.process.world import asked, effects, rows, told

HOUR, DAY, YEAR = 3600, 86_400, 365 * 86_400
#: no more than this lies between a moment and another one that is called the same
NEAR = 120
PASTRY = "/offer grant jane@example.com pastry because a welcome"


@pytest.fixture(params=["socket", "http"])
def transport(request):
    return request.param


@pytest.fixture
async def world(transport):
    witness = OpenApiWitness()
    async with local_world(http=transport == "http", on_exchange=witness, showcase=True) as world:
        yield world
    witness.assert_agreement()


@pytest.fixture
def timeline(world):
    return world.timeline


def ahead(moment):
    """How far a moment is ahead of the machine, in days, when it is about now."""
    return round((moment - time()) / DAY, 2)


async def test_after_a_move_slack_kajabi_and_the_bot_agree_on_the_time(world, timeline):
    await timeline.forward(DAY)
    card, question = await asked(world)
    await world.town.grace.presses("approve", question)
    await told(world)
    [[newest]] = rows(world, "select max(at) from event")

    assert ahead(float(card.ts)) == ahead(newest) == ahead(world.kajabi.calls[-1].at) == 1
    assert ahead(world.slack.workspace.journal.deliveries[-1].at) == 1
    assert effects(world) == 1
    assert "today at" in card.plain
    assert [one.error for one in world.slack.workspace.journal.deliveries if one.error] == []


async def test_a_year_on_the_old_tokens_are_over_and_everything_goes_on(world, timeline):
    _, question = await asked(world)
    tokens = len(world.kajabi.called("POST", "*/token"))
    await timeline.forward(YEAR)
    await world.town.ada.sees("Nobody decided in time", in_="dm", timeout=15)
    await asked(world, "/offer grant mia.chen@example.com sourdough because a welcome")

    assert len(world.kajabi.called("POST", "*/token")) > tokens
    assert question.buttons == []


async def test_what_becomes_due_is_done_at_once(world, timeline):
    card, _ = await asked(world, PASTRY)
    await timeline.forward(DAY)
    await world.town.olga.sees("may decide as well now", in_=card, timeout=10)
    await timeline.forward(60)  # reminders are gathered for a moment
    await world.town.grace.sees("1 request waits for your decision", in_="dm", timeout=10)
    await timeline.forward(7 * DAY)
    await world.town.ada.sees("Ask again", in_=card, timeout=10)


async def test_to_the_next_thing_goes_to_it_and_no_further(world, timeline):
    card, _ = await asked(world, PASTRY)
    request = re.findall(r"R-\w+", card.plain)[0]
    first = await timeline.to_next()
    await world.town.ada.sees("Still waiting for a decision", in_=card, timeout=10)

    assert first.what == f"{request} still waits for a decision"
    assert abs(timeline.clock.ahead - 4 * HOUR) < NEAR
    second = await timeline.to_next()
    await world.town.grace.sees("1 request waits for your decision", in_="dm", timeout=10)
    assert second.what == "Whoever may decide is reminded of all that waits"
    assert (await timeline.to_next()).at - first.at == pytest.approx(8 * HOUR)


async def test_what_ends_by_itself_is_announced_and_comes_in_its_time(world, timeline):
    await timeline.forward(HOUR)  # not together with the audit's head
    _, question = await asked(world, PASTRY.replace("because", "for 2d because"))
    await world.town.grace.presses("approve", question)
    await told(world)
    [[end]] = rows(world, "select id from request where planned is not null")
    days = {}
    for what, text in ((" is announced: it takes back", "Ends soon"), (" takes back", "no longer has Pastry Basics")):
        said = f"{end}{what} what was granted for a time"
        while said not in days and timeline.clock.ahead < 3 * DAY:
            entry = await timeline.to_next()
            days[entry.what] = round(timeline.clock.ahead / DAY)
        await world.town.ada.sees(text, in_="dm", timeout=15)

    assert [days[one] for one in days if one.startswith(end)] == [1, 2]


async def test_a_bot_that_was_stopped_or_killed_comes_back_in_the_same_time(world, timeline):
    await timeline.forward(3 * DAY)
    for end in (world.bot.stop, world.bot.kill):
        await end()
        await timeline.forward(HOUR)
        await world.bot.start()
    await asked(world)
    [[newest]] = rows(world, "select max(at) from event")

    assert ahead(newest) == round(3 + 2 / 24, 2)


@pytest.mark.parametrize("transport", ["socket"], indirect=True)
async def test_the_clock_never_goes_back(timeline):
    for seconds in (0, -HOUR, 2 * YEAR):
        with pytest.raises(CannotDo, match="forward only"):
            await timeline.forward(seconds)
    with pytest.raises(ValueError, match="forward"):
        timeline.clock.forward(-1)

    assert timeline.clock.ahead == 0


@pytest.mark.parametrize("transport", ["socket"], indirect=True)
async def test_what_is_on_its_way_arrives_before_the_clock_is_moved(world, timeline):
    held = world.slack.workspace.troubles.slow("chat.postMessage", 1.5)
    ada = world.town.ada
    await ada.types(PASTRY, channel="#support")
    await ada.sees("Send", in_="view")
    assert await ada.submits() == {}
    await until(lambda: held.times == 0, what="nothing was posted")
    await timeline.forward(DAY)
    card = await world.town.grace.sees("Waiting for a decision", in_="#support", timeout=10)

    assert ahead(float(card.ts)) == 0
