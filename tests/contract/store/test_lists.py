"""Requests for many customers: all their rows in one transaction, each worked on by one, and swept together."""

from dataclasses import replace
from functools import partial
from time import process_time
from typing import Any

import pytest

from bot.domain import attempt, bulk, lifecycle
from bot.domain import ends as domain_ends
from bot.domain.bulk import Brought, Looked
from bot.domain.errors import SentAlready
from bot.domain.preview import Preview
from bot.domain.request import (
    DO,
    EXTEND,
    NOT_MOVED,
    Case,
    ChangeState,
    Choice,
    Contact,
    MessageKind,
    Request,
    State,
)
from bot.domain.roster import BadRow, Row
from bot.domain.term import DAY, Term
from bot.keeping import Keeper, TakenOver
from bot.ports import Store
from bot.store import bulk as stored
from tests.contract.store.world import (
    BOB,
    BUNDLE,
    LEASE,
    NOW,
    TIMING,
    bulk_submission,
    decided,
    everything_shown,
    pending,
    stepped,
)


def rows(count: int) -> tuple[Row, ...]:
    return tuple(Row(line=line, customer=f"p{line}@example.com") for line in range(2, 2 + count))


async def listed(store: Store, count: int = 5, key: str = "list-1") -> Case:
    (case,) = await store.submit_bulk([(bulk_submission(key, rows=rows(count)), BUNDLE)], now=NOW)
    return case


async def shown(store: Store, count: int = 5) -> Case:
    case = await listed(store, count)
    found = await store.rows(case.request.id, looked=False, limit=count)
    looked = [Looked(row.id, DO, fingerprint=f"f{row.line}", contact_id=f"c{row.line}") for row in found]
    await store.looked(case.request.id, looked, offer=BUNDLE)
    preview = Preview(approvers=("UBOB",), rule="APPROVERS", rows={DO: count})
    step = partial(bulk.prepare, preview=preview, fingerprint="f", offer=BUNDLE, timing=TIMING, now=NOW)
    return await stepped(store, case.request.id, step)


async def approved(store: Store, count: int = 5) -> Case:
    return await decided(store, await shown(store, count))


async def sent(store: Store, case: Case, count: int) -> list[int]:
    """Pass the point of no return with some rows, and have them confirmed."""
    claimed = await store.claim_rows(case.request.id, sent=False, limit=count)
    for row in claimed:
        mine: dict[str, Any] = {"change_id": row.id, "attempt": row.attempts, "now": NOW}
        assert await store.send(case.request.id, partial(attempt.send, **mine), changes=[row.id]) is not None
        confirm = partial(attempt.confirm, receipt="200", **mine)
        assert await store.step(case.request.id, confirm, changes=[row.id]) is not None
    return [row.id for row in claimed]


async def read_back(store: Store, case: Case, to: ChangeState = ChangeState.SUCCEEDED) -> None:
    for row in await store.claim_rows(case.request.id, sent=True, limit=100):
        finish = partial(attempt.finish, change_id=row.id, attempt=row.attempts, to=to, look_again=NOW + 60, now=NOW)
        await store.step(case.request.id, finish, changes=[row.id])


async def counts(store: Store, case: Case) -> dict[str, int]:
    found = await store.case(case.request.id)
    assert found is not None
    return {state.value: count for state, count in found.counts.items() if count}


async def state(store: Store, case: Case) -> State:
    found = await store.case(case.request.id)
    assert found is not None
    return found.request.state


async def test_ten_thousand_rows_are_stored_in_one_transaction_and_quickly(store: Store) -> None:
    began = process_time()
    case = await listed(store, 10_000)

    assert process_time() - began < 2.0
    assert (case.request.size, case.changes, case.unsent) == (10_000, (), 10_000)
    assert (await listed(store, 10_000)).request.id == case.request.id
    assert len((await store.requests()).requests) == 1


@pytest.mark.parametrize(
    "otherwise",
    [
        {"rows": rows(4)},
        {"rows": (*rows(4), Row(line=6, customer="p7@example.com"))},
        {"rows": (*rows(4), Row(line=6, customer="p6@example.com", term=Term(days=30)))},
        {"rows": (*rows(4), Row(line=6, customer="p6@example.com", reason="other"))},
        {"reason": "another"},
        {"term": Term(days=30)},
    ],
)
async def test_the_same_form_with_another_list_is_not_taken_for_what_it_made(
    store: Store, otherwise: dict[str, Any]
) -> None:
    case = await listed(store, 5)
    second = (bulk_submission("list-1", **{"rows": rows(5)} | otherwise), BUNDLE)

    with pytest.raises(SentAlready) as refused:
        await store.submit_bulk([(bulk_submission("list-2"), BUNDLE), second], now=NOW)

    assert refused.value.request_id == case.request.id
    assert [one.id for one in (await store.requests()).requests] == [case.request.id]


async def test_a_list_is_given_to_one_worker_until_the_lease_ends_or_is_renewed(store: Store) -> None:
    await listed(store)
    (claimed,) = await store.claim_lists(now=NOW, lease=LEASE, limit=5)

    assert await store.claim_lists(now=NOW, lease=LEASE, limit=5) == []
    assert await store.claim_requests(now=NOW + LEASE, lease=LEASE, limit=5) == []
    assert await store.renew_list(claimed, until=NOW + 3 * LEASE)
    assert await store.claim_lists(now=NOW + 2 * LEASE, lease=LEASE, limit=5) == []
    assert len(await store.claim_lists(now=NOW + 4 * LEASE, lease=LEASE, limit=5)) == 1
    assert not await store.renew_list(claimed, until=NOW + 9 * LEASE), "it is somebody else's"


async def test_who_looks_at_a_list_hears_within_seconds_that_nobody_wants_it_any_more(store: Store) -> None:
    case = await listed(store)
    (claimed,) = await store.claim_lists(now=NOW, lease=LEASE, limit=5)
    times = iter((NOW, NOW + TIMING.shows, NOW + 2 * TIMING.shows))
    now = next(times)
    keeper = Keeper(store, claimed, lambda: now, LEASE, TIMING.shows, shown=NOW)
    await keeper.told(1, 9)
    now = next(times)
    await keeper.told(2, 9)
    await stepped(store, case.request.id, partial(lifecycle.cancel, by=case.request.requester, now=now))
    now = next(times)

    with pytest.raises(TakenOver):
        await keeper.told(3, 9)


async def test_who_was_overtaken_sends_nothing(store: Store) -> None:
    case = await approved(store)
    (mine, *_) = await store.claim_rows(case.request.id, sent=False, limit=1)
    (theirs, *_) = await store.claim_rows(case.request.id, sent=False, limit=1)

    late = partial(attempt.send, change_id=mine.id, attempt=mine.attempts, now=NOW)
    assert await store.send(case.request.id, late, changes=[mine.id]) is None
    going = partial(attempt.send, change_id=theirs.id, attempt=theirs.attempts, now=NOW)
    assert await store.send(case.request.id, going, changes=[theirs.id]) is not None


async def test_rows_that_are_not_sent_are_nobodys_single_changes(store: Store) -> None:
    case = await approved(store)

    assert await store.claim_changes(now=NOW + 900, lease=LEASE, limit=99) == []
    assert len(await store.claim_lists(now=NOW, lease=LEASE, limit=5)) == 1
    assert await counts(store, case) == {"todo": 5}


async def test_the_last_row_ends_the_request(store: Store) -> None:
    case = await approved(store, 3)
    await sent(store, case, 2)
    await read_back(store, case)
    assert await state(store, case) is State.EXECUTING
    await sent(store, case, 5)
    await read_back(store, case)

    assert await state(store, case) is State.SUCCEEDED
    assert await store.brought_about(case.request.id) == [Brought(line, f"p{line}@example.com") for line in (2, 3, 4)]


async def test_a_cancel_midway_drops_what_is_not_sent_and_waits_for_what_is(store: Store) -> None:
    case = await approved(store)
    await sent(store, case, 2)
    await stepped(store, case.request.id, partial(lifecycle.cancel, by=case.request.requester, now=NOW))

    assert await counts(store, case) == {"todo": 2, "cancelled": 3}
    assert await state(store, case) is State.EXECUTING
    await read_back(store, case)
    assert await state(store, case) is State.PARTLY
    history = await store.history(case.request.id)
    (told,) = [one for one in history if one.name == "request.cancelled"]
    assert told.data == {"done": 0, "dropped": 3}


@pytest.mark.parametrize("choice", [Choice.DENY])
async def test_a_denied_list_drops_all_of_its_rows(store: Store, choice: Choice) -> None:
    case = await decided(store, await shown(store), choice, note="not this class")

    assert await counts(store, case) == {"cancelled": 5}
    assert await store.claim_lists(now=NOW + 900, lease=LEASE, limit=5) == []


async def test_a_list_on_hold_sends_nothing_until_it_goes_on(store: Store) -> None:
    case = await approved(store)
    await stepped(store, case.request.id, partial(bulk.hold, by=BOB, now=NOW))
    (row, *_) = await store.claim_rows(case.request.id, sent=False, limit=1)
    send = partial(attempt.send, change_id=row.id, attempt=row.attempts, now=NOW)
    assert await store.send(case.request.id, send, changes=[row.id]) is None

    await stepped(store, case.request.id, partial(bulk.go_on, by=BOB, now=NOW))
    assert await store.send(case.request.id, send, changes=[row.id]) is not None


async def test_a_retry_takes_up_what_failed_and_what_is_unknown_alone(store: Store) -> None:
    case = await approved(store, 6)
    await sent(store, case, 2)
    await read_back(store, case)
    await sent(store, case, 1)
    await read_back(store, case, ChangeState.UNKNOWN)
    await stepped(store, case.request.id, partial(bulk.fail_rest, code="OfferChanged", now=NOW))
    assert await counts(store, case) == {"succeeded": 2, "unknown": 1, "failed": 3}
    assert await state(store, case) is State.UNKNOWN

    await stepped(store, case.request.id, partial(lifecycle.retry, by=case.request.requester, now=NOW))

    assert await counts(store, case) == {"succeeded": 2, "unknown": 1, "todo": 3}
    assert [one.state for one in await store.claim_changes(now=NOW, lease=LEASE, limit=9)] == [ChangeState.UNKNOWN]
    assert len(await store.claim_lists(now=NOW, lease=LEASE, limit=5)) == 1


@pytest.mark.parametrize(("done", "ends"), [(True, State.SUCCEEDED), (False, State.PARTLY)])
async def test_all_that_is_unknown_is_settled_by_one_word(store: Store, *, done: bool, ends: State) -> None:
    case = await approved(store, 3)
    await sent(store, case, 1)
    await read_back(store, case)
    await sent(store, case, 2)
    await read_back(store, case, ChangeState.UNKNOWN)
    await stepped(store, case.request.id, partial(lifecycle.settle, done=done, by=BOB, note="I looked", now=NOW))

    assert await counts(store, case) == ({"succeeded": 3} if done else {"succeeded": 1, "failed": 2})
    assert await state(store, case) is ends
    assert len(await store.brought_about(case.request.id)) == 1, "what is settled was not seen to be ours"


async def test_a_list_that_is_taken_back_before_anything_is_sent_is_told_once(store: Store) -> None:
    case = await approved(store)
    await stepped(store, case.request.id, partial(lifecycle.cancel, by=case.request.requester, now=NOW))

    assert await state(store, case) is State.CANCELLED
    assert [one.name for one in await store.history(case.request.id)].count("request.cancelled") == 1


async def test_what_failed_while_it_was_on_hold_is_not_on_hold_any_more(store: Store) -> None:
    case = await approved(store)
    await stepped(store, case.request.id, partial(bulk.hold, by=BOB, now=NOW))
    failed = await stepped(store, case.request.id, partial(bulk.fail_rest, code="GaveUp: Unavailable", now=NOW))
    again = await stepped(store, case.request.id, partial(lifecycle.retry, by=case.request.requester, now=NOW))

    assert (failed.request.state, failed.request.held, again.request.held) == (State.FAILED, None, None)


async def test_trouble_with_the_provider_has_an_end(store: Store) -> None:
    case = await approved(store)
    first = partial(bulk.later, until=NOW + 5, trouble="Unavailable", timing=TIMING, updated=case.request.updated)
    await stepped(store, case.request.id, partial(first, now=NOW))
    assert await state(store, case) is State.APPROVED
    await stepped(store, case.request.id, partial(first, now=NOW + TIMING.give_up + 1))

    assert await state(store, case) is State.FAILED
    assert await counts(store, case) == {"failed": 5}


async def test_an_address_is_forgotten_in_rows_that_cannot_be_used_too(store: Store) -> None:
    bad = BadRow(9, "jane@example.com, jane@example.org", "Several customers stand in one field.")
    asked = bulk_submission(bad=(bad,), file_name="jane@example.com list.csv")
    (case,) = await store.submit_bulk([(asked, BUNDLE)], now=NOW)
    await store.forget("jane@example.com", now=NOW)  # type: ignore[attr-defined]  # administration is no part of the port

    told = [replace(one, why="") async for one in store.outcomes(case.request.id)]
    left = await store.case(case.request.id)
    assert left is not None
    assert left.request.file_name == "[forgotten] list.csv"
    assert [one.customer for one in told] == ["forgotten", "bob@example.com", "[forgotten], jane@example.org"]


# --- for a time ------------------------------------------------------------------------------------------------------

MONTH = Term(days=30)


async def ends(store: Store) -> list[Request]:
    """All ends that are still to come."""
    return [one.case.request for one in await store.ending(until=NOW + 99 * DAY, requester=None, limit=99)]


def planned_for(case: Case, address: str) -> Contact:
    return Contact(provider=case.request.provider, address=address)


async def timed(
    store: Store, key: str = "list-1", *, plan: str = DO, term: Term | None = MONTH, own: Term | None = None
) -> Case:
    """A list of two customers that is approved: the second one has its own time."""
    asked = (
        Row(line=2, customer="p2@example.com"),
        Row(line=3, customer="p3@example.com", term=own or Term(days=10), reason="a refund"),
    )
    (case,) = await store.submit_bulk([(bulk_submission(key, rows=asked, term=term), BUNDLE)], now=NOW)
    found = await store.rows(case.request.id, looked=False, limit=9)
    looked = [Looked(row.id, plan, fingerprint=f"f{row.line}", contact_id=f"c{row.line}") for row in found]
    await store.looked(case.request.id, looked, offer=BUNDLE)
    preview = Preview(approvers=("UBOB",), rule="APPROVERS", rows={plan: 2})
    step = partial(bulk.prepare, preview=preview, fingerprint="f", offer=BUNDLE, timing=TIMING, now=NOW)
    return await decided(store, await stepped(store, case.request.id, step))


async def test_every_row_has_an_end_of_its_own_from_when_it_was_verified(store: Store) -> None:
    case = await timed(store)
    await sent(store, case, 2)
    await read_back(store, case)
    planned = await ends(store)

    assert [(one.parent, one.state, one.of_list) for one in planned] == [(case.request.id, State.APPROVED, True)] * 2
    assert sorted(one.planned - NOW for one in planned if one.planned is not None) == [10 * DAY, 30 * DAY]
    assert {one.reason for one in planned} == {"the autumn class", "a refund"}
    left = await store.case(case.request.id)
    assert left is not None
    assert left.ends == {State.APPROVED: 2}
    assert [one.id for one in (await store.requests()).requests] == [case.request.id], "ends of rows push nothing aside"
    assert len((await store.requests(customers=[planned_for(left, "p2@example.com")])).requests) == 2


@pytest.mark.parametrize(("own", "days"), [(MONTH, 1), (Term(days=10), 2)])
async def test_ends_of_a_list_are_announced_in_one_message_a_day(store: Store, own: Term, days: int) -> None:
    case = await timed(store, own=own)
    await sent(store, case, 2)
    await read_back(store, case)
    before = await everything_shown(store)
    for end in await ends(store):
        await stepped(store, end.id, partial(domain_ends.keep, paused=False, now=NOW))
        await stepped(store, end.id, partial(domain_ends.keep, paused=True, now=(end.planned or 0) + 1))
    told = await everything_shown(store, now=NOW + 31 * DAY)

    assert {one.request_id for one in (*before, *told)} == {case.request.id}, "of the rows' ends alone nobody hears"
    directs = sorted(one.key.split("/")[2] for one in told if one.kind is MessageKind.DIRECT)
    assert directs == ["announced"] * days + ["held"] * days


@pytest.mark.parametrize(("done", "count"), [(True, 2), (False, 0)])
async def test_what_is_settled_as_done_ends_by_itself_as_well(store: Store, *, done: bool, count: int) -> None:
    case = await timed(store)
    await sent(store, case, 2)
    await read_back(store, case, ChangeState.UNKNOWN)
    await stepped(store, case.request.id, partial(lifecycle.settle, done=done, by=BOB, note="I looked", now=NOW + DAY))

    assert len(await ends(store)) == count


async def test_who_holds_it_for_a_time_has_one_end_still(store: Store) -> None:
    first = await timed(store)
    await sent(store, first, 2)
    await read_back(store, first)
    second = await timed(store, "list-2", plan=EXTEND, term=Term(days=40))
    (row, shorter) = await store.claim_rows(second.request.id, sent=False, limit=9)
    for one, code in ((row, ""), (shorter, NOT_MOVED)):
        step = partial(
            attempt.finish, change_id=one.id, attempt=one.attempts, to=ChangeState.UNNEEDED, code=code, now=NOW
        )
        assert await store.step(second.request.id, step, changes=[one.id]) is not None
    standing = await ends(store)
    told = [one.outcome async for one in store.outcomes(second.request.id)]

    assert sorted((one.parent, (one.planned or 0) - NOW) for one in standing) == sorted(
        [(second.request.id, 40 * DAY), (first.request.id, 10 * DAY)]
    )
    assert told == ["extended", "unneeded"]
    left = await store.case(second.request.id)
    assert left is not None
    assert left.extended == 1


async def test_an_address_is_forgotten_in_the_reason_of_a_row_too(store: Store) -> None:
    rows = (Row(line=2, customer="p2@example.com", reason="for jane@example.com"),)
    (case,) = await store.submit_bulk([(bulk_submission(rows=rows), BUNDLE)], now=NOW)
    await store.forget("jane@example.com", now=NOW)  # type: ignore[attr-defined]  # administration is no part of the port

    assert [one.reason async for one in store.outcomes(case.request.id)] == ["for [forgotten]"]


async def test_several_lists_are_stored_all_at_once_or_not_at_all(store: Store) -> None:
    asked = [(bulk_submission(key), BUNDLE) for key in ("form", "form/revoke/7")]
    first = await store.submit_bulk(asked, now=NOW)
    again = await store.submit_bulk(asked, now=NOW)

    assert [one.request.id for one in first] == [one.request.id for one in again]
    assert len((await store.requests()).requests) == 2


async def test_what_somebody_waits_for_goes_before_what_ends_by_itself(store: Store) -> None:
    case = await timed(store, term=Term(days=1), own=Term(days=1))
    await sent(store, case, 2)
    await read_back(store, case)
    single = await decided(store, await pending(store), now=NOW + 2 * DAY)
    claim = partial(store.claim_changes, now=NOW + 3 * DAY, lease=LEASE)

    assert [one.request_id for one in await claim(limit=1)] == [single.request.id]
    assert {one.request_id for one in await claim(limit=9)} == {end.id for end in await ends(store)}


@pytest.mark.parametrize("page", [2, 500])
async def test_what_the_rows_ask_for_is_told_in_their_order_without_who_is_forgotten(store, monkeypatch, page):
    monkeypatch.setattr(stored, "LONG", page)
    asked = [
        Row(line=2, customer="p2@example.com", term=Term(days=9), reason="a refund"),
        Row(line=3, customer="p3@example.com"),
        Row(line=3, customer="p4@example.com"),
        Row(line=3, customer="p5@example.com"),
        Row(line=9, customer="gone@example.com"),
    ]
    (case,) = await store.submit_bulk([(bulk_submission("list-1", rows=tuple(asked)), BUNDLE)], now=NOW)
    await listed(store, key="list-2")
    await store.forget("gone@example.com", now=NOW)

    assert [row async for row in store.asked_rows(case.request.id)] == asked[:-1]
