import pytest

from bot.domain.request import State
from bot.timekeeper import Timekeeper
from tests.unit.core.world import LEASE, TIMING


@pytest.fixture
def keeps(core):
    """Works once on all requests that are due; returns how many those were."""

    async def once():
        keeper = Timekeeper(core.store, core.clock)
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

    await Timekeeper(core.store, core.clock).keep(due)

    assert (await core.again(case)).request.state is State.APPROVED
    assert "request.reminded" not in await core.events(case)
