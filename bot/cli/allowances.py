"""Quotas and budgets, for the people who write the policy."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from bot import allowances
from bot.domain.policy import Automatic, Budget, Members, Policy, Quota, Ruling, Scope, Situation, Used
from bot.domain.request import Case, ChangeState
from bot.domain.spending import Spending, as_data, spending, summed, undoes
from bot.ports import Ledger
from bot.words import allowances as words
from bot.words.text import as_plain, money


@dataclass(frozen=True, slots=True)
class Imagined:
    """What would have been approved so far, request by request."""

    taken: dict[str, tuple[float, Spending]] = field(default_factory=dict)

    async def used(self, scope: Scope, *, but: str = "") -> Used:
        """Sum it up."""
        return summed((one for request_id, one in self.taken.items() if request_id != but), scope)

    def remember(self, case: Case, ruling: Ruling) -> None:
        """Take what came of a request for what would have come of it, approved by whom the ruling says."""
        found, request = spending(case), case.request
        if found is not None:
            automatic = ruling.automatic is not None and not ruling.automatic.against
            self.taken[request.id] = (request.created, replace(found, rule=ruling.rule if automatic else ""))
        granted = self.taken.get(request.parent or "")
        if undoes(request) and granted is not None:
            at, taken = granted
            undone = min(taken.undone + case.counts[ChangeState.SUCCEEDED], taken.customers)
            self.taken[request.parent or ""] = (at, replace(taken, undone=undone))


async def looked_up(ledger: Ledger, policy: Policy, it: Situation, members: Members) -> Situation:
    """Add to a situation what is used by then."""
    return await allowances.reckoned(ledger, policy, replace(it, now=it.at), members, but="")


def explained(ruling: Ruling) -> Iterator[str]:
    """Say whether the policy would approve it by itself, and how the budgets stand."""
    if ruling.automatic is not None:
        against = _plain(words.why(as_data(ruling.automatic)))
        fits = f"It would be approved automatically: {in_words(ruling.automatic.quota)}; {_used(ruling.automatic)}."
        yield f"Not approved automatically: {against}." if ruling.automatic.against else fits
    for account in ruling.accounts:
        yield f"{_plain(words.account(as_data(account)))}{', which is over' if account.over else ''}."


def _used(found: Automatic) -> str:
    worth = f", worth {words.amount(found.value, found.quota.currency)}" if found.quota.value is not None else ""
    return f"so far {found.requests}{worth}"


def in_words(quota: Quota) -> str:
    """Say what is approved automatically."""
    many = "requests" if quota.requests is None else f"{quota.requests} request{'' if quota.requests == 1 else 's'}"
    worth = f" worth {money(quota.value, quota.currency)} in all" if quota.value is not None else ""
    despite = f", in spite of {' and '.join(quota.despite)}" if quota.despite else ""
    return f"{many}{worth} of each requester in {quota.within_days} days{despite}"


def budget_in_words(budget: Budget) -> str:
    """Say what a budget is."""
    amounts = " and ".join(money(amount, currency) for currency, amount in budget.amounts.items())
    refused = f"refused: {budget.refuse.rstrip('.')}"
    then = f"{' or '.join(budget.approvers)} must approve as well" if budget.approvers else refused
    whose = " or ".join(budget.members)
    return f"Budget {budget.name}: {amounts} each month ({budget.time_zone}) for what {whose} ask; beyond it, {then}."


def difference(case: Case, ruling: Ruling, *, by_itself: bool) -> str:
    """Say what would have gone otherwise with quotas and budgets; empty when nothing would."""
    automatic = ruling.automatic
    if automatic is not None and not automatic.against and not by_itself:
        return f"{ruling.rule} would have approved it automatically"
    if by_itself and (automatic is None or automatic.against):
        why = f": {_plain(words.why(as_data(automatic)))}" if automatic is not None else ""
        return f"under {ruling.rule}, people would have had to approve it{why}"
    before = tuple(map(tuple, case.request.preview.get("additions", ())))
    if ruling.terms.additions != before and ruling.terms.additions:
        named = " and ".join(" or ".join(one) for one in ruling.terms.additions)
        spent = " and ".join(one.budget for one in ruling.accounts if one.over)
        return f"the budget {spent} would have been spent, so {named} must have approved as well"
    return ""


def _plain(mrkdwn: str) -> str:
    return as_plain(mrkdwn).replace("*", "")
