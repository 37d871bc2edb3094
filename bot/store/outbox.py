"""What people are owed: written with the event that owes it, given out when its turn has come.

A message is *in flight* from its claim until it is delivered, postponed or given up. While it is, a newer version
leaves its `due` alone, or a second process would post it again.
"""

import sqlite3
from math import inf

from bot.domain.notices import RESULTS, Notices
from bot.domain.request import AuditEvent, Case, Message, MessageKind
from bot.store import redrawing

OWE = """
    insert into message (
        key, request_id, kind, recipient, parent, event, asks, version, shown, channel, ts, attempts, due, error)
    values (:key, :request_id, :kind, :to, :parent, :event, :asks, 1, 0, '', '', 0, :now, '')
    on conflict (key) do update set
        version = version + 1, error = '', due = iif(worker is null or due is null, excluded.due, due)"""

#: what becomes due within so many seconds is reminded of together
GATHERING = 30.0
#: however often somebody is to be reminded, it is one row
WANT_DIGEST = """
    insert into digest (person, due) values (:person, :due)
    on conflict (person) do update set due = coalesce(due, excluded.due)"""

REDRAW = """
    update message set version = version + 1, error = '', due = iif(worker is null or due is null, :now, due)
    where request_id = :id and kind = :kind and (shown > 0 or (attempts > 0 and gave_up is null))"""

CLOSE_UNSEEN = """
    update message set due = null
    where request_id = :id and kind = 'ask' and shown = 0 and attempts = 0"""

SHOW_AGAIN = """
    update message set version = version + 1, due = iif(worker is null or due is null, :now, due)
    where request_id = :id and (shown > 0 or (attempts > 0 and gave_up is null))"""

WAITING = """
    with recursive waiting (key) as (
        values (:key) union select message.key from message join waiting on message.parent = waiting.key
        where message.request_id is :id and message.shown = 0)
    update message set due = null, worker = null, error = :error, gave_up = :now
    where key in (select key from waiting) and (due is not null or key = :key)"""


def owe(sqlite: sqlite3.Connection, event: AuditEvent, case: Case, notices: Notices) -> None:
    """Write the messages that an event owes, and have shown anew what it outdates: buttons, and Homes."""
    if notices.redraws(event):
        redrawing.concerned(sqlite, case.request.requester.id, now=event.at)
    for kind in notices.outdates(event, case):
        if kind is MessageKind.ASK and not notices.goes_on(event):
            sqlite.execute(CLOSE_UNSEEN, {"id": case.request.id})
        redraw(sqlite, case.request.id, kind, now=event.at)
    silent = case.request.of_list and event.name not in RESULTS | {"request.cancelled", "request.left"}
    if case.request.planned is not None and case.request.parent is not None and not silent:  # its card says how it ends
        redraw(sqlite, case.request.parent, MessageKind.CARD, now=event.at)
    for message in notices.owed(event, case):
        if message.parent is None or is_known(sqlite, message.parent):
            put(sqlite, message, now=event.at)
    due = event.at + GATHERING
    sqlite.executemany(WANT_DIGEST, [{"person": person, "due": due} for person in notices.reminds(event)])


def is_known(sqlite: sqlite3.Connection, key: str) -> bool:
    """Tell whether there will ever be a thread: a request that ended before it was shown has none."""
    return sqlite.execute("select 1 from message where key = ?", (key,)).fetchone() is not None


def put(sqlite: sqlite3.Connection, message: Message, *, now: float) -> None:
    """Make a message due; one that is there already gets a newer version."""
    sqlite.execute(
        OWE,
        {
            "key": message.key,
            "request_id": message.request_id,
            "kind": message.kind.value,
            "to": message.to,
            "parent": message.parent,
            "event": message.event,
            "asks": message.asks,
            "now": now,
        },
    )


def redraw(sqlite: sqlite3.Connection, request_id: str, kind: MessageKind, *, now: float) -> None:
    """Have what is on the screen shown with the buttons that fit."""
    sqlite.execute(REDRAW, {"id": request_id, "kind": kind.value, "now": now})


def show_again(sqlite: sqlite3.Connection, request_id: str, *, now: float) -> None:
    """Have everything on the screen about a request shown anew, on Homes that nobody has opened for long as well."""
    sqlite.execute(SHOW_AGAIN, {"id": request_id, "now": now})
    redrawing.concerned_by(sqlite, request_id, now=now, awake=inf)


def end(sqlite: sqlite3.Connection, message: Message, *, error: str, now: float) -> None:
    """End a message for good, and with one that was never shown all that waits for it."""
    if message.shown:
        sqlite.execute(
            "update message set due = null, worker = null, error = ?, gave_up = ? where key = ?",
            (error, now, message.key),
        )
    else:
        sqlite.execute(WAITING, {"key": message.key, "id": message.request_id, "error": error, "now": now})


def is_known_to_fail(sqlite: sqlite3.Connection, message: Message, *, error: str) -> bool:
    """Whether it was told already that this place takes nothing about the request, for the same reason."""
    query = "select 1 from message where request_id is ? and recipient = ? and error = ? and gave_up is not null"
    return sqlite.execute(query, (message.request_id, message.to, error)).fetchone() is not None


def owe_bad_news(
    sqlite: sqlite3.Connection, event: AuditEvent, case: Case, *, about: Message, notices: Notices
) -> None:
    """Tell of an undeliverable message, on other ways than the one that failed."""
    for message in notices.owed(event, case):
        told_in_words = message.kind in {MessageKind.DIRECT, MessageKind.ALERT}
        if told_in_words and message.to != about.to:
            put(sqlite, message, now=event.at)


def is_held(sqlite: sqlite3.Connection, message: Message) -> sqlite3.Row | None:
    """Return the row while the claim that `message` came from still holds: nobody has taken it since."""
    found = sqlite.execute(
        "select version, gave_up, event from message where key = ? and attempts = ? and due = ? and worker is not null",
        (message.key, message.attempts, message.due),
    ).fetchone()
    return found if isinstance(found, sqlite3.Row) else None
