"""A request with all that belongs to it: read whole, written where it differs."""

import sqlite3
from collections.abc import Callable, Sequence

from bot.domain.errors import RequestNotFound
from bot.domain.notices import Notices
from bot.domain.request import Case, Change, Decision, Earlier, Request
from bot.domain.states import Step
from bot.ports import Take
from bot.store import audit, contacts, lists, outbox, spending
from bot.store.rows import change_from, change_values, decision_from, request_from, request_values, storable

#: what a change undoes, as it was confirmed; the plus keeps it from going through all rows of a list for each of them
UNDONE = """
    select trim(undone.in_part || ', ' || undone.receipt, ', ')
    from request join change as undone on +undone.request_id = request.parent
    where request.id = change.request_id and request.parent is not null and request.planned is null
        and undone.contact_ref = change.contact_ref
        and undone.offer_id = change.offer_id and undone.state = 'succeeded'
        and undone.action <> change.action and 'create' not in (undone.action, change.action)"""
CHANGES = f"""
    select change.*, contact.address, contact.id as contact_id, contact.name, contact.customer_id,
        ({UNDONE}) as undoes
    from change join contact on contact.ref = change.contact_ref"""  # noqa: S608 - both texts are ours

UPDATE_REQUEST = """
    update request set
        state = :state, channel = :channel, offer = :offer, reason = :reason,
        welcome_email = :welcome_email, editors = :editors, term = :term, held = :held,
        version = :version, fingerprint = :fingerprint, preview = :preview,
        creates_contact = :creates_contact, updated = :updated, decided = :decided, expires = :expires,
        reminded = :reminded, troubled = :troubled, left_so = :left_so, attempts = :attempts, note = :note,
        worker = iif(due is :due, worker, null), due = :due
    where id = :id and state = :was_state and version = :was_version"""

UPDATE_CHANGE = """
    update change set
        state = :state, attempts = :attempts, sent = :sent, sent_to = :sent_to, resent = :resent, reads = :reads,
        receipt = :receipt, verified = :verified,
        troubled = :troubled, error = :error, in_part = :in_part,
        queued = iif(:troubled is null and :due is not null, queued, null),
        worker = iif(due is :due, worker, null), due = :due
    where id = :id and attempts = :was_attempts"""

RETARGET = """
    update change set contact_ref = :ref, offer_id = :offer, welcome_email = :welcome_email, new_name = :new_name,
        ids = :ids
    where id = :id and state = 'todo' and sent is null"""


EARLIER = """
    select request.*, (
        select group_concat(person) from decision
        where request_id = request.id and version = request.version and choice = 'approve') as approvers
    from request where id in ({}) order by created desc"""


END = "select * from request where parent = ? and planned is not null order by number desc limit 1"

#: what is written in the same transaction as a step; it is told the rows that took effect without being in the case
Then = Callable[[sqlite3.Connection, Case, Step, Sequence[int]], None]


class LostUpdate(AssertionError):
    """A row was not as it had been read in the same transaction: a fault of this program."""


def load(sqlite: sqlite3.Connection, request_id: str, changes: Sequence[int] = ()) -> Case | None:
    """Read a request with its changes; of one for a list with none but these."""
    row = sqlite.execute("select * from request where id = ?", (request_id,)).fetchone()
    if row is None:
        return None
    request = request_from(row)
    decisions = sqlite.execute("select * from decision where request_id = ? order by at, rowid", (request_id,))
    case = Case(
        request=request,
        changes=some(sqlite, changes) if request.bulk else all_of(sqlite, request_id),
        decisions=tuple(decision_from(decision) for decision in decisions),
        earlier=earlier(sqlite, request),
        end=end_of(sqlite, request),
    )
    return lists.counted(sqlite, case) if request.bulk else case


def all_of(sqlite: sqlite3.Connection, request_id: str) -> tuple[Change, ...]:
    rows = sqlite.execute(f"{CHANGES} where change.request_id = ? order by change.id", (request_id,))
    return tuple(change_from(row) for row in rows)


def some(sqlite: sqlite3.Connection, ids: Sequence[int]) -> tuple[Change, ...]:
    rows = (sqlite.execute(f"{CHANGES} where change.id = ?", (one,)).fetchone() for one in ids)
    return tuple(change_from(row) for row in rows)


def end_of(sqlite: sqlite3.Connection, request: Request) -> Request | None:
    """Read what takes back by itself that which a request has granted for a time."""
    row = sqlite.execute(END, (request.id,)).fetchone() if request.term is not None and not request.bulk else None
    return request_from(row) if row else None


def earlier(sqlite: sqlite3.Connection, request: Request) -> tuple[Earlier, ...]:
    ids = tuple(request.preview.get("earlier", ()))
    if not ids:
        return ()
    rows = sqlite.execute(EARLIER.format(", ".join("?" * len(ids))), ids).fetchall()
    return tuple(
        Earlier(request=request_from(row), approvers=tuple(filter(None, (row["approvers"] or "").split(","))))
        for row in rows
    )


def found(sqlite: sqlite3.Connection, request_id: str, changes: Sequence[int] = ()) -> Case:
    case = load(sqlite, request_id, changes)
    if case is None:
        raise RequestNotFound(request_id)
    return case


def step(
    sqlite: sqlite3.Connection,
    request_id: str,
    take: Take,
    notices: Notices,
    *,
    changes: Sequence[int] = (),
    then: Then | None = None,
) -> Case | None:
    """Run a step on what is on disk and write what it returns, and what follows; None when it had nothing to do."""
    before = found(sqlite, request_id, changes)
    taken = take(before)
    if taken is None:
        return None
    swept = write(sqlite, before, taken, notices)
    if then is not None:
        then(sqlite, before, taken, swept)
    return found(sqlite, request_id, changes)


def edit(sqlite: sqlite3.Connection, request_id: str, take: Take, notices: Notices) -> Case | None:
    """Run a step that gives the changes other targets, which only what is not sent can have."""
    taken = take(found(sqlite, request_id))
    if taken is None:
        return None
    for change in taken.case.changes:
        retarget(sqlite, change, named=taken.case.request.creates_contact)
    write(sqlite, found(sqlite, request_id), taken, notices)
    return found(sqlite, request_id)


def retarget(sqlite: sqlite3.Connection, change: Change, *, named: bool) -> None:
    target = {
        "id": change.id,
        "ref": change.contact.ref,
        "offer": change.offer_id,
        "welcome_email": int(change.welcome_email),
        "new_name": storable(change.contact.name) if named else "",
        "ids": ",".join(change.ids),
    }
    if sqlite.execute(RETARGET, target).rowcount != 1:
        raise LostUpdate(f"{change.request_id}, change {change.id}")


def write(sqlite: sqlite3.Connection, before: Case, step: Step, notices: Notices) -> Sequence[int]:
    """Write what a step has made of a case: rows, events, and the messages that the events owe.

    Return the rows that took effect by it without being in the case.
    """
    write_request(sqlite, before, step.case)
    # an ending frees the place in `one_sent` that a send may take
    for change in sorted(step.case.changes, key=lambda change: change.open):
        write_change(sqlite, before.change(change.id), change)
    swept = lists.sweep(sqlite, step)
    for decision in before.decisions:
        if decision not in step.case.decisions:
            erase_decision(sqlite, decision)
    for decision in step.case.decisions:
        if decision not in before.decisions:
            write_decision(sqlite, decision)
    spending.follow(sqlite, before, step.case, swept)
    spending.demand_within(sqlite, step.within)
    for told in step.events:
        event = audit.append(sqlite, told)
        outbox.owe(sqlite, event, step.case, notices)
    return swept


def write_request(sqlite: sqlite3.Connection, before: Case, after: Case) -> None:
    if after.request == before.request:
        return
    was = {"was_state": before.request.state.value, "was_version": before.request.version}
    done = sqlite.execute(UPDATE_REQUEST, request_values(after.request) | was)
    if done.rowcount != 1:
        raise LostUpdate(before.request.id)


def write_change(sqlite: sqlite3.Connection, before: Change, after: Change) -> None:
    if after == before:
        return
    contacts.identify(sqlite, before, after)
    done = sqlite.execute(UPDATE_CHANGE, change_values(after) | {"was_attempts": before.attempts})
    if done.rowcount != 1:
        raise LostUpdate(f"{before.request_id}, change {before.id}")


def erase_decision(sqlite: sqlite3.Connection, decision: Decision) -> None:
    """Take out what does not count any more; that it was given, and that it was taken back, is in the audit."""
    told = (decision.request_id, decision.version, decision.by.team, decision.by.id)
    sqlite.execute("delete from decision where request_id = ? and version = ? and team = ? and person = ?", told)


def write_decision(sqlite: sqlite3.Connection, decision: Decision) -> None:
    sqlite.execute(
        "insert into decision (request_id, version, choice, team, person, at, note) values (?, ?, ?, ?, ?, ?, ?)",
        (
            decision.request_id,
            decision.version,
            decision.choice.value,
            decision.by.team,
            decision.by.id,
            decision.at,
            storable(decision.note),
        ),
    )
