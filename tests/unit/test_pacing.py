import asyncio

import pytest

from bot.domain.errors import Unavailable
from bot.domain.notices import Notices
from bot.pacing import StorePacer
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
