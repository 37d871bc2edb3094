"""A rule says in which channel its requests are decided, and their cards go there."""

import pytest

from tests.flow.following import all_told, cards, effects, history, id_of, offer, over_http, told
from tests.flow.steps import opened
from tests.flow.test_policy import ruled

__all__ = ["ruled"]

SMALL, LARGE = "/offer grant jane@example.com sourdough", "/offer grant jane@example.com everything"
RULES = """
[[rule]]
name = "dear"
when.price = { over = 100, currency = "USD" }
when.channel = "C0SUPPORT"
approvers = "S0APPROVERS"
channel = "C0LEADS"

[default]
approvers = "S0APPROVERS"
"""
THERE = "The rules want this decided in #leads, so that is where its card is."


@pytest.fixture
async def roomy(ruled):
    """There is a channel of the leads, and all that is dear is decided there."""
    ruled.workspace.add_channel("leads", id="C0LEADS", members=["Grace", "Linus"])
    await ruled.rules(RULES)
    return ruled


async def sent(desk, command, **fields):
    """Ada asks; nothing is seen of a card yet."""
    await opened(desk.ada, f"{command} because refund")
    assert await desk.ada.submits(**fields) == {}


async def test_the_card_goes_where_the_rule_sends_it_and_the_requester_is_told_where(roomy):
    await sent(roomy, LARGE)
    card = await roomy.grace.sees("Everything Bundle", in_="#leads")
    question = await roomy.linus.sees("Approve", in_=card)
    where = await roomy.ada.sees(THERE, in_="dm")
    await all_told(roomy)
    asked_directly = told(roomy.linus)
    await roomy.linus.presses("approve", question)
    await roomy.grace.sees("Done, verified", in_=card)
    await roomy.ada.sees("Done, verified", in_="dm")
    await all_told(roomy)

    assert "There is nothing to do for you." in where.plain
    assert asked_directly == []
    assert cards(roomy) == []
    assert "asked by @Ada" in card.plain
    assert effects(roomy) == 1
    assert (await history(roomy, card))[:2] == ["request.submitted", "request.prepared"]


@over_http
async def test_the_rules_channel_comes_before_the_one_for_all_cards(roomy):
    roomy.settings = roomy.settings.model_copy(update={"approvals_channel": "C0ALERTS"})
    await roomy.rules(RULES)
    await sent(roomy, LARGE)
    await roomy.grace.sees("Everything Bundle", in_="#leads")
    await sent(roomy, SMALL)
    await roomy.grace.sees("Sourdough", in_="#alerts")
    await all_told(roomy)

    assert [one for one in roomy.grace.messages("#alerts") if "Everything" in one.plain] == []
    assert sum(THERE in one for one in told(roomy.ada)) == 1
    assert cards(roomy) == []


@over_http
async def test_an_edit_is_judged_by_where_it_was_asked_and_leaves_the_card_where_it_stands(roomy):
    await sent(roomy, LARGE)
    card = await roomy.grace.sees("Everything Bundle", in_="#leads")
    await roomy.grace.presses("edit", await roomy.grace.sees("Approve", in_=card))
    await roomy.grace.sees("Send", in_="view")
    assert await roomy.grace.submits(reason="a better reason") == {}
    anew = await roomy.linus.sees("version 2", in_=card)
    first = anew.plain
    await roomy.grace.presses("edit", anew)
    await roomy.grace.sees("Send", in_="view")
    assert await roomy.grace.submits(offer="Sourdough Deep Dive") == {}
    last = await roomy.linus.sees("version 3", in_=card)
    await all_told(roomy)

    assert "chosen by dear" in first
    assert "chosen by default" in last.plain
    assert "Sourdough Deep Dive" in card.plain
    assert cards(roomy) == []
    assert sum(THERE in one for one in told(roomy.ada)) == 1


@over_http
async def test_a_price_that_has_changed_leads_to_another_rules_channel(roomy):
    offer(roomy, "Sourdough Deep Dive").price_in_cents = 50_000
    await sent(roomy, SMALL)
    await roomy.grace.sees("500.00 USD", in_="#leads")
    await roomy.ada.sees(THERE, in_="dm")
    await all_told(roomy)

    assert cards(roomy) == []


@over_http
async def test_where_the_bot_cannot_post_in_the_rules_channel_nobody_sees_it_and_it_is_sent_once_more(roomy):
    roomy.expected_refusals = frozenset({"channel_not_found"})
    roomy.workspace.add_channel("vault", id="C0VAULT", private=True, members=["Grace"], bot=False)
    await roomy.rules(RULES.replace("C0LEADS", "C0VAULT"))
    await sent(roomy, LARGE)
    back = await roomy.ada.sees("The rules want this decided in a channel in which I cannot post.", in_="dm")
    await all_told(roomy)
    before = cards(roomy), list(roomy.grace.messages("#vault"))
    roomy.workspace.join("#vault", "offerdesk")
    await roomy.ada.presses("Correct", back)
    await roomy.ada.sees("Send", in_="view")
    assert await roomy.ada.submits() == {}
    card = await roomy.grace.sees("Everything Bundle", in_="#vault")

    assert before == ([], [])
    assert id_of(card) not in back.plain
