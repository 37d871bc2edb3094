"""What a request takes of quotas and budgets: reserved with its approval, given back when nothing came of it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from bot.domain.policy.limits import Account, Automatic, Cap, Scope, Used
from bot.domain.preview import Preview
from bot.domain.request import EXTEND, NOT_MOVED, UNNEEDED, Action, Case, ChangeState, Request, State
from bot.domain.states import Step

#: the states in which something may have come of it, or may come yet
COUNTING = frozenset({State.APPROVED, State.EXECUTING, State.UNKNOWN, State.SUCCEEDED, State.PARTLY, State.UNNEEDED})
HOLDING = frozenset({ChangeState.TODO, ChangeState.UNKNOWN, ChangeState.SUCCEEDED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """What one request takes as long as it counts."""

    requester: str
    action: Action
    #: the list price, in minor units; None: not told
    value: int | None
    currency: str
    #: the rule by which the policy itself approved it; empty: people did
    rule: str = ""
    #: for how many customers it is, and from how many of them another request has taken it back
    customers: int = 1
    undone: int = 0

    @property
    def kept(self) -> int:
        """What it is worth without that which was taken back."""
        return (self.value or 0) * (self.customers - self.undone) // self.customers


def spending(case: Case) -> Spending | None:
    """Return what a request takes; None where it was not approved, nothing came of it, or there was no room."""
    request = case.request
    if request.state not in COUNTING or request.decided is None:
        return None
    many = _holding(case)
    if not many:
        return None
    return Spending(
        requester=request.requester.id,
        action=request.action,
        value=None if request.offer.price is None else request.offer.price * many,
        currency=request.offer.currency.upper(),
        rule=str(request.preview.get("rule", "")) if by_policy(request) else "",
        customers=many,
    )


def _holding(case: Case) -> int:
    """Count the customers for whom something came of it, or may come yet: where there was no room, nothing is sent."""
    holding = HOLDING - {ChangeState.TODO} if case.request.preview.get("overdrawn") else HOLDING
    if case.request.bulk:
        return sum(case.counts[state] for state in holding) + _prolonged(case)
    return int(case.main.state in holding or prolongs(case))


def counted_at(case: Case, *, now: float) -> float:
    """Say at which time it counts what it takes more from now on: when it was approved, as long as it has any of it."""
    request = case.request
    if spending(case) is None or request.decided is None:
        return now
    return float(request.preview.get("taken", request.decided))


def prolongs(case: Case) -> bool:
    """Whether nothing had to be sent, and yet it gave something: what was held for a time is held for longer."""
    extends = case.request.action is Action.GRANT and bool(case.request.preview.get("moves"))
    return extends and case.main.state is ChangeState.UNNEEDED and case.main.error != NOT_MOVED


def _prolonged(case: Case) -> int:
    """Count those on a list to whom it gave something without anything being sent: too many rather than too few."""
    rows = case.request.preview.get("rows", {})
    needless = case.counts[ChangeState.UNNEEDED] - int(rows.get(UNNEEDED, 0))
    return max(min(needless, int(rows.get(EXTEND, 0))), 0)


def fits(automatic: Mapping[str, Any] | None) -> bool:
    """Whether the policy approves by itself what it was ruled so about."""
    return automatic is not None and not automatic.get("against")


def by_policy(request: Request) -> bool:
    """Whether the policy itself has approved the version that stands."""
    return request.decided is not None and fits(request.preview.get("automatic"))


def summed(taken: Iterable[tuple[float, Spending]], scope: Scope) -> Used:
    """Sum up those that count, of what was taken when."""
    found = [one for at, one in taken if scope.since <= at < scope.until and counts(one, scope)]
    values: Counter[str] = Counter()
    for one in found:
        values[one.currency] += one.kept if not scope.rule else one.value or 0
    return Used(requests=len(found), values=dict(values), untold=sum(one.value is None for one in found))


def counts(one: Spending, scope: Scope) -> bool:
    """Whether it counts: for a quota, what its rule approved; for a budget, what was granted and is not undone."""
    is_kept = one.undone < one.customers
    fits_rule = one.rule == scope.rule if scope.rule else one.action is Action.GRANT and is_kept
    return one.requester in scope.requesters and fits_rule


def as_data(found: Automatic | Account) -> dict[str, Any]:
    """Turn it into what a preview stores."""
    if isinstance(found, Account):
        return {**asdict(found), "over": found.over}
    quota = found.quota
    most = {"most": quota.requests, "most_value": quota.value, "currency": quota.currency, "days": quota.within_days}
    return {"requests": found.requests, "value": found.value, "against": found.against, **most}


def undoes(request: Request) -> bool:
    """Whether what it revokes may be what another request had granted; that it is the very same the store looks up.

    What ends by itself, when its time is over, undoes nothing.
    """
    return bool(request.parent) and request.planned is None and request.action is Action.REVOKE


def with_room(step: Step, before: Case, within: tuple[Cap, ...], *, found: bool) -> Step:
    """Take once more of the quota and the budgets what was given back. Where no room is found, nothing is taken, and
    nothing is sent: one customer's is asked anew, of a list it fails once more.
    """
    request, had = step.case.request, spending(before)
    taken = {} if had is not None else {"taken": request.updated}
    roomy = replace(step.case, request=replace(request, preview={**request.preview, **taken, "overdrawn": False}))
    has = spending(roomy)
    if has is None or (had is not None and has.customers <= had.customers):
        return step  # it still has what it took
    if found:
        return replace(step, case=roomy, within=within)
    request = replace(request, preview={**request.preview, "overdrawn": True})
    return replace(step, case=replace(step.case, request=request), within=())


def for_people(preview: Preview, *, why: str = "changed") -> Preview:
    """Have people asked, also about what the policy would approve by itself."""
    if preview.automatic is None or not fits(preview.automatic):
        return preview
    return replace(preview, automatic={**preview.automatic, "against": why})
