"""A list that nobody decided on, that was denied or failed, is asked for once more: looked up anew, and decided."""

import pytest

from tests.flow.following import all_told, case_of, id_of, over_http
from tests.flow.test_bulk import asked, done, holders, refuse

ROWS = (
    b"e-mail,days,reason\r\n"
    b"jane@example.com,,\r\n"
    b"mia.chen@example.com,30,a trial month\r\n"
    b"newcomer@example.com,,\r\n"
    b"Sam,,\r\n"
)
CUSTOMERS = ("jane@example.com", "mia.chen@example.com", "newcomer@example.com")


async def expired(desk, card, question):
    await desk.passes(7 * 86_400 + 60)
    await desk.ada.sees("Nobody decided in time", in_="dm")


async def denied(desk, card, question):
    await desk.grace.presses("deny", question)
    await desk.grace.sees("Why not?", in_="view")
    assert await desk.grace.submits(reason="not this term") == {}
    await desk.ada.sees("denied it", in_="dm")


async def failed(desk, card, question):
    refuse(desk, times=2)
    await desk.grace.presses("approve", question)
    await desk.ada.sees("Failed", in_="dm")


async def rows_of(desk, case):
    return [row async for row in desk.bot.parts.store.asked_rows(case.request.id)]


@over_http
@pytest.mark.parametrize("ending", [expired, denied, failed])
async def test_the_same_list_is_asked_for_again_and_looked_up_anew(desk, ending):
    card, question = await asked(desk, ROWS)
    before = question.plain
    await ending(desk, card, question)
    await all_told(desk)
    desk.kajabi.add_contact(CUSTOMERS[2], "New Comer")
    told = next(one for one in desk.ada.messages("dm") if "Ask again" in one.buttons)
    await desk.ada.presses("Ask again", told)
    form = (await desk.ada.sees("looked up anew", in_="view")).plain
    seen = {one.ts for one in desk.grace.messages("#support")}
    assert await desk.ada.submits(reason="once more") == {}
    again = await desk.new_card(seen)
    question = await desk.grace.sees("Approve", in_=again)
    anew, why = question.plain, again.plain
    await done(desk, again, question)
    await all_told(desk)
    first, second = await case_of(desk, card), await case_of(desk, again)

    assert "to 2 customers?" in before
    assert f"the 3 customers of {id_of(card)}?" in form
    assert "to 3 customers?" in anew
    assert "1 customer with a reason of their own" in anew
    assert "once more" in why
    assert second.request.parent == first.request.id
    assert await rows_of(desk, second) == await rows_of(desk, first)
    assert holders(desk, *CUSTOMERS) == list(CUSTOMERS)
    assert first.request.state.value == ending.__name__


@over_http
async def test_a_list_is_asked_for_again_by_who_asked_for_it_and_nobody_else(desk):
    card, question = await asked(desk, ROWS)
    await expired(desk, card, question)
    await all_told(desk)
    await desk.grace.presses("Ask again", card)
    await desk.grace.sees("Only the person who asked can do this.", in_="ephemeral")

    assert desk.grace.form is None
