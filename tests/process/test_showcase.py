"""The policy that the sandbox starts with, as its people meet it."""

import asyncio
import re
import sys
import tomllib
from subprocess import PIPE, STDOUT

import pytest

from bot.sandbox.child import clean_environment
from bot.sandbox.kajabi import LocalKajabi
from bot.sandbox.local_world import POLICY, local_world
from bot.sandbox.page.policy import parts_of
from bot.sandbox.page.rewards import furnish_rewards
from bot.sandbox.page.seed import furnish_nothing, furnish_school
from tests.process.world import asked, told

RULES = tomllib.loads(POLICY.read_text())
WELCOME = "because a welcome"


@pytest.fixture
async def world():
    async with local_world(http=False, seed=furnish_school, showcase=True) as world:
        yield world


async def sent(world, command):
    """Ada asks; what Slack shows at the fields of her form, if it is not taken."""
    ada = world.town.ada
    await ada.types(command, channel="#support")
    await ada.sees("Then:", in_="view", timeout=10)
    said = await ada.submits()
    if said:
        await ada.closes()
    return said


async def refused(world, command):
    return " ".join((await sent(world, command)).values())


async def question_to(person, card):
    return await person.sees("Approve", in_=card, timeout=10)


async def test_the_check_finds_nothing_wrong_with_it_and_all_whom_it_names(world):
    command = (sys.executable, "-m", "bot", "policy", "check")
    environment = clean_environment(world.bot.settings, world.bot.folder)
    check = await asyncio.create_subprocess_exec(
        *command, env=environment, cwd=world.bot.folder, stdout=PIPE, stderr=STDOUT
    )
    said = (await check.communicate())[0].decode()

    assert check.returncode == 0, said
    assert [name for name in (one["name"] for one in RULES["rule"]) if f". {name}:" not in said] == []
    assert "Slack was not asked" not in said


def test_every_title_it_names_is_an_offer_of_the_seed():
    kajabi = LocalKajabi()
    furnish_school(kajabi)
    titles = [offer.title for offer in kajabi.books.offers.values()]
    patterns = [one["when"]["title"] for one in RULES["rule"] if "title" in one["when"]]

    assert patterns
    assert [one for one in patterns if not any(title.startswith(one.rstrip("*")) for title in titles)] == []


def test_every_part_of_it_is_explained():
    assert [one["lines"] for one in parts_of(POLICY.read_text()) if one["lines"] and not one["says"]] == []


async def test_small_and_everyday_things_are_approved_by_one(world):
    for offer in ("baking with kids", "sourdough", "everything"):
        card, question = await asked(world, f"/offer grant jane@example.com {offer} {WELCOME}")
        assert "@offer-approvers: please decide" in question.plain
        await world.town.grace.presses("approve", question)
        await world.town.ada.sees("Done, verified", in_=card, timeout=15)


async def test_what_costs_nothing_is_approved_by_the_policy_itself_three_times_a_week(world):
    grace = world.town.grace
    for number, address in enumerate(("sam@example.com", "mia.chen@example.com", "noor@example.com"), 1):
        assert await sent(world, f"/offer grant {address} welcome {WELCOME}") == {}
        await grace.sees(f"{number} of 3 in 7 days", in_="#support", timeout=15)
    _, question = await asked(world, f"/offer grant omar+baking@example.com welcome {WELCOME}")

    assert "@offer-approvers: please decide" in question.plain
    await world.timeline.forward(8 * 86_400)
    assert await sent(world, f"/offer grant kofi@example.org welcome {WELCOME}") == {}
    card = await grace.sees("kofi@example.org", in_="#support", timeout=10)
    await grace.sees("Approved automatically", in_=card, timeout=15)


async def test_what_is_asked_counts_against_the_months_budget(world):
    card, _ = await asked(world, f"/offer grant jane@example.com everything {WELCOME}")

    assert "of 1,000.00 USD" in card.plain


async def dear_one(world, customer="jane@example.com"):
    """Ada asks for what is dear, and both approve; returns the question as it was shown."""
    grace = world.town.grace
    dear = next(one for one in world.kajabi.books.offers.values() if one.internal_title == "business")
    assert await sent(world, f"/offer grant {customer} {dear.id} {WELCOME}") == {}
    card = await grace.sees("Waiting for a decision", in_="#finance", timeout=10)
    question = await question_to(grace, card)
    shown = question.plain
    await approved_by_both(world, card, question)
    await grace.sees("Done, verified", in_=card, timeout=15)
    return shown


async def approved_by_both(world, card, question):
    grace, olga = world.town.grace, world.town.olga
    await grace.presses("approve", question)
    await grace.sees("1 of 2", in_=card, timeout=10)
    await olga.presses("approve", await question_to(olga, card))


async def test_what_is_dear_takes_an_approver_and_finance_and_is_marked(world):
    shown = await dear_one(world)

    assert "@finance" in shown
    assert "high value" in shown.lower()


async def test_beyond_the_months_budget_finance_approves_as_well_until_the_month_turns(world):
    for customer in ("jane@example.com", "sam@example.com"):
        await dear_one(world, customer)
    card, beyond = await asked(world, f"/offer grant noor@example.com kids {WELCOME}")
    shown = beyond.plain
    await approved_by_both(world, card, beyond)
    await world.town.ada.sees("Done, verified", in_=card, timeout=15)
    await world.timeline.forward(32 * 86_400)
    _, question = await asked(world, f"/offer grant kofi@example.org kids {WELCOME}")

    assert "998.00 USD of 1,000.00 USD given" in shown
    assert "As this is beyond a budget, @finance must approve as well." in shown
    assert "nothing of 1,000.00 USD given" in question.plain
    assert "@finance" not in question.plain


async def test_a_membership_takes_two_of_three(world):
    grace, olga = world.town.grace, world.town.olga
    card, question = await asked(world, f"/offer grant jane@example.com circle {WELCOME}")
    assert "It takes 2 approvals" in question.plain
    await grace.presses("approve", question)
    await olga.presses("approve", await question_to(olga, card))
    await told(world)


async def test_what_is_taken_back_is_for_the_manager(world):
    _, question = await asked(world, "/offer revoke lena@example.org bread because refunded")

    assert "@Grace: please decide" in question.plain
    assert "@offer-approvers" not in question.plain


async def test_what_it_refuses_it_refuses_with_its_sentence(world):
    holiday = await refused(world, f"/offer grant jane@example.com holiday {WELCOME}")
    ticket = await refused(world, f"/offer grant jane@example.com gluten {WELCOME}")

    assert holiday == "Holiday Baking is over for this year. Offer Baking with Kids instead."
    assert "#4412" in ticket


async def test_a_third_goodwill_is_refused_until_the_first_is_long_ago(world):
    for offer in ("sourdough", "pastry"):
        card, question = await asked(world, f"/offer grant jane@example.com {offer} because goodwill")
        await world.town.grace.presses("approve", question)
        await world.town.ada.sees("Done, verified", in_=card, timeout=15)
    third = "/offer grant jane@example.com kids because goodwill"
    soon = await refused(world, third)
    await world.timeline.forward(61 * 86_400)

    assert soon == "This customer had two goodwills within 60 days."
    assert await refused(world, third) == ""


async def test_finance_does_not_ask(world):
    olga = world.town.olga
    await olga.types(f"/offer grant jane@example.com kids {WELCOME}", channel="#support")
    told = await olga.sees("You cannot do this here", in_="ephemeral", timeout=10)

    assert "@support-team and @offer-approvers can" in told.plain


async def test_a_reward_has_no_price_takes_finance_as_well_and_ends_when_its_time_has_come():
    async with local_world(http=False, seed=furnish_school, rewards=furnish_rewards, showcase=True) as world:
        ada, grace, olga = world.town.ada, world.town.grace, world.town.olga
        ines = "ines@example.com"
        await world.timeline.forward(7 * 86_400)
        card, question = await asked(world, f"/offer grant {ines} gold tier on capillary {WELCOME}")
        await grace.presses("approve", question)
        await grace.sees("1 of 2", in_=card, timeout=10)
        await olga.presses("approve", await question_to(olga, card))
        await told(world)
        (held,) = [world.capillary.promotion(one) for one in world.capillary.holds(ines)]
        (issue,) = world.capillary.books.issued(world.capillary.customer(ines), held)
        late = world.timeline.clock() - issue.at
        await world.timeline.forward(31 * 86_400)
        await ada.types(f"/offer who {ines} on capillary", channel="#support")
        now = await ada.sees("Inês Duarte", in_="ephemeral", timeout=10)

    assert "the price is not told" in question.plain
    assert "@finance" in question.plain
    assert held.name == "Gold Tier Preview"
    assert abs(late) < 60
    assert "holds nothing at Capillary" in now.plain
    assert re.search(r"Gold Tier Preview held until \w+ \d+, 20\d\d: expired", now.plain), now.plain


async def test_the_policy_stands_over_an_empty_kajabi_as_well():
    async with local_world(http=False, seed=furnish_nothing, showcase=True) as world:
        assert world.bot.running
