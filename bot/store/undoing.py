"""What a list has brought about for whom, and what another request has done for them again since."""

import json
import sqlite3
from typing import Any

from bot.domain.bulk import Brought

MINE = """
    select change.id, change.line, contact.address
    from change join contact on contact.ref = change.contact_ref
    where change.request_id = ? and change.line > 0 and change.state = 'succeeded' and change.receipt <> 'settled'
        and contact.address <> ''
    order by change.line"""

#: the same for the same customer, by whichever address: done, or found to be so and to last longer than it did
SINCE = """
    with mine as (
        select change.id, change.contact_ref, contact.provider, contact.id as contact_id
        from change join contact on contact.ref = change.contact_ref
        where change.request_id = :id and change.line > 0 and change.state = 'succeeded'),
    known as (
        select id, contact_ref as ref from mine
        union
        select mine.id, contact.ref from mine
        join contact on contact.provider = mine.provider and contact.id = mine.contact_id and contact.id is not null)
    select known.id, other.request_id, other.state, other.error, other.plan, request.size, request.preview
    from known join change as first on first.id = known.id
    join change as other on other.contact_ref = known.ref
    join request on request.id = other.request_id
    where other.provider = first.provider and other.offer_id = first.offer_id and other.action = first.action
        and other.request_id <> :id and other.state in ('succeeded', 'unneeded')
        and (coalesce(other.verified, other.sent), other.id) > (first.sent, first.id)
    order by coalesce(other.verified, other.sent)"""


def brought_about(sqlite: sqlite3.Connection, request_id: str) -> list[Brought]:
    """Name the customers of a list, in its order, without those who are forgotten."""
    since = {
        row["id"]: row["request_id"]
        for row in sqlite.execute(SINCE, {"id": request_id})
        if row["state"] == "succeeded" or _prolonged(row)
    }
    return [
        Brought(row["line"], row["address"], since=since.get(row["id"], ""))
        for row in sqlite.execute(MINE, (request_id,))
    ]


def _prolonged(row: Any) -> bool:
    """Whether it gave something though nothing had to be sent: the end of what was held was put off."""
    moves = row["plan"] == "extend" if row["size"] else bool(json.loads(row["preview"]).get("moves"))
    return moves and not row["error"]
