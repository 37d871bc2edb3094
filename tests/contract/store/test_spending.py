"""What was approved is summed up as it is on disk, and nothing goes over what it must stay within."""

import asyncio
from functools import partial
from typing import Any

import pytest

from bot.domain import attempt, bulk, lifecycle
from bot.domain.errors import Overdrawn
from bot.domain.policy import Cap, Scope
from bot.domain.preview import Preview
from bot.domain.request import Action, ChangeState, Choice, State
from bot.domain.spending import with_room
from tests.contract.store.listed import approved_list, ended, row
from tests.contract.store.world import (
    ADA,
    BOB,
    BUNDLE,
    EVE,
    JANE,
    LEASE,
    NOW,
    TIMING,
    approved,
    decided,
    drifted,
    finished,
    found,
    pending,
    stepped,
    submitted,
)

QUOTA = Scope(requesters=frozenset({"UADA"}), since=NOW - 60, rule="small")
BUDGET = Scope(requesters=frozenset({"UADA", "UEVE"}), since=NOW - 60, until=NOW + 60)
ONE = Cap(scope=QUOTA, requests=1)


def by_itself(case, *, within=(ONE,), offer=BUNDLE, now=NOW):
    automatic = {"against": "", "requests": 0, "most": 1, "days": 30}
    preview = Preview(approvers=("UBOB",), rule="small", automatic=automatic)
    return lifecycle.prepare(
        case, preview=preview, fingerprint="f", offer=offer, contact=JANE, timing=TIMING, now=now, within=within
    )


async def automatic(store, key, **fields):
    case = await submitted(store, key, **fields)
    return await store.step(case.request.id, by_itself)


async def counted(store, scope=QUOTA, **told):
    used = await store.used(scope, **told)
    return used.requests, used.value("USD")


async def test_what_is_approved_is_reserved_with_it(store):
    assert await counted(store) == (0, 0)
    case = await automatic(store, "form-1")

    assert case.request.state is State.APPROVED
    assert case == await found(store, case)
    assert await counted(store) == await counted(store, BUDGET) == (1, 4900)
    assert await counted(store, but=case.request.id) == (0, 0)


async def test_what_would_go_over_is_not_written_at_all(store):
    await automatic(store, "form-1")
    late = await submitted(store, "form-2")
    with pytest.raises(Overdrawn):
        await store.step(late.request.id, by_itself)

    assert await found(store, late) == late
    assert [event.name for event in await store.history(late.request.id)] == ["request.submitted"]
    assert await counted(store) == (1, 4900)


async def test_of_many_at_once_as_many_pass_as_there_is_room_for(store):
    cases = [await submitted(store, f"form-{number}") for number in range(8)]
    steps = (store.step(case.request.id, by_itself) for case in cases)
    outcomes = await asyncio.gather(*steps, return_exceptions=True)

    assert sum(isinstance(one, Overdrawn) for one in outcomes) == 7
    assert await counted(store) == (1, 4900)


async def test_what_people_approve_stays_within_a_budget_as_well(store):
    cap = Cap(scope=BUDGET, value=5000, currency="USD")
    first = await pending(store, "form-1")
    second = await pending(store, "form-2", requester=EVE)
    await decided(store, first, within=(cap,))
    with pytest.raises(Overdrawn):
        await decided(store, second, within=(cap,))

    assert await found(store, second) == second
    await decided(store, second)
    assert await counted(store, BUDGET) == (2, 9800)
    assert await counted(store, Scope(requesters=frozenset({"UEVE"}), since=0.0)) == (1, 4900)
    assert await counted(store) == (0, 0)


@pytest.mark.parametrize(
    ("to", "left"),
    [(ChangeState.SUCCEEDED, 1), (ChangeState.UNKNOWN, 1), (ChangeState.FAILED, 0), (ChangeState.UNNEEDED, 0)],
)
async def test_an_ending_gives_back_what_came_to_nothing(store, to, left):
    case = await approved(store)
    await finished(store, case, to)

    assert await counted(store, BUDGET) == (left, left * 4900)


async def test_what_is_cancelled_or_asked_anew_gives_back_what_it_took(store):
    first, second = await approved(store, "form-1"), await approved(store, "form-2")
    assert await counted(store, BUDGET) == (2, 9800)
    await stepped(store, first.request.id, lambda case: lifecycle.cancel(case, by=ADA, now=NOW))
    await drifted(store, second, attempt_number=0)
    assert await counted(store, BUDGET) == (0, 0)
    await decided(store, await found(store, second))

    assert await counted(store, BUDGET) == (1, 4900)


async def test_a_row_that_fails_later_gives_its_part_back_and_moves_nothing_to_another_month(store):
    case = await approved_list(store)
    before = await counted(store, BUDGET)
    await ended(store, case, ChangeState.SUCCEEDED, ChangeState.FAILED, now=NOW + 3600)

    assert before == (1, 2 * 4900)
    assert await counted(store, BUDGET) == (1, 4900)


async def test_a_retry_of_a_list_takes_more_only_where_there_is_room(store):
    cap = Cap(scope=BUDGET, value=2 * 4900, currency="USD")
    case = await approved_list(store)
    await ended(store, case, ChangeState.SUCCEEDED, ChangeState.FAILED)
    other = await decided(store, await pending(store, "form-9"), within=(cap,))

    def retry(case, *, room):
        return with_room(lifecycle.retry(case, by=ADA, now=NOW + 300), case, (cap,), found=room)

    with pytest.raises(Overdrawn):
        await store.step(case.request.id, lambda case: retry(case, room=True))
    again = await stepped(store, case.request.id, lambda case: retry(case, room=False))
    assert again.request.preview["overdrawn"]
    assert await counted(store, BUDGET) == (2, 2 * 4900), "what was done of it counts as before"

    await stepped(store, case.request.id, partial(bulk.fail_rest, code="Overdrawn", now=NOW + 301))
    await stepped(store, other.request.id, lambda case: lifecycle.cancel(case, by=ADA, now=NOW + 302))
    again = await stepped(store, case.request.id, lambda case: retry(case, room=True))
    assert not again.request.preview["overdrawn"]
    assert await counted(store, BUDGET) == (1, 2 * 4900)


async def test_retry_takes_it_again_at_the_time_of_the_retry_or_goes_on_without(store):
    failed = await finished(store, await approved(store), ChangeState.FAILED)
    cap = Cap(scope=Scope(requesters=frozenset({"UADA"}), since=NOW, until=NOW + 600), value=4900, currency="USD")

    def retry(case, *, room):
        return with_room(lifecycle.retry(case, by=ADA, now=NOW + 300), case, (cap,), found=room)

    other = await approved(store, "form-2")
    with pytest.raises(Overdrawn):
        await store.step(failed.request.id, lambda case: retry(case, room=True))
    await stepped(store, failed.request.id, lambda case: retry(case, room=False))
    assert await counted(store, BUDGET) == (1, 4900)
    await stepped(store, other.request.id, lambda case: lifecycle.cancel(case, by=ADA, now=NOW))
    again = await finished(store, await approved(store, "form-3"), ChangeState.FAILED)
    await stepped(store, again.request.id, lambda case: retry(case, room=True))

    assert await counted(store, cap.scope) == (1, 4900)
    assert await counted(store, BUDGET) == (0, 0)


async def test_an_undo_of_the_very_grant_gives_the_budget_back_and_not_the_quota(store):
    granted = await automatic(store, "form-1")
    await finished(store, granted)
    other = {"action": Action.REVOKE, "parent": granted.request.id}
    await finished(store, await approved(store, "form-2", offer_id="8", **other))
    assert await counted(store, BUDGET) == (1, 4900)
    await finished(store, await approved(store, "form-3", **other))

    assert await counted(store, BUDGET) == (0, 0)
    assert await counted(store) == (1, 4900)


async def test_an_undo_of_a_list_gives_back_customer_by_customer_and_each_once(store):
    grant = await approved_list(store, "list-1", count=3)
    await ended(store, grant, *[ChangeState.SUCCEEDED] * 3)
    undo: dict[str, Any] = {"action": Action.REVOKE, "parent": grant.request.id}
    first = await approved_list(store, "undo-1", rows=(row(2),), **undo)
    assert await counted(store, BUDGET) == (1, 3 * 4900)
    await ended(store, first, ChangeState.SUCCEEDED)
    assert await counted(store, BUDGET) == (1, 2 * 4900)

    second = await approved_list(store, "undo-2", rows=(row(2), row(3), row(4)), **undo)
    await ended(store, second, ChangeState.SUCCEEDED, ChangeState.SUCCEEDED, ChangeState.UNKNOWN)
    assert await counted(store, BUDGET) == (1, 4900)
    await stepped(store, second.request.id, partial(lifecycle.settle, done=True, by=BOB, note="I looked", now=NOW))
    assert await counted(store, BUDGET) == (0, 0)


async def test_an_undo_of_a_list_that_failed_in_part_keeps_that_part_taken(store):
    grant = await approved_list(store, "list-1", count=3)
    await ended(store, grant, *[ChangeState.SUCCEEDED] * 3)
    undo = await approved_list(store, "undo-1", count=3, action=Action.REVOKE, parent=grant.request.id)
    await ended(store, undo, ChangeState.SUCCEEDED, ChangeState.FAILED, ChangeState.UNNEEDED)

    assert await counted(store, BUDGET) == (1, 2 * 4900)


async def test_a_revoke_by_itself_gives_nothing_back(store):
    await finished(store, await approved(store, "form-1"))
    await finished(store, await approved(store, "form-2", action=Action.REVOKE))

    assert await counted(store, BUDGET) == (1, 4900)


async def test_a_price_that_is_not_told_is_counted_beside_the_others(store):
    await automatic(store, "form-1")
    untold, case = Cap(scope=BUDGET), await submitted(store, "form-2")
    offer = type(BUNDLE)(provider="kajabi", id="7", title="Bundle")
    await store.step(case.request.id, lambda case: by_itself(case, within=(untold,), offer=offer))
    used = await store.used(BUDGET)

    assert (used.requests, used.value("USD"), used.untold) == (2, 4900, 1)


async def test_only_what_was_approved_within_the_time_counts(store):
    case = await submitted(store, "form-1")
    await store.step(case.request.id, lambda case: by_itself(case, now=NOW + 60))
    early = Scope(requesters=QUOTA.requesters, since=NOW, until=NOW + 60)

    assert await counted(store) == (1, 4900)
    assert await counted(store, early) == await counted(store, BUDGET) == (0, 0)
    assert await counted(store, Scope(requesters=QUOTA.requesters, since=NOW + 61, rule="small")) == (0, 0)


async def test_it_counts_from_the_approval_on_whenever_it_is_carried_out(store):
    case = await automatic(store, "form-1")
    (change,) = await store.claim_changes(now=NOW, lease=LEASE, limit=9)
    at = {"change_id": change.id, "attempt": change.attempts, "now": NOW + 3600}
    await store.send(case.request.id, lambda found: attempt.send(found, **at))
    await stepped(store, case.request.id, lambda found: attempt.finish(found, to=ChangeState.SUCCEEDED, **at))

    assert await counted(store, BUDGET) == (1, 4900)


async def test_a_denial_takes_nothing(store):
    await decided(store, await pending(store), Choice.DENY, by=BOB)

    assert await counted(store, BUDGET) == (0, 0)
