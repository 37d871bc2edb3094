"""Whole hours of calls in a second, beside an API that counts them. Times are seconds of an invented clock."""

import heapq
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.pace import ABOUT_NOW, FAR, LONGEST_HOLD, Pace

IN_FLIGHT = 3


@dataclass
class Api:
    """A bucket of `burst` calls that fills at `limit` a second, and says how long to wait where it is empty."""

    limit: float
    burst: float
    left: float = field(init=False)
    at: float = 0.0
    taken: int = 0
    refused: int = 0

    def __post_init__(self):
        self.left = self.burst

    def takes(self, now: float) -> bool:
        self.left = min(self.burst, self.left + (now - self.at) * self.limit)
        self.at = now
        if self.left < 1:
            self.refused += 1
            return False
        self.left -= 1
        self.taken += 1
        return True


def calmly(
    api: Api,
    *,
    setting: float,
    burst: int,
    seconds: float,
    retry_after: float = 1.0,
    lag: float = 0.0,
    begins: float = 0.0,
    pace: Pace | None = None,
) -> Pace:
    """Call as fast as the pace allows; each answer is there a moment later."""
    pace, now = pace or Pace(), begins
    answers: list[tuple[float, bool]] = []
    while now < begins + seconds:
        while answers and answers[0][0] <= now:
            at, good = heapq.heappop(answers)
            if not good:
                pace = pace.slower(at, until=at + retry_after, setting=setting)
        if len(answers) == IN_FLIGHT:
            now = answers[0][0]
            continue
        pace, delay = pace.slot(now, interval=1 / setting, burst=burst, patience=10, calm=True)
        if delay <= ABOUT_NOW:
            start = now + delay
            heapq.heappush(answers, (start + 0.3 / setting, api.takes(start)))
            now = max(now, start)
        else:
            now += delay - ABOUT_NOW / 2 + lag
    return pace


@pytest.mark.parametrize(("limit", "burst", "least"), [(2, 4, 0.97), (20, 4, 0.97), (200, 20, 0.95)])
def test_where_the_limit_is_known_nearly_all_of_it_is_used_and_nothing_refused(limit, burst, least):
    api = Api(limit, burst)
    calmly(api, setting=limit, burst=burst, seconds=60, lag=0.002)

    assert api.taken >= least * limit * 60
    assert api.refused == 0


@pytest.mark.parametrize("limit", [20, 200])
@pytest.mark.parametrize("times", [1.2, 2, 5])
@pytest.mark.parametrize("retry_after", [0.5, 1, 2])
def test_where_the_limit_is_lower_than_the_setting_it_is_found(limit, times, retry_after):
    api = Api(limit, limit // 5)
    calmly(api, setting=limit * times, burst=4, seconds=240, retry_after=retry_after)

    assert api.taken >= 0.9 * limit * 240
    assert api.refused < 0.02 * (api.taken + api.refused)


#: rates and bursts as they are set, and the burst that there is
PACES = [(1, 4, 4), (2, 4, 4), (20, 4, 4), (100, 4, 10), (200, 4, 20), (200, 50, 50)]


@dataclass(frozen=True)
class Ask:
    """A process asks for slots, after so many intervals."""

    after: float
    count: int
    calm: bool


ASKS = st.lists(st.builds(Ask, st.floats(0, 8) | st.just(0), st.integers(1, 8), st.booleans()), max_size=60)


@pytest.mark.parametrize(("rate", "burst", "bunch"), PACES)
@settings(max_examples=40, deadline=None)
@given(asks=ASKS)
def test_whoever_asks_for_how_many_over_any_time_no_more_than_the_rate_and_a_burst_start(rate, burst, bunch, asks):
    pace, now, starts = Pace(), 1_000.0, []
    for ask in asks:
        now += ask.after / rate
        after, delays = pace.slots(ask.count, now, interval=1 / rate, burst=burst, patience=10, calm=ask.calm)
        near = ABOUT_NOW if ask.calm else 10
        assert (after is pace) == (delays[0] > near)
        if after is not pace:
            assert max(delays) <= near
            starts += [now + delay for delay in delays]
        pace = after

    starts.sort()
    for first, start in enumerate(starts):
        for last in range(first, len(starts)):
            assert last - first + 1 <= bunch + (starts[last] - start) * rate + 1e-6


@pytest.mark.parametrize(("rate", "burst", "bunch"), PACES)
@settings(max_examples=40, deadline=None)
@given(gaps=st.lists(st.floats(0, 8), max_size=40), count=st.integers(1, 8))
def test_nobody_waits_for_slots_that_the_calm_have_taken(rate, burst, bunch, gaps, count):
    pace, now, how = Pace(), 1_000.0, {"interval": 1 / rate, "burst": burst, "patience": 10}
    for gap in gaps:
        now += gap / rate
        pace, _ = pace.slots(count, now, **how, calm=True)

    assert pace.slot(now, **how)[1] == 0


def test_where_the_limit_is_raised_again_the_rate_comes_back():
    api = Api(limit=5, burst=4)
    pace = calmly(api, setting=20, burst=4, seconds=120)
    assert pace.rate_at(120, setting=20) < 6

    raised = Api(limit=20, burst=4)
    raised.at = 120
    pace = calmly(raised, setting=20, burst=4, seconds=1200, begins=120, pace=pace)

    assert pace.rate_at(1320, setting=20) > 15
    assert raised.refused < 0.01 * raised.taken


def test_refusals_of_calls_that_were_on_their_way_together_count_once():
    pace = Pace()
    for late in (0, 0.01, 0.02, 0.9):
        pace = pace.slower(100 + late, until=100 + late, setting=10)

    assert pace.rate == pytest.approx(10 * FAR)
    assert pace.held == pytest.approx(100.9)


def test_a_rate_never_rises_above_its_setting():
    pace = Pace().slower(0, until=1, setting=10)

    rates = [pace.rate_at(float(now), setting=10) for now in range(0, 20_000, 10)]
    assert rates == sorted(rates)
    assert rates[0] == pytest.approx(7)
    assert rates[-1] == 10
    assert pace.rate_at(20_000, setting=5) == 5


def test_what_was_learned_at_a_time_still_to_come_counts_no_more():
    pace = Pace().slower(100_000, until=100_001, setting=10)

    assert pace.rate_at(100_001 - LONGEST_HOLD - 10, setting=10) == 10


def test_people_find_a_slot_at_once_however_busy_the_calm_are():
    pace, waits = Pace(), []
    for step in range(4_000):
        now = 1_000 + step * 0.01
        pace, _ = pace.slot(now, interval=0.5, burst=4, patience=10, calm=True)
        if step % 1_000 == 999:  # somebody needs eight calls, one after the other
            for _ in range(8):
                pace, delay = pace.slot(now, interval=0.5, burst=4, patience=10)
                waits.append(delay)

    for first in range(0, len(waits), 8):
        assert max(waits[first : first + 2]) <= ABOUT_NOW
        assert max(waits[first : first + 8]) <= 8 / 2


def test_while_people_wait_the_calm_get_nothing():
    pace = Pace()
    for _ in range(8):
        pace, _ = pace.slot(1_000, interval=0.5, burst=4, patience=10)
    after, delay = pace.slot(1_000, interval=0.5, burst=4, patience=10, calm=True)

    assert after == pace
    assert delay == pytest.approx(3.5)


def test_the_calm_alone_get_the_whole_rate_and_half_of_the_burst_at_most():
    pace, starts = Pace(), []
    for step in range(10_000):
        now = 1_000 + step * 0.001
        after, delay = pace.slot(now, interval=0.5, burst=4, patience=10, calm=True)
        if delay <= ABOUT_NOW:
            starts.append(now + delay)
            pace = after

    assert len(starts) == 2 + 20
    assert len([one for one in starts if one < 1_000.4]) == 2
