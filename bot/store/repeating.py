"""Is this a form that was sent before? The same again makes nothing new; something else is not taken for it."""

import sqlite3
from collections.abc import Sequence
from typing import Any

from bot.domain.bulk import BulkSubmission
from bot.domain.draft import normal
from bot.domain.errors import SentAlready
from bot.domain.request import Case, Offer, Submission
from bot.store import cases
from bot.store.rows import storable, term_from

KNOWN = "select id from request where submitted_key = ? and submitted_key <> ''"
ROWS = """
    select change.line, contact.address, change.term, change.reason
    from change join contact on contact.ref = change.contact_ref
    where request_id = ? and line > 0 order by line, address"""


def stored_before(sqlite: sqlite3.Connection, submission: Submission | BulkSubmission, offer: Offer) -> Case | None:
    """Return what this form has made already; raise `SentAlready` where it was sent with something else in it."""
    row = sqlite.execute(KNOWN, (submission.key,)).fetchone()
    if row is None:
        return None
    case = cases.found(sqlite, row["id"])
    request = case.request
    given = (submission.action, offer.key, storable(submission.reason), submission.welcome_email, submission.term)
    stored = (request.action, request.offer.key, request.reason, request.welcome_email, request.term)
    if given != stored or _whom(submission) != _for_whom(sqlite, case):
        raise SentAlready(request.id)
    return case


def _whom(submission: Submission | BulkSubmission) -> Sequence[tuple[Any, ...]]:
    if isinstance(submission, Submission):
        return [(_address(submission.address), storable(submission.name), submission.ids)]
    rows = [(row.line, _address(row.customer), row.term, storable(row.reason.strip())) for row in submission.rows]
    return sorted(rows, key=lambda row: row[:2])


def _for_whom(sqlite: sqlite3.Connection, case: Case) -> Sequence[tuple[Any, ...]]:
    if case.request.bulk:
        rows = sqlite.execute(ROWS, (case.request.id,))
        return [(row["line"], row["address"], term_from(row["term"]), row["reason"]) for row in rows]
    name = case.creation.contact.name if case.creation is not None else ""
    return [(case.main.contact.address, name, case.main.ids)]


def _address(text: str) -> str:
    return normal(storable(text))
