"""A change is sent when its call goes out, and not while it waits for its place in the rate."""

import pytest

from bot.domain.errors import Rejected, Unavailable
from bot.domain.request import ChangeState, Person, State
from tests.unit.core.happenings import DOWN, NO_EFFECT, once_only, stands
from tests.unit.core.world import TIMING, Called

ROOT = Person("T1", "UROOT")
CREDENTIALS = Rejected("kajabi", "the API key is not accepted", code="credentials")


def stopped(core):
    """Somebody pauses just then."""

    async def meanwhile(_):
        await core.store.pause(by=ROOT, why="", now=core.clock())

    return meanwhile


def permitted_and(core, then):
    """The call went out once and surely did nothing (a token had run out); it needs another permit, and waits again."""

    async def meanwhile(permit):
        assert await permit()
        await then(permit)

    return meanwhile


async def test_a_pause_while_a_call_waits_for_its_place_holds_it_back_unsent(core):
    case = await core.approved()
    core.booth.waits.append(stopped(core))
    await core.executes()
    held_back = await core.again(case)
    idle = list(core.booth.written)
    await core.store.resume(by=ROOT, now=core.clock())
    await core.executes()

    assert (held_back.request.state, held_back.main.sent, held_back.main.error) == (State.APPROVED, None, "")
    assert idle == []
    assert stands(await core.again(case)) == (State.SUCCEEDED, ChangeState.SUCCEEDED)
    assert (await core.events(case)).count("change.sent") == 1
    assert core.booth.written == ["write grant"]


async def test_a_pause_before_a_call_goes_out_again_takes_the_sending_back(core):
    case = await core.approved()
    core.booth.waits.append(permitted_and(core, stopped(core)))
    await core.executes()
    held_back = await core.again(case)
    idle = list(core.booth.written)
    await core.store.resume(by=ROOT, now=core.clock())
    await core.executes()

    assert (held_back.main.sent, held_back.main.troubled, held_back.main.error) == (None, None, "")
    assert idle == []
    assert stands(await core.again(case)) == (State.SUCCEEDED, ChangeState.SUCCEEDED)
    told = [one for one in await core.events(case) if one in {"change.sent", "change.held"}]
    assert told == ["change.sent", "change.held", "change.sent"]


async def test_a_call_that_goes_out_again_is_still_one_sending(core):
    async def nothing(_):
        pass

    case = await core.approved()
    core.booth.waits.append(permitted_and(core, nothing))
    await core.executes()

    assert stands(await core.again(case)) == (State.SUCCEEDED, ChangeState.SUCCEEDED)
    assert (await core.events(case)).count("change.sent") == 1
    assert core.booth.written == ["write grant"]


@pytest.mark.parametrize("error", [DOWN, Unavailable("kajabi", "too many calls for now", retry_after=12)])
async def test_what_fails_before_its_turn_was_never_sent(core, error):
    case = await core.approved()
    core.booth.waits.append(error)
    await core.executes()
    waiting = (await core.again(case)).main
    await core.comes_back(case)

    assert (waiting.sent, waiting.troubled) == (None, core.clock.now - (waiting.due - waiting.troubled))
    assert "change.sent" in await core.events(case)
    assert stands(await core.again(case)) == (State.SUCCEEDED, ChangeState.SUCCEEDED)


async def test_what_is_refused_before_its_turn_fails_unsent(core):
    case = await core.approved()
    core.booth.waits.append(CREDENTIALS)
    await core.executes()

    assert stands(await core.again(case)) == (State.FAILED, ChangeState.FAILED)
    assert "change.sent" not in await core.events(case)


async def test_a_refusal_before_the_repetition_says_nothing_about_the_first_call(core):
    core.booth.writes.append(NO_EFFECT)
    case = await core.approved()
    await core.executes()
    core.booth.waits.append(CREDENTIALS)
    for _ in TIMING.reads:
        await core.comes_back(case)
    asked = await core.again(case)
    await core.comes_back(case)

    assert (asked.main.state, asked.main.resent) == (ChangeState.TODO, None)
    assert asked.main.sent is not None
    assert stands(await core.again(case)) == (State.SUCCEEDED, ChangeState.SUCCEEDED)
    assert core.booth.written == ["write grant"] * 2


async def test_nothing_goes_out_after_the_deadline_however_long_the_wait(core):
    async def frozen(_):
        core.clock.passes(core.lease)

    case = await core.approved()
    core.booth.waits.append(frozen)
    await core.executes()

    assert core.booth.written == []
    assert (await core.again(case)).main.sent is None


async def test_a_sending_that_ends_after_the_deadline_makes_no_call_and_is_read_first(core):
    once_only(core)
    case = await core.approved()
    send = core.executor.store.send

    async def slow(*given, **options):
        sent = await send(*given, **options)
        core.clock.passes(core.lease)
        return sent

    core.executor.store.send = slow
    await core.executes()
    core.executor.store.send = send
    core.booth.writes.append(Called())
    await core.comes_back(case)

    assert core.booth.written == []
    assert (await core.again(case)).main.sent is not None


async def test_what_is_held_back_stays_sent_until_the_provider_has_said_what_was_done(core):
    case = await core.approved()
    seen = []

    async def first_step_done(permit):
        assert await permit()
        await stopped(core)(permit)
        assert not await permit()
        seen.append((await core.again(case)).main.sent is not None)

    core.booth.waits.append(first_step_done)
    await core.executes()

    assert seen == [True]
    assert (await core.again(case)).main.sent is None
    assert (await core.events(case)).count("change.held") == 1


async def test_a_pause_between_two_steps_ends_it_in_part_and_holds_nothing_back(core):
    case = await core.approved()
    write = core.booth.write

    async def two_steps(changes, *, permit):
        assert await permit(changes[0])
        await stopped(core)(permit)
        assert not await permit(changes[0])
        return [Rejected("kajabi", "enrolment 12, and no more: it was not let go", code="InPart")]

    core.booth.write = two_steps
    await core.executes()
    core.booth.write = write
    ended = await core.again(case)

    assert (stands(ended), ended.main.in_part) == ((State.FAILED, ChangeState.FAILED), "enrolment 12")
    assert "change.held" not in await core.events(case)
