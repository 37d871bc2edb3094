"""The rows of a request for many customers: counted, told, and swept; never all of them at once in memory."""

import sqlite3
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from bot.domain.bulk_words import outcome_of
from bot.domain.outcome_file import Outcome
from bot.domain.request import Case, ChangeState
from bot.domain.states import Step, Sweep

#: counted as rows move (see `migrations`): to count ten thousand at each step would take longer than the step
COUNTS = "select state, unsent, count from tally where request_id = ?"

ROWS = """
    select change.line, change.state, change.plan, change.error, change.receipt, change.verified, change.sent,
        contact.address, contact.id as contact_id
    from change join contact on contact.ref = change.contact_ref"""

#: rows that are named on a card
SHOWN = 20
BAD = "select line, text, why from bad_row where request_id = :id and line > :after and line <= :last order by line"
EXCEPTIONS = f"""
    {ROWS} where request_id = :id and line > 0 and change.state in ('failed', 'unknown', 'cancelled')
        and (change.state <> 'cancelled' or plan not in ('', 'do', 'unneeded'))
    order by line limit :limit"""
PAGE = f"{ROWS} where request_id = :id and line > :after and line <= :last order by line"
#: several rows may have one number, and are not torn apart
LAST = """
    select line from (
        select line from change where request_id = :id and line > :after
        union all select line from bad_row where request_id = :id and line > :after)
    order by line limit 1 offset :limit - 1"""
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
        where request_id = :id and line > 0 and state = 'unknown'""",
    ),
    Sweep.SETTLE_NOT_DONE: (
        """
        update change set state = 'failed', attempts = attempts + 1, due = null, error = 'SettledAsNotDone',
            receipt = 'settled'
        where request_id = :id and line > 0 and state = 'unknown'""",
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


def with_exceptions(sqlite: sqlite3.Connection, case: Case) -> Case:
    """Name the first rows that cannot be used, were not done, or are not known to be done."""
    if not case.request.bulk:
        return case
    asked = {"id": case.request.id, "after": -1, "last": ENDLESS, "limit": SHOWN}
    title = case.request.offer.title
    found = [bad_outcome(row) for row in sqlite.execute(f"{BAD} limit :limit", asked)]
    found += [outcome_of(row, title) for row in sqlite.execute(EXCEPTIONS, asked)]
    return replace(case, exceptions=tuple(sorted(found, key=lambda one: one.line)[:SHOWN]))


def page(sqlite: sqlite3.Connection, request_id: str, title: str, *, after: int, limit: int) -> list[Outcome]:
    """Read the outcomes of the rows behind a line, those that cannot be used among them."""
    asked: dict[str, object] = {"id": request_id, "after": after, "limit": limit}
    last = sqlite.execute(LAST, asked).fetchone()
    asked["last"] = last["line"] if last else ENDLESS
    found = [bad_outcome(row) for row in sqlite.execute(BAD, asked)]
    found += [outcome_of(row, title) for row in sqlite.execute(PAGE, asked)]
    return sorted(found, key=lambda one: one.line)


def bad_outcome(row: sqlite3.Row) -> Outcome:
    return Outcome(row["line"], row["text"], "", "cannot be used", row["why"])


def sweep(sqlite: sqlite3.Connection, step: Step) -> None:
    """Do to all rows what a step says, in its own transaction."""
    if step.sweep is None:
        return
    given = {"id": step.case.request.id, "code": step.code, "now": step.case.request.updated}
    for statement in SWEEPS[step.sweep]:
        sqlite.execute(statement, given)
