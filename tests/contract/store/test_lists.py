"""Requests for many customers: all their rows in one transaction, each worked on by one, and swept together."""

from dataclasses import replace
from functools import partial
from time import perf_counter
from typing import Any

import pytest

from bot.domain import attempt, bulk, lifecycle
from bot.domain.bulk import Looked
from bot.domain.preview import Preview
from bot.domain.request import DO, UNNEEDED, Case, ChangeState, Choice, State
from bot.domain.roster import BadRow, Row
from bot.ports import Store
from tests.contract.store.world import BOB, BUNDLE, LEASE, NOW, TIMING, bulk_submission, decided, stepped, submission


def rows(count: int) -> tuple[Row, ...]:
    return tuple(Row(line=line, customer=f"p{line}@example.com") for line in range(2, 2 + count))


async def listed(store: Store, count: int = 5, key: str = "list-1") -> Case:
    return await store.submit_bulk(bulk_submission(key, rows=rows(count)), offer=BUNDLE, now=NOW)


async def shown(store: Store, count: int = 5) -> Case:
    case = await listed(store, count)
    found = await store.rows(case.request.id, looked=False, limit=count)
    looked = [Looked(row.id, DO, fingerprint=f"f{row.line}", contact_id=f"c{row.line}") for row in found]
    await store.looked(case.request.id, looked, effects={})
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
    began = perf_counter()
    case = await listed(store, 10_000)

    assert perf_counter() - began < 2.0
    assert (case.request.size, case.changes, case.unsent) == (10_000, (), 10_000)
    assert (await listed(store, 10_000)).request.id == case.request.id
    assert len((await store.requests()).requests) == 1


async def test_what_was_looked_at_stays_looked_at(store: Store) -> None:
    case = await listed(store, 4)
    first = await store.rows(case.request.id, looked=False, limit=3)
    found = [
        Looked(first[0].id, DO, fingerprint="f1", contact_id="c1", name="Jane"),
        Looked(first[1].id, UNNEEDED, contact_id="c2"),
        Looked(first[2].id, "not_found"),
    ]
    await store.looked(case.request.id, found, effects={"A mail may go out.": 1})
    await store.looked(case.request.id, [Looked(first[0].id, "not_found")], effects={"A mail may go out.": 2})

    assert [row.line for row in await store.rows(case.request.id, looked=False, limit=9)] == [5]
    assert await store.planned(case.request.id) == ({"": 1, DO: 1, UNNEEDED: 1, "not_found": 1}, ["f1"])
    assert await counts(store, case) == {"todo": 2, "unneeded": 1, "cancelled": 1}
    left = await store.case(case.request.id)
    assert left is not None
    assert left.request.preview["effects"] == {"A mail may go out.": 3}
    assert [(one.line, one.outcome) for one in left.exceptions] == [(4, "not done")]


async def test_a_list_is_given_to_one_worker_until_the_lease_ends_or_is_renewed(store: Store) -> None:
    await listed(store)
    (claimed,) = await store.claim_lists(now=NOW, lease=LEASE, limit=5)

    assert await store.claim_lists(now=NOW, lease=LEASE, limit=5) == []
    assert await store.claim_requests(now=NOW + LEASE, lease=LEASE, limit=5) == []
    assert await store.renew_list(claimed, until=NOW + 3 * LEASE)
    assert await store.claim_lists(now=NOW + 2 * LEASE, lease=LEASE, limit=5) == []
    assert len(await store.claim_lists(now=NOW + 4 * LEASE, lease=LEASE, limit=5)) == 1
    assert not await store.renew_list(claimed, until=NOW + 9 * LEASE), "it is somebody else's"


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
    assert await store.brought_about(case.request.id) == [(line, f"p{line}@example.com") for line in (2, 3, 4)]


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
    case = await store.submit_bulk(asked, offer=BUNDLE, now=NOW)
    await store.forget("jane@example.com", now=NOW)  # type: ignore[attr-defined]  # administration is no part of the port

    told = [replace(one, why="") async for one in store.outcomes(case.request.id)]
    left = await store.case(case.request.id)
    assert left is not None
    assert left.request.file_name == "[forgotten] list.csv"
    assert [one.customer for one in told] == ["forgotten", "bob@example.com", "[forgotten], jane@example.org"]


async def test_what_was_asked_before_is_that_of_the_customer_for_whom_most_was_asked(store: Store) -> None:
    for number, line in enumerate((3, 4, 4, 9)):
        await store.submit(submission(f"form-{number}", address=f"p{line}@example.com"), offer=BUNDLE, now=NOW + number)
    case = await listed(store)

    assert [one.created for one in await store.asked_at_most(case.request.id, NOW)] == [NOW + 1, NOW + 2]
    assert len(await store.asked_at_most(case.request.id, NOW + 2)) == 1
    assert await store.asked_at_most(case.request.id, NOW + 4) == []
