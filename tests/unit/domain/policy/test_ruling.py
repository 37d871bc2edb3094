"""Which rule decides, and what it says."""

from dataclasses import replace

import pytest

from bot.domain.errors import ReasonUnfit, RefusedByRule, TooManyCustomers, TooManyDays
from bot.domain.policy import Like, OneOf, Span, Terms, dead_rules, of_approvers, rule_on
from bot.domain.request import Action
from bot.words.rules import decides
from tests.unit.domain.policy.situations import a_policy, a_rule, a_situation

GRANTS, REVOKES = OneOf("action", frozenset({"grant"})), OneOf("action", frozenset({"revoke"}))


def test_the_first_rule_that_fits_decides():
    first, second = a_rule("first", GRANTS, approvers=("UGRACE",)), a_rule("second", GRANTS, approvers=("ULINUS",))

    assert rule_on(a_policy(first, second), a_situation()).terms.approvers == ("UGRACE",)
    assert rule_on(a_policy(second, first), a_situation()).terms.approvers == ("ULINUS",)


def test_where_no_rule_fits_the_default_decides():
    ruling = rule_on(a_policy(a_rule("revokes", REVOKES)), a_situation())

    assert (ruling.rule, ruling.terms.approvers) == ("default", ("UROOT",))
    assert decides(ruling.rule, ruling.grounds) == "default decides, as no rule before it fits"


def test_a_ruling_says_which_rule_and_why():
    policy = a_policy(a_rule("bundles", GRANTS, Like(("*bundle*",))))

    ruling = rule_on(policy, a_situation())
    assert decides(ruling.rule, ruling.grounds) == (
        "bundles decides, because it is a grant, and the title is like “*bundle*”"
    )


def test_a_list_of_approvers_is_a_policy_of_one_rule():
    ruling = rule_on(of_approvers(["UGRACE", "SLEADS"]), a_situation())

    assert decides(ruling.rule, ruling.grounds) == "APPROVERS decides on everything"
    assert ruling.terms == Terms(approvers=("UGRACE", "SLEADS"))


@pytest.mark.parametrize(
    ("rule", "told", "refused"),
    [
        pytest.param({"refuse": "Never."}, {}, RefusedByRule, id="a rule refuses"),
        pytest.param({"max_days": 30}, {"days": 31}, TooManyDays, id="for longer than the rule allows"),
        pytest.param({"max_days": 30}, {}, TooManyDays, id="for good, where the rule limits the days"),
        pytest.param({"max_days": 30}, {"days": 30}, None, id="for as long as the rule allows"),
        pytest.param({"max_days": 30}, {"action": Action.REVOKE}, None, id="a revoke, which has no end"),
        pytest.param({"max_customers": 2}, {"customers": 3}, TooManyCustomers, id="for more customers than allowed"),
        pytest.param({"max_customers": 2}, {"customers": 2}, None, id="for as many customers as allowed"),
        pytest.param({"reason": r"CASE-\d+"}, {}, ReasonUnfit, id="without the number in the reason"),
        pytest.param({"reason": r"CASE-\d+"}, {"reason": "see CASE-7."}, None, id="with the number in the reason"),
    ],
)
def test_a_rule_refuses(rule, told, refused):
    ruling = rule_on(a_policy(default=a_rule("default", **rule)), a_situation(**told))

    assert (type(ruling.refusal) if ruling.refusal else None) is refused
    if refused is not None:
        with pytest.raises(refused):
            ruling.demand()


def test_the_managers_table_says_who_the_manager_is():
    policy = a_policy(default=a_rule("d", approvers=("manager", "SLEADS")), managers={"UADA": "UGRACE"})

    assert rule_on(policy, a_situation()).terms.approvers == ("UGRACE", "SLEADS")
    assert rule_on(policy, a_situation(requester="UBOB")).terms.approvers == ("SLEADS",)
    assert policy.approvers == ("SLEADS", "UGRACE")


def test_who_may_end_what_is_refused_by_now_is_everybody_who_decides_anything():
    policy = a_policy(a_rule("no", GRANTS, approvers=(), refuse="No."), a_rule("r", REVOKES, approvers=("UGRACE",)))

    assert rule_on(policy, a_situation()).terms.approvers == ("UGRACE", "UROOT")


@pytest.mark.parametrize(
    ("earlier", "later", "dead"),
    [
        pytest.param([GRANTS], [GRANTS, Like(("Gold*",))], True, id="a narrower one after a wider one"),
        pytest.param([GRANTS, Like(("Gold*",))], [GRANTS], False, id="a wider one after a narrower one"),
        pytest.param([GRANTS], [REVOKES], False, id="one about something else"),
        pytest.param([GRANTS], [GRANTS], True, id="the same twice"),
        pytest.param(
            [Span(fact="price", currency="USD", most=5000)],
            [Span(fact="price", currency="USD", most=4000), GRANTS],
            True,
            id="a lower price after a higher bound",
        ),
    ],
)
def test_a_rule_is_dead_when_it_is(earlier, later, dead):
    policy = a_policy(a_rule("earlier", *earlier), a_rule("later", *later))

    assert [(one.name, before.name) for one, before in dead_rules(policy)] == [("later", "earlier")] * dead


def test_a_default_behind_a_rule_for_everything_is_dead():
    everything = a_rule("all")

    assert [one.name for one, _ in dead_rules(a_policy(everything))] == ["default"]


def test_a_policy_names_everybody_and_everything_it_names():
    offers = OneOf("offer", frozenset({"7"}))
    policy = a_policy(
        a_rule("one", offers, OneOf("requester", frozenset({"USUE", "SSALES"})), approvers=("manager",)),
        admins=("UOLGA",),
        managers={"UADA": "UGRACE"},
    )

    assert policy.people == {"USUE", "UROOT", "UOLGA", "UADA", "UGRACE"}
    assert policy.groups == {"SSALES"}
    assert policy.offers == {"7"}
    assert replace(policy, managers={}).people == {"USUE", "UROOT", "UOLGA"}


@pytest.mark.parametrize(
    ("offer", "customers", "dangers"),
    [
        ({"price": 49_999}, 1, ()),
        ({"price": 50_000}, 1, ("value",)),
        ({"price": 25_000}, 2, ("value",)),
        ({"price": 100}, 20, ("customers",)),
        ({"price": None}, 1, ("uncompared",)),
        ({"currency": "EUR"}, 1, ("uncompared",)),
        ({"currency": "usd", "price": 50_000}, 1, ("value",)),
    ],
)
def test_a_ruling_names_what_to_beware_of_whatever_rule_decides(offer, customers, dangers):
    limits = (Span(fact="value", least=50_000, currency="USD"), Span(fact="customers", least=20))
    situation = a_situation(customers=customers)
    situation = replace(situation, offer=replace(situation.offer, **offer))

    assert rule_on(a_policy(dangers=limits), situation).dangers == dangers
    assert rule_on(a_policy(), situation).dangers == ()
