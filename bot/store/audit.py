"""The audit: appended to by every step, verified and exported row by row.

Each hash covers its row and the hash before it, so a row that was changed, removed or moved breaks the chain there.
"""

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.domain.request import AuditEvent
from bot.store.rows import event_from, storable, to_json


class Harm(StrEnum):
    """What was done to the first row that is not as it was written."""

    CHANGED = "changed"  #: or put in place of another one
    REMOVED = "removed"
    MOVED = "moved"  #: it is there, at another position
    CUT = "cut"  #: it and all that followed are gone


@dataclass(frozen=True, slots=True)
class Head:
    """The newest row as it once was, as somebody else has kept it: its hash, and its position where that is known."""

    hash: str
    seq: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What a verification found."""

    #: how many rows were read
    rows: int
    #: the position of the first row that is not as it was written, or is missing
    broken: int | None = None
    harm: Harm | None = None
    #: of a chain that holds in itself: the heads that are not in it, so it is not the one they were taken from
    lost: tuple[Head, ...] = ()


#: the event that a head was told
TOLD = "audit.told"


def append(sqlite: sqlite3.Connection, event: AuditEvent) -> AuditEvent:
    """Add the event and return it with its position."""
    last = sqlite.execute("select seq, hash from event where seq = (select max(seq) from event)").fetchone()
    seq, before = (last["seq"] + 1, last["hash"]) if last else (1, "")
    team, person = (event.actor.team, event.actor.id) if event.actor else (None, None)
    line = (seq, event.name, float(event.at), event.request_id, team, person, to_json(event.data))
    sqlite.execute(
        "insert into event (seq, name, at, request_id, team, person, data, hash) values (?, ?, ?, ?, ?, ?, ?, ?)",
        (*line, chained(before, line)),
    )
    if event.text:
        sqlite.execute("insert into note (seq, text) values (?, ?)", (seq, storable(event.text)))
    return replace(event, seq=seq)


def chained(before: str, line: tuple[object, ...]) -> str:
    return hashlib.sha256((before + to_json(line)).encode()).hexdigest()


def head(sqlite: sqlite3.Connection) -> Head | None:
    """Return the newest row; None before there is any."""
    row = sqlite.execute("select seq, hash from event where seq = (select max(seq) from event)").fetchone()
    return Head(row["hash"], row["seq"]) if row else None


def is_told(sqlite: sqlite3.Connection, newest: Head) -> bool:
    """Whether nothing has happened since a head was told."""
    row = sqlite.execute("select name from event where seq = ?", (newest.seq,)).fetchone()
    return row is not None and row["name"] == TOLD


ROWS = "select seq, name, at, request_id, team, person, data, hash from event where seq > ? order by seq"


def verify(sqlite: sqlite3.Connection, *, heads: Sequence[Head] = ()) -> Proof:
    """Follow the chain from its first row to its last, without holding it in memory."""
    before, count = "", 0
    lost = set(heads)
    for row in sqlite.execute(ROWS, (0,)):
        *line, stored = tuple(row)
        count += 1
        if line[0] != count or stored != chained(before, tuple(line)):
            return Proof(rows=count, broken=count, harm=harm_at(sqlite, count, before, gap=line[0] != count))
        before = stored
        lost -= {Head(stored), Head(stored, count)}
    # SQLite remembers the highest position it ever gave out, so the end of the chain cannot be cut off unseen
    last = sqlite.execute("select seq from sqlite_sequence where name = 'event'").fetchone()
    cut = last is not None and last["seq"] != count
    if cut:
        return Proof(rows=count, broken=count + 1, harm=Harm.CUT)
    return Proof(rows=count, lost=tuple(one for one in heads if one in lost))


def harm_at(sqlite: sqlite3.Connection, seq: int, before: str, *, gap: bool) -> Harm:
    """Say what became of the row that belongs at a position: it may still be there, further on."""
    for row in sqlite.execute(ROWS, (seq,)):
        _, *rest, stored = tuple(row)
        if stored == chained(before, (seq, *rest)):
            return Harm.MOVED
    return Harm.REMOVED if gap else Harm.CHANGED


def export(sqlite: sqlite3.Connection, *, after: int = 0) -> Iterator[tuple[AuditEvent, str]]:
    """Yield every line after a position with its hash. What people wrote is left out: it is not in the chain."""
    rows = sqlite.execute(
        "select seq, name, at, request_id, team, person, data, hash, '' as text from event where seq > ? order by seq",
        (after,),
    )
    for row in rows:
        yield event_from(row), row["hash"]


def history(sqlite: sqlite3.Connection, request_id: str) -> tuple[AuditEvent, ...]:
    rows = sqlite.execute(
        "select event.*, text from event left join note using (seq) where request_id = ? order by seq", (request_id,)
    )
    return tuple(event_from(row) for row in rows)


def event_at(sqlite: sqlite3.Connection, seq: int | None) -> AuditEvent | None:
    if seq is None:
        return None
    row = sqlite.execute("select event.*, text from event left join note using (seq) where seq = ?", (seq,)).fetchone()
    return event_from(row) if row else None


def is_followed_by(sqlite: sqlite3.Connection, seq: int | None, name: str) -> bool:
    """Whether this happened to the same request later on."""
    found = sqlite.execute(
        """
        select 1 from event as earlier join event as later using (request_id)
        where earlier.seq = ? and later.seq > earlier.seq and later.name = ?""",
        (seq, name),
    )
    return found.fetchone() is not None
