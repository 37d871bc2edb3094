"""What does the policy approve by itself, and what when a budget is spent?"""

from dataclasses import replace

import pytest

from bot.domain.errors import GroupGone, RefusedByRule
from bot.domain.policy import Budget, Cap, Quota, Span, Used, budget_cap, budgets_of, rule_on, tally
from bot.domain.request import Action
from tests.unit.domain.policy.situations import BUNDLE, a_policy, a_rule, a_situation

QUOTA = Quota(within_days=30, requests=3, value=50_000, currency="USD")
USED = Used(requests=2, values={"USD": 30_000})
FREE = replace(BUNDLE, price=0)
UNTOLD = replace(BUNDLE, price=None)
EUROS = replace(BUNDLE, currency="EUR")
DEAR = Span(fact="value", least=10_000, currency="USD")
CHEAP = Span(fact="value", least=10_000_000, currency="USD")


def against(*, quota=QUOTA, used=USED, dangers=(), **told):
    rule = a_rule("small", automatic=quota)
    policy = a_policy(default=rule, dangers=dangers)
    found = rule_on(policy, a_situation(quotas={} if used is None else {"small": used}, **told))
    return None if found.automatic is None else found.automatic.against


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        pytest.param({}, "", id="what fits is approved"),
        pytest.param({"offer": FREE}, "", id="so is what is free"),
        pytest.param({"offer": replace(BUNDLE, currency="usd")}, "", id="capitals do not matter"),
        pytest.param({"used": Used(requests=3)}, "requests", id="so many are used"),
        pytest.param({"used": Used(requests=9)}, "requests", id="more are used, since the quota was made smaller"),
        pytest.param({"used": Used(values={"USD": 30_100})}, "", id="up to the value"),
        pytest.param({"used": Used(values={"USD": 30_101})}, "value", id="a cent more"),
        pytest.param({"offer": UNTOLD}, "untold", id="a price that is not told is not nought"),
        pytest.param({"offer": EUROS}, "currency", id="another currency cannot be compared"),
        pytest.param({"offer": UNTOLD, "quota": Quota(within_days=1, requests=3)}, "untold", id="even without a value"),
        pytest.param({"offer": EUROS, "quota": Quota(within_days=1, requests=3)}, "", id="where nothing is compared"),
        pytest.param({"apart": "askers"}, "askers", id="others have changed it"),
        pytest.param({"apart": "requester"}, "requester", id="the requester may not ask just now"),
        pytest.param({"dangers": (DEAR,)}, "danger", id="high value"),
        pytest.param({"dangers": (DEAR,), "quota": replace(QUOTA, despite=("value",))}, "", id="high value, said so"),
        pytest.param(
            {"dangers": (CHEAP,), "offer": EUROS, "quota": Quota(within_days=1, requests=3, despite=("value",))},
            "danger",
            id="a value that cannot be compared with the limit for danger",
        ),
        pytest.param({"used": None}, None, id="nobody has looked what is used"),
        pytest.param({"quota": None}, None, id="the rule approves nothing by itself"),
    ],
)
def test_what_the_policy_approves_by_itself(told, expected):
    assert against(**told) == expected


@pytest.mark.parametrize(("despite", "expected"), [((), "danger"), (("subscription",), ""), (("value",), "danger")])
def test_a_running_subscription_is_not_ended_by_the_policy_unless_it_says_so(despite, expected):
    rule = a_rule("ends", automatic=replace(QUOTA, despite=despite))
    it = a_situation(action=Action.REVOKE, quotas={"ends": Used()})
    found = rule_on(a_policy(default=rule), replace(it, dangers=("subscription",)))

    assert found.dangers == ("subscription",)
    assert found.automatic is not None
    assert found.automatic.against == expected


# --- budgets -------------------------------------------------------------------------------------------------------

BUDGET = Budget(name="Support", members=("UADA", "SLEADS"), amounts={"USD": 50_000}, approvers=("UOLGA", "UROOT"))
REFUSING = replace(BUDGET, name="Hard", approvers=(), refuse="Spent.")
MEMBERS = {"SLEADS": frozenset({"UGRACE", "ULINUS"})}


def ruled(*budgets, spent=0, untold=0, **told):
    policy = a_policy(default=a_rule("small", automatic=QUOTA), budgets=budgets)
    used = {one.name: Used(values={"USD": spent}, untold=untold) for one in budgets}
    return rule_on(policy, a_situation(budgets=used, quotas={"small": Used()}, **told))


@pytest.mark.parametrize(
    ("told", "over"),
    [
        pytest.param({"spent": 30_100}, False, id="up to the amount"),
        pytest.param({"spent": 30_101}, True, id="a cent more"),
        pytest.param({"offer": UNTOLD}, True, id="a price that is not told fits into no budget"),
        pytest.param({"offer": EUROS}, True, id="nor does another currency"),
    ],
)
def test_when_a_budget_is_spent_another_person_approves_as_well(told, over):
    found = ruled(BUDGET, **told)

    assert found.refusal is None
    assert found.terms.additions == ((("UOLGA", "UROOT"),) if over else ())
    assert [one.over for one in found.accounts] == [over]
    assert found.automatic is not None
    assert (found.automatic.against == "budget") is (over and "offer" not in told)


def test_a_budget_can_refuse_instead():
    assert ruled(REFUSING, spent=30_100).refusal is None
    refusal = ruled(REFUSING, spent=30_101).refusal

    assert isinstance(refusal, RefusedByRule)
    assert refusal.words == "Spent."


def test_each_budget_counts_by_itself():
    second = replace(BUDGET, name="All", approvers=("UEVE",))
    found = ruled(BUDGET, second, spent=40_000)

    assert found.terms.additions == (("UOLGA", "UROOT"), ("UEVE",))
    assert found.terms.needed == 3
    assert found.automatic is not None
    assert found.automatic.against == "budget"


def test_what_is_of_a_price_that_is_not_told_is_counted_beside_what_is_spent():
    (account,) = ruled(BUDGET, spent=100, untold=2).accounts

    assert (account.spent, account.untold, account.adds) == (100, 2, 19_900)


@pytest.mark.parametrize(
    ("told", "paid"),
    [
        ({}, True),
        ({"requester": "UGRACE"}, True),
        ({"requester": "UEVE"}, False),
        ({"action": Action.REVOKE}, False),
        ({"offer": FREE}, False),
        ({"offer": UNTOLD}, True),
    ],
)
def test_which_budgets_a_request_is_paid_from(told, paid):
    found = budgets_of(a_policy(budgets=(BUDGET,)), a_situation(**told), MEMBERS)

    assert found == ((BUDGET,) if paid else ())


def test_a_budget_of_a_group_that_is_gone_lets_nobody_spend_unseen():
    with pytest.raises(GroupGone):
        budgets_of(a_policy(budgets=(BUDGET,)), a_situation(gone=frozenset({"SLEADS"})), {})


@pytest.mark.parametrize(
    ("offer", "expected"), [(BUNDLE, {"value": 50_000, "currency": "USD"}), (UNTOLD, {"requests": 0})]
)
def test_what_an_approval_must_stay_within(offer, expected):
    cap = budget_cap(BUDGET, a_situation(offer=offer), MEMBERS)

    assert cap == Cap(scope=cap.scope, **expected)
    assert cap.scope.requesters == {"UADA", "UGRACE", "ULINUS"}


# --- who approves as well --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("approvals", "missing"),
    [
        ((), 2),
        (("UGRACE",), 1),
        (("UOLGA",), 1),
        (("UGRACE", "ULINUS"), 1),
        (("UOLGA", "UROOT"), 1),
        (("UGRACE", "UROOT"), 0),
        (("UADA", "UROOT"), 1),
    ],
)
def test_who_approves_as_well_stands_for_nobody_else(approvals, missing):
    terms = ruled(BUDGET, spent=50_000).terms
    found = tally(terms, approvals, requester="UADA", members=MEMBERS)

    assert found.missing == missing


def test_one_person_who_is_named_for_both_is_still_one():
    terms = replace(ruled(BUDGET, spent=50_000).terms, approvers=("UOLGA", "UGRACE"))

    assert not tally(terms, {"UOLGA"}, requester="UADA", members=MEMBERS).full
    assert tally(terms, {"UOLGA", "UGRACE"}, requester="UADA", members=MEMBERS).full
