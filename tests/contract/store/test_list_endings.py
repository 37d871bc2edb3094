"""How a list ended, as it is counted: by whose word it is so, and what the file says of each row."""

from functools import partial
from typing import Any

from bot.domain import attempt, lifecycle
from bot.domain.errors import Rejected
from bot.domain.request import Case, ChangeState
from bot.list_preparer import looked
from bot.ports import Store
from bot.words.rows import told
from tests.contract.store.listed import approved_list
from tests.contract.store.world import BOB, BUNDLE, NOW, bulk_submission, stepped


async def sent(store: Store, case: Case, *endings: dict[str, Any]) -> Case:
    """Send all rows of a list, and end each as is given."""
    for row, ending in zip(await store.claim_rows(case.request.id, sent=False, limit=99), endings, strict=True):
        mine: dict[str, Any] = {"change_id": row.id, "attempt": row.attempts, "now": NOW}
        assert await store.send(case.request.id, partial(attempt.send, **mine), changes=[row.id]) is not None
        confirm = partial(attempt.confirm, receipt="200", **mine)
        assert await store.step(case.request.id, confirm, changes=[row.id]) is not None
        assert await store.step(case.request.id, partial(attempt.finish, **ending, **mine), changes=[row.id])
    found = await store.case(case.request.id)
    assert found is not None
    return found


SEEN: dict[str, Any] = {"to": ChangeState.SUCCEEDED}
UNSEEN: dict[str, Any] = {"to": ChangeState.SUCCEEDED, "code": attempt.UNSEEN}
NOBODY_KNOWS: dict[str, Any] = {"to": ChangeState.UNKNOWN, "code": "NotSeen", "look_again": NOW + 60}


async def test_why_somebody_was_left_out_is_told_in_the_words_of_the_provider(store: Store) -> None:
    (case,) = await store.submit_bulk([(bulk_submission(), BUNDLE)], now=NOW)
    refused = Rejected("capillary", "the customer is not in the loyalty program", code="8089")
    rows = await store.rows(case.request.id, looked=False, limit=9)
    found = [looked(row, refused, case.request, now=NOW) for row in rows]

    assert await store.looked(case.request.id, found, offer=BUNDLE)

    left_out = [told(one) async for one in store.outcomes(case.request.id)]
    assert [(one.outcome, one.why) for one in left_out] == [
        ("not done", "the customer is not in the loyalty program")
    ] * 2
    assert (await store.planned(case.request.id)).plans == {"8089": 2}


async def test_what_was_seen_is_told_apart_from_what_was_only_said(store: Store) -> None:
    case = await approved_list(store, count=6)
    case = await sent(store, case, SEEN, UNSEEN, UNSEEN, NOBODY_KNOWS, NOBODY_KNOWS, NOBODY_KNOWS)
    assert (case.counts[ChangeState.SUCCEEDED], case.unseen, case.settled) == (3, 2, 0)

    settle = partial(lifecycle.settle, done=True, by=BOB, note="I looked", now=NOW)
    case = await stepped(store, case.request.id, settle)
    found = await store.case(case.request.id)

    assert found is not None
    assert (found.counts[ChangeState.SUCCEEDED], found.unseen, found.settled) == (6, 2, 3)
    assert [one.why async for one in store.outcomes(case.request.id)] == [
        "verified",
        *["taken"] * 2,
        *["settled"] * 3,
    ]
