"""How the audit ends is told where nobody who has the database can change it."""

import re

from bot.store import open_archive
from bot.store.audit import Head
from tests.flow.following import GRANT, all_told, done, over_http, rows
from tests.flow.test_pause import says

DAY = 86_400
HEAD = re.compile(r"(\d+):([0-9a-f]{64})")


def heads(desk):
    """What was told in #alerts, the oldest first."""
    seen = [one.plain for one in reversed(desk.olga.messages("#alerts"))]
    return [Head(found[2], int(found[1])) for one in seen if (found := HEAD.search(one))]


def lost(desk):
    """Those of them that are not in the audit; None where it does not even hold in itself."""
    with open_archive(desk.settings.database_url) as archive:
        proof = archive.verify(heads=heads(desk))
    return proof.lost if proof.broken is None else None


async def test_the_head_is_told_once_a_day_and_at_the_end(desk):
    await done(desk)
    early = heads(desk)
    await desk.passes(DAY)
    told = await desk.olga.sees("this is its head", in_="#alerts")
    await all_told(desk)
    await desk.passes(DAY / 2)
    await says(desk, desk.olga, "/offer requests")
    daily = heads(desk)
    await desk.passes(DAY / 2 + 1)
    await desk.workspace.changes.until(lambda: len(heads(desk)) > 1, timeout=5)
    await all_told(desk)
    await says(desk, desk.olga, "/offer pause")
    await all_told(desk)
    await desk.stop()

    assert early == []
    assert told.plain.startswith("🔏 The audit has ")
    assert len(daily) == 1
    assert len(heads(desk)) == 3
    assert lost(desk) == ()


@over_http
async def test_at_the_end_nothing_is_told_twice(desk):
    await done(desk)
    await desk.stop()
    first = heads(desk)
    await desk.start()
    await all_told(desk)
    await desk.stop()

    assert len(first) == 1
    assert heads(desk) == first


@over_http
async def test_what_cannot_be_told_at_the_end_is_told_at_the_next_start(desk):
    await done(desk)
    desk.workspace.troubles.fail("chat.postMessage", times=99)
    await desk.stop()
    silent = heads(desk)
    desk.workspace.troubles.clear()
    await desk.start()
    await desk.olga.sees("this is its head", in_="#alerts")

    assert silent == []


@over_http
async def test_a_bot_that_crashes_tells_nothing_and_has_no_row_of_it(desk):
    await desk.asks(desk.ada, GRANT)
    await desk.crashes()

    assert heads(desk) == []
    assert rows(desk, "select 1 from event where name = 'audit.told'") == []
