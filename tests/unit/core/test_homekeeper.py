"""What becomes of a Home that is due: it is shown, shown later, or given up; nothing of it is lost or repeated."""

from dataclasses import dataclass, field

import pytest

from bot.domain.errors import NotDelivered, Undeliverable
from bot.homekeeper import TRIES, Homekeeper
from tests.unit.core.world import ADA, BOB, a_core


@dataclass
class Wall:
    """A screen that does what was put down for its next showings, and otherwise shows."""

    fails: list = field(default_factory=list)
    shown: list = field(default_factory=list)

    async def show(self, home, overview):
        self.shown.append((home.person, overview))
        if self.fails:
            raise self.fails.pop(0)
        return f"drawing {len(self.shown)}"


@pytest.fixture
async def core(tmp_path):
    async with a_core(tmp_path, admins=("UOLGA",)) as core:
        yield core


@pytest.fixture
def wall():
    return Wall()


async def refreshed(core, wall):
    """Work on all Homes that are due; return how many those were."""
    keeper = Homekeeper(core.store, core.lookups, wall, core.clock, core.lease)
    due = await core.store.claim_homes(now=core.clock(), lease=core.lease, limit=10)
    for home in due:
        await keeper.refresh(home)
    return len(due)


async def opened(core, person):
    await core.store.open_home(person, blank=True, now=core.clock())


async def test_a_home_is_shown_once(core, wall):
    await opened(core, BOB)

    assert await refreshed(core, wall) == 1
    core.clock.passes(600)
    assert await refreshed(core, wall) == 0


async def test_an_approver_oversees_and_somebody_else_does_not(core, wall):
    for person in (ADA, BOB):
        await opened(core, person)
    await refreshed(core, wall)
    by_person = dict(wall.shown)
    assert (by_person[ADA].oversees, by_person[BOB].oversees) == (False, True)
    core.clock.passes(5)
    await core.asks(requester=BOB)

    assert await refreshed(core, wall) == 1
    assert wall.shown[-1][0] == BOB


@pytest.mark.parametrize(
    ("error", "pause"),
    [(NotDelivered("ratelimited", retry_after=30), 30), (NotDelivered("timeout"), 2), (TimeoutError(), 2)],
)
async def test_what_slack_does_not_take_is_shown_later(core, wall, error, pause):
    wall.fails = [error]
    await opened(core, BOB)
    await refreshed(core, wall)
    core.clock.passes(pause - 1)
    assert await refreshed(core, wall) == 0
    core.clock.passes(1)

    assert await refreshed(core, wall) == 1
    core.clock.passes(600)
    assert await refreshed(core, wall) == 0


async def test_while_slack_cannot_say_who_somebody_is_nothing_is_shown(core, wall):
    await opened(core, BOB)
    core.town.silent = True
    await refreshed(core, wall)
    assert wall.shown == []
    core.town.silent = False
    core.clock.passes(2)

    assert await refreshed(core, wall) == 1
    assert len(wall.shown) == 1


async def test_a_home_that_cannot_be_shown_is_left_until_it_is_opened_again(core, wall):
    wall.fails = [Undeliverable("user_not_found")]
    await opened(core, BOB)
    await refreshed(core, wall)
    await core.asks()
    core.clock.passes(600)
    assert await refreshed(core, wall) == 0
    await opened(core, BOB)

    assert await refreshed(core, wall) == 1


async def test_a_fault_of_our_own_is_not_repeated_for_ever(core, wall):
    wall.fails = [ValueError("a fault")] * 50
    await opened(core, BOB)
    for _ in range(20):
        await refreshed(core, wall)
        core.clock.passes(100)

    assert len(wall.shown) == TRIES


async def test_a_deactivated_account_is_shown_nothing_of_anybodys(core, wall):
    await core.asked()
    core.town.turns("UBOB", active=False)
    await opened(core, BOB)
    await refreshed(core, wall)
    ((_, overview),) = wall.shown

    assert type(overview.refusal).__name__ == "Deactivated"
    assert overview.leaves == {}
