"""A provider confirms a change, and its reads do not tell whether it is so."""

from dataclasses import replace

import pytest

from bot.domain.attempt import UNSEEN
from bot.domain.errors import Rejected
from bot.domain.request import Action, ChangeState, State
from tests.unit.core.happenings import ANSWER_LOST, once_only, stands
from tests.unit.core.world import Called


@pytest.fixture
def blind(core):
    """The booth confirms, and its reads tell nothing of the bundle."""
    read = core.booth.read

    async def untold(targets, *, with_offers=True):
        readings = await read(targets, with_offers=with_offers)
        return [replace(one, holdings=(), untold=frozenset({"7"})) for one in readings]

    core.booth.read = untold
    return core


@pytest.mark.parametrize("action", [Action.GRANT, Action.REVOKE])
async def test_what_was_confirmed_is_done_and_not_called_verified(blind, action):
    blind.booth.holds(*(("7",) if action is Action.REVOKE else ()))
    case = await blind.approved(action=action)
    await blind.executes()

    case = await blind.again(case)
    assert stands(case) == (State.SUCCEEDED, ChangeState.SUCCEEDED)
    assert (case.main.error, case.main.verified) == (UNSEEN, None)
    assert (await blind.events(case))[-2:] == ["change.taken", "request.succeeded"]


async def test_what_was_never_confirmed_is_not_done(blind):
    once_only(blind)
    case = await blind.approved()
    blind.booth.writes.append(ANSWER_LOST)
    for _ in range(6):
        await blind.executes()
        blind.clock.passes(30)

    assert (await blind.again(case)).main.state is not ChangeState.SUCCEEDED
    assert blind.booth.written == ["write grant"]


async def test_a_part_that_was_done_is_told_with_the_refusal_of_the_rest(core):
    case = await core.approved()
    core.booth.writes.append(
        Called(takes_effect=False, says=Rejected("kajabi", "enrolled, and no more", code="InPart"))
    )
    await core.executes()

    case = await core.again(case)
    assert (case.main.state, case.main.error) == (ChangeState.FAILED, "InPart: enrolled, and no more")
