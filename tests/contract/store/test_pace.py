import pytest

from tests.contract.store.world import NOW


async def slot(store, *, now=NOW, name="kajabi", **told):
    [delay] = await store.next_slots(name, now=now, interval=0.5, burst=4, **told)
    return delay


async def slots(store, count, *, now=NOW, **told):
    return [await slot(store, now=now, **told) for _ in range(count)]


async def test_a_burst_goes_at_once_and_the_rest_at_the_rate(store):
    assert await slots(store, 7) == pytest.approx([0, 0, 0, 0, 0.5, 1, 1.5])


async def test_after_a_pause_there_may_be_a_burst_again(store):
    await slots(store, 6)

    assert await slots(store, 5, now=NOW + 100) == pytest.approx([0, 0, 0, 0, 0.5])


async def test_over_any_time_no_more_than_the_rate_and_one_burst_go(store):
    starts = []
    now = NOW
    for number in range(200):
        now += (number % 7) * 0.05
        starts.append(now + await slot(store, now=now))

    for first, start in enumerate(starts):
        within = sum(start <= other <= start + 10 for other in starts[first:])
        assert within <= 10 / 0.5 + 4


async def test_nothing_goes_before_a_hold_ends_and_then_no_burst(store):
    await store.hold_slots("kajabi", until=NOW + 30)

    assert await slots(store, 3) == pytest.approx([30, 30.5, 31])
    assert await slots(store, 1, now=NOW + 40) == [0]


async def test_no_burst_follows_a_hold_that_nobody_asked_during(store):
    await slots(store, 4)
    await store.hold_slots("kajabi", until=NOW + 30)

    assert await slots(store, 3, now=NOW + 30) == pytest.approx([0, 0.5, 1])


async def test_a_shorter_hold_does_not_end_a_longer_one(store):
    await store.hold_slots("kajabi", until=NOW + 30)
    await store.hold_slots("kajabi", until=NOW + 10)

    assert await slots(store, 1) == pytest.approx([30])


async def test_what_was_given_out_before_the_clock_was_put_back_counts_no_more(store):
    await slots(store, 6, patience=10)

    assert await slot(store, now=NOW - 3 * 3600, patience=10) == 0


async def test_a_hold_from_before_the_clock_was_put_back_counts_no_more(store):
    await store.hold_slots("kajabi", until=NOW + 900)

    assert await slot(store, now=NOW - 3 * 3600, patience=10) == 0


async def test_the_calm_leave_half_of_the_burst_and_reserve_nothing_in_advance(store):
    assert await slots(store, 4, calm=True) == pytest.approx([0, 0, 0.5, 0.5])
    assert await slots(store, 3) == pytest.approx([0, 0, 0.5])
    assert await slots(store, 1, now=NOW + 2, calm=True) == [0]


async def test_several_slots_at_once_are_those_that_would_come_one_by_one(store):
    together = await store.next_slots("kajabi", 7, now=NOW, interval=0.5, burst=4)

    assert together == pytest.approx([0, 0, 0, 0, 0.5, 1, 1.5])
    assert await slot(store) == pytest.approx(2)


async def test_of_several_slots_those_too_far_away_are_not_taken(store):
    near = await store.next_slots("kajabi", 9, now=NOW, interval=0.5, burst=4, patience=0.5)
    too_far = await store.next_slots("kajabi", 9, now=NOW, interval=0.5, burst=4, patience=0.5)

    assert near == pytest.approx([0, 0, 0, 0, 0.5])
    assert too_far == pytest.approx([1])
    assert await slot(store) == pytest.approx(1)


async def test_of_several_slots_the_calm_get_those_that_are_about_to_come_up(store):
    async def taken(now):
        return await store.next_slots("kajabi", 9, now=now, interval=0.008, burst=4, calm=True)

    assert await taken(NOW) == pytest.approx([0] * 6 + [0.008, 0.016], abs=1e-5)
    assert await taken(NOW) == pytest.approx([0.024], abs=1e-5)
    assert await taken(NOW + 0.021) == pytest.approx([0.003, 0.011, 0.019], abs=1e-5)


async def test_after_a_refusal_there_are_fewer_slots_until_they_come_back(store):
    await store.slow_down("kajabi", now=NOW, until=NOW + 5, interval=0.5)
    first, second, third = await slots(store, 3)
    much_later = await slots(store, 6, now=NOW + 24 * 3600)

    assert first == pytest.approx(5)
    assert second - first == pytest.approx(third - second)
    assert second - first > 0.6
    assert much_later == pytest.approx([0, 0, 0, 0, 0.5, 1])


async def test_apis_do_not_share_their_slots(store):
    await slots(store, 10)

    assert await slots(store, 1, name="capillary") == [0]


async def test_an_event_of_slack_is_seen_once(store):
    assert await store.first_sight("Ev1", now=NOW)
    assert not await store.first_sight("Ev1", now=NOW + 24 * 3600)
    assert await store.first_sight("Ev2", now=NOW)


async def test_events_too_old_to_come_again_are_forgotten(store):
    await store.first_sight("Ev1", now=NOW)

    assert await store.first_sight("Ev1", now=NOW + 3 * 24 * 3600)
