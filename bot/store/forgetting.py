"""Where does something stand that is being forgotten? In texts, on messages, on Homes."""

import re
import sqlite3
from collections.abc import Collection
from dataclasses import dataclass, field
from math import inf

from bot.store import outbox, redrawing

FORGOTTEN = "[forgotten]"

#: each names the request that a text belongs to, or, of what belongs to none, the event that it tells
TEXTS = (
    """
    update request set reason = blanked(reason) where reason <> blanked(reason)
        returning id as request_id, null as seq""",
    "update decision set note = blanked(note) where note <> blanked(note) returning request_id, null as seq",
    "update change set receipt = blanked(receipt) where receipt <> blanked(receipt) returning request_id, null as seq",
    "update change set error = blanked(error) where error <> blanked(error) returning request_id, null as seq",
    "update change set reason = blanked(reason) where reason <> blanked(reason) returning request_id, null as seq",
    """
    update request set file_name = blanked(file_name) where file_name <> blanked(file_name)
        returning id as request_id, null as seq""",
    "update bad_row set text = blanked(text) where text <> blanked(text) returning request_id, null as seq",
    "update pause set why = blanked(why) where why <> blanked(why) returning null as request_id, null as seq",
    """
    update note set text = blanked(text) where text <> blanked(text)
        returning (select request_id from event where event.seq = note.seq) as request_id, seq""",
)

#: what tells such an event: the bulletin itself, and the lines in the threads of what waited then
TELLING = "select key, request_id from message where event = ? and shown > 0"
BULLETIN = """
    update message set version = version + 1, due = iif(worker is null or due is null, :now, due) where key = :key"""

#: whose messages gave the reason of a pause: what was approved while it lasted, and what it holds up
APPROVED_MEANWHILE = """
    select approved.request_id from event as paused join event as approved
        on approved.seq > paused.seq and approved.name = 'request.approved' and approved.seq < coalesce(
            (select min(seq) from event where name = 'execution.resumed' and seq > paused.seq), approved.seq + 1)
    where paused.seq = ? and paused.name = 'execution.paused'"""
HELD_UP = """
    select distinct request.id as request_id from request join change on change.request_id = request.id
    where request.state in ('approved', 'executing') and change.state = 'todo' and change.sent is null
        and exists (select 1 from pause)"""


@dataclass(slots=True)
class Blanked:
    """The texts from which an address was taken."""

    texts: int = 0
    #: those that a text of theirs was about
    requests: set[str] = field(default_factory=set)
    #: whether a text was about none in particular, and the events that tell such a text
    common: bool = False
    events: set[int] = field(default_factory=set)


def blank_texts(sqlite: sqlite3.Connection, address: str) -> Blanked:
    """Replace the address in what people and providers wrote."""
    found = Blanked()
    if not address:
        return found
    pattern = re.compile(rf"(?<![\w.+-]){re.escape(address)}(?!\.?[\w-])", re.IGNORECASE)
    sqlite.create_function("blanked", 1, lambda text: pattern.sub(FORGOTTEN, text), deterministic=True)
    for row in (row for statement in TEXTS for row in sqlite.execute(statement).fetchall()):
        found.texts += 1
        if row["request_id"] is not None:
            found.requests.add(row["request_id"])
            continue
        found.common = True
        if row["seq"] is not None:
            found.events.add(row["seq"])
    return found


def show_again(sqlite: sqlite3.Connection, requests: Collection[str], blanked: Blanked, *, now: float) -> set[str]:
    """Have drawn anew whatever may show it, on Homes that nobody has opened for long as well; return whose it was."""
    concerned = set(requests) | blanked.requests
    for seq in sorted(blanked.events):
        concerned |= {row["request_id"] for row in sqlite.execute(APPROVED_MEANWHILE, (seq,))}
        for row in sqlite.execute(TELLING, (seq,)).fetchall():
            if row["request_id"] is None:
                sqlite.execute(BULLETIN, {"key": row["key"], "now": now})
            else:
                concerned.add(row["request_id"])
    if blanked.common:
        concerned |= {row["request_id"] for row in sqlite.execute(HELD_UP)}
    for request_id in sorted(concerned):
        outbox.show_again(sqlite, request_id, now=now)
    if blanked.common:
        redrawing.everybodys(sqlite, now=now, awake=inf)
    return concerned
