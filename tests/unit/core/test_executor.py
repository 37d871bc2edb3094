import asyncio
from dataclasses import replace

import pytest

from bot.domain import lifecycle
from bot.domain.request import Action, ChangeState, State
from tests.unit.core.happenings import (
    ANSWER_LOST,
    stands,
    unknown,
)
from tests.unit.core.world import ADA, JANE, LEASE, TIMING, Called, a_core


async def test_an_approved_grant_is_compared_sent_and_read_back(core):
    case = await core.approved()
    core.booth.calls.clear()

    await core.executes()

    case = await core.again(case)
    assert stands(case) == (State.SUCCEEDED, ChangeState.SUCCEEDED)
    assert core.booth.calls == ["read", "write grant", "read"]
    assert case.main.receipt == "200 granted"
    assert (case.main.sent, case.main.verified) == (core.clock(), core.clock())
    assert (await core.events(case))[-4:] == ["change.sent", "change.confirmed", "change.verified", "request.succeeded"]


async def test_an_approved_revoke_takes_away_only_what_was_asked(core):
    core.booth.holds("7", "8")
    case = await core.approved(action=Action.REVOKE)

    await core.executes()

    assert stands(await core.again(case)) == (State.SUCCEEDED, ChangeState.SUCCEEDED)
    assert set(core.booth.held[JANE.address]) == {"8"}


async def test_the_point_of_no_return_is_on_disk_before_the_provider_is_called(core):
    case = await core.approved()
    seen = []

    async def looks_at_the_disk():
        seen.append((await core.again(case)).main.sent)

    core.booth.writes.append(Called(meanwhile=looks_at_the_disk))
    await core.executes()

    assert seen == [core.clock()]


@pytest.mark.parametrize(
    ("action", "holds"), [(Action.GRANT, ("7",)), (Action.REVOKE, ())], ids=["granted by hand", "revoked by hand"]
)
async def test_what_somebody_else_has_done_meanwhile_is_not_sent(core, action, holds):
    core.booth.holds(*(() if action is Action.GRANT else ("7",)))
    case = await core.approved(action=action)
    core.booth.holds(*holds)

    await core.executes()

    assert stands(await core.again(case)) == (State.UNNEEDED, ChangeState.UNNEEDED)
    assert core.booth.written == []


async def test_a_request_that_is_no_longer_there_is_left_alone(core):
    case = await core.approved()
    (change,) = await core.store.claim_changes(now=core.clock(), lease=LEASE, limit=1)
    core.booth.calls.clear()

    await core.executor.perform([replace(change, request_id="R-9999")])

    assert core.booth.calls == []
    assert stands(await core.again(case)) == (State.APPROVED, ChangeState.TODO)


# --- others at the same time ------------------------------------------------------------------------------------------


async def test_a_change_waits_while_another_one_of_the_same_target_is_under_way(core):
    first = await core.approved()
    second = await core.approved(reason="again")
    core.booth.writes.append(ANSWER_LOST)

    await core.executes()

    case = await core.again(second)
    assert core.booth.written == ["write grant"]
    assert (case.main.sent, case.main.error) == (None, "Busy")
    assert case.main.due == core.clock() + TIMING.busy

    core.booth.holds("7")
    await core.comes_back(first)
    core.clock.passes(LEASE)
    await core.executes()
    assert [(await core.again(one)).request.state for one in (first, second)] == [State.SUCCEEDED, State.UNNEEDED]


async def test_nothing_is_sent_by_an_attempt_whose_change_was_taken_over(core):
    case = await core.approved()
    (mine,) = await core.store.claim_changes(now=core.clock(), lease=LEASE, limit=1)
    core.clock.passes(LEASE)
    await core.store.claim_changes(now=core.clock(), lease=LEASE, limit=1)

    await core.executor.perform([mine])

    case = await core.again(case)
    assert (core.booth.written, case.main.sent) == ([], None)
    assert case.main.due == core.clock() + LEASE


async def test_nothing_is_called_once_the_lease_is_about_to_run_out(core):
    case = await core.approved()

    async def takes_long():
        core.clock.passes(LEASE * 0.8)

    core.booth.reads.append(takes_long)
    await core.executes()

    assert (core.booth.written, (await core.again(case)).main.sent) == ([], None)
    core.clock.passes(LEASE)
    await core.executes()
    assert (await core.again(case)).request.state is State.SUCCEEDED


async def test_nothing_is_called_when_writing_the_intention_down_took_too_long(core):
    case = await core.approved()
    send = core.store.send

    async def takes_long(*given, **options):
        done = await send(*given, **options)
        core.clock.passes(LEASE * 0.8)
        return done

    core.store.send = takes_long
    await core.executes()

    case = await core.again(case)
    assert (core.booth.written, case.main.state) == ([], ChangeState.TODO)
    assert case.main.sent is not None


async def test_an_attempt_ends_before_its_lease_does(tmp_path, lines):
    async with a_core(tmp_path, lease=0.05) as core:
        case = await core.approved()

        async def hangs():
            await asyncio.sleep(60)

        core.booth.reads.append(hangs)
        await asyncio.wait_for(core.executes(), 5)

        case = await core.again(case)
        assert (core.booth.written, case.main.sent, case.main.error) == ([], None, "NoTurn")
        assert case.main.due == core.clock() + TIMING.shortest
        assert "attempt ran out of its lease" in lines()


async def test_what_was_sent_when_the_lease_ran_out_is_told_as_lost_not_as_not_begun(tmp_path):
    async with a_core(tmp_path, lease=1.0) as core:
        case = await core.approved()

        async def hangs(permit):
            assert await permit()
            await asyncio.sleep(60)

        core.booth.waits.append(hangs)
        await asyncio.wait_for(core.executes(), 20)

        main = (await core.again(case)).main
        assert (main.sent is not None, main.error) == (True, "AnswerLost")
        assert (await core.event(case, "change.postponed")).data["code"] == "AnswerLost"


async def test_nothing_is_begun_with_what_waited_too_long_for_its_turn(core):
    case = await core.approved()
    (change,) = await core.store.claim_changes(now=core.clock(), lease=LEASE, limit=1)
    core.clock.passes(LEASE * 0.8)

    await core.executor.perform([change])

    case = await core.again(case)
    assert (core.booth.written, case.main.sent) == ([], None)
    assert stands(case) == (State.APPROVED, ChangeState.TODO)


async def test_a_target_that_stays_busy_ends_the_wait_unsent(core):
    first = await unknown(core)
    second = await core.approved(reason="again")

    while (await core.again(second)).main.open:
        core.clock.passes(TIMING.longest)
        await core.executes()

    case = await core.again(second)
    assert (case.request.state, case.main.error) == (State.FAILED, "GaveUp: Busy")
    assert core.booth.written == ["write grant"]
    assert (await core.again(first)).request.state is State.UNKNOWN


@pytest.mark.parametrize(
    ("lost", "ends"),
    [(False, ChangeState.FAILED), (True, ChangeState.UNKNOWN)],
    ids=["ends what was not sent", "leaves open what was sent"],
)
async def test_a_provider_that_is_no_longer_set_up(core, lost, ends):
    case = await core.approved()
    if lost:
        core.booth.writes.append(ANSWER_LOST)
        await core.executes()
    core.executor.providers.clear()

    core.clock.passes(10)
    await core.executes()

    assert (await core.again(case)).main.state is ends


async def test_a_cancelled_change_is_not_sent(core):
    case = await core.approved()

    async def is_cancelled():
        await core.takes(case, lifecycle.cancel, by=ADA)

    core.booth.reads.append(is_cancelled)
    await core.executes()

    assert core.booth.written == []
    assert (await core.again(case)).request.state is State.CANCELLED
