"""Where requests and changes may go, and what a step is.

Every step is a function from a case to a `Step`; the store runs it inside one transaction, on what is on disk at
that moment, and writes the case, the events and the messages they owe all at once or not at all. A step that has
nothing to do any more, because somebody else was faster, returns None.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from bot.domain.policy.limits import Cap
from bot.domain.preview import Preview
from bot.domain.request import AuditEvent, Case, Change, ChangeState, Contact, Offer, Person, Request, State

NEXT: Mapping[State, frozenset[State]] = {
    State.PREPARING: frozenset({State.PENDING, State.CANCELLED}),
    State.PENDING: frozenset({State.APPROVED, State.DENIED, State.EXPIRED, State.CANCELLED, State.PREPARING}),
    State.APPROVED: frozenset({State.EXECUTING, State.PENDING, State.CANCELLED}),
    State.EXECUTING: frozenset(
        {
            State.SUCCEEDED,
            State.FAILED,
            State.PARTLY,
            State.UNKNOWN,
            State.UNNEEDED,
            State.PENDING,
            State.CANCELLED,
        }
    ),
    State.UNKNOWN: frozenset({State.EXECUTING, State.SUCCEEDED, State.FAILED, State.PARTLY}),
    State.FAILED: frozenset({State.EXECUTING}),
    State.PARTLY: frozenset({State.EXECUTING}),
    State.SUCCEEDED: frozenset(),
    State.UNNEEDED: frozenset(),
    State.DENIED: frozenset(),
    State.EXPIRED: frozenset(),
    State.CANCELLED: frozenset(),
}

CHANGE_NEXT: Mapping[ChangeState, frozenset[ChangeState]] = {
    ChangeState.TODO: frozenset(ChangeState) - {ChangeState.TODO},
    ChangeState.UNKNOWN: frozenset({ChangeState.SUCCEEDED, ChangeState.FAILED}),
    ChangeState.FAILED: frozenset({ChangeState.TODO}),
    ChangeState.SUCCEEDED: frozenset(),
    ChangeState.UNNEEDED: frozenset(),
    ChangeState.CANCELLED: frozenset(),
}


class Sweep(StrEnum):
    """What a step does to all rows of a list that it is not handed: the store does it in the same transaction."""

    CANCEL = "cancel"  #: what is not sent
    FAIL = "fail"  #: what is not sent
    RETRY = "retry"  #: what failed; and look at what is unknown
    SETTLE_DONE = "settle_done"  #: what is unknown
    SETTLE_NOT_DONE = "settle_not_done"
    LOOK_ANEW = "look_anew"  #: what is to be done, before anybody has approved it


@dataclass(frozen=True, slots=True)
class Step:
    """What one step writes: the case as it is afterwards, and what has happened."""

    case: Case
    events: tuple[AuditEvent, ...]
    #: what it must not go over, looked up in the same transaction; else `Overdrawn` is raised and nothing is written
    within: tuple[Cap, ...] = ()
    sweep: Sweep | None = None
    #: why, where the sweep ends something
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """How long things may take, in seconds."""

    reminder: float = 24 * 3600
    expiry: float = 7 * 24 * 3600
    #: how long an approval is good for before anything is sent
    approval: float = 24 * 3600
    #: how long to go on trying a provider that does not answer
    give_up: float = 30 * 60
    #: pauses between the reads that look for a change just sent
    reads: tuple[float, ...] = (3.0, 7.0)
    #: how long what was sent for a list is gathered before it is read back together
    gather: float = 180.0
    #: between two looks of the card of a list that is worked on
    shows: float = 3.0
    #: how long after it was first sent a change may be written once more
    repeat: float = 5 * 60
    #: how long to wait while another change of the same contact and offer is under way
    busy: float = 2.0
    #: bounds of the pause before trying again, which grows with the trouble
    shortest: float = 5.0
    longest: float = 120.0
    #: the same for looking again at what is unknown
    first_look: float = 60.0
    last_look: float = 6 * 3600

    def pause(self, troubled: float, *, least: float | None = None) -> float:
        """Return how long to wait after so much trouble."""
        return min(max(troubled / 2, self.shortest if least is None else least), self.longest)

    def next_look(self, unknown: float) -> float:
        """Return when to look again at what has been unknown for so long."""
        return min(max(unknown / 2, self.first_look), self.last_look)


#: bounds of the pause before a failed end is tried again, which is as long as it is late
FIRST_AGAIN, LAST_AGAIN = 900.0, 86_400.0


class IllegalStep(AssertionError):
    """A step that the table does not have: a fault of this program, never of a person."""


def move(request: Request, to: State, **fields: Any) -> Request:
    """Write `state`; nothing else does."""
    if to not in NEXT[request.state]:
        raise IllegalStep(f"{request.state} -> {to}")
    return replace(request, state=to, **fields)


def ask_anew(request: Request, *, now: float, **fields: Any) -> Request:
    """Have a request that waits for a decision looked into and shown again, as if nobody had seen it."""
    blank: dict[str, Any] = {"fingerprint": "", "preview": {}, "expires": None, "reminded": None, "troubled": None}
    return move(request, State.PREPARING, updated=now, due=now, attempts=0, **blank, **fields)


def turn(change: Change, to: ChangeState, **fields: Any) -> Change:
    """Write a change's `state`; nothing else does."""
    if to not in CHANGE_NEXT[change.state]:
        raise IllegalStep(f"{change.state} -> {to}")
    return replace(change, state=to, **fields)


def event(name: str, case: Case, now: float, *, actor: Person | None = None, text: str = "", **data: Any) -> AuditEvent:
    return AuditEvent(name=name, at=now, request_id=case.request.id, actor=actor, text=text, data=data)


def with_changes(case: Case, *changed: Change) -> Case:
    """Return the case with these changes in place of the ones with the same ids."""
    new = {change.id: change for change in changed}
    return replace(case, changes=tuple(new.get(change.id, change) for change in case.changes))


def show(request: Request, *, preview: Preview, fingerprint: str, offer: Offer, timing: Timing, now: float) -> Request:
    expiry = timing.expiry if preview.expiry is None else preview.expiry
    after = preview.escalate_after
    preview = replace(
        preview,
        remind_at=tuple(now + wait for wait in preview.reminders or (timing.reminder,)),
        escalate_at=None if after is None else now + after,
    )
    shown = move(
        request,
        State.PENDING,
        version=request.version + 1,
        fingerprint=fingerprint,
        preview=preview.as_data(),
        offer=offer,
        updated=now,
        decided=None,
        expires=now + expiry,
        reminded=None,
        troubled=None,
        attempts=0,
        note="",
    )
    return replace(shown, due=next_date(shown))


def next_date(request: Request) -> float | None:
    """Return when time does the next thing to a request that waits: a reminder, the escalation, the end."""
    shown = request.preview
    since = request.reminded if request.reminded is not None else request.created
    dates = [one for one in shown.get("remind_at", ()) if one > since]
    if shown.get("escalate_at") is not None and shown.get("escalated") is None:
        dates.append(shown["escalate_at"])
    return min((*dates, request.expires), default=None) if request.expires is not None else None


def is_escalation_due(request: Request, now: float) -> bool:
    """Whether nobody has decided for so long that others may."""
    at = request.preview.get("escalate_at")
    return request.state is State.PENDING and at is not None and at <= now and request.preview.get("escalated") is None


def shown_data(request: Request, preview: Preview) -> dict[str, Any]:
    return {
        "version": request.version,
        "fingerprint": request.fingerprint,
        "approvers": list(preview.approvers),
        "rule": preview.rule,
        "policy": preview.policy,
        "outside": list(preview.outside),
    }


def identified(case: Case, contact: Contact | None) -> list[Change]:
    if contact is None:
        return []
    return [
        replace(change, contact=replace(contact, ref=change.contact.ref, name=contact.name or change.contact.name))
        for change in case.changes
    ]


def cancelled(change: Change) -> Change:
    if change.state is ChangeState.TODO and change.sent is None:
        return turn(change, ChangeState.CANCELLED, due=None)
    return change


def unblocked(changes: tuple[Change, ...], now: float) -> tuple[Change, ...]:
    """Start what waited for another change that is done now, and end what waited for one that failed."""
    by_id = {change.id: change for change in changes}

    def follow(change: Change) -> Change:
        first = by_id[change.after] if change.after is not None else None
        if first is None or change.state is not ChangeState.TODO or change.sent is not None:
            return change
        if first.state in {ChangeState.SUCCEEDED, ChangeState.UNNEEDED}:
            return replace(change, due=change.due if change.due is not None else now)
        if first.state in {ChangeState.FAILED, ChangeState.CANCELLED}:
            return turn(change, ChangeState.FAILED, due=None, error="ContactNotCreated")
        return change

    return tuple(follow(change) for change in changes)


def concluded(case: Case, now: float, *events: AuditEvent) -> Step:
    """End the request if all its changes have ended."""
    state = ending(case.changes, case.weighty)
    if state is None:
        if case.request.state is State.UNKNOWN:  # settling the contact's creation starts the grant
            case = replace(case, request=move(case.request, State.EXECUTING, updated=now))
        return Step(case, events)
    if state is case.request.state:
        return Step(case, events)
    was = case.request.state.value
    case = replace(case, request=end(case.request, state, now))
    ended = event(f"request.{state.value}", case, now, version=case.request.version, was=was)
    return Step(case, (*events, ended))


def end(request: Request, state: State, now: float) -> Request:
    """Move a request to its ending; one that never had to send anything passes through *executing* all the same."""
    if request.state is State.APPROVED and state not in NEXT[State.APPROVED]:
        request = move(request, State.EXECUTING)
    return move(request, state, updated=now, due=_again(request, now) if state is State.FAILED else None)


def _again(request: Request, now: float) -> float | None:
    """Say when the end of a timed grant is tried again by itself: nobody has to press a button for that."""
    if request.planned is None or not request.is_end:
        return None
    return now + min(max(now - request.planned, FIRST_AGAIN), LAST_AGAIN)


def ending(changes: tuple[Change, ...], rest: Mapping[ChangeState, int]) -> State | None:
    """Sum the changes up, and those that are only counted; None while one of them is still to come."""
    states = {change.state for change in changes} | {state for state, count in rest.items() if count}
    if rest.get(ChangeState.TODO):
        return None
    waiting = {change.id for change in changes if change.state is ChangeState.UNKNOWN}
    if any(change.state is ChangeState.TODO and change.after not in waiting for change in changes):
        return None
    if ChangeState.UNKNOWN in states:
        return State.UNKNOWN
    undone = states & {ChangeState.FAILED, ChangeState.CANCELLED}
    if ChangeState.SUCCEEDED in states:
        return State.PARTLY if undone else State.SUCCEEDED
    if ChangeState.FAILED in states:
        return State.FAILED
    return State.CANCELLED if undone else State.UNNEEDED
