from dataclasses import replace
from functools import partial

import pytest

from bot.domain import attempt
from bot.domain.errors import NotPaused, OutOfTurn, Paused
from bot.domain.notices import Notices
from bot.domain.pause import Pause
from bot.domain.preview import Preview
from bot.domain.request import ChangeState, MessageKind, Person
from bot.domain.states import Timing
from tests.contract.store.world import (
    BUNDLE,
    JANE,
    LEASE,
    NOW,
    approved,
    decided,
    everything_shown,
    finished,
    opened,
    pending,
    stepped,
)

OLGA = Person("T1", "UOLGA")
OTHERS = ("second@example.com", "third@example.com")


async def stop(store, why="have a look", *, now=NOW):
    return await store.pause(by=OLGA, why=why, now=now)


async def claimed(store, *, now=NOW, limit=10):
    return await store.claim_changes(now=now, lease=LEASE, limit=limit)


def sending(change, *, now=NOW):
    return partial(attempt.send, change_id=change.id, attempt=change.attempts, now=now)


async def test_a_pause_is_kept_with_who_when_and_why(store):
    before = await store.paused()
    event = await stop(store)

    assert before is None
    assert await store.paused() == Pause(by=OLGA, at=NOW, why="have a look")
    assert (event.name, event.actor, event.text, dict(event.data)) == (
        "execution.paused",
        OLGA,
        "have a look",
        {"waiting": 0},
    )


async def test_a_second_pause_is_refused_and_changes_nothing(store):
    await stop(store)
    with pytest.raises(Paused) as refused:
        await stop(store, "something else", now=NOW + 1)

    assert refused.value.pause == await store.paused() == Pause(by=OLGA, at=NOW, why="have a look")


async def test_there_is_nothing_to_resume_before_a_pause(store):
    with pytest.raises(NotPaused):
        await store.resume(by=OLGA, now=NOW)


async def test_while_it_is_paused_no_change_is_sent_and_nothing_is_written(store):
    case = await approved(store)
    (change,) = await claimed(store)
    await stop(store)
    with pytest.raises(Paused):
        await store.send(case.request.id, sending(change))

    assert (await store.case(case.request.id)).main.sent is None
    assert [one.name for one in await store.history(case.request.id)][-1] == "request.approved"


async def test_while_it_is_paused_what_is_not_sent_is_not_taken_and_loses_no_attempt(store):
    await stop(store)
    case = await approved(store)
    taken = await claimed(store, now=NOW + 100)
    waiting = (await store.case(case.request.id)).main
    await store.resume(by=OLGA, now=NOW + 200)
    (change,) = await claimed(store, now=NOW + 200)

    assert taken == []
    assert (waiting.attempts, waiting.due) == (0, NOW)
    assert (change.attempts, change.request_id) == (1, case.request.id)


async def test_while_it_is_paused_what_was_sent_is_still_looked_after(store):
    case = await approved(store)
    (change,) = await claimed(store)
    await store.send(case.request.id, sending(change))
    await stop(store)

    assert [one.id for one in await claimed(store, now=NOW + LEASE + 1)] == [change.id]


async def test_a_change_given_back_keeps_its_turn_and_has_met_no_trouble(store):
    case = await approved(store)
    (change,) = await claimed(store)
    back = partial(attempt.hold_back, change_id=change.id, attempt=change.attempts, now=NOW + 1)
    await stepped(store, case.request.id, back)
    (again,) = await claimed(store, now=NOW + 1)

    assert (again.attempts, again.troubled, again.error) == (2, None, "")


async def three_approved(store):
    """Approved in another order than asked for."""
    cases = [
        await pending(store, f"form-{number}", address=address, contact=replace(JANE, id=f"c{number}"), now=NOW)
        for number, address in enumerate(("jane@example.com", *OTHERS))
    ]
    order = [cases[place] for place in (2, 0, 1)]
    for moment, case in enumerate(order):
        await decided(store, case, now=NOW + moment)
    return [case.request.id for case in order]


async def test_what_waited_goes_on_one_by_one_the_oldest_approval_first(store):
    await stop(store)
    order = await three_approved(store)
    await store.resume(by=OLGA, now=NOW + 10)
    gone = []
    for _ in order:
        (change,) = await claimed(store, now=NOW + 10)
        assert await claimed(store, now=NOW + 10) == []
        assert await store.send(change.request_id, sending(change, now=NOW + 10))
        gone.append(change.request_id)

    assert gone == order


async def test_what_is_being_worked_on_when_it_is_resumed_has_its_turn_like_all_others(store):
    order = await three_approved(store)
    taken = {one.request_id: one for one in await claimed(store, now=NOW + 3)}
    await stop(store)
    await store.resume(by=OLGA, now=NOW + 10)
    with pytest.raises(OutOfTurn):
        await store.send(order[2], sending(taken[order[2]]))
    early = taken[order[2]]
    back = partial(attempt.hold_back, change_id=early.id, attempt=early.attempts, now=NOW + 11)
    await stepped(store, order[2], back)
    idle = await claimed(store, now=NOW + 11)
    for one in order[:2]:
        assert await store.send(one, sending(taken[one], now=NOW + 11))

    assert idle == []
    assert [one.request_id for one in await claimed(store, now=NOW + 11)] == [order[2]]


async def test_what_is_asked_anew_leaves_its_place_to_others(store):
    await stop(store)
    order = await three_approved(store)
    await store.resume(by=OLGA, now=NOW + 10)
    (change,) = await claimed(store, now=NOW + 10)
    anew = partial(
        attempt.drift,
        change_id=change.id,
        attempt=change.attempts,
        preview=Preview(),
        fingerprint="other",
        offer=BUNDLE,
        why="WorldChanged",
        timing=Timing(),
        now=NOW + 10,
    )
    await stepped(store, order[0], anew)
    (other,) = await claimed(store, now=NOW + 10)

    assert other.request_id == order[1]
    assert await store.send(order[1], sending(other, now=NOW + 10))


async def test_what_has_to_try_again_later_holds_up_nobody(store):
    await stop(store)
    order = await three_approved(store)
    await store.resume(by=OLGA, now=NOW + 10)
    (change,) = await claimed(store, now=NOW + 10)
    later = partial(
        attempt.wait,
        change_id=change.id,
        attempt=change.attempts,
        until=NOW + 500,
        code="Unavailable: HTTP 503",
        now=NOW + 10,
        timing=Timing(),
    )
    await stepped(store, change.request_id, later)

    assert [one.request_id for one in await claimed(store, now=NOW + 10)] == [order[1]]


async def test_what_has_met_trouble_since_holds_up_nobody_when_it_is_due_again(store):
    await stop(store)
    order = await three_approved(store)
    await store.resume(by=OLGA, now=NOW + 10)
    (change,) = await claimed(store, now=NOW + 10)
    later = partial(
        attempt.wait,
        change_id=change.id,
        attempt=change.attempts,
        until=NOW + 60,
        code="Unavailable: HTTP 503",
        now=NOW + 10,
        timing=Timing(),
    )
    await stepped(store, change.request_id, later)

    assert {one.request_id for one in await claimed(store, now=NOW + 60)} == set(order[:2])


async def test_the_time_of_a_pause_counts_for_no_trouble(store):
    case = await approved(store)
    (change,) = await claimed(store)
    later = partial(
        attempt.wait,
        change_id=change.id,
        attempt=change.attempts,
        until=NOW + 60,
        code="Unavailable: HTTP 503",
        now=NOW,
        timing=Timing(),
    )
    await stepped(store, case.request.id, later)
    await stop(store, now=NOW + 1)
    await store.resume(by=OLGA, now=NOW + 2)
    (again,) = await claimed(store, now=NOW + 60)

    assert (again.troubled, again.error) == (None, "")


async def test_a_pause_is_told_on_the_cards_of_what_waits_in_their_threads_and_in_the_alerts_channel(store):
    waits = await approved(store)
    over = await finished(store, await approved(store, "form-2", address=OTHERS[0]))
    await everything_shown(store)
    event = await stop(store)
    told = await store.claim_messages(now=NOW, lease=LEASE, limit=20)
    about = {(one.message.kind, one.message.request_id, one.message.to) for one in told}

    assert over.main.state is ChangeState.SUCCEEDED
    assert event.data["waiting"] == 1
    assert about == {
        (MessageKind.ALERT, None, "CALERTS"),
        (MessageKind.CARD, waits.request.id, "CSALES"),
        (MessageKind.LINE, waits.request.id, "CSALES"),
    }
    assert {one.pause for one in told} == {await store.paused()}


async def test_figures_say_that_it_is_paused_and_call_nothing_late_that_waits_for_it(store):
    await approved(store)
    going = await store.figures(after=None, now=NOW + 100)
    await stop(store)
    paused = await store.figures(after=None, now=NOW + 100)

    assert (going.paused, going.late["changes"]) == (False, 100)
    assert (paused.paused, paused.late["changes"]) == (True, 0)


async def test_a_pause_outlasts_every_process(tmp_path):
    async with opened(tmp_path) as store:
        await stop(store)
    async with opened(tmp_path) as store, opened(tmp_path) as other:
        kept = await store.paused()
        await other.resume(by=OLGA, now=NOW + 1)

        assert kept == Pause(by=OLGA, at=NOW, why="have a look")
        assert await store.paused() is None


async def test_an_address_in_the_reason_is_forgotten_with_all_others(tmp_path):
    async with opened(tmp_path) as store:
        await stop(store, "jane@example.com got it twice")
        gone = await store.forget("jane@example.com", now=NOW)
        kept = await store.paused()

    assert gone.texts == 2
    assert kept.why == "[forgotten] got it twice"


async def test_the_days_head_is_told_once_by_whoever_is_first(tmp_path):
    async with opened(tmp_path) as store, opened(tmp_path) as other:
        await approved(store)
        due = await store.head_due(now=NOW)
        told = [await one.tell_head(now=NOW, daily=True) for one in (store, other, store)]
        later = [await one.tell_head(now=NOW + 86_400, daily=True) for one in (other, store)]

        assert due
        assert not await store.head_due(now=NOW + 86_400)
        assert [one is not None for one in (*told, *later)] == [True, False, False, True, False]


async def test_at_the_end_only_what_is_new_is_told(store):
    empty = await store.tell_head(now=NOW, daily=False)
    await approved(store)
    first, again = [await store.tell_head(now=NOW, daily=False) for _ in range(2)]
    (one,) = await store.claim_messages(now=NOW, lease=LEASE, limit=20, key=first.key)

    assert (empty, again) == (None, None)
    assert (one.case, one.event.name, one.event.data["line"]) == (None, "audit.told", 3)


async def test_where_there_is_no_channel_for_it_no_head_is_told(tmp_path):
    async with opened(tmp_path, notices=Notices()) as store:
        await approved(store)

        assert await store.tell_head(now=NOW, daily=True) is None


async def test_a_bulletin_that_cannot_be_delivered_ends_without_bothering_anybody(store):
    await stop(store)
    (one,) = await store.claim_messages(now=NOW, lease=LEASE, limit=20)
    await store.give_up_message(one.message, error="is_archived", now=NOW)

    assert await store.claim_messages(now=NOW + 100, lease=LEASE, limit=20) == []
