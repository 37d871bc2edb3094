"""Which rule decides, and what does it say? The first one whose conditions hold."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from bot.domain.draft import REASON_LIMIT
from bot.domain.errors import ReasonUnfit, Refusal, RefusedByRule, TooManyCustomers, TooManyDays
from bot.domain.policy.allowing import accounts, automatic
from bot.domain.policy.conditions import OneOf, Situation
from bot.domain.policy.limits import Account
from bot.domain.policy.nouns import MANAGER, Grounds, Policy, Rule, Ruling, Terms
from bot.domain.request import Action


def rule_on(policy: Policy, it: Situation) -> Ruling:
    """Find the rule for this situation and apply it."""
    rule = next((one for one in policy.rules if _fits(one, it)), policy.default)
    standing = accounts(policy, it)
    spent = tuple(one for one in standing if one.over)
    dangers = (*it.dangers, *_dangers(policy, it))
    refusal = _refusal(rule, it) or _spent(policy, spent)
    terms = with_additions(terms_of(rule, it.requester, policy), policy, [one.budget for one in spent])
    return Ruling(
        rule=rule.name,
        grounds=_grounds(policy, rule),
        refusal=refusal,
        terms=terms if refusal is None else Terms(approvers=policy.approvers),
        dangers=dangers,
        channel=rule.channel,
        automatic=automatic(rule, it, dangers=dangers, over=bool(spent)) if refusal is None else None,
        accounts=standing,
    )


def with_additions(terms: Terms, policy: Policy, spent: Collection[str]) -> Terms:
    """Have those approve as well who are named for the budgets that are spent."""
    added = tuple(one.approvers for one in policy.budgets if one.name in spent and one.approvers)
    return replace(terms, additions=added)


def _fits(rule: Rule, it: Situation) -> bool:
    """Whether all its conditions hold. Who is in a group cannot always be told, so that comes last."""
    last = sorted(rule.when, key=lambda one: isinstance(one, OneOf) and one.fact == "requester")
    return all(one.holds(it) for one in last)


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
    if rule.reason and re.search(rule.reason, it.reason[:REASON_LIMIT]) is None:
        return ReasonUnfit(rule.reason_example)
    return None


def _spent(policy: Policy, spent: Sequence[Account]) -> Refusal | None:
    over = {one.budget for one in spent}
    return next((RefusedByRule(one.refuse) for one in policy.budgets if one.name in over and one.refuse), None)


def _dangers(policy: Policy, it: Situation) -> tuple[str, ...]:
    uncompared = any(
        one.currency and (it.value is None or one.currency != it.offer.currency.upper()) for one in policy.dangers
    )
    found = [one.fact for one in policy.dangers if one.holds(it)]
    return (*found, *(["uncompared"] if uncompared else []))


def terms_of(rule: Rule, requester: str, policy: Policy) -> Terms:
    """Put the requester's manager in the place kept for them; nobody, where none is named."""
    manager = policy.managers.get(requester)

    def filled(named: tuple[str, ...]) -> tuple[str, ...]:
        found = (manager if one == MANAGER else one for one in named)
        return tuple(dict.fromkeys(one for one in found if one is not None))

    return replace(rule.terms, approvers=filled(rule.terms.approvers), escalate_to=filled(rule.terms.escalate_to))


def _grounds(policy: Policy, rule: Rule) -> Grounds:
    return Grounds(when=None if rule is policy.default else rule.when, others=bool(policy.rules))
