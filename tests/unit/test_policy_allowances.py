"""Quotas and budgets in the policy file: what they mean, and what is wrong with them, with line and mend."""

import pytest

from bot.domain.errors import Misconfigured
from bot.domain.policy import Budget, Quota
from bot.policy_file import read_policy

RULE = """
[[rule]]
name = "small"
when.price = { at_most = 100, currency = "USD" }
automatic = { AUTOMATIC }
approvers = "S0LEADS"
[default]
approvers = "S0LEADS"
"""
BUDGET = """
[default]
approvers = "S0LEADS"
[[budget]]
name = "Support"
members = "S0SUPPORT"
each_month = { USD = 500, EUR = 450.50 }
approvers = ["S0FINANCE", "U0BOSS"]
"""


def read(automatic):
    return read_policy(RULE.replace("AUTOMATIC", automatic))


def fault_of(text):
    with pytest.raises(Misconfigured) as refused:
        read_policy(text)
    return str(refused.value)


@pytest.mark.parametrize(
    ("automatic", "quota"),
    [
        ("requests = 3, within_days = 30", Quota(within_days=30, requests=3)),
        ('value = 150.5, currency = "USD", within_days = 7', Quota(within_days=7, value=15_050, currency="USD")),
        (
            'requests = 3, within_days = 30, despite = "subscription"',
            Quota(within_days=30, requests=3, despite=("subscription",)),
        ),
    ],
)
def test_what_is_approved_automatically_is_read(automatic, quota):
    policy = read(automatic)

    assert policy.rules[0].automatic == quota
    assert policy.default.automatic is None


def test_budgets_are_read_and_whom_they_name_is_known():
    policy = read_policy(BUDGET + 'time_zone = "Europe/Zurich"\n')

    assert policy.budgets == (
        Budget(
            name="Support",
            members=("S0SUPPORT",),
            amounts={"USD": 50_000, "EUR": 45_050},
            time_zone="Europe/Zurich",
            approvers=("S0FINANCE", "U0BOSS"),
        ),
    )
    assert policy.groups == {"S0LEADS", "S0SUPPORT", "S0FINANCE"}
    assert "U0BOSS" in policy.people
    assert {"S0FINANCE", "U0BOSS"} <= set(policy.approvers)
    assert "S0SUPPORT" not in policy.approvers


@pytest.mark.parametrize(
    ("automatic", "says"),
    [
        ("requests = 3", "automatic.within_days: is missing: add it"),
        ("within_days = 30", "automatic: needs a limit: requests, or value with its currency"),
        ("requests = 0, within_days = 30", "automatic.requests: must be at least 1"),
        ("value = 150, within_days = 30", "automatic: value and currency go together: add the other one"),
        ("request = 3, within_days = 30", "there is no such key; do you mean “requests”"),
        ('requests = 3, within_days = 30, despite = "risk"', "must be 'subscription', 'value' or 'customers'"),
        (
            'value = 150, currency = "EUR", within_days = 30',
            "the price is at most 100 USD, but automatic is in EUR: name the same currency",
        ),
    ],
)
def test_what_is_wrong_with_what_is_approved_automatically_is_told_with_its_line(automatic, says):
    with pytest.raises(Misconfigured) as refused:
        read(automatic)

    told = str(refused.value)
    assert says in told
    assert told.startswith(("POLICY_FILE, line 2: rule 1", "POLICY_FILE, line 5: rule 1"))


def test_what_can_never_be_approved_automatically_is_named():
    text = RULE.replace("at_most = 100", "over = 200").replace(
        "AUTOMATIC", 'value = 150, currency = "USD", within_days = 30'
    )

    assert "the price is over 200 USD, which is more than automatic allows: make its value larger" in fault_of(text)


def test_a_rule_that_refuses_approves_nothing_automatically():
    text = RULE.replace('approvers = "S0LEADS"\n[default]', 'refuse = "No."\n[default]')

    assert "automatic can have no effect: take it out" in fault_of(
        text.replace("AUTOMATIC", "requests = 3, within_days = 30")
    )


@pytest.mark.parametrize(
    ("found", "written", "line", "says"),
    [
        ('name = "Support"\n', "", 4, "budget 1, name: is missing: add it"),
        ("USD = 500", "USD = 0", 7, "budget 1, each_month.USD: must be more than 0"),
        ("USD = 500", "usd = 500", 7, "budget 1, each_month.usd: takes three capital letters, like USD"),
        ("S0SUPPORT", "Support", 6, "takes Slack ids of people (U…, W…) and user groups (S…), not names"),
        ("approvers = [", 'time_zone = "Zurich"\napprovers = [', 8, "there is no time zone “Zurich”"),
        ("approvers = [", 'refuse = "Spent."\napprovers = [', 4, "when it is spent: name approvers"),
        ("each_month", "every_month", 7, "there is no such key; do you mean “each_month”"),
    ],
)
def test_what_is_wrong_with_a_budget_is_told_with_its_line(found, written, line, says):
    place, at = BUDGET.rfind(found), len(found)
    told = fault_of(BUDGET[:place] + written + BUDGET[place + at :])

    assert says in told
    assert any(one.startswith(f"POLICY_FILE, line {line}: budget 1") for one in told.splitlines()), told


def test_two_budgets_of_one_name_are_refused():
    second = BUDGET.split("[[budget]]")[1]

    assert "two budgets are named “Support”: give each a name of its own" in fault_of(f"{BUDGET}[[budget]]{second}")
