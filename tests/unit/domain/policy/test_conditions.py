"""What a rule asks about, as a table: the condition, the situation, whether it holds."""

from dataclasses import replace

import pytest

from bot.domain.policy import Like, OneOf, Recent, Recurring, Span, rule_on
from bot.domain.policy.conditions import fits
from bot.domain.request import Action, State
from bot.words import rules
from tests.unit.domain.policy.situations import BUNDLE, a_past, a_policy, a_rule, a_situation


def names(fact, *values):
    return OneOf(fact, frozenset(values))


def dollars(fact="price", **bounds):
    return Span(fact=fact, currency="USD", words="within bounds", **bounds)


HOLDS = [
    ("the action that is named", names("action", "grant"), {}, True),
    ("another action", names("action", "revoke"), {}, False),
    ("one of two actions", names("action", "grant", "revoke"), {}, True),
    ("the provider that is named", names("provider", "kajabi"), {}, True),
    ("another provider", names("provider", "capillary"), {}, False),
    ("the offer by its id", names("offer", "7"), {}, True),
    ("the offer by provider and id", names("offer", "kajabi:7"), {}, True),
    ("another offer", names("offer", "8", "kajabi:77"), {}, False),
    ("the requester in person", names("requester", "UADA"), {}, True),
    ("the requester by a group", names("requester", "SSALES"), {"groups": frozenset({"SSALES"})}, True),
    ("a requester outside the group", names("requester", "SSALES"), {}, False),
    ("the channel it is asked in", names("channel", "CSALES"), {}, True),
    ("another channel", names("channel", "CSUPPORT"), {}, False),
    ("a title like the pattern, in other capitals", Like(("*bundle*",)), {}, True),
    ("a title like none of the patterns", Like(("*course*", "Silver*")), {}, False),
    ("a title by its whole name", Like(("gold bundle",)), {}, True),
    ("a part of a title without a star", Like(("gold",)), {}, False),
    ("a price at the upper bound", dollars(most=19900), {}, True),
    ("a price above the upper bound", dollars(most=19899), {}, False),
    ("a price at the lower bound", dollars(least=19900), {}, True),
    ("a price below the lower bound", dollars(least=19901), {}, False),
    ("a price in another currency", dollars(least=0), {"offer": replace(BUNDLE, currency="EUR")}, False),
    ("a price in small letters", dollars(least=0), {"offer": replace(BUNDLE, currency="usd")}, True),
    ("a price that is not told", dollars(most=99999), {"offer": replace(BUNDLE, price=None)}, False),
    ("an offer that is free", dollars(most=0), {"offer": replace(BUNDLE, price=0)}, True),
    ("the value of three customers", dollars("value", least=59700, most=59700), {"customers": 3}, True),
    ("a value that is not told", dollars("value", least=0), {"offer": replace(BUNDLE, price=None)}, False),
    ("more customers than one", Span(fact="customers", least=2), {"customers": 2}, True),
    ("one customer, where more are meant", Span(fact="customers", least=2), {}, False),
    ("few days", Span(fact="days", most=30), {"days": 30}, True),
    ("for good, where few days are meant", Span(fact="days", most=30), {}, False),
    ("for good, where many days are meant", Span(fact="days", least=31), {}, True),
    ("a recurring offer", Recurring(wanted=True), {"offer": replace(BUNDLE, recurring=True)}, True),
    ("one that is paid once, where recurring is meant", Recurring(wanted=True), {}, False),
    ("one that is paid once", Recurring(wanted=False), {}, True),
]

GOODWILLS = Recent(whose="customer", at_least=2, within_days=60, action=Action.GRANT, reason="*goodwill*")
HISTORY = [
    ("the third goodwill for this customer in 60 days", [a_past(days_ago=5), a_past(days_ago=60)], True),
    ("the second one", [a_past()], False),
    ("the third one, of which the first was 61 days ago", [a_past(), a_past(days_ago=61)], False),
    ("one that was asked for in the same moment does not count", [a_past(), a_past(days_ago=0)], False),
    ("a revoke does not count", [a_past(), a_past(days_ago=3, action=Action.REVOKE)], False),
    ("another reason does not count", [a_past(), a_past(days_ago=3, reason="refund")], False),
    ("a reason in other words around it counts", [a_past(), a_past(days_ago=3, reason="As Goodwill, again")], True),
    ("one that waits counts", [a_past(), a_past(days_ago=3, state=State.PENDING)], True),
    *(
        (f"one that is {state.value} does not count", [a_past(), a_past(days_ago=3, state=state)], False)
        for state in (State.DENIED, State.EXPIRED, State.CANCELLED, State.FAILED, State.UNNEEDED)
    ),
]


def described(table):
    return [pytest.param(*row[1:], id=row[0]) for row in table]


@pytest.mark.parametrize(("condition", "told", "holds"), described(HOLDS))
def test_a_condition_holds_for(condition, told, holds):
    assert condition.holds(a_situation(**told)) is holds


@pytest.mark.parametrize(("past", "holds"), described(HISTORY))
def test_what_was_asked_before_counts(past, holds):
    assert GOODWILLS.holds(a_situation(for_customers=((), tuple(past)))) is holds
    assert not GOODWILLS.holds(a_situation(by_requester=tuple(past)))
    theirs = replace(GOODWILLS, whose="requester")
    assert theirs.holds(a_situation(by_requester=tuple(past))) is holds


@pytest.mark.parametrize("row", HOLDS, ids=lambda row: row[0])
def test_a_condition_says_in_words_what_it_asks(row):
    assert len(rules.condition(row[1]).split()) > 3


@pytest.mark.parametrize(
    ("text", "pattern", "does"),
    [
        ("Gold Bundle", "*", True),
        ("", "*", True),
        ("Gold Bundle", "G*e", True),
        ("Gold Bundle", "*o*n*", True),
        ("Gold Bundle", "*n*o*", False),
        ("aba", "ab*ba", False),
        ("abba", "ab*ba", True),
        ("Gold Bundle", "Gold", False),
        ("1+1 [x]", "1+1 [*]", True),
    ],
)
def test_a_star_stands_for_anything(text, pattern, does):
    assert fits(text, pattern) is does


@pytest.mark.parametrize(
    ("wide", "narrow", "covers"),
    [
        pytest.param(names("action", "grant", "revoke"), names("action", "grant"), True, id="more values"),
        pytest.param(names("action", "grant"), names("action", "grant", "revoke"), False, id="fewer values"),
        pytest.param(names("offer", "7"), names("channel", "7"), False, id="another fact"),
        pytest.param(dollars(most=100), dollars(least=1, most=100), True, id="wider bounds"),
        pytest.param(dollars(most=99), dollars(most=100), False, id="narrower bounds"),
        pytest.param(dollars(most=100), Span(fact="price", currency="EUR", most=9), False, id="another currency"),
        pytest.param(Like(("*Bundle*",)), Like(("Gold bundle",)), True, id="a wider pattern"),
        pytest.param(Like(("Gold*",)), Like(("Gold*", "Silver*")), False, id="one pattern of two"),
        pytest.param(Like(("*a*",)), Like(("*",)), False, id="a narrower pattern"),
        pytest.param(GOODWILLS, replace(GOODWILLS, at_least=3), True, id="fewer before"),
        pytest.param(GOODWILLS, replace(GOODWILLS, within_days=90), False, id="less time"),
        pytest.param(Recurring(wanted=True), Recurring(wanted=False), False, id="the opposite"),
    ],
)
def test_a_condition_covers_a_narrower_one(wide, narrow, covers):
    assert wide.covers(narrow) is covers
    assert wide.covers(wide)


def test_all_conditions_of_a_rule_must_hold():
    policy = a_policy(a_rule("both", names("action", "grant"), names("channel", "CSUPPORT")))

    assert rule_on(policy, a_situation(channel="CSUPPORT")).rule == "both"
    assert rule_on(policy, a_situation()).rule == "default"
