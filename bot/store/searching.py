"""One page of requests, along an index from a key on: what it costs does not grow with what there is."""

import sqlite3
from collections.abc import Callable, Sequence

from bot.domain.notices import card_key
from bot.domain.request import Contact, Request, State
from bot.ports import Page
from bot.store import contacts, lists
from bot.store.rows import request_from

#: later than any request, and a number in SQL, which infinity is not
END_OF_TIME = 1e15
#: rows that are read at once where not all of them are wanted, and how many are looked at for one page
BATCH, LOOKED_AT = 100, 2000
PAGE = f"""
    select * from request where created < :before and not ({lists.OF_A_ROW})
    order by created desc limit :limit"""  # noqa: S608 - both texts are ours
PAGE_IN_STATE = """
    select * from request where state = :state and created < :before order by created desc limit :limit"""
PAGE_OF_ONE = f"""
    select * from request
    where requester = :requester and created < :before and instr(:states, ' ' || state || ' ')
        and not ({lists.OF_A_ROW})
    order by created desc limit :limit"""  # noqa: S608 - as above
PAGE_FOR = """
    select * from request
    where id in (select request_id from change where contact_ref = :ref and action <> 'create')
        and created < :before and instr(:states, ' ' || state || ' ')
        and (:requester is null or requester = :requester)
    order by created desc limit :limit"""
Wanted = Callable[[Request], bool]


def page(
    sqlite: sqlite3.Connection,
    *,
    states: frozenset[State] | None,
    requester: str | None,
    customers: Sequence[Contact] | None,
    since: float | None,
    wanted: Wanted | None,
    before: float | None,
    limit: int,
) -> Page:
    """Read on until the page is full, the past is over, or enough was looked at: then the next page goes on there."""
    refs = None if customers is None else sorted({ref for one in customers for ref in contacts.refs(sqlite, one)})
    batch = limit + 1 if wanted is None else BATCH
    shown: list[Request] = []
    for _ in range(max(LOOKED_AT // batch, 1)):
        rows = _rows(sqlite, states=states, requester=requester, refs=refs, before=before, limit=batch)
        for request in map(request_from, rows):
            if since is not None and request.created < since:
                return _page(sqlite, shown, None)
            if wanted is None or wanted(request):
                if len(shown) == limit:
                    return _page(sqlite, shown, before)
                shown.append(request)
            before = request.created
        if len(rows) < batch:
            return _page(sqlite, shown, None)
    return _page(sqlite, shown, before)


def _page(sqlite: sqlite3.Connection, shown: Sequence[Request], next_: float | None) -> Page:
    """Say as well where each one's card stands."""
    cards = {}
    for request in shown:
        row = sqlite.execute(
            "select channel, ts from message where key = ? and shown > 0 and ts <> ''", (card_key(request.id),)
        ).fetchone()
        if row:
            cards[request.id] = (row["channel"], row["ts"])
    return Page(requests=tuple(shown), cards=cards, next=next_)


def _rows(
    sqlite: sqlite3.Connection,
    *,
    states: frozenset[State] | None,
    requester: str | None,
    refs: Sequence[int] | None,
    before: float | None,
    limit: int,
) -> list[sqlite3.Row]:
    """Read along an index: each state by itself, so that few open ones are not looked for among all others."""
    place = {"before": before if before is not None else END_OF_TIME, "limit": limit}
    wanted = {"states": f" {' '.join(state.value for state in (states if states is not None else State))} "}
    if refs is not None:
        asked = place | wanted | {"requester": requester}
        return _newest([row for ref in refs for row in sqlite.execute(PAGE_FOR, asked | {"ref": ref})], limit)
    if requester is not None:
        return sqlite.execute(PAGE_OF_ONE, place | wanted | {"requester": requester}).fetchall()
    if states is None:
        return sqlite.execute(PAGE, place).fetchall()
    return _newest(
        [row for state in states for row in sqlite.execute(PAGE_IN_STATE, place | {"state": state.value})], limit
    )


def _newest(rows: list[sqlite3.Row], limit: int) -> list[sqlite3.Row]:
    return sorted(rows, key=lambda row: float(row["created"]), reverse=True)[:limit]
