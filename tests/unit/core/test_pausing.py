"""What the executor does about the stop switch, and who may use it."""

import pytest

from bot.domain.errors import Deactivated, NotAdmin
from bot.domain.pause import WHY_LIMIT
from bot.domain.request import ChangeState, Person, State
from bot.service import Service
from tests.unit.core.happenings import NO_EFFECT, stands
from tests.unit.core.world import BOB, TIMING, a_core

ROOT = Person("T1", "UROOT")


async def stop(core):
    await core.store.pause(by=ROOT, why="", now=core.clock())


async def test_a_pause_between_the_last_look_and_the_sending_is_found(core):
    case = await core.approved()
    core.booth.reads.append(lambda: stop(core))
    core.booth.calls.clear()
    await core.executes()
    held_back = (await core.again(case)).main
    core.clock.passes(TIMING.give_up + 1)
    await core.executes()
    idle = list(core.booth.calls)
    await core.store.resume(by=ROOT, now=core.clock())
    await core.executes()

    assert (held_back.sent, held_back.attempts, held_back.troubled, held_back.error) == (None, 1, None, "")
    assert idle == ["read"]
    assert stands(await core.again(case)) == (State.SUCCEEDED, ChangeState.SUCCEEDED)
    assert "change.postponed" not in await core.events(case)


async def test_while_it_is_paused_nothing_is_written_a_second_time_and_looking_goes_on(core):
    core.booth.writes.append(NO_EFFECT)
    case = await core.approved()
    await core.executes()
    await stop(core)
    for _ in range(3):
        await core.comes_back(case)
    lost = await core.again(case)
    core.booth.holds("7")
    await core.comes_back(case)

    assert stands(lost) == (State.UNKNOWN, ChangeState.UNKNOWN)
    assert [one for one in core.booth.calls if one.startswith("write")] == ["write grant"]
    assert stands(await core.again(case)) == (State.SUCCEEDED, ChangeState.SUCCEEDED)


@pytest.fixture
async def ruled(tmp_path):
    async with a_core(tmp_path, admins=("UROOT",)) as core:
        yield core


async def test_only_admins_stop_and_resume(ruled):
    service = Service(ruled.store, ruled.authority, {"kajabi": ruled.booth}, ruled.clock)
    with pytest.raises(NotAdmin) as refused:
        await service.pause("now", by=BOB)
    await service.pause("now", by=ROOT)
    with pytest.raises(NotAdmin):
        await service.resume(by=BOB)
    await service.resume(by=ROOT)

    assert refused.value.admins == ("UROOT",)
    assert (await ruled.authority.may_pause(ROOT)).rule == "ADMINS"


async def test_an_admin_whose_account_is_switched_off_stops_nothing(ruled):
    ruled.town.turns("UROOT", active=False)
    service = Service(ruled.store, ruled.authority, {"kajabi": ruled.booth}, ruled.clock)
    with pytest.raises(Deactivated):
        await service.pause("now", by=ROOT)


async def test_a_stop_is_not_refused_for_being_wordy(ruled):
    service = Service(ruled.store, ruled.authority, {"kajabi": ruled.booth}, ruled.clock)
    await service.pause("on\n and " * 1000, by=ROOT)
    kept = await ruled.store.paused()

    assert kept is not None
    assert len(kept.why) == WHY_LIMIT
    assert kept.why.startswith("on and on and")
