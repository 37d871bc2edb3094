"""Which rule decides, and what does it say? The first one whose conditions hold."""

import re
from dataclasses import replace

from bot.domain.errors import ReasonUnfit, Refusal, RefusedByRule, TooManyCustomers, TooManyDays
from bot.domain.policy.conditions import Situation
from bot.domain.policy.nouns import MANAGER, Policy, Rule, Ruling, Terms
from bot.domain.request import Action


def rule_on(policy: Policy, it: Situation) -> Ruling:
    """Find the rule for this situation and apply it."""
    rule = next((one for one in policy.rules if all(condition.holds(it) for condition in one.when)), policy.default)
    refusal = _refusal(rule, it)
    terms = Terms(approvers=policy.approvers) if refusal is not None else _terms(rule, it, policy)
    return Ruling(
        rule=rule.name, reason=_reason(policy, rule), refusal=refusal, terms=terms, dangers=_dangers(policy, it)
    )


def dead_rules(policy: Policy) -> list[tuple[Rule, Rule]]:
    """Name the rules that never decide, each with the earlier one that always does so before it."""
    found = []
    for place, rule in enumerate(policy.all_rules):
        earlier = next((one for one in policy.rules[:place] if one.covers(rule)), None)
        if earlier is not None:
            found.append((rule, earlier))
    return found


def _refusal(rule: Rule, it: Situation) -> Refusal | None:
    if rule.refuse:
        return RefusedByRule(rule.refuse)
    grants = it.action is Action.GRANT
    if rule.max_days is not None and grants and (it.days is None or it.days > rule.max_days):
        return TooManyDays(rule.max_days)
    if rule.max_customers is not None and it.customers > rule.max_customers:
        return TooManyCustomers(rule.max_customers)
    if rule.reason and re.search(rule.reason, it.reason) is None:
        return ReasonUnfit(rule.reason_example)
    return None


def _dangers(policy: Policy, it: Situation) -> tuple[str, ...]:
    uncompared = any(
        one.currency and (it.value is None or one.currency != it.offer.currency.upper()) for one in policy.dangers
    )
    found = [one.fact for one in policy.dangers if one.holds(it)]
    return (*found, *(["uncompared"] if uncompared else []))


def _terms(rule: Rule, it: Situation, policy: Policy) -> Terms:
    """Put the requester's manager in the place kept for them; nobody, where none is named."""
    manager = policy.managers.get(it.requester)

    def filled(named: tuple[str, ...]) -> tuple[str, ...]:
        found = (manager if one == MANAGER else one for one in named)
        return tuple(dict.fromkeys(one for one in found if one is not None))

    return replace(rule.terms, approvers=filled(rule.terms.approvers), escalate_to=filled(rule.terms.escalate_to))


def _reason(policy: Policy, rule: Rule) -> str:
    if rule is policy.default:
        return f"{rule.name} decides" + (", as no rule before it fits" if policy.rules else " on everything")
    return f"{rule.name} decides, because {rule.says}"
