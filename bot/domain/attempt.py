"""The steps of one attempt at a change: send, confirm, wait, finish, or ask again.

Each is refused (None) to an attempt that no longer holds the change: `attempts` was raised by whoever claimed it since.
"""

from dataclasses import replace
from typing import Any

from bot.domain.preview import Preview
from bot.domain.request import AuditEvent, Case, Change, ChangeState, Contact, Offer, State
from bot.domain.spending import for_people
from bot.domain.states import (
    Step,
    Timing,
    concluded,
    event,
    identified,
    move,
    show,
    shown_data,
    turn,
    unblocked,
    with_changes,
)

#: of what succeeded: the provider confirmed it, and does not let anybody read whether it is so
UNSEEN = "Unseen"
#: of what failed: a part of it was done, which the provider's words name first, and then why no more was
IN_PART, NO_MORE = "InPart", ", and no more: "
#: its time was over before it was done; of what was sent by then, nobody heard
NO_TURN, LOST = "NoTurn", "AnswerLost"
#: the note of a list of which the rest was taken back midway
TAKEN_BACK = "TakenBack"


def _held(case: Case, change_id: int, attempt: int) -> Change | None:
    """Return the change if this attempt still holds it and it has no ending yet."""
    change = case.change(change_id)
    if case.request.state in {State.PREPARING, State.PENDING}:
        return None  # it was asked anew; nothing is under way
    return change if change.open and change.attempts == attempt else None


def send(case: Case, change_id: int, *, attempt: int, now: float, contact: Contact | None = None) -> Step | None:
    """Pass the point of no return: what follows may take effect. `contact` is whom it will be sent for."""
    change = _held(case, change_id, attempt)
    if change is None or change.sent is not None or change.state is not ChangeState.TODO:
        return None
    if case.request.state not in {State.APPROVED, State.EXECUTING} or case.request.held is not None:
        return None
    request = case.request
    if request.state is State.APPROVED:
        request = move(request, State.EXECUTING, updated=now)
    case = replace(case, request=request)
    case = with_changes(case, *identified(case, contact))
    change = case.change(change_id)
    sent = replace(change, sent=now, sent_to=change.contact.id, reads=0)
    case = with_changes(case, sent)
    return Step(case, (_told("change.sent", case, change, now, text=change.reason),))


def send_again(case: Case, change_id: int, *, attempt: int, now: float) -> Step | None:
    """Use the one repetition of an action that the provider declares repeatable."""
    change = _held(case, change_id, attempt)
    if change is None or change.sent is None or change.resent is not None or change.state is not ChangeState.TODO:
        return None
    case = with_changes(case, replace(change, resent=now, reads=0))
    return Step(case, (_told("change.resent", case, change, now),))


def go_on(case: Case, change_id: int, *, attempt: int) -> Step | None:
    """Make the call of what this attempt has sent: the one before surely did nothing."""
    change = _held(case, change_id, attempt)
    if change is None or change.sent is None or change.state is not ChangeState.TODO:
        return None
    return Step(case, ())


def confirm(case: Case, change_id: int, *, attempt: int, receipt: str, now: float) -> Step | None:
    """Keep the provider's own word. It is not the ending: the read-back is."""
    change = _held(case, change_id, attempt)
    if change is None:
        return None
    case = with_changes(case, replace(change, receipt=receipt, reads=0, troubled=None, error=""))
    return Step(case, (_told("change.confirmed", case, change, now),))


def hold_back(case: Case, change_id: int, *, attempt: int, now: float, undone: bool = False) -> Step | None:
    """Give back what must not be sent now: it stays due, and has met no trouble.

    `undone`: it has been sent, and the call surely did nothing.
    """
    change = _held(case, change_id, attempt)
    if change is None or (change.sent is not None and not (undone and change.resent is None)):
        return None
    if change.sent is not None and _taken_back(case):
        return _dropped(case, change, now)
    case = with_changes(case, replace(change, due=None if case.request.bulk else now, sent=None))
    return Step(case, (_told("change.held", case, change, now),) if change.sent is not None else ())


def wait(
    case: Case,
    change_id: int,
    *,
    attempt: int,
    until: float,
    code: str,
    now: float,
    timing: Timing,
    undone: bool = False,
    read: bool = False,
) -> Step | None:
    """Come back later, or end it when that has gone on for too long.

    `undone`: the last call surely did nothing. `read`: a read has just said that it is not so. `code` is a short word
    for the trouble and, after a colon, the provider's own; empty where nothing is wrong.
    """
    change = _held(case, change_id, attempt)
    if change is None or (read and change.sent is None):
        return None
    if case.request.held is not None and change.sent is None:
        return hold_back(case, change_id, attempt=attempt, now=now)
    if code == NO_TURN and change.sent is not None:
        code = LOST
    first = min(change.troubled, now) if change.troubled is not None else now  # the clock may have been put back
    undone = undone and change.resent is None
    if now - first > timing.give_up and not read:
        return _given_up(case, change, attempt=attempt, code=code, undone=undone, timing=timing, now=now)
    if undone and _taken_back(case):
        return _dropped(case, change, now)
    unsent = undone or change.sent is None
    waiting = replace(
        change,
        due=None if case.request.bulk and unsent else until,  # whoever carries out the list comes back to it
        error=code,
        troubled=first,
        reads=change.reads + 1 if read else change.reads,
        sent=None if undone else change.sent,
    )
    news = bool(code) and _head(change.error) != _head(code)
    case = with_changes(case, waiting)
    return Step(case, (_told("change.postponed", case, change, now, code=code, until=until),) if news else ())


def _taken_back(case: Case) -> bool:
    if case.request.bulk:
        return case.request.note == TAKEN_BACK
    return any(one.state is ChangeState.CANCELLED for one in case.changes)


def _given_up(
    case: Case, change: Change, *, attempt: int, code: str, undone: bool, timing: Timing, now: float
) -> Step | None:
    """End what was tried for too long: as failed where surely nothing was done, else as unknown."""
    at: dict[str, Any] = {"change_id": change.id, "attempt": attempt, "now": now, "code": f"GaveUp: {code}"}
    if change.state is ChangeState.TODO and (change.sent is None or undone):
        return finish(case, to=ChangeState.FAILED, **at)
    look_again = now + timing.next_look(now - (change.sent if change.sent is not None else now))
    return finish(case, to=ChangeState.UNKNOWN, look_again=look_again, **at)


def _dropped(case: Case, change: Change, now: float) -> Step:
    """End a change that turned out not to be done, of a request that was cancelled meanwhile."""
    dropped = turn(change, ChangeState.CANCELLED, due=None, sent=None)
    case = with_changes(case, dropped)
    return concluded(case, now, _told("change.dropped", case, dropped, now))


def finish(
    case: Case,
    change_id: int,
    *,
    attempt: int,
    to: ChangeState,
    now: float,
    code: str = "",
    look_again: float | None = None,
    contact: Contact | None = None,
) -> Step | None:
    """Give a change its ending; the last one ends the request. Only the attempt that holds it may."""
    change = _held(case, change_id, attempt)
    if change is None or (to is ChangeState.UNKNOWN and change.sent is None):
        return None
    if change.state is ChangeState.UNKNOWN and to is ChangeState.UNKNOWN:
        return _still_unknown(case, change, now=now, look_again=look_again)
    done = to in {ChangeState.SUCCEEDED, ChangeState.UNNEEDED} and code != UNSEEN
    ended = turn(
        change,
        to,
        due=look_again if to is ChangeState.UNKNOWN else None,
        error=code,
        sent=None if to is ChangeState.FAILED else change.sent,
        verified=now if done else None,
        in_part=code.partition(": ")[2].partition(NO_MORE)[0] if _head(code) == IN_PART else change.in_part,
    )
    case = with_changes(case, ended)
    if contact is not None:
        case = with_changes(case, *identified(case, contact))
    case = replace(case, changes=unblocked(case.changes, now))
    name = "taken" if code == UNSEEN else _TOLD_AS[to]
    return concluded(case, now, _told(f"change.{name}", case, ended, now, code=code))


_TOLD_AS = {
    ChangeState.SUCCEEDED: "verified",
    ChangeState.FAILED: "failed",
    ChangeState.UNKNOWN: "lost",
    ChangeState.UNNEEDED: "unneeded",
}


def _still_unknown(case: Case, change: Change, *, now: float, look_again: float | None) -> Step:
    """Looked again and still cannot tell. It is news only to somebody who asked for the look."""
    case = with_changes(case, replace(change, due=look_again))
    if case.request.state is not State.EXECUTING:
        return Step(case, ())
    return concluded(case, now)


def drift(
    case: Case,
    change_id: int,
    *,
    attempt: int,
    preview: Preview,
    fingerprint: str,
    offer: Offer,
    why: str,
    changed: tuple[str, ...] = (),
    timing: Timing,
    now: float,
) -> Step | None:
    """Ask again: what was approved is no longer what would happen. Approvals of the old version are void."""
    change = _held(case, change_id, attempt)
    if change is None or case.request.state not in {State.APPROVED, State.EXECUTING}:
        return None
    if case.main.state is not ChangeState.TODO or any(one.sent is not None and one.open for one in case.changes):
        return None
    before, preview = case.request.preview.get("policy", ""), for_people(preview)
    request = show(case.request, preview=preview, fingerprint=fingerprint, offer=offer, timing=timing, now=now)
    changes = tuple(replace(one, due=None, troubled=None, error="") if one.open else one for one in case.changes)
    case = replace(case, request=request, changes=changes)
    told = {"why": why, "changed": list(changed), "other_rules": preview.policy != before}
    data = shown_data(request, preview) | told
    return Step(case, (event("request.drifted", case, now, **data),))


def _head(code: str) -> str:
    return code.partition(": ")[0]


def _told(
    name: str, case: Case, change: Change, now: float, *, code: str = "", text: str = "", **data: Any
) -> AuditEvent:
    """Make the event of a change. What people and providers say is kept beside the chain: it may be about a person."""
    facts: dict[str, Any] = {"change": change.id, "action": change.action.value, "attempt": change.attempts}
    facts |= {"offer": change.offer_id, "contact": change.contact.id} | data
    head, _, words = code.partition(": ")
    return event(name, case, now, text=text or words, **facts | ({"code": head} if head else {}))
