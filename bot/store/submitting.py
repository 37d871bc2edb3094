"""The rows of a new request."""

import sqlite3
from dataclasses import replace

from bot.domain.bulk import BulkSubmission
from bot.domain.request import Action, Offer, Request, State, Submission
from bot.store.rows import request_values, storable

INSERT_REQUEST = """
    insert into request (
        id, action, provider, state, team, requester, channel, asked_in, offer, reason, created, version, fingerprint,
        preview, welcome_email, creates_contact, term, planned, parent, editors, submitted_key, size, file_name, bad,
        repeated, held, updated, decided, expires, reminded, troubled, left_so, due, attempts, note)
    values (
        :id, :action, :provider, :state, :team, :requester, :channel, :asked_in, :offer, :reason, :created, :version,
        :fingerprint, :preview, :welcome_email, :creates_contact, :term, :planned, :parent, :editors,
        :submitted_key, :size, :file_name, :bad, :repeated, :held, :updated, :decided,
        :expires, :reminded, :troubled, :left_so, :due, :attempts, :note)"""

INSERT_CHANGE = """
    insert into change (
        request_id, action, provider, contact_ref, offer_id, welcome_email, ids, new_name, state, after, attempts,
        reads, receipt, error)
    values (?, ?, ?, ?, ?, ?, ?, ?, 'todo', ?, 0, 0, '', '')
    returning id"""


def insert_request(
    sqlite: sqlite3.Connection, request_id: str, submission: Submission, *, offer: Offer, now: float
) -> None:
    asked = asked_for(submission, request_id, offer=offer, created=free_moment(sqlite, now), now=now)
    request = replace(asked, creates_contact=bool(submission.name))
    sqlite.execute(INSERT_REQUEST, request_values(request))


def asked_for(
    submission: Submission | BulkSubmission, request_id: str, *, offer: Offer, created: float, now: float
) -> Request:
    """Return what a submission asks for, due to be prepared: what one customer and a list have in common."""
    return Request(
        id=request_id,
        action=submission.action,
        provider=submission.provider,
        state=State.PREPARING,
        requester=submission.requester,
        channel=submission.channel,
        asked_in=submission.asked_in,
        offer=offer,
        reason=storable(submission.reason),
        created=created,
        updated=now,
        due=now,
        welcome_email=submission.welcome_email,
        term=submission.term,
        parent=submission.parent,
        editors=submission.editors,
        submitted_key=submission.key,
    )


def insert_changes(sqlite: sqlite3.Connection, request_id: str, submission: Submission, *, ref: int) -> None:
    """Add the change that was asked for and, before it, the contact's creation where a name was given for one."""
    first = None
    if submission.name:
        first = insert_change(sqlite, request_id, submission, action=Action.CREATE, ref=ref)
    insert_change(sqlite, request_id, submission, action=submission.action, ref=ref, after=first)


def insert_change(
    sqlite: sqlite3.Connection,
    request_id: str,
    submission: Submission,
    *,
    action: Action,
    ref: int,
    after: int | None = None,
) -> int:
    creates = action is Action.CREATE
    offer_id = "" if creates else submission.offer_id
    welcomes = submission.welcome_email and not creates
    values = (
        request_id,
        action.value,
        submission.provider,
        ref,
        offer_id,
        int(welcomes),
        "" if creates else ",".join(submission.ids),
        storable(submission.name),
        after,
    )
    return int(sqlite.execute(INSERT_CHANGE, values).fetchone()["id"])


def free_moment(sqlite: sqlite3.Connection, now: float) -> float:
    """Return `now`, or the next microsecond that no other request was made in: pages are cut by this moment."""
    latest = sqlite.execute(
        "select max(created) as latest from request where created between ? and ? + 1", (now, now)
    ).fetchone()["latest"]
    return now if latest is None else float(latest) + 1e-6
