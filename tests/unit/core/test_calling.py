import pytest

from bot.domain.errors import Unavailable
from bot.domain.request import ChangeState, State
from tests.unit.core.happenings import (
    ANSWER_LOST,
    DOWN,
    GONE,
    LOST,
    NO_EFFECT,
    approver_left,
    dearer,
    once_only,
    stands,
)
from tests.unit.core.world import JANE, TIMING, Called


async def test_a_rejected_call_ends_it_as_not_done(core):
    case = await core.approved()
    core.booth.writes.append(Called(takes_effect=False, says=GONE))

    await core.executes()

    case = await core.again(case)
    assert stands(case) == (State.FAILED, ChangeState.FAILED)
    assert (case.main.error, case.main.sent) == ("404: no such offer", None)


@pytest.mark.parametrize("raised", [True, False], ids=["the whole call", "one place of it"])
async def test_an_unavailable_call_did_nothing_and_is_compared_again(core, raised):
    case = await core.approved()
    said = Unavailable("kajabi", "too many requests", retry_after=40)
    core.booth.writes.append(Called(takes_effect=False, says=said, raised=raised))
    await core.executes()

    case = await core.again(case)
    assert (case.main.sent, case.main.due) == (None, core.clock() + 40)

    dearer(core)
    await core.comes_back(case)
    assert (await core.again(case)).request.state is State.PENDING
    assert core.booth.written == ["write grant"]


async def test_calls_that_never_get_through_end_as_not_done(core):
    case = await core.approved()
    core.booth.writes.extend([Called(takes_effect=False, says=DOWN)] * 99)
    await core.executes()

    while (await core.again(case)).main.open:
        await core.comes_back(case)

    case = await core.again(case)
    assert stands(case) == (State.FAILED, ChangeState.FAILED)
    assert case.main.error == "GaveUp: Unavailable: no connection"


@pytest.mark.parametrize("repeatable", [True, False], ids=["repeatable", "not repeatable"])
async def test_a_lost_answer_is_read_first_and_never_sent_again_when_it_took_effect(core, repeatable):
    if not repeatable:
        once_only(core)
    case = await core.approved()
    core.booth.writes.append(Called(says=LOST))
    await core.executes()
    assert (await core.again(case)).main.error == "AnswerLost"
    core.booth.calls.clear()

    assert await core.comes_back(case) == TIMING.reads[0]

    assert (await core.again(case)).request.state is State.SUCCEEDED
    assert core.booth.calls == ["read"]


async def test_a_sent_change_is_never_compared_with_what_was_approved(core):
    case = await core.approved()
    core.booth.writes.append(Called(says=LOST))
    await core.executes()
    dearer(core)
    approver_left(core)

    await core.comes_back(case)

    assert (await core.again(case)).request.state is State.SUCCEEDED


async def test_a_receipt_is_no_proof_three_reads_then_one_repetition(core):
    case = await core.approved()
    core.booth.writes.append(NO_EFFECT)
    core.booth.calls.clear()
    await core.executes()

    waited = [await core.comes_back(case), await core.comes_back(case)]

    assert waited == list(TIMING.reads)
    case = await core.again(case)
    assert core.booth.calls == ["read", "write grant", *["read"] * 3, "write grant", "read"]
    assert case.request.state is State.SUCCEEDED
    assert case.main.resent == core.clock()


async def test_the_repetition_is_on_disk_before_the_provider_is_called_again(core):
    case = await core.approved()
    core.booth.writes.append(NO_EFFECT)
    await core.executes()
    await core.comes_back(case)
    seen = []

    async def looks_at_the_disk():
        seen.append((await core.again(case)).main.resent)

    core.booth.writes.append(Called(meanwhile=looks_at_the_disk))
    await core.comes_back(case)

    assert seen == [core.clock()]


async def test_there_is_only_one_repetition_then_nobody_knows(core):
    case = await core.approved()
    core.booth.writes.extend([NO_EFFECT] * 9)
    core.booth.calls.clear()
    await core.executes()

    while (await core.again(case)).main.state is ChangeState.TODO:
        await core.comes_back(case)

    case = await core.again(case)
    assert core.booth.calls == ["read", *["write grant", "read", "read", "read"] * 2]
    assert stands(case) == (State.UNKNOWN, ChangeState.UNKNOWN)
    assert case.main.error == "NotSeen"


async def test_what_must_not_be_repeated_is_unknown_after_three_reads(core):
    once_only(core)
    case = await core.approved()
    core.booth.writes.append(NO_EFFECT)
    core.booth.calls.clear()
    await core.executes()

    while (await core.again(case)).main.state is ChangeState.TODO:
        await core.comes_back(case)

    assert core.booth.calls == ["read", "write grant", *["read"] * 3]
    assert stands(await core.again(case)) == (State.UNKNOWN, ChangeState.UNKNOWN)


async def test_a_repetition_is_sent_only_soon_after_the_first_call(core):
    case = await core.approved()
    core.booth.writes.append(ANSWER_LOST)
    await core.executes()
    core.clock.passes(TIMING.repeat)

    for _ in range(3):
        core.clock.passes(10)
        await core.executes()

    assert core.booth.written == ["write grant"]
    assert (await core.again(case)).main.state is ChangeState.UNKNOWN


async def test_nothing_is_repeated_when_the_clock_does_not_tell_how_long_ago_it_was_sent(core):
    case = await core.approved()
    core.booth.writes.append(ANSWER_LOST)
    await core.executes()
    await core.put_back(3600)

    for _ in range(4):
        core.clock.passes(10)
        await core.executes()

    assert core.booth.written == ["write grant"]
    assert (await core.again(case)).main.state is ChangeState.UNKNOWN


async def test_nothing_is_repeated_once_the_approver_has_left(core):
    case = await core.approved()
    core.booth.writes.append(ANSWER_LOST)
    await core.executes()
    approver_left(core)

    for _ in range(3):
        core.clock.passes(10)
        await core.executes()

    assert core.booth.written == ["write grant"]
    assert (await core.again(case)).main.state is ChangeState.UNKNOWN


@pytest.mark.parametrize("says", ["200 granted", LOST], ids=["confirmed", "lost"])
async def test_a_reading_kept_for_forms_is_forgotten_once_something_was_sent(core, says):
    await core.approved()
    core.booth.writes.append(Called(says=says))
    assert (await core.readings.of("kajabi", JANE.address)).holdings == ()

    await core.executes()

    assert [one.offer_id for one in (await core.readings.of("kajabi", JANE.address)).holdings] == ["7"]


# --- the answer to the repetition -------------------------------------------------------------------------------------


async def repeated(core, answer):
    """Bring a change to its repetition, which is answered like this."""
    case = await core.approved()
    core.booth.writes.extend([ANSWER_LOST, answer])
    await core.executes()
    for _ in range(3):
        await core.comes_back(case)
    assert core.booth.written == ["write grant"] * 2
    return await core.again(case)


@pytest.mark.parametrize("says", [GONE, LOST], ids=["refused", "lost"])
async def test_a_repetition_that_is(core, says):
    case = await repeated(core, Called(takes_effect=False, says=says))

    assert (case.main.state, case.main.error) == (ChangeState.TODO, "AnswerLost")
    assert await core.comes_back(case) == TIMING.reads[0]
    await core.comes_back(case)
    await core.comes_back(case)
    assert stands(await core.again(case)) == (State.UNKNOWN, ChangeState.UNKNOWN)
    assert core.booth.written == ["write grant"] * 2


async def test_an_unavailable_repetition_leaves_open_what_the_first_call_did(core):
    case = await repeated(core, Called(takes_effect=False, says=DOWN))

    assert (case.main.state, case.main.error) == (ChangeState.TODO, "Unavailable: no connection")
    assert case.main.sent is not None
    core.booth.holds("7")
    await core.comes_back(case)
    assert (await core.again(case)).request.state is State.SUCCEEDED
