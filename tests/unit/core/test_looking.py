import pytest

from bot.domain import lifecycle
from bot.domain.errors import Unavailable
from bot.domain.request import ChangeState, State
from tests.unit.core.happenings import (
    ANSWER_LOST,
    DOWN,
    GONE,
    LOST,
    dearer,
    stands,
    unknown,
)
from tests.unit.core.world import ADA, TIMING, Called


async def test_an_unread_change_is_read_again_and_no_read_is_counted(core):
    case = await core.approved()
    core.booth.writes.append(ANSWER_LOST)
    await core.executes()
    core.booth.reads.append(Unavailable("kajabi", "too many requests", retry_after=33))

    await core.comes_back(case)

    case = await core.again(case)
    assert (case.main.state, case.main.reads) == (ChangeState.TODO, 0)
    assert case.main.due == core.clock() + 33


@pytest.mark.parametrize("error", [GONE, DOWN], ids=["rejected", "unavailable"])
async def test_a_sent_change_that_cannot_be_read_ends_as_unknown_never_as_not_done(core, error):
    case = await core.approved()
    core.booth.writes.append(Called(says=LOST))
    await core.executes()
    core.booth.reads.extend([error] * 99)

    while (await core.again(case)).main.state is ChangeState.TODO:
        await core.comes_back(case)

    assert stands(await core.again(case)) == (State.UNKNOWN, ChangeState.UNKNOWN)
    assert core.booth.written == ["write grant"]


# --- unknown: looked at again, later and later ------------------------------------------------------------------------


async def test_what_is_unknown_is_looked_at_again_and_the_pauses_grow(core):
    case = await unknown(core)

    waited = [await core.comes_back(case) for _ in range(5)]

    assert waited[0] == TIMING.first_look
    assert waited == sorted(waited)
    assert waited[-1] > 2 * waited[0]
    assert (await core.events(case)).count("request.unknown") == 1


async def test_an_unknown_change_that_is_seen_later_has_succeeded(core):
    case = await unknown(core)
    core.booth.holds("7")

    await core.comes_back(case)

    assert stands(await core.again(case)) == (State.SUCCEEDED, ChangeState.SUCCEEDED)


async def test_an_unknown_change_that_cannot_be_read_stays_unknown(core):
    case = await unknown(core)
    core.booth.reads.append(DOWN)

    await core.comes_back(case)

    case = await core.again(case)
    assert stands(case) == (State.UNKNOWN, ChangeState.UNKNOWN)
    assert case.main.due is not None
    assert case.main.due >= core.clock() + TIMING.first_look


async def test_what_was_unreadable_for_too_long_is_never_repeated_afterwards(core):
    case = await core.approved()
    core.booth.writes.append(ANSWER_LOST)
    await core.executes()
    core.booth.reads.extend([DOWN] * 99)
    while (await core.again(case)).main.state is ChangeState.TODO:
        await core.comes_back(case)
    core.booth.reads.clear()

    waited = [await core.comes_back(case) for _ in range(5)]

    assert min(waited) >= TIMING.first_look
    assert core.booth.written == ["write grant"]


async def test_retrying_what_is_unknown_looks_again_and_sends_nothing(core):
    case = await unknown(core)
    await core.takes(case, lifecycle.retry, by=ADA)
    core.booth.calls.clear()

    await core.executes()

    assert core.booth.calls == ["read"]
    assert (await core.again(case)).request.state is State.UNKNOWN


async def test_retrying_what_failed_compares_again_before_it_sends(core):
    case = await core.approved()
    core.booth.writes.append(Called(takes_effect=False, says=GONE))
    await core.executes()
    await core.takes(case, lifecycle.retry, by=ADA)
    dearer(core)

    await core.executes()

    assert (await core.again(case)).request.state is State.PENDING
    assert core.booth.written == ["write grant"]
