"""Lists that are approved and carried out, for tests of what a store counts of them."""

from functools import partial
from typing import Any

from bot.domain import attempt, bulk
from bot.domain.bulk import Looked
from bot.domain.preview import Preview
from bot.domain.request import DO, Case, ChangeState
from bot.domain.roster import Row
from bot.ports import Store
from tests.contract.store.world import BUNDLE, NOW, TIMING, bulk_submission, decided, stepped


def row(line: int) -> Row:
    return Row(line=line, customer=f"p{line}@example.com")


async def shown_list(store: Store, key: str = "list-1", *, count: int = 2, **fields: Any) -> Case:
    asked = bulk_submission(key, **{"rows": tuple(row(2 + number) for number in range(count))} | fields)
    (case,) = await store.submit_bulk([(asked, BUNDLE)], now=NOW)
    found = await store.rows(case.request.id, looked=False, limit=99)
    looked = [Looked(one.id, DO, fingerprint="f", contact_id=f"c{one.contact.address}") for one in found]
    await store.looked(case.request.id, looked, offer=BUNDLE)
    preview = Preview(approvers=("UBOB",), rows={DO: len(found)})
    shown = partial(bulk.prepare, preview=preview, fingerprint="f", offer=BUNDLE, timing=TIMING, now=NOW)
    return await stepped(store, case.request.id, shown)


async def approved_list(store: Store, key: str = "list-1", *, count: int = 2, **fields: Any) -> Case:
    return await decided(store, await shown_list(store, key, count=count, **fields))


async def ended(store: Store, case: Case, *states: ChangeState, now: float = NOW) -> None:
    """Send as many of its rows as states are named, and end each in its own."""
    for one, to in zip(await store.claim_rows(case.request.id, sent=False, limit=len(states)), states, strict=True):
        mine: dict[str, Any] = {"change_id": one.id, "attempt": one.attempts, "now": now}
        if to is not ChangeState.FAILED:
            assert await store.send(case.request.id, partial(attempt.send, **mine), changes=[one.id]) is not None
        finish = partial(attempt.finish, to=to, look_again=now + 60, **mine)
        assert await store.step(case.request.id, finish, changes=[one.id]) is not None
