"""What is granted for a time in a test, and how its end is followed."""

from tests.flow.following import cards, rows

DAY = 86_400
FOR_30_DAYS = "/offer grant jane@example.com everything bundle for 30d because refund case 4412"
REVOKES = {"method": "DELETE", "path": "*/relationships/offers"}
BUNDLE = "Everything Bundle"


def ends(desk):
    """All ends that were ever planned: their grant, state and date, the oldest first."""
    query = "select parent, state, planned, id from request where planned is not null order by number"
    return rows(desk, query)


def standing(desk):
    return [row for row in ends(desk) if row[1] == "approved"]


def card_of(desk, request_id):
    """The card of a request that has one."""
    return next(one for one in cards(desk) if f"· {request_id}" in one.plain)


async def extended(desk, button, *, reason="they asked for more", **fields):
    """Ada asks for a later end; returns the new card, and the question."""
    before = {one.ts for one in desk.ada.messages("#support")}
    await desk.ada.presses("extend", button)
    await desk.ada.sees("Send", in_="view")
    assert await desk.ada.submits(reason=reason, **fields) == {}
    card = await desk.new_card(before)
    question = await desk.grace.sees("Approve", in_=card)
    return card, question


async def ended_now(desk, card):
    """Ada asks for a revoke before the time is over; returns the new card."""
    before = {one.ts for one in desk.grace.messages("#support")}
    await desk.ada.presses("end_now", card)
    await desk.ada.sees("Send", in_="view")
    assert await desk.ada.submits(reason="they want out") == {}
    return await desk.new_card(before)
