"""The stop switch"""

import asyncio
import os
import signal

import pytest

from bot.sandbox.local_world import local_world
from bot.sandbox.town import CUSTOMERS
from tests.process.processes import until
from tests.process.world import another, effects, rows, writes

CROWD = 6
LOOK = "*/relationships/offers"
PATIENCE = 60.0
SENT = "select request_id from event where name in ('change.sent', 'change.resent') and seq > {after} order by seq"
POSITION = "select coalesce(max(seq), 0) from event where name = '{name}'"
LEFT = "select id, state from request where state not in ({states})"
#: of the approvals that were not sent yet
IN_ORDER = "select id from request where id in ({ids}) order by decided"


async def a_crowd(world):
    """Ada asks for many; return the questions that Grace can answer."""
    return [await a_question(world, address, name) for address, name in CUSTOMERS[:CROWD]]


async def a_question(world, address, name):
    ada, grace = world.town.ada, world.town.grace
    await ada.types(f"/offer grant {address} open a bakery because of the spring sale", channel="#support")
    await ada.sees("Send", in_="view")
    assert await ada.submits(offer="Open a Bakery") == {}
    card = await grace.sees(f"Grant Open a Bakery to {name}", in_="#support", timeout=PATIENCE)
    return await grace.sees("Approve", in_=card, timeout=PATIENCE)


def at(world, name):
    """Where the audit has it; 0 before."""
    return rows(world, POSITION.format(name=name))[0][0]


def sent(world, *, after=0):
    return [one for (one,) in rows(world, SENT.format(after=after))]


async def says(world, words):
    """Olga types it, and again if the bot was not there."""
    name = "execution.paused" if "pause" in words else "execution.resumed"
    async with asyncio.timeout(PATIENCE):
        while not at(world, name):
            await world.town.olga.types(words, channel="#support")


async def all_in(world, *states):
    listed = ", ".join(f"'{one}'" for one in states)
    left = LEFT.format(states=listed)
    await until(lambda: not rows(world, left), within=PATIENCE, what=f"not all are {listed}")


async def nothing_under_way(world):
    """What was sent has ended, and everybody has been told."""
    for busy in (
        "select 1 from change where sent is not null and state = 'todo'",
        "select 1 from message where due is not null",
    ):
        await until(lambda busy=busy: not rows(world, busy), within=PATIENCE, what=busy)


async def resumed_in_order(world):
    """Olga resumes; return what was sent then, and what was to be."""
    before = set(sent(world))
    waiting = [one for (one,) in rows(world, "select id from request where state = 'approved'") if one not in before]
    await says(world, "/offer resume")
    await all_in(world, "succeeded")
    order = IN_ORDER.format(ids=", ".join(f"'{one}'" for one in waiting))
    return sent(world, after=at(world, "execution.resumed")), [one for (one,) in rows(world, order)]


@pytest.mark.parametrize("transport", ["http", "socket"])
async def test_a_bot_that_is_killed_while_it_is_paused_sends_nothing_until_it_is_resumed(transport, record):
    async with local_world(http=transport == "http", limits=False) as world:
        questions = await a_crowd(world)
        await says(world, "/offer pause have a look")
        for question in questions[1:]:
            await world.town.grace.presses("approve", question)
        await world.bot.kill()
        await world.bot.start()
        if transport == "socket":
            await world.slack.connected()
        await world.town.grace.presses("approve", questions[0])
        await all_in(world, "approved")
        await nothing_under_way(world)
        early = (sent(world), writes(world), rows(world, "select sum(attempts) from change"))
        drained, in_order = await resumed_in_order(world)

        assert early == ([], 0, [(0,)])
        assert drained == in_order
        assert len(drained) == CROWD
        assert (writes(world), effects(world)) == (CROWD, CROWD)
    record(
        "SIGKILL while paused",
        "it is paused still after the restart; decisions are taken, and nothing is sent until an admin resumes",
        f"{CROWD} approved: 0 sent and 0 attempts before, {CROWD} sent and done once each after, in order of approval",
    )


async def test_nothing_is_sent_after_a_pause_that_races_with_approvals_in_two_processes(record):
    async with (
        local_world(http=False, limits=False) as world,
        another(world.bot) as other,
    ):
        await world.slack.connected(2)
        questions = await a_crowd(world)
        first, *others = [world.town.grace.presses("approve", one) for one in questions]
        await asyncio.gather(first, *others[:2], says(world, "/offer pause have a look"), *others[2:])
        await until(lambda: rows(world, "select count(*) from decision") == [(CROWD,)], within=PATIENCE)
        await all_in(world, "approved", "succeeded")
        await nothing_under_way(world)
        paused_at = at(world, "execution.paused")
        late = sent(world, after=paused_at)
        drained, in_order = await resumed_in_order(world)

        assert other.running
        assert late == []
        assert drained == in_order
        assert (writes(world), effects(world)) == (CROWD, CROWD)
    record(
        "a pause among approvals, with two processes on one database",
        "what was sent before it was on disk is finished; nothing is sent after it, by neither process",
        f"{CROWD} approved: 0 sent after the pause and before the resume, {CROWD} done once each in the end, in order "
        "of approval",
    )


async def test_a_process_that_wakes_up_right_before_it_sends_finds_the_pause(record):
    async with local_world(http=True, limits=False) as world:
        question = await a_question(world, *CUSTOMERS[0])
        async with another(world.bot) as other:
            os.kill(other.pid, signal.SIGSTOP)  # so that it is the first one that takes the change
            held = world.kajabi.trouble("held", method="GET", path=LOOK, done=False)
            await world.town.grace.presses("approve", question)
            await until(lambda: held.seen, what="it reads nothing")
            os.kill(world.bot.pid, signal.SIGSTOP)
            os.kill(other.pid, signal.SIGCONT)
            world.slack.events_url = f"{other.address}/slack/events"
            await says(world, "/offer pause have a look")
            os.kill(world.bot.pid, signal.SIGCONT)
            held.stop()
            given_back = "select 1 from change where attempts = 1 and worker is null and error = ''"
            await until(lambda: rows(world, given_back), within=PATIENCE, what="it was not given back")
            early = sent(world)
            drained, in_order = await resumed_in_order(world)

        assert early == []
        assert (drained, writes(world), effects(world)) == (in_order, 1, 1)
    record(
        "a process frozen between its last look and the sending, while another one is told to pause",
        "it finds the pause in the transaction that would send, and gives the change back unsent",
        "1 approved: 0 sent while paused, 1 done after the resume",
    )
