import time
from functools import partial

import pytest

from bot.digests import PAUSE, Digests
from bot.domain import lifecycle
from bot.domain.policy import Tally
from bot.domain.request import Choice, State
from bot.store.outbox import GATHERING
from bot.timekeeper import Timekeeper
from tests.unit.core.world import BOB, LEASE, STARTER, TIMING

HOUR = 3600


@pytest.fixture
def keeps(core):
    """Works once on all requests that are due; returns how many those were."""

    async def once():
        keeper = Timekeeper(core.store, core.authority, core.town, core.clock)
        due = await core.store.claim_requests(now=core.clock(), lease=LEASE, limit=10)
        for case in due:
            await keeper.keep(case)
        return len(due)

    return once


async def test_who_may_decide_is_reminded_once_then_it_expires(core, keeps):
    case = await core.asked()
    core.clock.passes(TIMING.reminder - 1)
    assert await keeps() == 0

    core.clock.passes(1)
    assert await keeps() == 1
    assert (await core.events(case))[-1] == "request.reminded"
    assert await keeps() == 0

    core.clock.passes(TIMING.expiry - TIMING.reminder - 1)
    assert await keeps() == 0
    core.clock.passes(1)
    await keeps()
    case = await core.again(case)
    assert (case.request.state, case.request.due) == (State.EXPIRED, None)
    assert (await core.events(case)).count("request.reminded") == 1


async def test_after_a_long_standstill_it_expires_without_a_reminder(core, keeps):
    case = await core.asked()
    core.clock.passes(TIMING.expiry)

    await keeps()

    assert (await core.again(case)).request.state is State.EXPIRED
    assert "request.reminded" not in await core.events(case)


async def test_what_was_decided_meanwhile_is_neither_reminded_of_nor_expired(core):
    case = await core.asked()
    core.clock.passes(TIMING.reminder)
    (due,) = await core.store.claim_requests(now=core.clock(), lease=LEASE, limit=10)
    await core.decides(case)

    await Timekeeper(core.store, core.authority, core.town, core.clock).keep(due)

    assert (await core.again(case)).request.state is State.APPROVED
    assert "request.reminded" not in await core.events(case)


async def test_what_slack_cannot_tell_puts_a_reminder_off_and_loses_it_not(core, keeps):
    case = await core.asked()
    core.clock.passes(TIMING.reminder)
    core.town.silent = True
    assert await keeps() == 1
    assert "request.reminded" not in await core.events(case)

    core.town.silent = False
    core.clock.passes(LEASE)
    await keeps()
    assert (await core.event(case, "request.reminded")).data["people"] == ["UBOB", "UEVE"]


@pytest.fixture
def digests(core):
    return Digests(core.store, core.authority, core.clock, TIMING.reminder)


async def told(core, digests):
    """Remind everybody who is due; return who was."""
    due = await digests.due(10)
    for person in due:
        await digests.tell(person)
    return sorted(due)


async def test_nobody_is_reminded_twice_in_a_period_whatever_becomes_due_in_it(core, keeps, digests):
    await core.asked()
    core.clock.passes(HOUR)
    await core.asked(offer_id=STARTER.id)
    core.clock.passes(TIMING.reminder - HOUR)
    await keeps()
    assert await told(core, digests) == []
    core.clock.passes(GATHERING)
    assert await told(core, digests) == ["UBOB", "UEVE"]

    core.clock.passes(HOUR)
    await keeps()
    core.clock.passes(TIMING.reminder - HOUR - 1)
    assert await told(core, digests) == []
    core.clock.passes(1)
    assert await told(core, digests) == ["UBOB", "UEVE"]


async def test_whoever_is_slower_reminds_nobody(core, keeps, digests):
    await core.asked()
    core.clock.passes(TIMING.reminder)
    await keeps()
    core.clock.passes(GATHERING)
    now, waits = core.clock(), await core.authority.addressed(BOB)
    both = [await core.store.tell_digest("UBOB", waits=waits, period=TIMING.reminder, now=now) for _ in range(2)]

    assert [one is None for one in both] == [False, True]


async def test_a_digest_lists_nothing_that_one_has_approved_or_asked_oneself(core, keeps, digests):
    await core.asked(requester=BOB)
    approved, other = await core.asked(key="approved"), await core.asked(offer_id=STARTER.id)
    not_enough = Tally(frozenset({"UBOB"}), 1)
    told = {"by": BOB, "shown": 1, "count": lambda _: not_enough}
    await core.takes(approved, partial(lifecycle.decide, choice=Choice.APPROVE), **told)
    core.clock.passes(TIMING.reminder)
    await keeps()
    core.clock.passes(GATHERING)
    waits = await core.authority.addressed(BOB)
    await core.store.tell_digest("UBOB", waits=waits, period=TIMING.reminder, now=core.clock())
    owed = await core.store.claim_messages(now=core.clock(), lease=LEASE, limit=50)
    listed = [[entry.case.request.id for entry in one.entries] for one in owed if one.message.to == "UBOB"]

    assert (await core.again(approved)).request.state is State.PENDING
    assert listed == [[other.request.id]]


async def test_where_slack_cannot_tell_a_digest_is_told_later(core, keeps, digests):
    await core.asked()
    core.clock.passes(TIMING.reminder)
    await keeps()
    core.clock.passes(GATHERING)
    core.town.silent = True
    assert await told(core, digests) == ["UBOB", "UEVE"]
    core.town.silent = False
    assert await told(core, digests) == []
    core.clock.passes(PAUSE)
    assert await told(core, digests) == ["UBOB", "UEVE"]


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Pacific/Auckland"])
@pytest.mark.parametrize("change", [1_793_512_800, 1_774_746_000])  # clocks go back in New York, forward in Europe
async def test_the_machines_own_time_zone_and_its_changes_move_no_date(core, keeps, monkeypatch, zone, change):
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    core.clock.now = float(change - 3600)
    case = await core.asked()
    core.clock.passes(TIMING.reminder - 1)
    early = await keeps()
    core.clock.passes(1)
    assert (early, await keeps()) == (0, 1)
    core.clock.passes(TIMING.expiry - TIMING.reminder - 1)
    early = await keeps()
    core.clock.passes(1)
    await keeps()

    assert early == 0
    assert (await core.again(case)).request.state is State.EXPIRED
    monkeypatch.undo()
    time.tzset()
