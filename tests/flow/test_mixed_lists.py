"""A list of which the rows ask for different things: each of them is done as it says, by a request of its own."""

import pytest

from bot.domain.bulk import BulkSubmission
from bot.domain.request import Action, Person
from bot.domain.roster import Row
from tests.flow.following import all_told, cards, offer, over_http
from tests.flow.steps import opened
from tests.flow.test_bulk import form_of
from tests.flow.test_policy import ruled

__all__ = ["ruled"]

MIXED = (
    b"e-mail,do,offer\n"
    b"jane@example.com,grant,holiday baking\n"
    b"mia.chen@example.com,revoke,Pastry Basics\n"
    b"omar+baking@example.com,,\n"
    b"lena@example.org,grant,no such thing\n"
)


def whole(desk, action, rows):
    return BulkSubmission(
        action=action,
        provider="kajabi",
        requester=Person("T0SANDBOX", desk.ada.id),
        channel="C0SUPPORT",
        offer_id=offer(desk, "Holiday Baking").id,
        reason="the spring course starts",
        key=f"form {action.value}",
        rows=rows,
    )


async def sent(desk, content=MIXED):
    """Ada sends a mixed list; return what she is told at once."""
    await form_of(desk)
    assert await desk.ada.submits(file=("mixed.csv", content)) == {}
    return (await desk.ada.sees("asks for different things", in_="view")).plain


async def approve(desk, headline, result):
    card = await desk.grace.sees(headline, in_="#support")
    await desk.grace.presses("approve", await desk.grace.sees("Approve", in_=card))
    await desk.ada.sees(result, in_=card)


async def test_nobody_has_to_sort_their_list(desk):
    had = "Pastry Basics" in desk.holds("mia.chen@example.com")
    said = await sent(desk)
    await approve(desk, "Grant Holiday Baking to 2", "2 customers now have Holiday Baking")
    await approve(desk, "Revoke Pastry Basics from 1", "1 customer no longer has Pastry Basics")
    await all_told(desk)

    assert had
    assert "so it is 2 requests, each decided by itself" in said
    assert "Grant Holiday Baking to 2 customers" in said
    assert "Revoke Pastry Basics from 1 customer" in said
    assert "1 row is left out" in said
    assert "Row 5, “lena@example.org”: " in said
    assert "no such thing" in said
    assert "Holiday Baking" in desk.holds("jane@example.com")
    assert "Holiday Baking" in desk.holds("omar+baking@example.com")
    assert "Pastry Basics" not in desk.holds("mia.chen@example.com")


@over_http
async def test_what_the_rules_refuse_of_a_list_keeps_nothing_else(ruled):
    only = offer(ruled, "Holiday Baking").id
    rule = f"""
[[rule]]
name = "seasonal"
when.offer = "{only}"
refuse = "Not in <!channel> summer."

[default]
approvers = "S0APPROVERS"
"""
    await ruled.rules(rule)
    said = await sent(ruled)
    await approve(ruled, "Revoke Pastry Basics from 1", "1 customer no longer has Pastry Basics")
    await all_told(ruled)

    assert f"Not asked: to grant {only} for 2 customers, in row 2 and 4." in said
    assert "Not in <!channel> summer." in said
    assert "Row 5, “lena@example.org”: " in said
    assert len(cards(ruled)) == 1
    assert "Holiday Baking" not in ruled.holds("jane@example.com")


@over_http
@pytest.mark.parametrize(("days", "refused"), [("30", True), ("20", False)])
async def test_what_the_rules_allow_for_a_time_they_allow_no_row_for_longer(ruled, days, refused):
    await ruled.rules('[default]\napprovers = "S0APPROVERS"\nmax_days = 20\n')
    content = f"e-mail,days\njane@example.com,10\nmia.chen@example.com,{days}\n".encode()
    await form_of(ruled)
    told = await ruled.ada.submits(file=("days.csv", content), days="5")

    assert list(told.values()) == (["The rules allow this for 20 days at most, and not for good."] if refused else [])


@over_http
async def test_a_list_that_names_every_offer_itself_needs_none_in_the_form(desk):
    await opened(desk.ada, "/offer bulk because the spring course starts")
    content = b"e-mail,offer\njane@example.com,holiday baking\nmia.chen@example.com,Holiday Baking\n"
    assert await desk.ada.submits(file=("named.csv", content)) == {}

    await desk.grace.sees("Grant Holiday Baking to 2 customers", in_="#support")


@over_http
async def test_a_row_without_an_offer_needs_one_in_the_form(desk):
    await opened(desk.ada, "/offer bulk because the spring course starts")
    told = await desk.ada.submits(file=("named.csv", b"e-mail\njane@example.com\n"))

    assert list(told) == ["offer"]


@over_http
async def test_a_list_of_too_many_offers_is_told_so(desk):
    rows = [f"p{number}@example.com,kajabi:{number}" for number in range(60)]
    await form_of(desk)
    told = await desk.ada.submits(file=("many.csv", "\n".join(["e-mail,offer", *rows]).encode()))

    assert "more than 10 requests" in told["file"]


@over_http
async def test_a_list_that_comes_twice_asks_for_each_thing_once(desk):
    """Slack has the form sent again where its answer was lost."""
    service, parts = desk.bot.service, []
    for action in (Action.GRANT, Action.REVOKE):
        rows = (Row(line=2, customer="jane@example.com"),)
        parts.append(whole(desk, action, rows))
    first, _ = await service.submit_lists(parts)
    again, _ = await service.submit_lists(parts)
    await all_told(desk)

    assert len({one.request.id for one in first}) == 2
    assert [one.request.id for one in first] == [one.request.id for one in again]
