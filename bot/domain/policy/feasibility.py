"""Which rules lead nowhere, whoever asks, with the people there are?"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from bot.domain.policy.conditions import OneOf
from bot.domain.policy.deciding import Members, everybody, tally
from bot.domain.policy.limits import Budget
from bot.domain.policy.nouns import Policy, Rule, Terms
from bot.domain.policy.ruling import terms_of
from bot.domain.request import Action

#: somebody whom the policy does not name
ANYBODY = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stuck:
    """Nothing that is asked under this rule can ever be approved."""

    rule: str
    #: how many have to approve, and how many of those can be found besides the one who asks
    needed: int
    found: int
    #: those who are named can decide, but are the only ones who ask
    own: bool


def stuck_rules(policy: Policy, members: Members, *, fit: Collection[str]) -> Iterator[Stuck]:
    """Name the rules that too few can decide on. `fit`: those whose accounts can take part."""
    for rule in policy.all_rules:
        askers = sorted(_askers(rule, policy, members))
        if rule.refuse or not askers:
            continue
        missing, able = [], set[str]()
        for asker in askers:
            terms = terms_of(rule, asker, policy)
            there = everybody(terms.named, members).intersection(fit)
            able |= there
            missing.append(tally(terms, there, requester=asker, members=members).missing)
        if all(missing):
            needed = rule.terms.needed
            found = max(needed - min(missing), 0)
            yield Stuck(rule=rule.name, needed=needed, found=found, own=bool(able) and not found)


def stuck_budgets(policy: Policy, members: Members, *, fit: Collection[str]) -> Iterator[str]:
    """Name the budgets beyond which nothing can ever be approved, though without them it could be."""
    for budget in policy.budgets:
        asked = [(terms_of(rule, asker, policy), asker) for rule, asker in _payers(budget, policy, members)]
        possible = [one for one in asked if _possible(*one, members, fit)]
        beyond = [(replace(terms, additions=(budget.approvers,)), asker) for terms, asker in possible]
        if budget.approvers and beyond and not any(_possible(*one, members, fit) for one in beyond):
            yield budget.name


def _payers(budget: Budget, policy: Policy, members: Members) -> Iterator[tuple[Rule, str]]:
    """Name the members of a budget who may ask for something to be granted, each with the rule for it."""
    paid = everybody(budget.members, members)
    for rule in policy.all_rules:
        askers = _askers(rule, policy, members)
        if not rule.refuse and _grants(rule):
            yield from ((rule, one) for one in sorted(paid if ANYBODY in askers else paid & askers))


def _grants(rule: Rule) -> bool:
    actions = [one.values for one in rule.when if isinstance(one, OneOf) and one.fact == "action"]
    return all(Action.GRANT.value in one for one in actions)


def _possible(terms: Terms, asker: str, members: Members, fit: Collection[str]) -> bool:
    there = everybody(terms.named, members).intersection(fit)
    return tally(terms, there, requester=asker, members=members).full


def idle_escalations(policy: Policy, members: Members) -> Iterator[str]:
    """Name the rules that let nobody decide later who could not from the beginning."""
    for rule in policy.all_rules:
        added, known = set[str](), set[str]()
        for asker in _askers(rule, policy, members):
            terms = terms_of(rule, asker, policy)
            later, now = everybody(terms.escalate_to, members), everybody(terms.named, members)
            added |= later - now - {asker}
            known |= later
        if known and not added:
            yield rule.name


def _askers(rule: Rule, policy: Policy, members: Members) -> frozenset[str]:
    """Name those who may ask for what the rule is for."""
    lists = [one.values for one in rule.when if isinstance(one, OneOf) and one.fact == "requester"]
    lists += [frozenset(policy.access.request)] if policy.access.request else []
    if not lists:
        return frozenset({ANYBODY, *policy.managers})
    return frozenset.intersection(*(everybody(one, members) for one in lists))
