"""Where several people have to approve: who has, how many more are needed, and taking an approval back in time."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self

from bot.domain.errors import AlreadyApproved, AlreadyDecided, NothingToWithdraw, OlderThanDeed, OlderVersion
from bot.domain.policy.deciding import Tally
from bot.domain.policy.limits import Cap
from bot.domain.request import AuditEvent, Case, ChangeState, Decision, Person, Request, State
from bot.domain.states import Step, event, move, unblocked

#: counts the approvals of a case as it is found on disk
Count = Callable[[Case], Tally]


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far the decision on a version has come. It is stored with the version's preview."""

    #: who has approved, how many more have to at least, and the people and groups whose approval would help; as long
    #: as nobody has approved, the preview's own terms say so
    approved: tuple[str, ...] = ()
    missing: int = 0
    awaited: tuple[str, ...] = ()
    #: when people took their approvals back: what they wrote before that counts no more
    withdrawn: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, request: Request) -> Self:
        """Read it from a request's preview."""
        data: Mapping[str, Any] = request.preview.get("progress", {})
        return cls(
            approved=tuple(data.get("approved", ())),
            missing=data.get("missing", 0),
            awaited=tuple(data.get("awaited", ())),
            withdrawn=dict(data.get("withdrawn", {})),
        )


def awaited(request: Request) -> tuple[str, ...]:
    """Name the people and groups of whom an approval would help, those that escalation has added among them."""
    progress, shown = Progress.of(request), request.preview
    added = (one for addition in shown.get("additions", ()) for one in addition)
    named = progress.awaited or (*shown.get("approvers", ()), *shown.get("one_from_each", ()), *added)
    late = shown.get("escalate_to", ()) if shown.get("escalated") is not None else ()
    gone = request.askers | set(progress.approved)
    return tuple(one for one in dict.fromkeys((*named, *late)) if one not in gone)


def one_is_enough(case: Case) -> Tally:
    """Count where the terms ask for nothing more than somebody."""
    return Tally(frozenset(one.by.id for one in case.approvals), missing=0)


def refuse_repeated(case: Case, by: Person, *, said: float | None) -> None:
    """Raise where this person's approval counts already, or was withdrawn since it was written (at `said`)."""
    progress = Progress.of(case.request)
    if any(one.by.id == by.id for one in case.approvals):
        raise AlreadyApproved(progress.missing, progress.awaited)
    if said is not None and said <= progress.withdrawn.get(by.id, said - 1):
        raise OlderThanDeed


def without(case: Case, by: Person) -> tuple[Decision, ...]:
    """Leave out what this person has decided on the version that stands."""
    return tuple(one for one in case.decisions if one.version != case.request.version or one.by.id != by.id)


def recount(case: Case, count: Count, now: float) -> tuple[Case, Tally, list[AuditEvent]]:
    """Count anew, note how far it has come, and strike out the approvals that do not count any more."""
    tally = count(case)
    void = [one for one in case.approvals if one.by.id not in tally.counted]
    case = replace(case, decisions=tuple(one for one in case.decisions if one not in void))
    approved = tuple(one.by.id for one in case.approvals)
    progress = replace(Progress.of(case.request), approved=approved, missing=tally.missing, awaited=tally.awaited)
    case = noted(case, progress, now)
    lapsed = [event("approval.lapsed", case, now, approver=one.by.id, **told(case, tally)) for one in void]
    return case, tally, lapsed


def carried_out(case: Case, now: float) -> Case:
    """Make the changes due: it is approved."""
    due = now if case.request.bulk else None
    request = move(case.request, State.APPROVED, updated=now, decided=now, due=due)
    changes = tuple(
        replace(change, due=now) if change.state is ChangeState.TODO and change.after is None else change
        for change in case.changes
    )
    return replace(case, request=request, changes=unblocked(changes, now))


def by_itself(case: Case, prepared: AuditEvent, within: tuple[Cap, ...], now: float) -> Step:
    """Approve what was just prepared: the policy does so by itself."""
    case, shown = carried_out(case, now), case.request.preview
    data = {"version": case.request.version, "fingerprint": case.request.fingerprint, "rule": shown.get("rule", "")}
    ruled = {"policy": shown.get("policy", ""), "automatic": shown.get("automatic")}
    return Step(case, (prepared, event("request.approved", case, now, **data, **ruled)), within=within)


def noted(case: Case, progress: Progress, now: float) -> Case:
    shown = {**case.request.preview, "progress": asdict(progress)}
    return replace(case, request=replace(case.request, preview=shown, updated=now))


def told(case: Case, tally: Tally) -> dict[str, Any]:
    """Put into an event how far it has come."""
    approvers = [one.by.id for one in case.approvals]
    return {
        "version": case.request.version,
        "approvers": approvers,
        "missing": tally.missing,
        "awaited": list(tally.awaited),
    }


def withdraw(case: Case, *, by: Person, shown: int, count: Count, now: float, said: float | None = None) -> Step:
    """Take one's approval back, as long as others are still needed. `said`: when it was written, where it was."""
    request = case.request
    if request.state is not State.PENDING:
        raise AlreadyDecided(request.state, case.verdict.by.id if case.verdict else None)
    if shown != request.version:
        raise OlderVersion(shown, request.version)
    own = next((one for one in case.approvals if one.by.id == by.id), None)
    if own is None:
        raise NothingToWithdraw
    if said is not None and said <= own.at:
        raise OlderThanDeed
    progress = Progress.of(case.request)
    progress = replace(progress, withdrawn={**progress.withdrawn, by.id: now})
    case, tally, lapsed = recount(noted(replace(case, decisions=without(case, by)), progress, now), count, now)
    return Step(case, (event("approval.withdrawn", case, now, actor=by, **told(case, tally)), *lapsed))
