"""Is there room in a quota or a budget? Pure answers, from what is used already."""

from collections.abc import Sequence

from bot.domain.errors import GroupGone
from bot.domain.policy.conditions import DAY, Situation
from bot.domain.policy.deciding import Members, everybody
from bot.domain.policy.limits import Account, Automatic, Budget, Cap, Quota, Scope, month_of
from bot.domain.policy.nouns import Policy, Rule
from bot.domain.request import Action


def budgets_of(policy: Policy, it: Situation, members: Members) -> tuple[Budget, ...]:
    """Name the budgets that a request is paid from; each of them counts. Raises `GroupGone` when nobody can tell."""
    if it.action is not Action.GRANT or it.value == 0:
        return ()
    if any(it.gone.intersection(one.members) for one in policy.budgets):
        raise GroupGone
    return tuple(one for one in policy.budgets if it.requester in everybody(one.members, members))


def quota_scope(rule: Rule, quota: Quota, requester: str, *, at: float) -> Scope:
    """Say what counts for a quota at that time."""
    return Scope(requesters=frozenset({requester}), since=at - quota.within_days * DAY, rule=rule.name)


def budget_scope(budget: Budget, members: Members, *, at: float) -> Scope:
    """Say what counts for a budget at that time."""
    _, since, until = month_of(at, budget.time_zone)
    return Scope(requesters=everybody(budget.members, members), since=since, until=until)


def accounts(policy: Policy, it: Situation) -> tuple[Account, ...]:
    """Say how the requester's budgets stand, where somebody has looked what is spent."""
    return tuple(_account(one, it) for one in policy.budgets if one.name in it.budgets)


def _account(budget: Budget, it: Situation) -> Account:
    used, currency = it.budgets[budget.name], it.offer.currency.upper()
    return Account(
        budget=budget.name,
        month=month_of(it.now, budget.time_zone)[0],
        currency=currency,
        amount=budget.amounts.get(currency),
        spent=used.value(currency),
        untold=used.untold,
        adds=it.value,
    )


def automatic(rule: Rule, it: Situation, *, dangers: Sequence[str], over: bool) -> Automatic | None:
    """Say whether the rule's quota has room; None where it has no quota, or nobody has looked what is used.

    `over`: a budget is spent.
    """
    quota, used = rule.automatic, it.quotas.get(rule.name)
    if quota is None or used is None:
        return None
    found = Automatic(quota=quota, requests=used.requests, value=used.value(quota.currency))
    against = it.apart or _risk(quota, it, dangers) or _full(quota, it, found) or ("budget" if over else "")
    return Automatic(quota=quota, requests=found.requests, value=found.value, against=against)


def _risk(quota: Quota, it: Situation, dangers: Sequence[str]) -> str:
    if any(one not in quota.despite for one in dangers):
        return "danger"
    if it.value is None:
        return "untold"
    return "currency" if quota.value is not None and it.offer.currency.upper() != quota.currency else ""


def _full(quota: Quota, it: Situation, used: Automatic) -> str:
    if quota.requests is not None and used.requests + 1 > quota.requests:
        return "requests"
    return "value" if quota.value is not None and used.value + (it.value or 0) > quota.value else ""


def quota_cap(rule: Rule, quota: Quota, requester: str, *, at: float) -> Cap:
    """Say what one more automatic approval may not go over."""
    scope = quota_scope(rule, quota, requester, at=at)
    return Cap(scope=scope, requests=quota.requests, value=quota.value, currency=quota.currency)


def budget_cap(budget: Budget, it: Situation, members: Members) -> Cap:
    """Say what one more grant may not go over."""
    scope, currency = budget_scope(budget, members, at=it.now), it.offer.currency.upper()
    amount = budget.amounts.get(currency)
    if it.value is None or amount is None:  # which fits into no budget
        return Cap(scope=scope, requests=0)
    return Cap(scope=scope, value=amount, currency=currency)
