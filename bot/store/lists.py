"""The rows of a request for many customers: counted, told, and swept; never all of them at once in memory."""

import sqlite3
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from bot.domain.bulk import RUNNING
from bot.domain.outcome_file import Became, Outcome
from bot.domain.request import EXTEND, Action, Case, ChangeState, Request, State
from bot.domain.row_outcomes import outcome_of
from bot.domain.states import Step, Sweep
from bot.store.rows import term_from

#: counted as rows move (see `migrations`): to count ten thousand at each step would take longer than the step
COUNTS = "select state, unsent, count from tally where request_id = ?"

ROWS = """
    select change.line, change.state, change.plan, change.error, change.receipt, change.verified, change.sent,
        change.term, change.reason, contact.address, contact.id as contact_id
    from change join contact on contact.ref = change.contact_ref"""

#: rows that are named on a card
SHOWN = 20
BAD = "select line, text, why from bad_row where request_id = :id and line > :after and line <= :last order by line"
EXCEPTIONS = f"""
    {ROWS} where request_id = :id and line > 0 and change.state in ('failed', 'unknown', 'cancelled')
        and (change.state <> 'cancelled' or plan not in ('', 'do', 'extend', 'unneeded'))
    order by line limit :limit"""
PAGE = f"{ROWS} where request_id = :id and line > :after and line <= :last order by line"
#: several rows may have one number, and are not torn apart
LAST = """
    select line from (
        select line from change where request_id = :id and line > :after
        union all select line from bad_row where request_id = :id and line > :after)
    order by line limit 1 offset :limit - 1"""
EXTENDED = """
    select count(*) as count from change
    where request_id = ? and line > 0 and plan = 'extend' and state = 'unneeded' and error = ''"""
#: rows that took effect though nobody has seen it
UNSEEN = """
    select coalesce(sum(receipt <> 'settled'), 0) as unseen, coalesce(sum(receipt = 'settled'), 0) as settled
    from change where request_id = ? and line > 0 and state = 'succeeded' and verified is null"""
#: the requests that take back by themselves what a list has granted for a time
ENDS = "select state, count(*) as count from request where parent = ? and planned is not null group by state"
#: of a request: it takes back by itself what a list granted to one of its customers, and there is no trouble with it.
#: As many as the list had customers, they would push all else out of sight; the list's own card sums them up
OF_A_ROW = """
    planned is not null and version = 1 and state in ('approved', 'executing', 'succeeded', 'unneeded', 'cancelled')
    and exists (select 1 from request as list where list.id = request.parent and list.size > 0)"""
#: more than any line's number
ENDLESS = 1 << 60

SWEEPS: Mapping[Sweep, tuple[str, ...]] = {
    Sweep.CANCEL: (
        """
        update change set state = 'cancelled', due = null
        where request_id = :id and line > 0 and state = 'todo' and sent is null""",
    ),
    Sweep.FAIL: (
        """
        update change set state = 'failed', due = null, error = :code
        where request_id = :id and line > 0 and state = 'todo' and sent is null""",
    ),
    Sweep.RETRY: (
        "update change set due = :now where request_id = :id and line > 0 and state = 'unknown'",
        # whoever still works on the old attempt holds it no more
        """
        update change set state = 'todo', attempts = attempts + 1, sent = null, resent = null, reads = 0,
            troubled = null, error = '', receipt = '', due = null, worker = null
        where request_id = :id and line > 0 and state = 'failed'""",
    ),
    Sweep.SETTLE_DONE: (
        """
        update change set state = 'succeeded', attempts = attempts + 1, due = null, error = '', receipt = 'settled'
        where request_id = :id and line > 0 and state = 'unknown'
        returning id""",
    ),
    Sweep.SETTLE_NOT_DONE: (
        """
        update change set state = 'failed', attempts = attempts + 1, due = null, error = 'SettledAsNotDone',
            receipt = 'settled'
        where request_id = :id and line > 0 and state = 'unknown'""",
    ),
    Sweep.LOOK_ANEW: (
        """
        update change set plan = '', fingerprint = ''
        where request_id = :id and line > 0 and state = 'todo' and sent is null""",
    ),
}


def counted(sqlite: sqlite3.Connection, case: Case) -> Case:
    """Count the rows that are not in the case."""
    rest: Counter[ChangeState] = Counter()
    unsent = 0
    for row in sqlite.execute(COUNTS, (case.request.id,)):
        rest[ChangeState(row["state"])] += row["count"]
        unsent += row["count"] if row["state"] == "todo" and row["unsent"] else 0
    rest.subtract(change.state for change in case.changes)
    loaded = sum(change.state is ChangeState.TODO and change.sent is None for change in case.changes)
    return replace(case, rest=dict(rest), unsent=unsent - loaded)


def in_full(sqlite: sqlite3.Connection, case: Case) -> Case:
    """Add what is told of a list: the first rows that are no success, and what becomes of those that end by themselves.

    What only its ending tells is counted then: while it is carried out there is more of it each moment.
    """
    request = case.request
    if not request.bulk:
        return case
    case = with_exceptions(sqlite, case)
    if request.state in RUNNING:
        return case
    case = replace(case, **dict(sqlite.execute(UNSEEN, (request.id,)).fetchone()))
    if request.preview.get("rows", {}).get(EXTEND):
        case = replace(case, extended=sqlite.execute(EXTENDED, (request.id,)).fetchone()["count"])
    if request.action is Action.GRANT:
        counted = sqlite.execute(ENDS, (request.id,))
        case = replace(case, ends={State(row["state"]): row["count"] for row in counted})
    return case


def with_exceptions(sqlite: sqlite3.Connection, case: Case) -> Case:
    """Name the first rows that cannot be used, were not done, or are not known to be done."""
    asked = {"id": case.request.id, "after": -1, "last": ENDLESS, "limit": SHOWN}
    found = [bad_outcome(row) for row in sqlite.execute(f"{BAD} limit :limit", asked)]
    found += [_outcome(row, case.request) for row in sqlite.execute(EXCEPTIONS, asked)]
    return replace(case, exceptions=tuple(sorted(found, key=lambda one: one.line)[:SHOWN]))


def page(sqlite: sqlite3.Connection, request: Request, *, after: int, limit: int) -> list[Outcome]:
    """Read the outcomes of the rows behind a line, those that cannot be used among them."""
    asked: dict[str, object] = {"id": request.id, "after": after, "limit": limit}
    last = sqlite.execute(LAST, asked).fetchone()
    asked["last"] = last["line"] if last else ENDLESS
    found = [bad_outcome(row) for row in sqlite.execute(BAD, asked)]
    found += [_outcome(row, request) for row in sqlite.execute(PAGE, asked)]
    return sorted(found, key=lambda one: one.line)


def _outcome(row: sqlite3.Row, request: Request) -> Outcome:
    return outcome_of(row, request, term=term_from(row["term"]) or request.term)


def bad_outcome(row: sqlite3.Row) -> Outcome:
    return Outcome(row["line"], row["text"], "", Became.UNUSABLE, row["why"])


def sweep(sqlite: sqlite3.Connection, step: Step) -> list[int]:
    """Do to all rows what a step says, in its own transaction; return those that took effect by it."""
    if step.sweep is None:
        return []
    given = {"id": step.case.request.id, "code": step.code, "now": step.case.request.updated}
    return [row["id"] for statement in SWEEPS[step.sweep] for row in sqlite.execute(statement, given).fetchall()]
