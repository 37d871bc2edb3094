"""Which rules lead nowhere with the people there are."""

import pytest
from hypothesis import given

from bot.domain.policy import (
    Access,
    Budget,
    OneOf,
    Rule,
    Stuck,
    Terms,
    everybody,
    idle_escalations,
    stuck_budgets,
    stuck_rules,
    tally,
)
from bot.domain.policy.ruling import terms_of
from tests.unit.domain.policy.situations import GROUPS, a_policy, a_rule
from tests.unit.domain.policy.test_properties import PEOPLE, members, policies

FIT = {"UADA", "UGRACE", "ULINUS", "UOLGA", "UROOT"}


def asked_by(*people):
    return OneOf("requester", frozenset(people))


def wants(quorum=1, *each, approvers=(), **told):
    return {"terms": Terms(approvers=approvers, quorum=quorum, one_from_each=each, **told)}


STUCK = [
    ("somebody who may decide", [], wants(approvers=("UGRACE",)), None),
    ("nobody who could decide", [], wants(approvers=("UGONE", "SEMPTY")), (1, 0, False)),
    ("a group that is too small", [], wants(3, approvers=("SLEADS",)), (3, 2, False)),
    ("a group that is large enough", [], wants(2, approvers=("SLEADS",)), None),
    ("two groups of which one is empty", [], wants(1, "SLEADS", "SEMPTY"), (2, 1, False)),
    ("two groups with enough between them", [], wants(1, "SLEADS", "SMONEY"), None),
    ("one of each, where the same person is both", [], wants(1, "UGRACE", "UGRACE"), (2, 1, False)),
    ("those who ask are the only ones who decide", [asked_by("UGRACE")], wants(approvers=("UGRACE",)), (1, 0, True)),
    ("those who ask decide for one another", [asked_by("SLEADS")], wants(approvers=("SLEADS",)), None),
    ("those who ask are too few for a quorum", [asked_by("SLEADS")], wants(2, approvers=("SLEADS",)), (2, 1, False)),
    ("only one of those who ask finds enough", [asked_by("SLEADS", "UADA")], wants(2, approvers=("SLEADS",)), None),
    ("nobody is in the group that asks", [asked_by("SEMPTY")], wants(approvers=("UGONE",)), None),
    ("a manager, and one who has one", [], wants(approvers=("manager",)), None),
    ("a manager of somebody else", [asked_by("ULINUS")], wants(approvers=("manager",)), (1, 0, False)),
    (
        "whoever it is escalated to comes too late",
        [],
        wants(approvers=("UGONE",), escalate_to=("UGRACE",)),
        (1, 0, False),
    ),
]
HERE = {**GROUPS, "SEMPTY": frozenset()}


def with_rule(when, told, **more):
    return a_policy(Rule(name="it", when=tuple(when), **told), managers={"UADA": "UGRACE"}, **more)


@pytest.mark.parametrize(("when", "told", "stuck"), [pytest.param(*row[1:], id=row[0]) for row in STUCK])
def test_a_rule_is_stuck_where_too_few_are_left_to_decide(when, told, stuck):
    found = list(stuck_rules(with_rule(when, told), HERE, fit=FIT))

    expected = [] if stuck is None else [Stuck(rule="it", needed=stuck[0], found=stuck[1], own=stuck[2])]
    assert found == expected


def test_a_rule_that_refuses_needs_nobody():
    assert list(stuck_rules(a_policy(a_rule("no", approvers=(), refuse="No.")), HERE, fit=FIT)) == []


def test_who_may_ask_at_all_is_all_who_ask():
    policy = with_rule([], wants(approvers=("UGRACE",)), access=Access(request=("UGRACE",)), default=a_rule("d"))

    assert [(one.rule, one.own) for one in stuck_rules(policy, HERE, fit=FIT)] == [("it", True)]


GRACE_ALONE, REVOKES = wants(approvers=("UGRACE",)), OneOf("action", frozenset({"revoke"}))
BEYOND = [
    ("somebody else", ("UADA",), ("UOLGA",), [], wants(approvers=("UGRACE",)), False),
    ("nobody who could decide", ("UADA",), ("UGONE",), [], GRACE_ALONE, True),
    ("a group that is gone", ("UADA",), ("SGONE",), [], GRACE_ALONE, True),
    ("the only one who may decide anyway", ("UADA",), ("UGRACE",), [], GRACE_ALONE, True),
    ("one of two who may decide anyway", ("UADA",), ("UGRACE",), [], wants(approvers=("SLEADS",)), False),
    ("the only one who asks", ("UOLGA",), ("UOLGA",), [], GRACE_ALONE, True),
    ("one of two who ask", ("UOLGA", "UADA"), ("UOLGA",), [], GRACE_ALONE, False),
    ("nobody, but who pays from it never asks", ("UADA",), ("UGONE",), [asked_by("ULINUS")], GRACE_ALONE, False),
    ("nobody, but it is for revokes", ("UADA",), ("UGONE",), [REVOKES], GRACE_ALONE, False),
    ("nobody, but nobody can decide anyway", ("UADA",), ("UGONE",), [], wants(approvers=("UGONE",)), False),
    ("nobody, but nobody pays from it", ("SEMPTY",), ("UGONE",), [], GRACE_ALONE, False),
    ("nobody, for it refuses in its own words", ("UADA",), (), [], GRACE_ALONE, False),
]


@pytest.mark.parametrize(
    ("whose", "approvers", "when", "told", "stuck"), [pytest.param(*row[1:], id=row[0]) for row in BEYOND]
)
def test_a_budget_is_stuck_where_nobody_else_is_left_for_what_goes_beyond_it(whose, approvers, when, told, stuck):
    budget = Budget(name="Team", members=whose, amounts={"USD": 100}, approvers=approvers)
    policy = with_rule(when, told, budgets=(budget,), default=a_rule("no", approvers=(), refuse="No."))

    assert list(stuck_budgets(policy, HERE, fit=FIT)) == ["Team"] * stuck


ESCALATED = [
    ("to somebody else", ("UGRACE",), ("UOLGA",), False),
    ("to nobody", ("UGRACE",), (), False),
    ("to one who may decide already", ("UGRACE", "UOLGA"), ("UOLGA",), True),
    ("to one of a group that may decide already", ("SLEADS",), ("ULINUS",), True),
    ("to one who may and one who may not", ("SLEADS",), ("ULINUS", "UOLGA"), False),
    ("to a manager who may decide already", ("UGRACE",), ("manager",), True),
    ("to a manager who may not", ("UOLGA",), ("manager",), False),
    ("to a group with nobody in it", ("UGRACE",), ("SEMPTY",), False),
]


@pytest.mark.parametrize(("approvers", "later", "idle"), [pytest.param(*row[1:], id=row[0]) for row in ESCALATED])
def test_an_escalation_is_idle_when_it_adds_nobody(approvers, later, idle):
    policy = with_rule([], wants(approvers=approvers, escalate_to=later, escalate_after=3600.0))

    assert list(idle_escalations(policy, HERE)) == ["it"] * idle


@given(policies, members)
def test_under_a_rule_that_is_called_stuck_nobody_ever_finds_enough(policy, groups):
    stuck = {one.rule for one in stuck_rules(policy, groups, fit=PEOPLE)}

    for rule in policy.all_rules:
        askers = [one for one in (*PEOPLE, "UELSE") if _asks(one, rule, groups)]
        terms = [terms_of(rule, one, policy) for one in askers]
        there = [everybody(one.named, groups) & {*PEOPLE} for one in terms]
        enough = [
            tally(one, people, requester=asker, members=groups).full
            for one, people, asker in zip(terms, there, askers, strict=True)
        ]
        assert (rule.name in stuck) is (not rule.refuse and bool(enough) and not any(enough))


def _asks(one, rule, groups):
    lists = [each.values for each in rule.when if isinstance(each, OneOf) and each.fact == "requester"]
    return all(one in everybody(values, groups) for values in lists)
