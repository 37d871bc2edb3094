"""What may happen around a change: the provider's answers, a world that moves on, accounts that leave."""

from dataclasses import replace

from bot.domain.errors import Rejected, Unavailable, Unknown
from bot.domain.request import ChangeState
from tests.unit.core.world import BUNDLE, JANE, TIMING, Called

GONE = Rejected("kajabi", "no such offer", code="404")
DOWN = Unavailable("kajabi", "no connection")
LOST = Unknown("kajabi", "no answer")
NO_EFFECT = Called(takes_effect=False)
ANSWER_LOST = Called(takes_effect=False, says=LOST)


def once_only(core):
    core.booth.repeatable = frozenset()


def stands(case):
    return case.request.state, case.main.state


def dearer(core):
    core.booth.offers["7"] = replace(BUNDLE, price=29900)


def renamed(core):
    core.booth.offers["7"] = replace(BUNDLE, title="Silver Bundle")


def another_contact(core):
    core.booth.contacts[JANE.address] = replace(JANE, id="c-99")


def approver_left(core):
    core.town.turns("UBOB", active=False)


def approval_old(core):
    core.clock.passes(TIMING.approval + 1)


async def unknown(core):
    once_only(core)
    case = await core.approved()
    core.booth.writes.append(ANSWER_LOST)
    await core.executes()
    for _ in range(3):
        await core.comes_back(case)
    case = await core.again(case)
    assert case.main.state is ChangeState.UNKNOWN
    return case
