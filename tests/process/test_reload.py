"""SIGHUP has the running bot read POLICY_FILE again, and nothing that waits becomes easier to approve."""

import json
import os
import signal

import pytest

from bot.sandbox.town import ALERTS, APPROVERS
from tests.process.processes import until
from tests.process.world import altered, asked, effects, rows, told

STRICT = f'[default]\napprovers = "{APPROVERS}"\n'
LOOSE = f'[default]\napprovers = ["{APPROVERS}", "U0MALLORY"]\n'
OTHERS = '[default]\napprovers = ["U0MALLORY", "U0LINUS"]\n'
BROKEN = '[default]\napprover = "U0GRACE"\n'
NOBODY = '[default]\napprovers = "U0NOBODY"\n'


def file_of(world):
    return world.bot.folder / "policy.toml"


@pytest.fixture
async def ruled(world):
    """The bot follows a file."""
    file_of(world).write_text(STRICT)
    with altered(world.bot, POLICY_FILE=str(file_of(world)), APPROVERS=None, ALERTS_CHANNEL=ALERTS):
        await world.bot.stop()
        await world.bot.start()
        yield world


def told_of(world, event="policy.changed"):
    """What is written about the rules; the first change was that from APPROVERS to the file."""
    found = rows(world, f"select data from event where name = '{event}' order by seq")  # noqa: S608 - a constant
    return [json.loads(data) for (data,) in found]


async def reloaded(world, text, event="policy.changed"):
    """Write the file, send the signal, and wait until it is told; return what is."""
    before = len(told_of(world, event))
    file_of(world).write_text(text)
    os.kill(world.bot.pid, signal.SIGHUP)
    return (await until(lambda: told_of(world, event)[before:], what="it was not told"))[0]


async def test_a_changed_file_counts_from_the_signal_on_and_is_told_with_both_hashes(ruled):
    town = ruled.town
    _, question = await asked(ruled)
    hashes = await reloaded(ruled, OTHERS)
    alert = await town.olga.sees(hashes["to"], in_="#alerts", timeout=10)
    await town.grace.presses("approve", question)
    await town.grace.sees("You are not among those who may decide this", in_="ephemeral", timeout=10)
    back = await reloaded(ruled, STRICT)
    await town.grace.presses("approve", question)
    await told(ruled)

    assert hashes["source"] == "POLICY_FILE"
    assert "The rules in POLICY_FILE have changed." in alert.plain
    assert hashes["from"] in alert.plain
    assert (back["from"], back["to"]) == (hashes["to"], hashes["from"])
    assert effects(ruled) == 1


async def test_a_looser_file_does_not_loosen_what_waits_already(ruled):
    town = ruled.town
    card, question = await asked(ruled)
    await reloaded(ruled, LOOSE)
    await town.mallory.presses("approve", await town.mallory.sees("Approve", in_=card, timeout=10))
    await town.mallory.sees("The rules have changed since this was shown.", in_="ephemeral", timeout=10)
    assert effects(ruled) == 0
    await town.grace.presses("approve", question)
    await told(ruled)


@pytest.mark.parametrize(
    ("text", "said"), [(BROKEN, "approver"), (NOBODY, "nobody may decide")], ids=["broken", "nobody"]
)
async def test_a_file_that_cannot_be_used_is_told_and_the_old_one_stays(ruled, text, said):
    town = ruled.town
    _, question = await asked(ruled)
    await reloaded(ruled, text, "policy.refused")
    alert = await town.olga.sees("cannot be used, so the old ones stay", in_="#alerts", timeout=10)
    await town.grace.presses("approve", question)
    await told(ruled)

    assert said in alert.plain
    assert "the old ones stay" in ruled.bot.said()
    assert len(told_of(ruled)) == 1


def _ended(said):
    return said if "rules read again" in said else None


CLOSED = f"""[[rule]]
name = "dear"
when.offer = "4711"
approvers = "{APPROVERS}"
channel = "C0CLOSED"

{STRICT}"""


async def test_whom_and_what_the_new_rules_name_that_is_not_there_is_said_as_at_the_start(ruled):
    await reloaded(ruled, CLOSED)
    said = await until(lambda: _ended(ruled.bot.said()), what="they were not read again")

    assert "no  POLICY_FILE: the bot cannot post in C0CLOSED, where “dear” wants its cards" in said
    assert "no provider knows the offers 4711" in said


async def test_a_file_changed_while_the_bot_was_away_is_told_at_its_next_start_once(ruled):
    file_of(ruled).write_text(LOOSE)
    changes = []
    for _ in range(2):
        await ruled.bot.stop()
        await ruled.bot.start()
        changes.append(len(told_of(ruled)))

    assert changes == [2, 2]


async def test_the_same_file_again_changes_nothing(ruled):
    os.kill(ruled.bot.pid, signal.SIGHUP)
    await until(lambda: "rules read again" in ruled.bot.said(), what="the signal was not heard")

    assert ruled.bot.running
    assert len(told_of(ruled)) == 1
