"""Every condition that a rule can have, as people in Slack meet it: where it holds, where it does not, and why."""

import pytest

from tests.flow.following import all_told, cards, case_of, id_of, offer, over_http
from tests.flow.steps import opened
from tests.flow.test_policy import ruled
from tests.flow.test_why import asks_why

__all__ = ["ruled"]

SOURDOUGH, BUNDLE = "/offer grant jane@example.com sourdough", "/offer grant jane@example.com everything"
YEARLY, REVOKE = "/offer grant jane@example.com twelve months", "/offer revoke mia.chen@example.com pastry basics"
RULES = """
[[rule]]
name = "special"
when = {{ {when} }}
approvers = "U0GRACE"

[default]
approvers = "S0APPROVERS"
"""

#: the condition; who asks what that it does not hold for (nothing can, where there is one of all), and what it does
#: hold for; and how it is explained
CONDITIONS = [
    ('action = "revoke"', ("ada", SOURDOUGH), ("ada", REVOKE), "it is a revoke"),
    ('provider = "kajabi"', None, ("ada", SOURDOUGH), "the provider is kajabi"),
    ('offer = "{sourdough}"', ("ada", BUNDLE), ("ada", SOURDOUGH), "the offer is {sourdough}"),
    ('title = "*SOUR*"', ("ada", BUNDLE), ("ada", SOURDOUGH), "the title is like “SOUR”"),
    (
        'price = { at_most = 100, currency = "USD" }',
        ("ada", BUNDLE),
        ("ada", SOURDOUGH),
        "the price is at most 100 USD",
    ),
    ('value = { over = 100, currency = "USD" }', ("ada", SOURDOUGH), ("ada", BUNDLE), "the value is over 100 USD"),
    ("recurring = true", ("ada", SOURDOUGH), ("ada", YEARLY), "the offer is recurring"),
    ("customers = { at_most = 1 }", None, ("ada", SOURDOUGH), "the number of customers is at most 1"),
    ("days = { over = 30 }", None, ("ada", SOURDOUGH), "the number of days is over 30"),
    ('requester = "U0OLGA"', ("ada", SOURDOUGH), ("olga", SOURDOUGH), "it is asked by @Olga"),
    ('requester = "S0APPROVERS"', ("ada", SOURDOUGH), ("linus", SOURDOUGH), "it is asked by @offer-approvers"),
    ('channel = "C0SUPPORT"', None, ("ada", SOURDOUGH), "it is asked in #support"),
    (
        "requester_history = { at_least = 1, within_days = 7 }",
        ("ada", SOURDOUGH),
        ("ada", REVOKE),
        "there were 1 or more requests by the requester in 7 days before",
    ),
    (
        'customer_history = { at_least = 1, within_days = 7, action = "grant", reason = "*refund*" }',
        ("ada", SOURDOUGH),
        ("olga", BUNDLE),
        "there were 1 or more grants for the customer with a reason like “refund” in 7 days before",
    ),
]


@over_http
@pytest.mark.parametrize(
    ("when", "misses", "fits", "words"), [pytest.param(*row, id=row[3].format(sourdough="n")) for row in CONDITIONS]
)
async def test_a_rule_decides_where_its_condition_holds_and_says_so(ruled, when, misses, fits, words):
    ruled.workspace.channels["C0SUPPORT"].members.add(ruled.linus.id)
    sourdough = offer(ruled, "Sourdough Deep Dive").id
    await ruled.rules(RULES.format(when=when.replace("{sourdough}", sourdough)))
    if misses is not None:
        _, question = await ruled.asks(getattr(ruled, misses[0]), f"{misses[1]} because refund")
        assert "chosen by default" in question.plain
    card, question = await ruled.asks(getattr(ruled, fits[0]), f"{fits[1]} because refund")
    why = (await asks_why(ruled.mallory, card)).plain
    await all_told(ruled)

    assert "chosen by special" in question.plain
    assert "May decide: @Grace." in why
    assert f"Rule: special decides, because {words.format(sourdough=sourdough)}." in why


@over_http
async def test_the_channel_that_counts_is_the_one_it_is_asked_in_and_not_the_one_for_all_cards(ruled):
    ruled.settings = ruled.settings.model_copy(update={"approvals_channel": "C0ALERTS"})
    await ruled.rules(RULES.format(when='channel = "C0SUPPORT"'))
    await opened(ruled.ada, f"{SOURDOUGH} because refund")
    assert await ruled.ada.submits() == {}
    inside = await ruled.grace.sees("Approve", in_=await ruled.grace.sees("Sourdough", in_="#alerts"))
    await opened(ruled.ada, f"{BUNDLE} because refund", channel="dm")
    assert await ruled.ada.submits() == {}
    outside = await ruled.grace.sees("Approve", in_=await ruled.grace.sees("Everything", in_="#alerts"))
    await all_told(ruled)

    assert "chosen by special" in inside.plain
    assert "chosen by default" in outside.plain


@over_http
async def test_a_grant_for_good_is_refused_where_the_rule_limits_the_days_and_a_revoke_is_not(ruled):
    await ruled.rules('[default]\napprovers = "S0APPROVERS"\nmax_days = 30\nmax_customers = 1\n')
    await opened(ruled.ada, f"{SOURDOUGH} because refund")
    refused = await ruled.ada.submits()

    assert list(refused.values()) == ["The rules allow this for 30 days at most, and not for good."]
    assert cards(ruled) == []
    card, _ = await ruled.asks(ruled.olga, f"{REVOKE} because refund")
    assert (await case_of(ruled, card)).request.state == "pending"


@over_http
async def test_who_is_named_for_it_reads_what_others_asked_for_and_who_is_not_does_not(ruled):
    await ruled.rules('[access]\nread = "U0LINUS"\n\n[default]\napprovers = "U0GRACE"\n')
    card, _ = await ruled.asks(ruled.ada, f"{SOURDOUGH} because refund")
    await ruled.linus.types(f"/offer why {id_of(card)}", channel="dm")
    await ruled.linus.sees("May decide: @Grace.", in_="ephemeral")
    await ruled.mallory.types(f"/offer why {id_of(card)}", channel="dm")
    await ruled.mallory.sees("This request is not yours, and not yours to decide", in_="ephemeral")
    await all_told(ruled)
