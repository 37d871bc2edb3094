"""The audit's head, told elsewhere"""

import re
import sqlite3
from contextlib import closing

from bot.sandbox.child import BotFailed, run_once
from bot.sandbox.local_world import local_world
from tests.process.processes import until
from tests.process.world import another, asked, database, rows

PATIENCE = 30.0
HEAD = re.compile(r"\d+:[0-9a-f]{64}")
#: what somebody does who has the file and knows SQLite
CUT = (
    "drop trigger event_stays",
    "delete from note where seq >= {line}",
    "delete from event where seq >= {line}",
    "update sqlite_sequence set seq = {line} - 1 where name = 'event'",
)


def heads(world):
    """What was told in #alerts, the oldest first."""
    seen = [one.plain for one in reversed(world.town.olga.messages("#alerts"))]
    return [found[0] for one in seen if (found := HEAD.search(one))]


def changed(world, *statements):
    with closing(sqlite3.connect(database(world))) as sqlite, sqlite:
        for statement in statements:
            sqlite.execute(statement)


async def verified(world, *arguments):
    """Whether the audit verifies."""
    try:
        await run_once("audit", "verify", *arguments, folder=world.bot.folder)
    except BotFailed:
        return False
    return True


async def test_the_newest_rows_cut_off_show_by_the_head_that_was_told(record):
    async with local_world(http=False, limits=False) as world:
        await asked(world)
        await world.bot.stop()
        (told,) = heads(world)
        line = int(told.partition(":")[0])
        before = await verified(world, "--head", told)
        changed(world, *(statement.format(line=line) for statement in CUT))
        alone, with_head = await verified(world), await verified(world, "--head", told)

    assert (before, alone, with_head) == (True, True, False)
    record(
        "the newest rows of the audit cut off, and every trace of it in the file removed",
        "the chain holds in itself; the head that was told in ALERTS_CHANNEL at shut-down is not in it",
        "1 head told by SIGTERM; verified with it before, refused with it after",
    )


async def test_two_processes_tell_the_days_head_once(record):
    async with local_world(http=False, limits=False) as world, another(world.bot):
        await asked(world)
        for day in range(1, 4):
            changed(world, "update duty set due = 0 where name = 'head'")
            await until(lambda day=day: len(heads(world)) == day, within=PATIENCE, what="no head")
        told = heads(world)
        events = rows(world, "select count(*) from event where name = 'audit.told'")

        assert await verified(world, *(word for one in told for word in ("--head", one)))
    assert (len(set(told)), events) == (3, [(3,)])
    record(
        "the day's head of the audit falls due, with two processes on one database",
        "it is told once, and every one that was told stays in the chain",
        "3 days: 3 heads told, 3 verified",
    )
