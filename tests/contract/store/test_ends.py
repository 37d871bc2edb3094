"""What was granted for a time has an end of its own, planned in the transaction that ends the grant: one, never two."""

from dataclasses import replace
from datetime import date
from functools import partial

import pytest

from bot.domain import attempt, ends, lifecycle
from bot.domain.errors import NothingPlanned
from bot.domain.preview import Preview
from bot.domain.request import NOT_MOVED, Action, ChangeState, Choice, MessageKind, State
from bot.domain.states import FIRST_AGAIN
from bot.domain.term import Term
from tests.contract.store.world import (
    ADA,
    BOB,
    BUNDLE,
    JANE,
    LEASE,
    NOW,
    TIMING,
    approved,
    everything_shown,
    finished,
    found,
    stepped,
    submitted,
)

DAY = 86_400.0
MONTH = Term(days=30)


async def done(store, key="form-1", term=MONTH, **fields):
    return await finished(store, await approved(store, key, term=term, **fields))


async def end_of(store):
    return await store.end_of(JANE, "7")


async def planned(store):
    """All requests that are ends, the newest first."""
    page = await store.requests(limit=50)
    return [one for one in page.requests if one.planned is not None]


async def extended(store, key, term, *, moves=("R-1", 1.0), now=NOW):
    """The same granted once more, though it is held: nothing has to be sent."""
    case = await submitted(store, key, term=term)
    preview = Preview(approvers=("UBOB",), rule="APPROVERS", moves=moves)
    shown = partial(
        lifecycle.prepare, preview=preview, fingerprint="f", offer=BUNDLE, contact=JANE, timing=TIMING, now=now
    )
    case = await stepped(store, case.request.id, shown)
    case = await stepped(
        store,
        case.request.id,
        lambda found: lifecycle.decide(found, Choice.APPROVE, by=BOB, shown=1, now=now),
    )
    return case, await unneeded(store, case, now=now)


async def unneeded(store, case, *, now=NOW, code=""):
    claimed = await store.claim_changes(now=now, lease=LEASE, limit=100)
    change = next(one for one in claimed if one.request_id == case.request.id)
    finish = partial(
        attempt.finish,
        change_id=change.id,
        attempt=change.attempts,
        to=ChangeState.UNNEEDED,
        now=now,
        contact=JANE,
        code=code,
    )
    return await store.step(case.request.id, finish)


async def test_the_end_is_planned_with_the_grant_and_bears_its_approvals(store):
    grant = await done(store)
    end = await store.case((await end_of(store)).id)

    assert (end.request.action, end.request.state, end.request.parent) == (
        Action.REVOKE,
        State.APPROVED,
        grant.request.id,
    )
    assert (end.request.planned, end.main.due) == (NOW + 30 * DAY, NOW + 30 * DAY)
    assert end.request.due == NOW + 29 * DAY
    assert [(one.by, one.at, one.version) for one in end.approvals] == [
        (one.by, one.at, one.version) for one in grant.approvals
    ]
    assert (end.main.contact, end.main.offer_id) == (grant.main.contact, "7")
    assert grant.end == end.request
    assert [one.name for one in await store.history(end.request.id)] == ["request.planned"]


async def test_no_end_is_planned_for_what_is_granted_for_good(store):
    await done(store, term=None)

    assert await planned(store) == []


async def test_no_end_is_planned_for_what_is_held_otherwise(store):
    case = await approved(store, term=MONTH)
    await unneeded(store, case)

    assert await planned(store) == []


@pytest.mark.parametrize("to", [ChangeState.FAILED, ChangeState.UNKNOWN])
async def test_no_end_is_planned_as_long_as_nobody_knows_that_it_was_granted(store, to):
    await finished(store, await approved(store, term=MONTH), to)

    assert await planned(store) == []


async def test_what_is_settled_as_done_begins_then(store):
    case = await finished(store, await approved(store, term=MONTH), ChangeState.UNKNOWN)
    settle = partial(lifecycle.settle, done=True, by=BOB, now=NOW + 100, note="looked")
    await stepped(store, case.request.id, settle)

    assert (await end_of(store)).planned == NOW + 100 + 30 * DAY


async def test_an_end_on_a_day_is_planned_for_that_day(store):
    await done(store, term=Term(day=date(2024, 1, 31), until=NOW + 5 * DAY))

    assert (await end_of(store)).planned == NOW + 5 * DAY


async def test_a_later_end_takes_the_place_of_the_planned_one(store):
    await done(store)
    first = await end_of(store)
    later = NOW + 10 * DAY
    await extended(store, "form-2", MONTH, now=later)
    second = await end_of(store)

    assert second.planned == later + 30 * DAY
    assert [one.state for one in await planned(store)] == [State.APPROVED, State.CANCELLED]
    assert [one.name for one in await store.history(first.id)] == ["request.planned", "request.cancelled"]


async def test_an_earlier_end_leaves_the_planned_one_where_it_is(store):
    await done(store)
    first = await end_of(store)
    case, _ = await extended(store, "form-2", Term(days=3))

    assert await planned(store) == [first]
    assert (await found(store, case)).end is None


async def test_a_grant_for_good_removes_the_end(store):
    await done(store)
    await extended(store, "form-2", None)

    assert [one.state for one in await planned(store)] == [State.CANCELLED]


async def test_what_was_approved_without_a_word_of_the_end_does_not_move_it(store):
    await done(store)
    first = await end_of(store)
    await extended(store, "form-2", None, moves=())

    assert await planned(store) == [first]


async def test_what_was_given_up_since_it_was_looked_is_looked_at_once_more(store):
    await done(store)
    end = await end_of(store)
    await stepped(store, end.id, partial(lifecycle.cancel, by=BOB, now=NOW, entitled=True))
    case, first = await extended(store, "form-2", MONTH)
    again = await unneeded(store, case, now=NOW + LEASE, code=NOT_MOVED)

    assert first is None
    assert again.request.state is State.UNNEEDED
    assert [one.state for one in await planned(store)] == [State.CANCELLED]


async def test_an_end_that_is_none_any_more_is_not_cancelled(store):
    await done(store)
    end = await end_of(store)
    await stepped(store, end.id, partial(lifecycle.cancel, by=BOB, now=NOW, entitled=True))

    with pytest.raises(NothingPlanned):
        await stepped(store, end.id, partial(lifecycle.cancel, by=BOB, now=NOW, entitled=True))


async def test_an_undo_removes_the_end(store):
    grant = await done(store)
    undo = await finished(store, await approved(store, "form-2", action=Action.REVOKE, parent=grant.request.id))
    (end,) = await planned(store)

    assert (undo.request.state, end.state) == (State.SUCCEEDED, State.CANCELLED)


async def test_an_end_is_not_moved_while_it_is_under_way(store):
    await done(store)
    end = await store.case((await end_of(store)).id)
    late = NOW + 30 * DAY
    (change,) = await store.claim_changes(now=late, lease=LEASE, limit=9)
    taken = partial(attempt.send, change_id=change.id, attempt=change.attempts, now=late)
    assert await store.send(end.request.id, taken) is not None
    case, moved = await extended(store, "form-2", MONTH, now=late)

    assert moved is None
    assert (await found(store, case)).request.state is State.APPROVED
    assert len(await planned(store)) == 1


async def test_an_end_is_not_sent_while_the_same_was_granted_anew_and_is_on_its_way(store):
    await done(store)
    end_id = (await end_of(store)).id
    await approved(store, "form-2", term=MONTH)
    late = NOW + 31 * DAY
    change = next(one for one in await store.claim_changes(now=late, lease=LEASE, limit=9) if one.request_id == end_id)
    taken = partial(attempt.send, change_id=change.id, attempt=change.attempts, now=late)

    assert await store.send(end_id, taken) is None


async def test_a_failed_end_is_due_again_by_itself_until_somebody_leaves_it(store):
    await done(store)
    end_id, late = (await end_of(store)).id, NOW + 30 * DAY
    (change,) = await store.claim_changes(now=late, lease=LEASE, limit=9)
    fail = partial(attempt.finish, change_id=change.id, attempt=change.attempts, to=ChangeState.FAILED, now=late)
    failed = await stepped(store, end_id, fail)
    (claimed,) = await store.claim_requests(now=late + FIRST_AGAIN, lease=LEASE, limit=9)
    again = await stepped(store, end_id, partial(ends.keep, paused=False, now=late + FIRST_AGAIN))

    assert failed.request.due == late + FIRST_AGAIN
    assert claimed.request.id == end_id
    assert (again.request.state, again.request.due, again.main.state) == (State.EXECUTING, None, ChangeState.TODO)
    assert again.main.due == late + FIRST_AGAIN


async def test_what_ends_is_listed_the_earliest_first(store):
    await done(store)
    await done(store, "form-2", Term(days=3), offer_id="8")
    await done(store, "form-3", Term(days=5), offer_id="9", requester=replace(ADA, id="UEVE"))

    async def listed(days, requester=None):
        entries = await store.ending(until=NOW + days * DAY, requester=requester, limit=9)
        return [one.case.main.offer_id for one in entries]

    assert await listed(30) == ["8", "9", "7"]
    assert await listed(4) == ["8"]
    assert await listed(30, "UADA") == ["8", "7"]


async def test_an_end_is_no_request_of_the_requesters_and_no_rival(store):
    grant = await done(store)

    assert [one.id for one in await store.asked_since(0, requester="UADA")] == [grant.request.id]
    assert await store.rivals(JANE, "7") == []


async def test_a_pause_neither_counts_nor_hurries_what_ends_later(store):
    await done(store)
    paused = await store.pause(by=BOB, why="", now=NOW + 1)
    await store.resume(by=BOB, now=NOW + 2)
    end = await store.case((await end_of(store)).id)

    assert paused.data["waiting"] == 0
    assert end.main.due == NOW + 30 * DAY


async def test_a_clock_that_is_put_back_does_not_move_the_date_that_was_told(store):
    await done(store)
    await store.move_due(latest=NOW + DAY, now=NOW, lease=LEASE)
    end = await store.case((await end_of(store)).id)

    assert end.main.due == end.request.planned == NOW + 30 * DAY


async def test_an_end_that_is_planned_has_no_card_and_shows_on_the_grants(store):
    await done(store)
    await everything_shown(store)
    end_id = (await end_of(store)).id
    await stepped(store, end_id, partial(lifecycle.cancel, by=BOB, now=NOW, entitled=True))
    shown = await everything_shown(store)

    assert {one.kind for one in shown if one.request_id == end_id} == {MessageKind.DIRECT}
    assert [one.kind for one in shown if one.request_id != end_id] == [MessageKind.CARD]


async def test_the_end_of_a_forgotten_customer_is_carried_out_all_the_same(store):
    await done(store)
    await store.forget("jane@example.com", now=NOW + 1)
    (change,) = await store.claim_changes(now=NOW + 30 * DAY, lease=LEASE, limit=9)

    assert (change.action, change.contact.address, change.contact.id) == (Action.REVOKE, "", "c9")


async def test_a_second_grant_finds_the_end_through_another_row_of_the_same_customer(store):
    """Addresses are changed: the id is what counts."""
    await done(store)
    other = replace(JANE, address="jane.doe@example.com", ref=None)

    assert (await store.end_of(other, "7")).parent is not None
    assert await store.end_of(replace(other, id="c8"), "7") is None


async def test_nobody_else_sends_an_end_twice(store):
    await done(store)
    end_id = (await end_of(store)).id
    (change,) = await store.claim_changes(now=NOW + 30 * DAY, lease=LEASE, limit=9)
    take = partial(attempt.send, change_id=change.id, attempt=change.attempts, now=NOW + 30 * DAY)

    assert await store.send(end_id, take) is not None
    assert await store.send(end_id, take) is None


async def test_a_failed_end_that_is_put_out_of_place_loses_its_buttons_wherever_they_stand(store):
    await done(store)
    end_id = (await end_of(store)).id
    (change,) = await store.claim_changes(now=NOW + 30 * DAY, lease=LEASE, limit=9)
    fail = partial(attempt.finish, change_id=change.id, attempt=change.attempts, to=ChangeState.FAILED, now=NOW)
    await stepped(store, end_id, fail)
    before = {one.key for one in await everything_shown(store) if one.request_id == end_id}
    await extended(store, "form-2", None)
    again = {one.key for one in await everything_shown(store) if one.request_id == end_id}

    assert {one.split("/")[1] for one in before & again} == {"card", "result", "direct"}
