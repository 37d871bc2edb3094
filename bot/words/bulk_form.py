"""What stands in the forms for many customers, and what is said at once of the list that was given?"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from bot.domain.bulk import BulkSubmission
from bot.domain.outcome_file import Outcome
from bot.domain.request import Action, Case, ChangeState
from bot.words import bulk, labels, rows, subjects
from bot.words.scene import Scene
from bot.words.subjects import counted
from bot.words.text import listed, safe

TITLE = "Many customers at once"
ACTION = "What is to be done for each of them"
ACTIONS: Mapping[Action, str] = {Action.GRANT: "Grant it", Action.REVOKE: "Revoke it"}
OFFER_HINT = "A row of the list may name another one: each offer is then a request of its own."
FOR_GOOD = "Left empty, it stays. What is revoked has no time limit."
FILE = "List of customers"
NO_FILES = "To upload a file as well, have whoever installed me grant the scope `files:read`."
PASTE, OR_PASTE = "Paste the customers", "Or paste the customers"
UNDO_HINT = "CSV with the customers, as the file in the thread has them; other columns do not count."
EXAMPLE = "jane@example.com\nlinus@example.com"


def file_hint(rows: int) -> str:
    """Say what file is wanted."""
    return (
        f"CSV, up to {rows:,} customers, one in each row. Columns named action, offer, days or reason count for their "
        "row, and this form for all that say nothing themselves."
    )


def paste_hint(characters: int) -> str:
    """Say how much can be pasted."""
    return f"What fits into {characters:,} characters: about 100."


# --- what came of the list -------------------------------------------------------------------------------------------


def asked(cases: Sequence[Case], *, apart: bool) -> Iterator[str]:
    """Say what is asked, and of whom; `apart`: a part of the list is not."""
    (first, *others), after = cases, "I look them up; then it is decided."
    if not others and not apart:
        yield f"*{first.request.id} is asked* for {first.request.size:,} of the list. {after}"
        return
    many = f"{len(cases):,} requests, each decided by itself" if others else "1 request"
    yield f"*The list asks for different things*, so it is {many}. {after}"
    yield from (f"• *{one.request.id}*: {safe(subjects.headline(one), 200)}" for one in cases)


def not_asked(part: BulkSubmission, why: str, *, most: int) -> str:
    """Say which rows are not asked for, and why."""
    lines = listed(f"{row.line}" for row in part.rows[:most])
    more = f" and {len(part.rows) - most:,} more" if len(part.rows) > most else ""
    what = f"to {part.action.value} {safe(part.offer_id, 60)} for {counted(len(part.rows))}"
    return f"• *Not asked*: {what}, in row {lines}{more}. {why}"


def left_out(rows: int) -> str:
    """Head those that cannot be used."""
    rows_are = "1 row is" if rows == 1 else f"{rows:,} rows are"
    return f"*{rows_are} left out*, for I cannot use them:"


def bad_row(one: Outcome) -> str:
    """Say what is wrong with one."""
    return f"• Row {one.line}, “{safe(one.customer, 60)}”: {safe(rows.bad(one.why), 200)}"


def further(rows: int, case: Case, scene: Scene) -> str:
    """Say how many more there are, and where they stand."""
    return f"… and {rows:,} more. {bulk.everything(case, scene)}"


def besides(again: int, unread: Iterable[str], *, timeless: bool) -> Iterator[str]:
    """Say what else of the list was not taken over."""
    if again:
        yield f"Left out as repetitions: {again:,}."
    if columns := [safe(one, 40) for one in unread]:
        yield f"Columns not read: {listed(columns)}."
    if timeless:
        yield "What is revoked has no time limit: those are not used."


# --- asking it once more, and undoing it -----------------------------------------------------------------------------


def again(request_id: str) -> str:
    """Head the form that asks for a list once more."""
    return f"Again: {request_id}"


def again_list(case: Case) -> str:
    """Say what is asked for once more."""
    verb, towards = ("Grant", "to") if case.request.action is Action.GRANT else ("Revoke", "from")
    return (
        f"*{verb} {subjects.offer(case)}* {towards} the *{counted(case.request.size)}* of {case.request.id}? All of "
        "them are looked up anew. It is a request of its own, which somebody else decides. To ask for others, give "
        "another list with `/offer bulk`."
    )


def undo(request_id: str) -> str:
    """Head the form that takes a list back."""
    return f"{labels.UNDO} {request_id}"


def undo_list(case: Case) -> str:
    """Say what is taken back, from whom."""
    done = counted(case.counts[ChangeState.SUCCEEDED])
    undone = "revoked from" if case.request.action is Action.GRANT else "granted to"
    return (
        f"*{subjects.offer(case)}* is {undone} *{done}*, those for whom {case.request.id} has changed something and "
        "nobody else. It is a request of its own, which somebody else decides. *To undo it for some of them alone*, "
        "name those below; left empty, it is for all."
    )
