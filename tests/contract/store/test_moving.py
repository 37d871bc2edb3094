"""The clock is put back: what was due is due, what waits goes on waiting for as long as it would have."""

import math
from functools import partial

from bot.domain import attempt
from bot.domain.states import Timing
from bot.store.redrawing import REST
from bot.store.witnessing import DAY
from tests.contract.store.world import ADA, LEASE, NOW, approved, claimed, everything_shown, found, pending, submitted

HOUR = 3600.0
EARLIER = NOW - 3 * HOUR


async def put_off(store, *, until):
    """Try a change in vain; it is to be tried again then."""
    case = await approved(store)
    ((change,),) = [await store.claim_changes(now=NOW, lease=30, limit=9)]
    step = partial(
        attempt.wait, change_id=change.id, attempt=change.attempts, until=until, code="X", timing=Timing(), now=NOW
    )
    await store.step(case.request.id, step)
    return case


async def test_what_was_due_is_due(store):
    await approved(store)
    await store.move_due(latest=NOW, now=EARLIER, lease=LEASE)

    assert len(await store.claim_changes(now=EARLIER, lease=30, limit=9)) == 1
    assert await claimed(store, now=EARLIER) != []


async def test_what_waits_goes_on_waiting_for_as_long(store):
    await put_off(store, until=NOW + 60)
    await store.move_due(latest=NOW, now=EARLIER, lease=LEASE)

    assert list(await store.claim_changes(now=EARLIER + 59, lease=30, limit=9)) == []
    assert len(await store.claim_changes(now=EARLIER + 60, lease=30, limit=9)) == 1


async def test_moved_twice_by_two_processes_nothing_waits_longer(store):
    await put_off(store, until=NOW + 60)
    await store.move_due(latest=NOW, now=EARLIER, lease=LEASE)
    await store.move_due(latest=NOW, now=EARLIER, lease=LEASE)

    assert len(await store.claim_changes(now=EARLIER + 60, lease=30, limit=9)) == 1


async def test_what_is_on_its_way_is_left_to_its_holder(store):
    await pending(store)
    (card,) = await claimed(store)
    await store.move_due(latest=NOW, now=EARLIER, lease=LEASE)
    await store.delivered(card.message, channel="CSALES", ts="1.0", now=EARLIER)

    assert [one.message.kind.value for one in await claimed(store, now=EARLIER)] == ["ask"]


async def test_the_dates_that_people_were_told_stand(store):
    case = await pending(store)
    await everything_shown(store)
    before = await found(store, case)
    await store.move_due(latest=NOW, now=EARLIER, lease=LEASE)

    assert await found(store, case) == before
    assert before.request.due is not None


async def test_the_newest_event_tells_the_time(store):
    assert await store.newest_event() is None

    await approved(store)
    assert await store.newest_event() == NOW


async def test_what_is_being_worked_on_stays_its_holders_for_a_lease(store):
    await approved(store)
    await submitted(store, "form-2")
    await store.claim_changes(now=NOW, lease=LEASE, limit=9)
    await store.claim_requests(now=NOW, lease=LEASE, limit=9)
    for _ in range(2):
        await store.move_due(latest=NOW, now=EARLIER, lease=LEASE)

    assert list(await store.claim_changes(now=EARLIER + LEASE - 1, lease=LEASE, limit=9)) == []
    assert list(await store.claim_requests(now=EARLIER + LEASE - 1, lease=LEASE, limit=9)) == []
    assert len(await store.claim_changes(now=EARLIER + LEASE, lease=LEASE, limit=9)) == 1
    assert len(await store.claim_requests(now=EARLIER + LEASE, lease=LEASE, limit=9)) == 1


async def test_a_home_is_drawn_after_its_moment_of_rest_by_the_new_time(store):
    await store.open_home(ADA, blank=True, now=NOW)
    (home,) = await store.claim_homes(now=NOW, lease=LEASE, limit=9)
    await store.home_shown(home, digest="d1", oversees=True, now=NOW)
    await store.move_due(latest=NOW, now=EARLIER, lease=LEASE)
    await submitted(store, now=EARLIER)

    assert len(await store.claim_homes(now=EARLIER + REST, lease=LEASE, limit=9)) == 1


async def test_the_days_head_is_due_a_day_after_the_last_one(store):
    await approved(store)
    await store.tell_head(now=NOW, daily=True)
    await store.move_due(latest=NOW + 60, now=EARLIER, lease=LEASE)

    assert not await store.head_due(now=EARLIER + DAY - 61)
    assert await store.head_due(now=EARLIER + DAY - 60)


async def test_of_what_age_a_list_of_offers_is_nobody_knows(store):
    await store.remember_offers("kajabi", [], now=NOW, whole=True)
    assert await store.offers_age("kajabi", now=EARLIER) == math.inf
    await store.move_due(latest=NOW, now=EARLIER, lease=LEASE)

    assert await store.offers_age("kajabi", now=NOW + 1) > DAY
