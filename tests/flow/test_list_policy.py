"""A list under rules, as people meet it: nothing is approved unseen, and many customers take more than few do."""

import pytest

from tests.flow.following import all_told, arrives, click_of, history, id_of, over_http
from tests.flow.test_bulk import asked, form_of, holders
from tests.flow.test_policy import ruled

__all__ = ["ruled"]

RULES = """
[[rule]]
name = "large lists"
when.customers = { over = 2 }
approvers = ["S0APPROVERS", "U0OLGA"]
quorum = 2
max_customers = 4

[default]
approvers = "S0APPROVERS"

[danger]
customers = { over = 2 }
"""
BEWARE = "Many customers at once."
THREE = ("jane@example.com", "mia.chen@example.com", "omar+baking@example.com")
OTHERS = ("lena@example.org", "kofi@example.org")


def replayed(click, request_id, version):
    """The click as somebody would send it for another request."""
    action = click["actions"][0] | {"value": request_id, "block_id": f"decide:{version}"}
    return click | {"actions": [action]}


@over_http
@pytest.mark.parametrize("version", [0, 1])
async def test_nothing_is_approved_before_everybody_on_the_list_was_looked_up(desk, version):
    _, other = await asked(desk, None, customer="omar+baking@example.com")
    click = click_of(desk.grace, "approve", other)
    held = desk.kajabi.trouble("held", method="GET", path="/v1/contacts*")
    await form_of(desk)
    assert await desk.ada.submits(customer=" ".join(THREE)) == {}
    card = await desk.grace.sees("Being prepared", in_="#support")
    buttons = card.buttons
    await arrives(desk.grace, replayed(click, id_of(card), version))
    await desk.grace.sees("This is still being prepared; it can be decided as soon as it is shown.", in_="ephemeral")
    await desk.grace.types("@Offerdesk approve", thread=card)
    await desk.grace.sees("Nothing had been asked before your message, so it decided nothing.", in_="ephemeral")
    early = await history(desk, card)
    held.stop()
    question = await desk.grace.sees("Approve", in_=card)
    shown = question.plain
    await all_told(desk)

    assert "Approve" not in buttons
    assert [name for name in early if "approv" in name] == []
    assert "to 3 customers?" in shown
    assert holders(desk, *THREE) == []


@over_http
async def test_for_many_customers_the_rules_ask_for_more_than_for_few_and_warn(ruled):
    await ruled.rules(RULES)
    few, question = await asked(ruled, None, customer=" ".join((*OTHERS, "nobody@example.com")))
    asked_of_few = question.plain
    await ruled.grace.presses("approve", question)
    await ruled.ada.sees("now have Holiday Baking", in_=few)
    many, question = await asked(ruled, None, seen="to 3 customers", customer=" ".join(THREE))
    said = question.plain
    await ruled.grace.presses("approve", question)
    await ruled.ada.sees("1 of 2 have approved: @Grace.", in_=many)
    await all_told(ruled)
    half = holders(ruled, *OTHERS, *THREE)
    await ruled.olga.presses("approve", question)
    await ruled.ada.sees("now have Holiday Baking", in_=many)
    await all_told(ruled)

    assert "chosen by default" in asked_of_few
    assert BEWARE not in asked_of_few
    assert "chosen by large lists" in said
    assert "It takes 2 approvals, each by somebody else." in said
    assert BEWARE in said
    assert half == list(OTHERS)
    assert holders(ruled, *THREE) == list(THREE)


@over_http
async def test_a_list_of_more_customers_than_the_rules_allow_is_refused_with_how_many_they_do(ruled):
    await ruled.rules(RULES)
    await form_of(ruled)
    refused = await ruled.ada.submits(customer=" ".join((*THREE, *OTHERS)))

    assert refused == {"customer": "The rules allow this for 4 customers at most."}
    assert ruled.grace.messages("#support") == []
