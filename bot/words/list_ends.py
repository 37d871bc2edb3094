"""What is told of that which ends by itself for the customers of a list: of all of them together, never one by one."""

from collections.abc import Iterator, Mapping

from bot.domain.preview import Preview
from bot.domain.request import EXTEND, Action, AuditEvent, Case, State
from bot.domain.term import Term
from bot.words import pausing, subjects, terms
from bot.words.subjects import counted
from bot.words.text import date, mention, safe

EMOJI = "⏲️"
#: time limits that are named where there are several
NAMED = 6
#: how the ends stand, as it continues “12 …”
STANDS: Mapping[str, frozenset[State]] = {
    "to come": frozenset({State.APPROVED, State.EXECUTING}),
    "taken back": frozenset({State.SUCCEEDED}),
    "gone already": frozenset({State.UNNEEDED}),
    "failed, which I try again by myself": frozenset({State.FAILED}),
    "unknown": frozenset({State.UNKNOWN, State.PARTLY}),
    "asked about, for the customer has bought it": frozenset({State.PREPARING, State.PENDING}),
    "given up": frozenset({State.CANCELLED, State.DENIED, State.EXPIRED}),
}


# --- before it is approved -------------------------------------------------------------------------------------------


def limit(case: Case) -> str:
    """Say for how long it is granted, among other facts; empty where it is for good."""
    limits = Preview.from_data(case.request.preview).terms
    if len(limits) > 1:
        return "for a time, which differs"
    (term,) = [_term(one) for _, one in limits] or [case.request.term]
    return "" if term is None else terms.brief(term) if limits else "for a time"


def foreseen(case: Case) -> Iterator[str]:
    """Say what an approval is for as well: the ends, and what becomes of those that are planned."""
    if case.request.action is not Action.GRANT:
        return
    preview = Preview.from_data(case.request.preview)
    if len(preview.terms) == 1 and (term := _term(preview.terms[0][1])) is not None:
        yield f"{EMOJI} *For a time:* {terms.promise(term)}, for each of them; that is approved along with it."
    elif preview.terms:
        yield f"{EMOJI} *For a time:* {', '.join(_limits(preview))}; that is approved along with it."
    if held := preview.rows.get(EXTEND, 0):
        then = "that end is put off" if preview.terms else "that end is cancelled: it stays for good"
        yield f"{EMOJI} *For a time already:* {counted(held)}; {then}."


def _limits(preview: Preview) -> Iterator[str]:
    for count, one in preview.terms[:NAMED]:
        term = _term(one)
        yield f"{count:,} {'until somebody revokes it' if term is None else terms.brief(term)}"
    if others := sum(count for count, _ in preview.terms[NAMED:]):
        yield f"{others:,} for other times, which the file has"


def _term(data: Mapping[str, object] | None) -> Term | None:
    return None if data is None else Term.from_data(data)


# --- afterwards ------------------------------------------------------------------------------------------------------


def tally(case: Case) -> str:
    """Say how the ends stand; empty where there are none."""
    counts = {words: sum(case.ends.get(state, 0) for state in states) for words, states in STANDS.items()}
    told = ", ".join(f"{count:,} {words}" for words, count in counts.items() if count)
    return f"{EMOJI} *Ends by itself:* {told}." if told else ""


def about(case: Case) -> str:
    """Say which request it belongs to."""
    request = case.request
    return f"{safe(subjects.headline(case), 200)} · {request.id} · asked by {mention(request.requester.id)}"


def told(event: AuditEvent, case: Case) -> str:
    """Tell of what ends on one day; the event is that of the first of them."""
    what = f"{subjects.offer(case)}, which {case.request.id} granted for a time,"
    day = date(float(event.data.get("planned") or event.at))
    lists = "`/offer ending 2d` lists the customers, with *Extend* and *End now* for each"
    match event.name:
        case "request.announced":
            return f"{EMOJI} *Ends soon*: {what} is taken back by itself, as was approved, from {day} on. {lists}."
        case "request.held":
            after = f"It is taken back after {pausing.RESUME}."
            return f"{pausing.EMOJI} {what} was to be taken back from {day} on, but I am paused. {after}"
        case _:
            return f"{EMOJI} {what} is being taken back: its time is over.\n{tally(case)}".strip()
