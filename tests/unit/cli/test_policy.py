import asyncio
import os
import re
import sys

import pytest

from bot.sandbox.kajabi import LocalKajabi
from bot.sandbox.local_world import CLIENT_ID, CLIENT_SECRET, environment
from bot.sandbox.server import LocalSlack
from bot.sandbox.town import furnish, settle
from bot.slack.manifest import manifest
from tests.contract.store.listed import approved_list
from tests.contract.store.world import BUNDLE, NOW, opened, submitted
from tests.unit.cli.shell import ROOT, bot, only_sentences

README = re.findall(r"```toml\n(.*?)```", (ROOT / "README.md").read_text(), flags=re.DOTALL)
RULES = """
[[rule]]
name = "goodwill"
when = { action = "grant", customer_history = { at_least = 1, within_days = 365, reason = "*refund*" } }
refuse = "One refund is enough."

[[rule]]
name = "bundles"
when = { action = "grant", title = "*bundle*" }
approvers = ["UBOB", "SBOSSES"]

[default]
approvers = ["UEVE"]
"""


OFTEN = "there were 1 or more requests for the customer with a reason like “*refund*” in 365 days before"


@pytest.fixture
async def rules(folder):
    async with opened(folder) as store:
        await store.remember_offers("kajabi", [BUNDLE], now=NOW, whole=True)
    path = folder / "rules.toml"
    path.write_text(RULES)
    return str(path)


@pytest.fixture
async def online(tmp_path):
    """Run a command where Slack and Kajabi answer; say how it ended, and what it said."""
    town = settle(manifest())
    kajabi = LocalKajabi(clients={CLIENT_ID: CLIENT_SECRET})
    async with kajabi, LocalSlack(town.workspace) as slack:
        furnish(kajabi)
        settings = environment(slack, kajabi, folder=tmp_path, port=0, http=False)

        async def run(*words, policy):
            (tmp_path / "policy.toml").write_text(policy)
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-m", "bot", "policy", *words),
                cwd=tmp_path,
                env={"PYTHONPATH": str(ROOT), "PATH": os.defpath, **settings},
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
            )
            out, err = await asyncio.wait_for(process.communicate(), 60)
            assert err == b""
            return process.returncode, out.decode()

        yield run


# --- check ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", README, ids=["tiny", "team", "company"])
def test_the_policies_of_the_readme_can_be_copied(text, tmp_path):
    (tmp_path / "policy.toml").write_text(text)
    done = bot("policy", "check", "policy.toml", cwd=tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    assert len(re.findall(r"^\d+\. ", done.stdout, flags=re.MULTILINE)) == text.count("[[rule]]") + 1
    assert "Neither Slack nor a provider was asked who and what is named here. SLACK_BOT_TOKEN is missing." in (
        done.stdout
    )
    assert [path.name for path in tmp_path.iterdir()] == ["policy.toml"]


def test_a_mistake_in_the_file_is_told_with_its_line(tmp_path):
    (tmp_path / "policy.toml").write_text(README[0].replace("approvers", "aprovers"))
    done = bot("policy", "check", "policy.toml", cwd=tmp_path)

    assert done.returncode == 2
    assert "policy.toml, line 2: default.aprovers: there is no such key; do you mean “approvers”." in (
        only_sentences(done)
    )


GOOD = """
[[rule]]
name = "by id"
when.offer = "{offer}"
approvers = "U0GRACE"
[default]
approvers = "S0APPROVERS"
"""


async def test_whom_and_what_a_file_names_is_looked_up(online):
    code, said = await online("check", "policy.toml", policy=GOOD.format(offer="nothing"))

    assert code == 1
    assert "no  POLICY_FILE: no provider knows the offers nothing." in said
    assert "ok  POLICY_FILE: Grace, Linus may decide." in said


async def test_people_and_groups_that_are_not_there_are_named(online):
    policy = 'admins = "U0GONE"\n' + GOOD.format(offer="x").replace("U0GRACE", "S0NOBODY")
    code, said = await online("check", "policy.toml", policy=policy)

    assert code == 1
    assert "Under “by id” nobody may decide: name others." in said
    assert (
        "Not counted: S0NOBODY (a user group that is gone: name another one), U0GONE (not in this workspace)." in said
    )


async def test_a_channel_for_cards_in_which_the_bot_cannot_post_is_named(online):
    code, said = await online("check", "policy.toml", policy='[default]\napprovers = "S0APPROVERS"\nchannel = "C0NO"\n')

    assert code == 1
    assert "no  POLICY_FILE: the bot cannot post in C0NO, where “default” wants its cards: invite it there" in said


async def test_a_file_that_names_only_what_is_there_is_well(online):
    code, said = await online(
        "check", "policy.toml", policy=README[0].replace("U012ADA", "U0GRACE").replace("U012BOB", "U0LINUS")
    )

    assert (code, said.count("\n")) == (0, 2)
    assert said.endswith("ok  POLICY_FILE: Grace, Linus may decide.\n")


# --- explain -------------------------------------------------------------------------------------------------------


def test_a_rule_is_explained_with_those_passed_over_before_it(folder, rules):
    done = bot("policy", "explain", "grant 7 to new@example.com by UADA", "--file", rules, cwd=folder)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[:3] == [
        f"not goodwill: it is not so that {OFTEN}",
        "bundles decides, because it is a grant, and the title is like “*bundle*”.",
        "UBOB or SBOSSES decide; never the requester.",
    ]
    assert "Slack was not asked who is in SBOSSES." in done.stdout


def test_a_refusal_is_explained_with_its_sentence(folder, rules):
    (folder / "no.toml").write_text(
        RULES.replace('customer_history = { at_least = 1, within_days = 365, reason = "*refund*" }', 'title = "Bundle"')
    )
    said = bot(
        "policy", "explain", "grant Bundle to a@example.com by UADA in C0SALES", "--file", "no.toml", cwd=folder
    ).stdout

    assert "It would be refused: One refund is enough." in said


def test_where_the_card_goes_is_explained(folder, rules):
    (folder / "rooms.toml").write_text('[default]\napprovers = "UBOB"\nchannel = "C0LEADS"\n')
    explained = bot("policy", "explain", "grant 7 to a@example.com by UADA", "--file", "rooms.toml", cwd=folder).stdout
    checked = bot("policy", "check", "rooms.toml", cwd=folder).stdout

    assert "UBOB decide; never the requester. The card goes to C0LEADS." in explained
    assert "1. default: whatever is asked: UBOB decide, in C0LEADS" in checked


async def test_the_people_in_a_group_are_named(online):
    code, said = await online(
        "explain", "grant 4 to jane@example.com by U0GRACE", "--file", "policy.toml", policy=GOOD.format(offer="x")
    )

    assert code == 0
    assert "S0APPROVERS decide, which is U0LINUS; never the requester." in said


def test_an_offer_that_is_not_known_is_said_to_be_so(tmp_path):
    (tmp_path / "policy.toml").write_text(README[0])
    said = bot(
        "policy", "explain", "revoke 4242 from a@example.com by UADA", "--file", "policy.toml", cwd=tmp_path
    ).stdout

    assert "Offer 4242 is not known here" in said
    assert [path.name for path in tmp_path.iterdir()] == ["policy.toml"]


@pytest.mark.parametrize(
    "words", ["grant 7 to jane@example.com", "who jane@example.com by UADA", "grant 7 by UADA", ""]
)
def test_words_that_make_no_sense_get_an_example(folder, rules, words):
    done = bot("policy", "explain", words, "--file", rules, cwd=folder)

    assert done.returncode == 1
    assert "Write it like this: grant 4242 to jane@example.com by U123." in only_sentences(done)


# --- simulate ------------------------------------------------------------------------------------------------------


def test_what_would_have_gone_otherwise_is_listed(folder, ids, rules):
    lines = bot("policy", "simulate", rules, cwd=folder).stdout.splitlines()

    told = {line.split()[0]: line.split("): ")[-1].split(": ", 1)[-1] for line in lines if line.startswith("R-")}
    assert "goodwill would have refused it: One refund is enough." in told[ids[2]]
    assert told[ids[3]] == "under bundles, UBOB or SBOSSES decide instead of UBOB"
    assert ids[1] not in told  # nobody was asked about it so far
    assert lines[-2].endswith("of 4 requests would have gone otherwise.")


async def test_a_rule_on_a_customers_past_finds_the_one_customer_of_a_list(folder, rules):
    async with opened(folder) as store:
        await submitted(store, "form-9", address="p2@example.com", reason="refund for her")
        case = await approved_list(store)
    lines = bot("policy", "simulate", rules, cwd=folder).stdout.splitlines()

    assert any(line.startswith(case.request.id) and "goodwill would have refused it" in line for line in lines)


def test_under_the_same_policy_nothing_would_have_gone_otherwise(folder, ids):
    (folder / "same.toml").write_text('[default]\napprovers = "UBOB"\n')

    assert bot("policy", "simulate", "same.toml", cwd=folder).stdout == "0 of 4 requests would have gone otherwise.\n"


def test_a_card_that_would_have_gone_elsewhere_is_listed(folder, ids):
    (folder / "rooms.toml").write_text('[default]\napprovers = "UBOB"\nchannel = "C0LEADS"\n')
    said = bot("policy", "simulate", "rooms.toml", cwd=folder).stdout

    assert said.count("under default, its card goes to C0LEADS instead of CSALES") == 3


def test_an_approval_by_somebody_who_is_not_named_any_more_is_listed(folder, ids):
    (folder / "other.toml").write_text('[default]\napprovers = "UEVE"\n')
    said = bot("policy", "simulate", "other.toml", cwd=folder).stdout

    assert f"{ids[-1]}  " in said
    assert said.count("UBOB could not have approved it; under default, UEVE decide") == 2
    assert said.count("under default, UEVE decide instead of UBOB") == 1
