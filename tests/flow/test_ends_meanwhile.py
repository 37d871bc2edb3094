"""What was granted for a time, and what people decide on it meanwhile: the later word counts, and is told."""

import pytest

from tests.flow.following import all_told, case_of, done, effects, offer, over_http, rows
from tests.flow.lasting import BUNDLE, DAY, FOR_30_DAYS, REVOKES, card_of, ended_now, ends, extended, standing
from tests.flow.steps import typed
from tests.flow.test_policy import ruled

__all__ = ["ruled"]

#: what of a preview says who approves
TERMS = ("approvers", "rule", "quorum", "one_from_each", "escalate_to")


async def kept_for_good(desk):
    """Grace cancels the end."""
    await desk.grace.presses("cancel", await typed(desk.grace, "/offer ending 60d", "Ends by itself"))
    await desk.ada.sees("@Grace cancelled the end: Jane Doe keeps Everything Bundle", in_="dm")


@over_http
@pytest.mark.parametrize("fields", [{"days": "60"}, {}], ids=["longer", "for good"])
async def test_an_extension_of_what_is_kept_for_good_by_then_moves_nothing_and_costs_nothing(desk, fields):
    card = await done(desk, FOR_30_DAYS)
    longer, question = await extended(desk, card, **fields)
    await kept_for_good(desk)
    await desk.grace.presses("approve", question)
    result = await desk.ada.sees("Not needed", in_=longer)
    await all_told(desk)
    (_, state, _, end_id) = ends(desk)[0]

    assert f"The end that was to be moved, {end_id}, is not planned any more, and no other one is." in result.plain
    assert (state, len(ends(desk))) == ("cancelled", 1)
    assert rows(desk, "select count(*) from spending") == [(1,)]
    assert effects(desk) == 1


@over_http
async def test_an_extension_of_what_was_ended_by_then_is_asked_anew(desk):
    card = await done(desk, FOR_30_DAYS)
    longer, question = await extended(desk, card, days="60")
    ended = await ended_now(desk, card)
    await desk.grace.presses("approve", await desk.grace.sees("Approve", in_=ended))
    await desk.ada.sees("Done, verified", in_=ended)
    await all_told(desk)
    await desk.grace.presses("approve", question)
    await desk.grace.sees("What the customer has is no longer what was shown.", in_=longer)
    anew = await desk.grace.sees("version 2", in_=longer)
    await all_told(desk)

    assert BUNDLE not in desk.holds("jane@example.com")
    assert "Approve" in anew.buttons
    assert "For a time already" not in anew.plain


@over_http
async def test_nobody_cancels_an_end_that_was_moved(desk):
    card = await done(desk, FOR_30_DAYS)
    stale = await typed(desk.grace, "/offer ending 60d", "Ends by itself")
    longer, question = await extended(desk, card, days="60")
    await desk.grace.presses("approve", question)
    await desk.ada.sees("Extended", in_=longer)
    await all_told(desk)
    await desk.grace.presses("cancel", stale)
    await desk.grace.sees("Nothing ends by itself here any more.", in_="ephemeral")

    assert len(standing(desk)) == 1


@over_http
async def test_whoever_looks_the_customer_up_reads_until_when_and_who_approved(desk):
    await done(desk, FOR_30_DAYS)
    (_, _, _, end_id) = ends(desk)[0]
    found = await typed(desk.ada, "/offer who jane@example.com", "Everything Bundle")
    refusing = desk.kajabi.trouble("forbidden", **REVOKES)
    await desk.passes(30 * DAY + 60)
    await desk.olga.sees("still has what was granted for a time", in_="#alerts")
    overdue = await typed(desk.ada, "/offer who jane@example.com", "which has failed so far")
    refusing.stop()

    assert "asked by @Ada, approved by @Grace: “refund case 4412”" in found.plain
    assert "It is to be taken back by itself" in found.plain
    assert f"({end_id})" in found.plain
    assert "It was to be taken back by itself" in overdue.plain


@over_http
async def test_who_is_asked_about_what_was_bought_meanwhile_may_let_it_stay(desk):
    await done(desk, FOR_30_DAYS)
    desk.kajabi.purchase("jane@example.com", offer(desk, BUNDLE))
    await desk.passes(30 * DAY + 60)
    await desk.ada.sees("bought this meanwhile", in_="dm")
    await all_told(desk)
    card = card_of(desk, ends(desk)[0][3])
    buttons = card.buttons
    await desk.ada.presses("cancel", card)
    await desk.ada.sees("somebody else decides whether it stays", in_="ephemeral")
    await desk.grace.presses("cancel", card)
    await desk.ada.sees("@Grace cancelled the end: Jane Doe keeps Everything Bundle until", in_="dm")
    await all_told(desk)

    assert buttons == ["Keep for good", "History"]
    assert "Cancelled: this end is not carried out. Nothing was changed." in card.plain
    assert effects(desk, "revoke") == 0


@over_http
@pytest.mark.parametrize("held_too", [True, False])
async def test_it_ends_for_whom_it_was_granted_also_where_somebody_else_has_the_address_by_then(desk, held_too):
    await done(desk, FOR_30_DAYS)
    jane = desk.kajabi.contact("jane@example.com")
    jane.email = "jane.new@example.com"
    other = desk.kajabi.add_contact("jane@example.com", "Another Jane")
    if held_too:
        desk.kajabi.grant("jane@example.com", offer(desk, BUNDLE))
    await desk.passes(30 * DAY + 60)
    await desk.ada.sees("no longer has Everything Bundle", in_="dm")
    await all_told(desk)

    assert ends(desk)[0][1] == "succeeded"
    assert offer(desk, BUNDLE).id not in desk.kajabi.holds(jane.id)
    assert (offer(desk, BUNDLE).id in desk.kajabi.holds(other.id)) is held_too


DEAR = """
[[rule]]
name = "dear"
when.price = { over = 100, currency = "USD" }
approvers = "U0OLGA"

[default]
approvers = "S0APPROVERS"
"""


@over_http
async def test_more_time_is_approved_by_those_who_approve_the_grant_and_by_nobody_else(ruled):
    await ruled.rules(DEAR)
    card, question = await ruled.asks(ruled.ada, FOR_30_DAYS)
    await ruled.olga.presses("approve", question)
    await ruled.ada.sees("Done, verified", in_=card)
    longer, question = await extended(ruled, card, days="60")
    await ruled.grace.presses("approve", question)
    await ruled.grace.sees("You are not among those who may decide this: @Olga.", in_="ephemeral")
    await ruled.olga.presses("approve", question)
    await ruled.ada.sees("Extended", in_=longer)
    await all_told(ruled)
    first, second = [(await case_of(ruled, one)).request.preview for one in (card, longer)]

    assert [second[name] for name in TERMS] == [first[name] for name in TERMS]
    assert len(standing(ruled)) == 1
