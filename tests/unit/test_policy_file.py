"""POLICY_FILE: what it says, and what it says of mistakes."""

import re
from pathlib import Path

import pytest

from bot.domain.errors import Misconfigured
from bot.domain.policy import Access, Like, OneOf, Recent, Recurring, Span, Terms
from bot.domain.request import Action
from bot.policy_file import read_policy, read_policy_file

ROOT = Path(__file__).parents[2]
README = re.findall(r"```toml\n(.*?)```", (ROOT / "README.md").read_text(), flags=re.DOTALL)

WHOLE = r"""
admins = ["U0OLGA"]

[access]
request = "S0SUPPORT"
look_up = ["S0SALES"]
read = ["U0IDA"]

[managers]
U0ADA = "U0GRACE"

[[rule]]
name = "all conditions"
refuse = "  No.  "
[rule.when]
action = "grant"
provider = "kajabi"
offer = ["4242", "kajabi:7"]
title = "*Bundle*"
price = { over = 50, at_most = 99.5, currency = "USD" }
value = { below = 1000, currency = "JPY" }
recurring = false
customers = { at_least = 2 }
days = { over = 30 }
requester = ["U0ADA", "S0SUPPORT"]
channel = "C0SUPPORT"
requester_history = { at_least = 5, within_days = 1 }
customer_history = { at_least = 2, within_days = 60, action = "grant", reason = "*goodwill*" }

[[rule]]
name = "all effects"
when.action = "revoke"
approvers = ["manager", "S0LEADS", "S0LEADS"]
reason = { pattern = '#\d+', example = "see #7" }
expires_after_days = 0.5
remind_after_hours = [1, 2.5]
escalate_after_hours = 3
escalate_to = ["manager", "U0IRIS"]
max_days = 30
max_customers = 10
channel = "C0LEADS"

[default]
approvers = ["U0GRACE"]
"""


def test_all_that_a_file_can_say_is_understood():
    policy = read_policy(WHOLE, admins=["U0ROOT"])
    conditions, effects = policy.rules

    assert (conditions.name, conditions.refuse) == ("all conditions", "No.")
    assert set(conditions.when) == {
        OneOf("action", frozenset({"grant"})),
        OneOf("provider", frozenset({"kajabi"})),
        OneOf("offer", frozenset({"4242", "kajabi:7"})),
        Like(("*Bundle*",)),
        Span(fact="price", least=5001, most=9950, currency="USD"),
        Span(fact="value", most=999, currency="JPY"),
        Recurring(wanted=False),
        Span(fact="customers", least=2),
        Span(fact="days", least=31),
        OneOf("requester", frozenset({"U0ADA", "S0SUPPORT"})),
        OneOf("channel", frozenset({"C0SUPPORT"})),
        Recent(whose="requester", at_least=5, within_days=1),
        Recent(whose="customer", at_least=2, within_days=60, action=Action.GRANT, reason="*goodwill*"),
    }
    assert effects.terms == Terms(
        approvers=("manager", "S0LEADS"),
        expiry=43_200.0,
        reminders=(3600.0, 9000.0),
        escalate_to=("manager", "U0IRIS"),
        escalate_after=10_800.0,
    )
    assert (effects.reason, effects.reason_example) == (r"#\d+", "see #7")
    assert (effects.max_days, effects.max_customers) == (30, 10)
    assert (policy.rooms, conditions.channel) == ({"all effects": "C0LEADS"}, "")
    assert (policy.default.name, policy.default.terms.approvers) == ("default", ("U0GRACE",))
    assert policy.access == Access(request=("S0SUPPORT",), look_up=("S0SALES",), read=("U0IDA",))
    assert (policy.admins, policy.managers) == (("U0OLGA", "U0ROOT"), {"U0ADA": "U0GRACE"})
    assert (policy.source, policy.looks_back) == ("POLICY_FILE", 60 * 86_400.0)


def test_one_reminder_needs_no_list_and_whom_it_is_escalated_to_is_looked_up_like_those_who_decide():
    policy = read_policy(WHOLE.replace("[1, 2.5]", "2"))

    assert policy.rules[1].terms.reminders == (7200.0,)
    assert "U0IRIS" in policy.approvers


def test_a_rule_says_how_many_approve_and_of_which_groups():
    policy = read_policy('[default]\none_from_each = ["S0LEADS", "S0MONEY"]\nquorum = 3\napprovers = "U0IDA"\n')
    terms = policy.default.terms

    assert (terms.quorum, terms.needed) == (3, 3)
    assert terms.one_from_each == ("S0LEADS", "S0MONEY")
    assert policy.approvers == ("U0IDA", "S0LEADS", "S0MONEY")


@pytest.mark.parametrize(
    ("bounds", "least", "most"),
    [
        ("at_least = 50, below = 60", 5000, 5999),
        ("over = 49.99, at_most = 50", 5000, 5000),
        ("over = 0.005", 1, None),
        ("at_most = 0.015", None, 1),
        ("below = 0.015", None, 1),
        ("at_least = 0.005", 1, None),
    ],
)
def test_bounds_are_exact_to_the_cent(bounds, least, most):
    text = WHOLE.replace("over = 50, at_most = 99.5", bounds)
    spans = [one for one in read_policy(text).rules[0].when if isinstance(one, Span) and one.fact == "price"]

    assert [(one.least, one.most) for one in spans] == [(least, most)]


def test_dangers_are_bounds_of_value_and_customers():
    danger = '[danger]\nvalue = { over = 500, currency = "USD" }\ncustomers = { at_least = 20 }\n'
    text = f'{danger}[default]\napprovers = "U0BOB"\n'

    assert read_policy(text).dangers == (
        Span(fact="value", least=50_001, currency="USD"),
        Span(fact="customers", least=20),
    )


def test_another_content_has_another_digest():
    assert read_policy(WHOLE).digest == read_policy(WHOLE).digest
    assert read_policy(WHOLE).digest != read_policy(WHOLE + "\n").digest


LATE = """[[rule]]
name = "late"
when = { action = "revoke", offer = "7" }
refuse = "No."

"""
FAULTS = [
    (
        "a quorum that the people named cannot fill",
        'approvers = ["U0GRACE"]',
        'approvers = ["U0GRACE", "U0GRACE", "U0IDA"]\nquorum = 3',
        "default: the quorum is 3, but 2 are named",
    ),
    ("a quorum of nobody", 'approvers = ["U0GRACE"]', 'approvers = ["U0GRACE"]\nquorum = 0', "must be at least 1"),
    (
        "one of each of one group",
        'approvers = ["U0GRACE"]',
        'one_from_each = ["S0LEADS", "S0LEADS"]',
        "default: one_from_each needs two different people or groups at least",
    ),
    (
        "a refusal that wants two approvals",
        'refuse = "  No.  "',
        'refuse = "  No.  "\nquorum = 2',
        "refuses, so quorum can have no effect",
    ),
    ("reminders out of order", "[1, 2.5]", "[3, 1]", "rule 2: remind_after_hours counts from the question on"),
    ("a reminder at once", "[1, 2.5]", "[0]", "rule 2, remind_after_hours.0: must be more than 0"),
    ("whom it is escalated to, and not when", "escalate_after_hours = 3\n", "", "escalate_to and escalate_after_hours"),
    ("an escalation after the end", "hours = 3\n", "hours = 12\n", "rule 2: it expires before it is escalated"),
    (
        "a key that is misspelt",
        'approvers = ["manager"',
        'aprovers = ["manager"',
        r"line \d+: rule 2, aprovers: there is no such key; do you mean “approvers”",
    ),
    (
        "a key in a condition",
        "recurring =",
        "reccuring =",
        "rule 1, when.reccuring: there is no such key; do you mean “recurring”",
    ),
    ("a name in place of an id", '"U0GRACE"]', '"Grace"]', r"line 44: default.approvers.0: takes Slack ids of people"),
    (
        "a group as an admin",
        'admins = ["U0OLGA"]',
        'admins = ["S0OLGA"]',
        "line 2: admins.0: takes the Slack id of a person",
    ),
    ("a name for the card's channel", '"C0LEADS"', '"#leads"', "rule 2, channel: takes the ids of channels"),
    ("a channel's name", '"C0SUPPORT"', '"#support"', "takes the ids of channels"),
    ("an unknown action", 'when.action = "revoke"', 'when.action = "delete"', "must be 'grant' or 'revoke'"),
    ("a currency in small letters", '"USD"', '"usd"', "when.price.currency: takes three capital letters"),
    ("text for a number", "max_days = 30", 'max_days = "30 days"', "line 39: rule 2, max_days: must be a whole number"),
    ("a number below its least", "at_least = 5,", "at_least = 0,", "requester_history.at_least: must be at least 1"),
    (
        "bounds that nothing meets",
        "over = 50, at_most = 99.5",
        "over = 50, at_most = 50",
        "no number is over 50 and at most 50",
    ),
    ("no bound", "customers = { at_least = 2 }", "customers = {}", "needs a bound"),
    ("a pattern that is none", "'#\\d+'", "'#('", "line 34: rule 2, reason: the pattern is no regular expression"),
    ("an example that does not fit", '"see #7"', '"see 7"', "the example does not fit the pattern"),
    ("neither approvers nor a refusal", 'refuse = "  No.  "', "", "line 12: rule 1: needs either approvers, or refuse"),
    (
        "both of them",
        'refuse = "  No.  "',
        'refuse = "No."\napprovers = "U0IDA"',
        "rule 1: needs either approvers, or refuse",
    ),
    ("a refusal with a limit", 'refuse = "  No.  "', 'refuse = "No."\nmax_days = 3', "max_days can have no effect"),
    ("no default", '[default]\napprovers = ["U0GRACE"]', "", r"default: is missing: add the table \[default\]"),
    ("a rule without a name", 'name = "all effects"', "", "line 30: rule 2, name: is missing"),
    (
        "a rule without a condition",
        'when.action = "revoke"',
        "when = {}",
        r"rule 2: has no condition: write it as \[default\]",
    ),
    ("a name that stands for something else", '"all effects"', '"default"', "name the rule otherwise"),
    ("two rules of one name", '"all effects"', '"all conditions"', "two rules are named “all conditions”"),
    ("managers without a table", '[managers]\nU0ADA = "U0GRACE"', "", r"the table \[managers\] must say who is whose"),
    ("a manager of their own", 'U0ADA = "U0GRACE"', 'U0ADA = "U0ADA"', "U0ADA cannot be their own manager"),
    (
        "a manager by name",
        'U0ADA = "U0GRACE"',
        'Ada = "U0GRACE"',
        r"line 10: managers.Ada: takes the Slack id of a person",
    ),
    ("looking up where all may", 'request = "S0SUPPORT"', "", "line 4: access: look_up has no effect"),
    ("no TOML", "[default]", "[default", "this is not TOML: .* line 43"),
    (
        "a rule that never decides",
        "[default]",
        f"{LATE}[default]",
        r"line 43: “late” never decides, since “all effects” \(line 30\) fits whatever it fits",
    ),
    (
        "a sentence that is too long",
        '"  No.  "',
        f'"{"No! " * 100}"',
        "rule 1, refuse: must have at most 280 characters",
    ),
]


@pytest.mark.parametrize(("right", "wrong", "said"), [pytest.param(*row[1:], id=row[0]) for row in FAULTS])
def test_a_mistake_is_told_with_its_line_and_what_to_do(right, wrong, said):
    assert WHOLE.count(right) >= 1
    with pytest.raises(Misconfigured, match=said) as told:
        read_policy(WHOLE.replace(right, wrong, 1), where="policy.toml")

    assert str(told.value).startswith("policy.toml")
    assert str(told.value)[-1] == "."


def test_all_mistakes_are_told_at_once():
    with pytest.raises(Misconfigured) as told:
        read_policy(WHOLE.replace("U0OLGA", "Olga").replace("S0SALES", "sales"))

    assert [line.split(":")[0] for line in str(told.value).splitlines()] == [
        "POLICY_FILE, line 2",
        "POLICY_FILE, line 6",
    ]


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(Misconfigured, match=r"POLICY_FILE: .*nowhere\.toml cannot be read \(No such file"):
        read_policy_file(tmp_path / "nowhere.toml")
    (tmp_path / "latin.toml").write_bytes(b"# \xe9")
    with pytest.raises(Misconfigured, match="not text in UTF-8"):
        read_policy_file(tmp_path / "latin.toml")


def test_the_readme_has_three_policies_to_copy_from_tiny_to_a_companys():
    sizes = [len(read_policy(text).all_rules) for text in README]

    assert sizes == [1, 2, 5]
