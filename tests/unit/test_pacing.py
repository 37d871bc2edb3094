import asyncio

import pytest

from bot.domain.errors import Unavailable
from bot.domain.notices import Notices
from bot.domain.pace import ABOUT_NOW
from bot.pacing import StorePacer, calm, is_calm
from bot.store import open_store


class Watch:
    """A clock that sleeping moves on."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        await asyncio.sleep(0)


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
async def store(tmp_path, watch):
    async with open_store(f"sqlite:///{tmp_path / 'pace.db'}", notices=Notices(), clock=watch) as store:
        yield store


def paced(store, watch: Watch, **told) -> StorePacer:
    return StorePacer(store, "acme", clock=watch, sleep=watch.sleep, **{"rate": 2.0, "burst": 4, **told})


async def test_a_burst_goes_at_once_and_the_rest_at_the_rate(store, watch):
    pacer, started = paced(store, watch), []
    for _ in range(10):
        await pacer.wait()
        started.append(watch.now - 1_000.0)

    assert started == pytest.approx([0, 0, 0, 0, 0.5, 1, 1.5, 2, 2.5, 3])


async def test_two_processes_share_one_rate(store, watch):
    pacers = [paced(store, watch), paced(store, watch)]
    for number in range(12):
        await pacers[number % 2].wait()

    assert watch.now - 1_000.0 == pytest.approx(4)


async def test_after_a_hold_nobody_starts_before_its_end(store, watch):
    await paced(store, watch).hold(5)
    await paced(store, watch).wait()

    assert watch.now == pytest.approx(1_005)


async def test_a_turn_that_is_too_far_away_is_not_waited_for(store, watch):
    pacer = paced(store, watch, patience=10.0)
    await pacer.hold(60)
    with pytest.raises(Unavailable) as caught:
        await pacer.wait()

    assert caught.value.retry_after == pytest.approx(60)
    assert watch.now == pytest.approx(1_000)


async def test_whoever_is_calm_stands_back_for_those_that_somebody_waits_for(store, watch):
    pacer, started = paced(store, watch), []
    for _ in range(6):
        await pacer.wait()
    with calm():
        await pacer.wait()
    started.append(watch.now - 1_000.0)
    for _ in range(3):
        await pacer.wait()
        started.append(watch.now - 1_000.0)

    # half of the burst has to be there again first, and is there for people at once
    assert started == pytest.approx([2.5, 2.5, 2.5, 3], abs=ABOUT_NOW)


async def test_tasks_that_are_started_calmly_are_calm():
    async def asked():
        return is_calm()

    with calm():
        inside = asyncio.create_task(asked())
    outside = asyncio.create_task(asked())

    assert await inside
    assert not await outside
    assert not is_calm()


async def test_the_calm_give_up_in_time_while_others_keep_coming(store, watch):
    async def busy(seconds: float) -> None:
        await watch.sleep(seconds)
        await store.next_slot("acme", now=watch(), interval=0.5, burst=4)
        await store.next_slot("acme", now=watch(), interval=0.5, burst=4)

    pacer = StorePacer(store, "acme", rate=2.0, burst=4, clock=watch, patience=3.0, sleep=busy)
    for _ in range(4):
        await pacer.wait()
    with calm(), pytest.raises(Unavailable) as caught:
        await pacer.wait()

    assert caught.value.code == "paused"
    assert watch.now - 1_000 <= 4


async def test_after_too_many_calls_all_processes_are_slower_and_stay_so(store, watch, tmp_path):
    await paced(store, watch).hold(5, slower=True)
    async with open_store(f"sqlite:///{tmp_path / 'pace.db'}", notices=Notices(), clock=watch) as other:
        pacer, started = paced(other, watch), []
        for _ in range(5):
            await pacer.wait()
            started.append(watch.now - 1_000.0)

    assert started[0] == pytest.approx(5)
    assert started[-1] - started[0] > 4 / 2 * 1.2
