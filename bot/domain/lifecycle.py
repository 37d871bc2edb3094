"""What people and time do to a request, one function per step (`attempt.py` has the steps of its execution)."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from bot.domain import approvals, bulk
from bot.domain.approvals import Count
from bot.domain.errors import (
    AlreadyDecided,
    NothingPlanned,
    NothingToRetry,
    NothingToSettle,
    NotRequester,
    OlderVersion,
    OwnRequest,
    Refusal,
    TooLate,
)
from bot.domain.policy.limits import Cap
from bot.domain.preview import Preview
from bot.domain.request import AuditEvent, Case, Change, ChangeState, Choice, Contact, Decision, Offer, Person, State
from bot.domain.spending import fits
from bot.domain.states import (
    NEXT,
    Step,
    Sweep,
    Timing,
    ask_anew,
    cancelled,
    concluded,
    end,
    ending,
    event,
    identified,
    is_escalation_due,
    move,
    next_date,
    show,
    shown_data,
    turn,
    unblocked,
    with_changes,
)

#: how long a question stands that is asked again, because it must not end without a decision
ASKED_AGAIN = 7 * 24 * 3600.0

# --- before the decision -------------------------------------------------------------------------------------------


def prepare(
    case: Case,
    *,
    preview: Preview,
    fingerprint: str,
    offer: Offer,
    contact: Contact | None,
    timing: Timing,
    now: float,
    within: tuple[Cap, ...] = (),
) -> Step | None:
    """Show the request to those who may decide: the provider has been asked, and it makes sense.

    What the policy approves by itself is approved in the same step, `within` its quota and the budgets.
    """
    if case.request.state is not State.PREPARING:
        return None
    placed = replace(case.request, channel=preview.channel or case.request.channel)
    shown = show(placed, preview=preview, fingerprint=fingerprint, offer=offer, timing=timing, now=now)
    told = shown_data(shown, preview) | ({"moved": shown.channel} if shown.channel != case.request.channel else {})
    case = with_changes(replace(case, request=shown), *identified(case, contact))
    by_itself = fits(preview.automatic)
    prepared = event("request.prepared", case, now, **told | ({"by_itself": True} if by_itself else {}))
    return approvals.by_itself(case, prepared, within, now) if by_itself else Step(case, (prepared,))


def give_back(case: Case, refusal: Refusal, *, now: float, text: str = "") -> Step | None:
    """Return it to the requester before anybody saw it, with the reason; `text` is what the provider said."""
    if case.request.state is not State.PREPARING:
        return None
    request = move(case.request, State.CANCELLED, note=refusal.code, updated=now, due=None)
    case = _dropped(replace(case, request=request))
    return Step(case, (event("request.returned", case, now, text=text, problem=refusal.code),), sweep=_all(case))


def postpone(case: Case, *, until: float, code: str, now: float) -> Step | None:
    """Try the preview again: the provider could not be asked. Only the first time is told."""
    request = case.request
    if request.state is not State.PREPARING:
        return None
    first = request.troubled is None
    request = replace(request, due=until, troubled=now if first else request.troubled, note=code, updated=now)
    case = replace(case, request=request)
    return Step(case, (event("request.postponed", case, now, code=code, until=until),) if first else ())


def remind(case: Case, *, people: Iterable[str] = (), now: float) -> Step | None:
    """Remind those who may decide, `people`: once for each date that has come; of several missed ones once."""
    request = case.request
    since = request.reminded if request.reminded is not None else request.created
    #: what an older release showed has no dates, and is reminded of once
    dates = request.preview.get("remind_at", (now,) if request.reminded is None else ())
    if request.state is not State.PENDING or not any(since < at <= now for at in dates):
        return None
    request = replace(request, reminded=now, attempts=0)
    case = replace(case, request=replace(request, due=next_date(request)))
    return Step(case, (event("request.reminded", case, now, version=request.version, people=sorted(people)),))


def escalate(case: Case, *, outside: Iterable[str] = (), now: float) -> Step | None:
    """Let others decide as well, as it was said when it was shown; `outside`: those who do not see the card."""
    request = case.request
    if not is_escalation_due(request, now):
        return None
    to = list(request.preview.get("escalate_to", ()))
    approvers = list(dict.fromkeys((*request.preview.get("approvers", ()), *to)))
    request = replace(request, preview={**request.preview, "approvers": approvers, "escalated": now}, attempts=0)
    case = replace(case, request=replace(request, due=next_date(request)))
    told = event("request.escalated", case, now, version=request.version, to=to, outside=sorted(outside))
    return Step(case, (told,))


def expire(case: Case, *, now: float) -> Step | None:
    """End it: nobody decided in time."""
    request = case.request
    if request.state is not State.PENDING or request.expires is None or now < request.expires:
        return None
    case = _dropped(replace(case, request=move(request, State.EXPIRED, updated=now, due=None)))
    return Step(case, (event("request.expired", case, now),), sweep=_all(case))


def ask_on(case: Case, *, people: Iterable[str] = (), now: float) -> Step | None:
    """Ask on though nobody decided in time: else what was granted for a time would stay for good, and silently."""
    request = case.request
    if request.state is not State.PENDING or request.expires is None or now < request.expires:
        return None
    request = replace(request, expires=now + ASKED_AGAIN, reminded=now, attempts=0)
    case = replace(case, request=replace(request, due=next_date(request)))
    told = event("request.reminded", case, now, version=request.version, people=sorted(people), overdue=True)
    return Step(case, (told,))


def _dropped(case: Case) -> Case:
    """Take back all that is not sent."""
    case = replace(case, changes=tuple(cancelled(change) for change in case.changes))
    return bulk.swept(case, Sweep.CANCEL) if case.request.bulk else case


def _all(case: Case) -> Sweep | None:
    return Sweep.CANCEL if case.request.bulk else None


# --- what people do ------------------------------------------------------------------------------------------------


def decide(
    case: Case,
    choice: Choice,
    *,
    by: Person,
    shown: int,
    now: float,
    note: str = "",
    doubted: Collection[str] = (),
    count: Count = approvals.one_is_enough,
    said: float | None = None,
    within: tuple[Cap, ...] = (),
) -> Step:
    """Approve or deny what was shown. Whether the policy lets this person decide has been checked by the caller.

    `doubted`: whose accounts, of those who ask and have approved, look like this person's. `count` says whether more
    have to approve.
    `said`: when it was written, where it was. `within`: what the approval must not go over.
    """
    request = case.request
    if by.id in request.askers:
        raise OwnRequest
    if request.state is not State.PENDING:
        raise AlreadyDecided(request.state, case.verdict.by.id if case.verdict else None)
    if request.deadline is not None and now >= request.deadline:
        raise AlreadyDecided(State.EXPIRED)
    if shown != request.version:
        raise OlderVersion(shown, request.version)
    decision = Decision(request_id=request.id, version=shown, choice=choice, by=by, at=now, note=note)
    if choice is Choice.DENY:
        return _denied(case, decision)
    approvals.refuse_repeated(case, by, said=said)
    step = _approved(replace(case, decisions=(*case.decisions, decision)), decision, count)
    within = within if step.case.request.state is State.APPROVED else ()
    return replace(step, events=(*step.events, *_doubts(case, by, doubted, now)), within=within)


def _doubts(case: Case, by: Person, doubted: Collection[str], now: float) -> Iterator[AuditEvent]:
    for one in sorted(doubted):
        asks = one in case.request.askers
        both = {"requester": one, "approver": by.id} if asks else {"approvers": [one, by.id]}
        yield event("request.doubted", case, now, **both)


def _denied(case: Case, decision: Decision) -> Step:
    """End it: one denial is enough, also by somebody who had approved."""
    now, decisions = decision.at, (*approvals.without(case, decision.by), decision)
    request = move(case.request, State.DENIED, updated=now, decided=now, due=None)
    case = _dropped(replace(case, request=request, decisions=decisions))
    data = {"version": request.version, "fingerprint": request.fingerprint}
    told = event("request.denied", case, now, actor=decision.by, text=decision.note, **data)
    return Step(case, (told,), sweep=_all(case))


def _approved(case: Case, decision: Decision, count: Count) -> Step:
    """Go on waiting for the others, or make the changes due when there are enough."""
    now = decision.at
    case, tally, lapsed = approvals.recount(case, count, now)
    data = {"fingerprint": case.request.fingerprint, **approvals.told(case, tally)}
    if not tally.full:
        return Step(case, (*lapsed, event("approval.given", case, now, actor=decision.by, text=decision.note, **data)))
    case = approvals.carried_out(case, now)
    return Step(case, (*lapsed, event("request.approved", case, now, actor=decision.by, text=decision.note, **data)))


def overtake(case: Case, *, by: Person, shown: int, now: float) -> Step | None:
    """Have it ruled and asked anew: somebody has approved it, but a budget has less left than it was shown with."""
    request = case.request
    if request.state is not State.PENDING or request.version != shown:
        return None
    void = [one.by.id for one in case.approvals]
    anew = ask_anew(request, now=now, note="Overdrawn")
    if request.bulk:
        anew = replace(anew, preview=bulk.unlooked(case))
    case = replace(case, request=anew)
    told = event("request.overtaken", case, now, actor=by, version=shown, void=void)
    return Step(case, (told,), sweep=Sweep.LOOK_ANEW if request.bulk else None)


def cancel(case: Case, *, by: Person, now: float, entitled: bool = False) -> Step:
    """Take back what is not yet sent; or, after a failure, leave it as it is. `entitled`: though they did not ask."""
    request = case.request
    if by.id != request.requester.id and not entitled:
        raise NotRequester
    if request.state in {State.FAILED, State.PARTLY} and not request.left:
        case = replace(case, request=replace(request, left=True, due=None, updated=now))
        return Step(case, (event("request.left", case, now, actor=by),))
    if State.CANCELLED not in NEXT[request.state]:
        raise NothingPlanned if request.planned is not None else TooLate(request.state)
    if case.request.bulk and case.unsent:
        return bulk.cancel(case, by=by, now=now)
    if not any(change.state is ChangeState.TODO and change.sent is None for change in case.changes):
        raise TooLate(request.state)
    case = replace(case, changes=tuple(cancelled(change) for change in case.changes))
    state = State.CANCELLED if request.state in {State.PREPARING, State.PENDING} else ending(case.changes, case.weighty)
    if state is None:  # something sent is still on its way; its ending will end the request
        case = replace(case, request=replace(request, updated=now))
    else:
        case = replace(case, request=end(request, state, now))
    return Step(case, (event("request.cancelled", case, now, actor=by),))


def retry(case: Case, *, by: Person | None, now: float) -> Step:
    """Try the failed changes again, and look again at the unknown ones. The world is read before anything is sent."""
    request = case.request
    if request.state not in {State.FAILED, State.PARTLY, State.UNKNOWN}:
        raise NothingToRetry
    if not retriable(case):
        raise NothingToRetry
    if case.request.bulk:
        return bulk.retry(case, by=by, now=now)
    changes = tuple(_again(change, now) for change in case.changes)
    case = replace(
        case, request=move(request, State.EXECUTING, updated=now, left=False, due=None), changes=unblocked(changes, now)
    )
    return Step(case, (event("request.retried", case, now, actor=by, was=request.state.value),))


def retriable(case: Case) -> bool:
    """Whether trying again leads to what was asked for, or looking again to the truth."""
    if case.request.bulk:
        return bool(case.counts[ChangeState.UNKNOWN] or case.counts[ChangeState.FAILED])
    if case.request.is_end and case.request.left:
        return False  # somebody decided that it stays, or something newer gives it
    states = {change.state for change in case.changes}
    if ChangeState.UNKNOWN in states:
        return True
    return ChangeState.FAILED in states and case.main.state is not ChangeState.CANCELLED


def _again(change: Change, now: float) -> Change:
    if change.state is ChangeState.FAILED:
        due = now if change.after is None else None
        return turn(
            change,
            ChangeState.TODO,
            attempts=change.attempts + 1,  # whoever still works on the old attempt holds it no more
            sent=None,
            resent=None,
            reads=0,
            troubled=None,
            error="",
            receipt="",
            due=due,
        )
    return replace(change, due=now) if change.state is ChangeState.UNKNOWN else change


def settle(case: Case, *, done: bool, by: Person, now: float, note: str = "") -> Step:
    """End what is unknown by the word of a person who looked."""
    request = case.request
    if by.id in request.askers:
        raise OwnRequest
    if request.state is not State.UNKNOWN:
        raise NothingToSettle
    if request.bulk:
        return bulk.settle(case, done=done, by=by, note=note, now=now)
    to = ChangeState.SUCCEEDED if done else ChangeState.FAILED
    changes = tuple(
        turn(
            change,
            to,
            attempts=change.attempts + 1,  # a look under way holds it no more
            due=None,
            error="" if done else "SettledAsNotDone",
            receipt="settled",
        )
        if change.state is ChangeState.UNKNOWN
        else change
        for change in case.changes
    )
    case = replace(case, changes=unblocked(changes, now))
    told = event("request.settled", case, now, actor=by, text=note, done=done)
    return concluded(case, now, told)
