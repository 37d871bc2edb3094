"""Quotas and budgets, for the people who write the policy."""

import pytest

from tests.contract.store.test_spending import by_itself
from tests.contract.store.world import BUNDLE, NOW, opened, submitted
from tests.unit.cli.shell import bot

RULES = """
[default]
automatic = { requests = 1, value = 150, currency = "USD", within_days = 3650 }
approvers = "UBOB"

[[budget]]
name = "Support"
members = ["UADA", "SHELPERS"]
each_month = { USD = 60, JPY = 900 }
time_zone = "Asia/Tokyo"
approvers = ["UEVE", "SMONEY"]

[[budget]]
name = "Hard"
members = "UEVE"
each_month = { USD = 10 }
refuse = "Spent."
"""


@pytest.fixture
async def rules(folder):
    async with opened(folder) as store:
        await store.remember_offers("kajabi", [BUNDLE], now=NOW, whole=True)
    (folder / "rules.toml").write_text(RULES)
    return folder


def explained(folder, words):
    done = bot("policy", "explain", words, "--file", "rules.toml", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_check_says_what_is_approved_automatically_and_which_budgets_there_are(rules):
    said = bot("policy", "check", "rules.toml", cwd=rules).stdout

    assert (
        "1. default: whatever is asked: approved automatically, 1 request worth 150.00 USD in all of each requester "
        "in 3650 days; else UBOB decide\n"
    ) in said
    assert (
        "Budget Support: 60.00 USD and 900 JPY each month (Asia/Tokyo) for what UADA or SHELPERS ask; "
        "beyond it, UEVE or SMONEY must approve as well.\n"
    ) in said
    assert "Budget Hard: 10.00 USD each month (UTC) for what UEVE ask; beyond it, refused: Spent.\n" in said


def test_explain_says_that_it_would_be_approved_automatically_and_how_the_budget_stands(rules):
    said = explained(rules, "grant 7 to new@example.com by UADA")

    assert "It would be approved automatically: 1 request worth 150.00 USD in all" in said
    assert "; so far 0, worth nothing." in said
    assert "Budget Support: nothing of 60.00 USD given in" in said
    assert "with this one 49.00 USD." in said


def test_explain_says_why_not_and_who_approves_as_well(rules):
    (rules / "rules.toml").write_text(RULES.replace("USD = 60", "USD = 40"))
    said = explained(rules, "grant 7 to new@example.com by UADA")

    assert "Not approved automatically: it is beyond a budget." in said
    assert "with this one 49.00 USD, which is over." in said
    assert "UBOB and also UEVE or SMONEY decide" in said


def test_explain_says_a_refusal_in_the_budgets_words(rules):
    assert "It would be refused: Spent." in explained(rules, "grant 7 to new@example.com by UEVE")


def test_explain_works_before_the_bot_has_run(tmp_path):
    (tmp_path / "rules.toml").write_text(RULES)
    said = explained(tmp_path, "grant 7 to new@example.com by UADA")

    assert "Not approved automatically: the price is not told." in said
    assert "the price is not told, so nobody can say whether it is within the budget" in said


def test_simulate_lists_what_would_have_been_approved_automatically_and_what_a_budget_would_have_asked(rules, ids):
    said = bot("policy", "simulate", "rules.toml", cwd=rules).stdout
    told = {line.split()[0]: line for line in said.splitlines() if line.startswith("R-")}

    assert told[ids[3]].endswith("default would have approved it automatically")
    over = "the budget Support would have been spent, so UEVE or SMONEY must have approved as well"
    assert told[ids[2]].endswith(over)
    assert told[ids[0]].endswith(over)
    assert ids[1] not in told
    assert "3 of 4 requests would have gone otherwise." in said


def test_under_what_approves_nothing_automatically_nothing_would_have_gone_otherwise(rules):
    same = '[default]\napprovers = "UBOB"\n[[budget]]\nname = "B"\nmembers = "UADA"\neach_month = { USD = 999 }\n'
    (rules / "rules.toml").write_text(f'{same}approvers = "UEVE"\n')

    assert bot("policy", "simulate", "rules.toml", cwd=rules).stdout.startswith("0 of 4 requests")


async def test_a_request_is_shown_with_the_rule_that_approved_it(rules):
    async with opened(rules) as store:
        case = await submitted(store, "form-9", address="new@example.com")
        await store.step(case.request.id, by_itself)

    said = bot("requests", "show", case.request.id, cwd=rules).stdout
    assert "approve by the rule small itself" in said
    assert "request.approved by the bot" in said
