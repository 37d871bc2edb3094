"""What is used of quotas and budgets, and what one more approval may not go over."""

from collections.abc import Collection
from dataclasses import replace

from bot.domain import policy as rules
from bot.domain.policy import Cap, Members, Policy, Situation
from bot.ports import Ledger


async def reckoned(ledger: Ledger, policy: Policy, it: Situation, members: Members, *, but: str) -> Situation:
    """Add to a situation what was approved so far, as far as the rule that decides, or a budget, asks for it."""
    name = rules.rule_on(policy, it).rule
    quotas = {
        rule.name: await ledger.used(rules.quota_scope(rule, rule.automatic, it.requester, at=it.now), but=but)
        for rule in policy.all_rules
        if rule.automatic is not None and rule.name == name
    }
    budgets = rules.budgets_of(policy, it, members)
    spent = {one.name: await ledger.used(rules.budget_scope(one, members, at=it.now), but=but) for one in budgets}
    return replace(it, quotas=quotas, budgets=spent)


def caps(policy: Policy, it: Situation, members: Members, *, rule: str, over: Collection[str]) -> tuple[Cap, ...]:
    """Say what an approval may not go over: the quota of the rule by which the policy approves it, where it does, and
    the budgets, but for those that it was shown to go over.
    """
    found = [
        rules.quota_cap(one, one.automatic, it.requester, at=it.now)
        for one in policy.all_rules
        if one.automatic is not None and one.name == rule
    ]
    budgets = [one for one in rules.budgets_of(policy, it, members) if one.name not in over]
    return (*found, *(rules.budget_cap(one, it, members) for one in budgets))
