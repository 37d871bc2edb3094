import asyncio
import heapq
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

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
        await store.next_slots("acme", now=watch(), interval=0.5, burst=4)
        await store.next_slots("acme", now=watch(), interval=0.5, burst=4)

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


class Timeline:
    """A clock for several tasks: when all of them sleep, it goes on to where the first one wakes."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        wakes = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self.now + seconds, id(wakes), wakes))
        await wakes

    async def passes(self, seconds: float) -> None:
        until = self.now + seconds
        while True:
            for _ in range(30):  # turns of the event loop, in which all get as far as they can
                await asyncio.sleep(0)
            if not self._sleepers or self._sleepers[0][0] > until:
                break
            self.now, _, wakes = heapq.heappop(self._sleepers)
            if not wakes.done():
                wakes.set_result(None)
        self.now = until


class Counted:
    """A store of which is counted how often it was asked for slots, and how many it gave."""

    def __init__(self, store):
        self._store = store
        self.asked: list[int] = []

    async def next_slots(self, *names, **told):
        delays = await self._store.next_slots(*names, **told)
        if delays[0] <= ABOUT_NOW:
            self.asked.append(len(delays))
        return delays


@dataclass
class Process:
    """Tasks that call as fast as they may, for a list. `crashes`: with all that it has taken and not used."""

    store: Counted
    pacer: StorePacer
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    async def crashes(self):
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)


@pytest.fixture
async def processes(tmp_path):
    """Start processes on one database; `starts` is when their calls started."""
    timeline, starts, running = Timeline(), [], []

    async with AsyncExitStack() as stack:

        async def process(*, rate, tasks):
            url = f"sqlite:///{tmp_path / 'together.db'}"
            opened = await stack.enter_async_context(open_store(url, notices=Notices(), clock=timeline))
            store: Any = Counted(opened)
            one = Process(store, StorePacer(store, "acme", rate=rate, burst=4, clock=timeline, sleep=timeline.sleep))

            async def calling():
                while True:
                    await one.pacer.wait()
                    starts.append(timeline.now)
                    await timeline.sleep(0.001)

            with calm():
                one.tasks += [asyncio.create_task(calling()) for _ in range(tasks)]
            running.append(one)
            return one

        yield timeline, starts, process
        for one in running:
            await one.crashes()


def most(starts, *, within):
    """The most that started in so many seconds, whichever these are."""
    first = most = 0
    starts = sorted(starts)
    for last, start in enumerate(starts):
        while start - starts[first] > within:
            first += 1
        most = max(most, last - first + 1)
    return most


async def test_those_who_wait_in_line_take_their_slots_together(processes):
    timeline, starts, process = processes
    one = await process(rate=200, tasks=6)
    await timeline.passes(2)

    assert len(starts) == pytest.approx(2 * 200, abs=12)
    assert sum(one.store.asked) >= len(starts)
    assert len(one.store.asked) < len(starts) / 2


async def test_at_a_low_rate_each_takes_its_own(processes):
    timeline, starts, process = processes
    one = await process(rate=2, tasks=6)
    await timeline.passes(5)

    assert [start - 1_000 for start in starts] == pytest.approx([0, 0, *(n / 2 for n in range(1, 11))], abs=ABOUT_NOW)
    assert set(one.store.asked[1:]) == {1}


@pytest.mark.parametrize("rate", [20, 200])
async def test_two_processes_one_of_which_crashes_stay_within_the_rate(processes, rate):
    timeline, starts, process = processes
    first, second = await process(rate=rate, tasks=6), await process(rate=rate, tasks=6)
    await timeline.passes(1)
    before = len(starts)
    await second.crashes()
    await timeline.passes(0.5)
    await process(rate=rate, tasks=6)
    await timeline.passes(1)

    assert first.store.asked
    assert second.store.asked
    assert before >= 0.97 * rate
    assert len(starts) >= 0.97 * rate * 2.5
    for within in (0.01, 0.1, 1, 2.5):
        assert most(starts, within=within) <= max(4, rate // 10) + rate * within


@pytest.mark.parametrize("rate", [20, 200])
async def test_a_single_call_never_waits_behind_slots_taken_for_a_list(processes, rate):
    timeline, _, process = processes
    one = await process(rate=rate, tasks=6)
    for _ in range(20):
        await timeline.passes(0.0537)
        person = asyncio.create_task(one.pacer.wait())
        await timeline.passes(0)
        assert person.done()


async def test_who_leaves_the_line_takes_nothing_and_keeps_nobody_waiting(processes):
    timeline, starts, process = processes
    one = await process(rate=2, tasks=4)
    await timeline.passes(0.1)
    for task in one.tasks[2:]:
        task.cancel()
    await timeline.passes(4.9)

    assert [start - 1_000 for start in starts] == pytest.approx([0, 0, *(n / 2 for n in range(1, 11))], abs=ABOUT_NOW)
