import asyncio
import time

import pytest

from tests.process.world import (
    TITLE,
    another,
    asked,
    effects,
    endings,
    held_while_writing,
    holds,
    rows,
    told,
    writes,
)

#: hosts kill after thirty
PATIENCE_OF_HOSTS = 25.0


async def test_a_stop_lets_a_call_finish_and_the_next_start_tells_it(world):
    held, _ = await held_while_writing(world, done=False)
    stopping = asyncio.create_task(world.bot.stop())
    await asyncio.sleep(0.3)
    assert not stopping.done()
    held.stop()

    assert await stopping == 0
    assert rows(world, "select state from request") == [("succeeded",)]
    await world.bot.start()
    await told(world)
    assert (effects(world), writes(world), endings(world)) == (1, 1, (1, 1))


async def test_a_stop_does_not_wait_for_ever_and_the_next_start_finishes(world):
    held, _ = await held_while_writing(world, done=True)
    started = time.monotonic()
    code = await world.bot.stop()
    took = time.monotonic() - started
    held.stop()

    assert (code, took < PATIENCE_OF_HOSTS) == (0, True)
    assert rows(world, "select state from change") == [("todo",)]
    await world.bot.start()
    await told(world)
    assert (effects(world), writes(world), endings(world)) == (1, 1, (1, 1))


@pytest.mark.parametrize("transport", ["http", "socket"])
async def test_a_killed_bot_goes_on_where_it_was_and_does_nothing_twice(world, transport):
    held, _ = await held_while_writing(world, done=True)
    await world.bot.kill()
    held.stop()
    started = time.monotonic()
    await world.bot.start()
    await told(world)

    assert time.monotonic() - started < 15, "it waited for the lease of the dead one"
    assert (effects(world), writes(world), endings(world)) == (1, 1, (1, 1))
    assert holds(world) >= {TITLE}


async def test_an_approval_that_was_killed_before_it_was_carried_out_is_carried_out(world):
    _, question = await asked(world)
    unreachable = world.kajabi.trouble("timeout_before", closed=True)
    await world.town.grace.presses("approve", question)
    await world.bot.kill()
    unreachable.stop()
    await world.bot.start()
    await told(world)

    assert (effects(world), writes(world), endings(world)) == (1, 1, (1, 1))


async def test_two_processes_carry_out_one_approval_once(world):
    async with another(world.bot) as other:
        await world.slack.connected(2)
        _, question = await asked(world)
        mine = await world.town.linus.sees("Approve", in_="dm")
        clicks = [world.town.grace.presses("approve", question), world.town.linus.presses("approve", mine)]
        await asyncio.gather(*clicks)
        await told(world)
        await asyncio.sleep(1)
        assert (effects(world), writes(world), endings(world)) == (1, 1, (1, 1))
        assert other.running
    assert len(rows(world, "select * from decision")) == 1


async def test_a_lost_socket_is_opened_again_also_when_slack_was_away(world):
    world.slack.drop_sockets()
    await world.slack.connected(timeout=8)
    _, question = await asked(world)

    world.slack.go_down()
    await asyncio.sleep(0.5)
    world.slack.come_back()
    await world.slack.connected(timeout=8)
    await world.town.grace.presses("approve", question)
    await told(world)


@pytest.mark.parametrize("transport", ["http"])
async def test_over_http_a_bot_that_was_away_is_found_again(world, transport):
    await world.bot.kill()
    answer = await world.town.ada.types("/offer help", channel="#support")
    assert answer.plain == '/offer failed with the error "dispatch_failed"'

    await world.bot.start()
    await asked(world)
