"""The clock is put back: what was due is due, what waits goes on waiting for as long as it would have."""

from functools import partial

from bot.domain import attempt
from bot.domain.states import Timing
from tests.contract.store.world import NOW, approved, claimed, everything_shown, found, pending

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
    await store.move_due(latest=NOW, now=EARLIER)

    assert len(await store.claim_changes(now=EARLIER, lease=30, limit=9)) == 1
    assert await claimed(store, now=EARLIER) != []


async def test_what_waits_goes_on_waiting_for_as_long(store):
    await put_off(store, until=NOW + 60)
    await store.move_due(latest=NOW, now=EARLIER)

    assert list(await store.claim_changes(now=EARLIER + 59, lease=30, limit=9)) == []
    assert len(await store.claim_changes(now=EARLIER + 60, lease=30, limit=9)) == 1


async def test_moved_twice_by_two_processes_nothing_waits_longer(store):
    await put_off(store, until=NOW + 60)
    await store.move_due(latest=NOW, now=EARLIER)
    await store.move_due(latest=NOW, now=EARLIER)

    assert len(await store.claim_changes(now=EARLIER + 60, lease=30, limit=9)) == 1


async def test_what_is_on_its_way_is_left_to_its_holder(store):
    await pending(store)
    (card,) = await claimed(store)
    await store.move_due(latest=NOW, now=EARLIER)
    await store.delivered(card.message, channel="CSALES", ts="1.0", now=EARLIER)

    assert [one.message.kind.value for one in await claimed(store, now=EARLIER)] == ["ask"]


async def test_the_dates_that_people_were_told_stand(store):
    case = await pending(store)
    await everything_shown(store)
    before = await found(store, case)
    await store.move_due(latest=NOW, now=EARLIER)

    assert await found(store, case) == before
    assert before.request.due is not None


async def test_the_newest_event_tells_the_time(store):
    assert await store.newest_event() is None

    await approved(store)
    assert await store.newest_event() == NOW
