"""What is told of that which ends by itself: before it is approved, when it is planned, and in the end?"""

from collections.abc import Iterator

from bot.domain import ends
from bot.domain.home import Entry
from bot.domain.parsing import EXAMPLES, Verb
from bot.domain.request import NOT_MOVED, Action, AuditEvent, Case, ChangeState, Request, State
from bot.domain.term import DAY
from bot.words import pausing, subjects, terms
from bot.words.scene import Scene
from bot.words.states import STATES
from bot.words.text import date, mention, safe

EMOJI = "⏲️"
EITHER = "*Approve* takes it back, *Deny* lets the customer keep it; until somebody decides, they keep it."
AGAIN = "🔁 I try again by myself: the time that it was granted for is over."

OVERDUE = (
    "Nobody decided in time whether this is taken back. Until somebody does, the customer keeps what was granted for a "
    "time."
)


# --- before it is approved -------------------------------------------------------------------------------------------


def foreseen(case: Case) -> Iterator[str]:
    """Say what an approval is for as well: the end, and what becomes of one that is planned."""
    request = case.request
    if request.planned is not None:
        over = f"*The time is over* for which {_parent(request)} granted it: {date(request.planned)}."
        yield f"{EMOJI} {over} {EITHER}"
    if request.action is not Action.GRANT:
        return
    if request.term is not None:
        yield f"{EMOJI} *For a time:* {terms.promise(request.term)}; that is approved along with it."
    if request.preview.get("moves"):
        end_id, planned = request.preview["moves"]
        then = "The later of the two counts." if request.term is not None else "That is cancelled: it stays for good."
        yield f"{planned_already(str(end_id), float(planned))} {then}"


def planned_already(end_id: str, planned: float) -> str:
    """Say that the same is held for a time; what becomes of that depends on what is asked."""
    return f"{EMOJI} *For a time already:* it is to be taken back by itself {date(planned)} ({safe(end_id, 20)})."


# --- how it stands ---------------------------------------------------------------------------------------------------


def facts(request: Request) -> str:
    """Say who asked, and when; of an end which grant it belongs to."""
    asked = f"asked by {mention(request.requester.id)}"
    if request.planned is None:
        return f"{asked} {date(request.created)}"
    return f"granted by {_parent(request)} until {date(request.planned)}, {asked}"


def spoken(case: Case) -> str:
    """Say of an end what it is about, in a sentence that goes on with how it stands."""
    until = f"until {date(case.request.planned or 0.0)} ({_parent(case.request)})"
    return f"{subjects.customer(case)} was granted {subjects.offer(case)} {until}. Taking it back"


def no_more(case: Case) -> str:
    """Say of an end that was cancelled what that means; empty where it is no end."""
    return ": this end is not carried out" if case.request.planned is not None else ""


def of_held(end: Request) -> str:
    """Say of what is held for a time until when."""
    when, named = date(end.planned or 0.0), safe(end.id, 20)
    match end.state:
        case State.FAILED:
            return f"was to be taken back by itself {when}, which has failed so far ({named})"
        case State.UNKNOWN:
            return f"was to be taken back by itself {when}, and nobody can say yet whether it was ({named})"
        case _:
            return f"is to be taken back by itself {when} ({named})"


def of_grant(case: Case) -> str:
    """Say of what was granted for a time what becomes of it; begins with a blank, or is empty."""
    if case.request.term is None or case.request.action is not Action.GRANT:
        return ""
    end = case.end
    if end is None:
        return " An end that is planned for later stands."
    if end.is_end and end.state in ends.STANDING and not end.left and end.planned is not None:
        return f" It is taken back by itself {date(end.planned)} ({end.id})."
    return f" {end.id}, which was to take it back, is {STATES[end.state]}."


def unneeded(case: Case) -> str:
    """Say how a grant ended that had nothing to send: as an extension, or because it was held otherwise."""
    had = f"{subjects.already(case)}. Nothing was sent."
    if case.request.action is not Action.GRANT:
        return f"👌 *Not needed*: {had}"
    if case.main.error == NOT_MOVED:
        end_id, _ = case.request.preview["moves"]
        gone = f"The end that was to be moved, {safe(str(end_id), 20)}, is not planned any more, and no other one is."
        return f"👌 *Not needed*: {had} {gone}"
    if case.end is not None:
        return f"✅ *Extended*: {subjects.customer(case)} keeps {subjects.offer(case)}.{of_grant(case)}"
    if case.request.preview.get("moves") and case.request.term is None:
        return (
            f"✅ *Kept*: {subjects.customer(case)} keeps {subjects.offer(case)} for good; no end is planned any more."
        )
    planned = "" if case.request.term is None else " No end is planned, for it was not given by this."
    return f"👌 *Not needed*: {had}{planned}"


def of_end(case: Case) -> str:
    """Say of an end that was carried out why, and how late; begins with a blank, or is empty."""
    if not case.request.is_end or case.main.state is not ChangeState.SUCCEEDED:
        return ""
    late = ends.lateness(case)
    if not late:
        return " The time that it was granted for is over."
    for_days = terms.in_days(round(late / DAY)) if late >= DAY else f"{max(round(late / 3600), 1)} h"
    return f" The time that it was granted for was over {date(case.request.planned or 0.0)}: this is {for_days} late."


def standing(case: Case) -> str:
    """Say on its card what is to happen; empty where it is no end that waits for its day."""
    request = case.request
    if not request.is_end or request.state is not State.APPROVED or request.planned is None:
        return ""
    return f"{EMOJI} *Planned*: taken back by itself {date(request.planned)}, as was approved with {_parent(request)}."


def failed(case: Case) -> str:
    """Say what to do about an end that failed."""
    again = f" I try again by myself, next {date(case.request.due)}." if case.request.due is not None else ""
    return (
        f"🚨 The customer still has what was granted for a time.{again} *Retry* does so now; "
        "who may approve a grant can *Leave it so*."
    )


def _parent(request: Request) -> str:
    return safe(request.parent or "", 20)


# --- what has happened -----------------------------------------------------------------------------------------------


def planned(event: AuditEvent, case: Case, _: Scene) -> str:
    return f"{EMOJI} Planned, by the approval of {_parent(case.request)}: taken back {date(_date(event))}."


def announced(event: AuditEvent, case: Case, _: Scene) -> str:
    return (
        f"{EMOJI} *Ends soon*: {subjects.offer(case)} is taken back from {subjects.customer(case)} by itself "
        f"{date(_date(event))}, as was approved. *Extend* asks for longer, *End now* for a revoke at once."
    )


def held(_: AuditEvent, case: Case, __: Scene) -> str:
    return (
        f"{pausing.EMOJI} {subjects.customer(case)} was to lose {subjects.offer(case)} by now, but I am paused. "
        f"It is taken back after {pausing.RESUME}."
    )


def given_up(event: AuditEvent, case: Case) -> str:
    """Say why an end is none any more; empty where it is no end."""
    instead, action = event.data.get("instead"), event.data.get("action")
    if instead is None:
        who = mention(event.actor.id) if event.actor is not None else "I"
        stays = f"{kept(case)} until somebody revokes it"
        return f"↩️ {who} cancelled the end: {stays}." if case.request.planned is not None else ""
    why = "has taken it back already" if action == Action.REVOKE else "has granted it anew, for longer or for good"
    return f"↩️ This end is skipped: {safe(str(instead), 20)} {why}."


def kept(case: Case) -> str:
    """Say what is so once an end is none any more."""
    return f"{subjects.customer(case)} keeps {subjects.offer(case)}"


def _date(event: AuditEvent) -> float:
    return float(event.data.get("planned") or event.at)


# --- those that are to come ------------------------------------------------------------------------------------------


def soon(days: int) -> str:
    """Name the list."""
    return f"Ends by itself {_within(days)}"


def none(days: int) -> str:
    """Say that there is nothing on it."""
    return f"Nothing that you may see ends by itself {_within(days)}."


def possible(shown: int, *, more: bool) -> str:
    """Say what can be done about them, and that there are more."""
    fewer = f"Only the first {shown} are shown: ask for fewer days, as in `{EXAMPLES[Verb.ENDING]}`." if more else ""
    asks = "Extend and End now ask for a request of their own; Keep for good is for those who approve."
    return f"{fewer} {asks}".strip()


def row(entry: Entry, scene: Scene) -> str:
    """Say what ends, when, and by whom it was asked for."""
    case, request = entry.case, entry.case.request
    failing = ", *failed so far*" if request.state is State.FAILED else ""
    at = f" at {scene.apart(case)}" if scene.apart(case) else ""
    what = f"*{subjects.offer(case)}* of {subjects.customer(case)}{at}, {date(request.planned or 0.0)}{failing}"
    by = f"Granted by {_parent(request)}, asked by {mention(request.requester.id)}"
    return f"{scene.named(request.id, entry.card)}: {what}\n{by}"


def _within(days: int) -> str:
    return f"within {terms.in_days(days)}"
