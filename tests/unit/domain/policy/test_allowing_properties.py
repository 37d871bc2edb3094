"""What must be true of every quota and budget."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.policy import Budget, Quota, Used, everybody, may_decide, rule_on, tally
from tests.unit.domain.policy.situations import a_profile
from tests.unit.domain.policy.test_properties import (
    GROUPS,
    PEOPLE,
    members,
    named,
    people,
    policies,
    situations,
    terms,
)

lists = st.lists(st.sampled_from(PEOPLE + GROUPS), min_size=1, max_size=3).map(tuple)
added = st.lists(lists, max_size=2).map(tuple)
used = st.builds(
    Used, requests=st.integers(0, 5), values=st.dictionaries(st.sampled_from(["USD", "EUR"]), st.integers(0, 20))
)
quotas = st.builds(
    Quota,
    within_days=st.integers(1, 30),
    requests=st.none() | st.integers(1, 4),
    value=st.none() | st.integers(0, 20),
    currency=st.sampled_from(["USD", "EUR"]),
)
budgets = st.builds(
    Budget,
    name=st.sampled_from(["A", "B"]),
    members=lists,
    amounts=st.dictionaries(st.sampled_from(["USD", "EUR"]), st.integers(1, 20)),
    approvers=lists,
)


def with_limits(policy, it, quota, spent, paid):
    """The same policy with a quota in every rule and these budgets, and what is used of them."""
    rules = tuple(replace(one, automatic=quota) for one in policy.rules)
    policy = replace(policy, rules=rules, default=replace(policy.default, automatic=quota), budgets=paid)
    quotas_used = {rule.name: spent for rule in policy.all_rules}
    return policy, replace(it, quotas=quotas_used, budgets={one.name: spent for one in paid})


@given(policies, situations, quotas, used, st.lists(budgets, max_size=2).map(tuple))
def test_what_the_policy_approves_fits_the_quota_and_every_budget(policy, it, quota, spent, paid):
    policy, it = with_limits(policy, it, quota, spent, paid)
    found = rule_on(policy, it)
    if found.automatic is None or found.automatic.against:
        return

    assert found.refusal is None
    assert it.offer.price is not None
    assert quota.requests is None or spent.requests + 1 <= quota.requests
    assert quota.value is None or (it.offer.currency == quota.currency)
    assert quota.value is None or spent.value(quota.currency) + it.value <= quota.value
    assert not any(one.over for one in found.accounts)


@given(policies, situations, quotas, used, used)
def test_more_that_is_used_never_makes_the_policy_approve_what_it_did_not(policy, it, quota, spent, more):
    policy, before = with_limits(policy, it, quota, spent, ())
    values = {one: spent.value(one) + more.value(one) for one in ("USD", "EUR")}
    grown = Used(requests=spent.requests + more.requests, values=values)
    found, later = rule_on(policy, before), rule_on(*with_limits(policy, it, quota, grown, ()))

    assert (found.automatic is None) is (later.automatic is None)
    assert found.automatic is None or not found.automatic.against or later.automatic.against


@given(policies, situations, used, budgets, members)
def test_a_spent_budget_never_lets_anybody_decide_alone_who_could_not(policy, it, spent, budget, groups):
    found = rule_on(policy, it)
    policy, it = with_limits(policy, it, None, spent, (budget,))
    paid = rule_on(policy, it)
    if found.refusal is not None:
        return

    for approvals in ([], PEOPLE[:1], PEOPLE[1:2], PEOPLE[:2], PEOPLE):
        enough = tally(paid.terms, approvals, requester=it.requester, members=groups).full
        assert not enough or tally(found.terms, approvals, requester=it.requester, members=groups).full


@given(policies, situations, used, budgets, members)
def test_no_budget_lets_a_requester_decide(policy, it, spent, budget, groups):
    ruling = rule_on(*with_limits(policy, it, None, spent, (budget,)))

    assert not may_decide(ruling, a_profile(it.requester), requester=it.requester, members=groups).allowed
    assert it.requester not in tally(ruling.terms, PEOPLE, requester=it.requester, members=groups).counted


@given(st.builds(replace, terms, additions=added), st.lists(people), people, members, named)
def test_another_approver_never_makes_it_harder(wanted, approvals, requester, groups, more):
    wider = replace(
        wanted,
        approvers=(*wanted.approvers, *more),
        additions=tuple((*one, *more) for one in wanted.additions),
    )

    before = tally(wanted, approvals, requester=requester, members=groups)
    assert tally(wider, approvals, requester=requester, members=groups).missing <= before.missing


@given(terms, added, st.lists(people), people, members)
def test_nobody_stands_for_two(wanted, additions, approvals, requester, groups):
    wanted = replace(wanted, additions=additions)
    found = tally(wanted, approvals, requester=requester, members=groups)

    assert found.counted <= set(approvals) & everybody(wanted.named, groups) - {requester}
    assert not found.full or len(found.counted) >= wanted.needed
    assert found.missing <= wanted.needed
