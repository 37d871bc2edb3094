from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.sandbox.model import CannotDo
from tests.flow.following import (
    GRANT,
    all_told,
    arrives,
    case_of,
    click_of,
    effects,
    history,
    in_thread,
    over_http,
    over_socket,
    rows,
    told,
    writes,
)

HOUR, DAY = 3600, 86_400


async def reminded_of(desk, times=1):
    """Wait until what time has made due is written down, and let those who are reminded together be gathered."""
    query = "select 1 from event where name = 'request.reminded'"
    assert await desk.workspace.changes.until(lambda: len(rows(desk, query)) >= times or None, timeout=5)
    await all_told(desk)
    await desk.passes(60)


async def test_who_may_decide_is_reminded_once_after_a_day(desk):
    card, _ = await desk.asks(desk.ada, GRANT)
    await all_told(desk)
    await desk.passes(DAY - 60)
    await all_told(desk)
    early = in_thread(card)
    await desk.passes(120)
    line = await desk.grace.sees("Still waiting", in_=card)
    await all_told(desk)
    await desk.passes(2 * DAY)
    await all_told(desk)

    assert not any("Still waiting" in one for one in early)
    assert "Still waiting for a decision, with the buttons above." in line.plain
    assert "It expires" in line.plain
    assert "@" not in line.plain
    assert sum("Still waiting" in one for one in in_thread(card)) == 1
    assert (await history(desk, card)).count("request.reminded") == 1
    assert told(desk.ada) == []


@over_http
async def test_an_approver_outside_the_channel_is_reminded_directly(desk):
    await desk.asks(desk.ada, GRANT)
    await all_told(desk)
    before = len(told(desk.linus))
    await desk.passes(DAY + 60)
    await reminded_of(desk)
    await desk.linus.sees("Still waiting: 1 request waits for your decision.", in_="dm")
    await all_told(desk)

    assert len(told(desk.linus)) == before + 1


async def test_what_nobody_decides_expires_after_a_week(desk):
    card, question = await desk.asks(desk.ada, GRANT)
    direct = await desk.linus.sees("Approve", in_="dm")
    click = click_of(desk.grace, "approve", question)
    await all_told(desk)
    await desk.passes(7 * DAY + 60)
    await desk.ada.sees("Nobody decided in time, so this is closed. Nothing was changed.", in_=card)
    message = await desk.ada.sees("Nobody decided in time", in_="dm")
    await all_told(desk)
    await arrives(desk.grace, click)
    answer = await desk.grace.sees("no longer waiting for a decision", in_="ephemeral")

    assert "It is expired" in answer.plain
    assert "Expired" in card.plain
    assert card.buttons == ["Ask again", "History"]
    assert question.buttons == direct.buttons == []
    assert message.buttons == ["Ask again"]
    assert writes(desk) == 0


@over_http
async def test_it_is_reminded_and_expired_in_order_after_the_bot_was_away_for_a_week(desk):
    card, _ = await desk.asks(desk.ada, GRANT)
    await all_told(desk)
    await desk.stop()
    await desk.passes(8 * DAY)
    await desk.start()
    await desk.ada.sees("Nobody decided in time", in_="dm")
    await all_told(desk)

    assert (await history(desk, card))[-1] == "request.expired"
    assert len(told(desk.ada)) == 1


@over_socket
async def test_an_approval_that_has_become_too_old_is_asked_for_anew(idle):
    idle.timing = replace(idle.timing, give_up=30 * DAY)
    await idle.start()
    card, question = await idle.asks(idle.ada, GRANT)
    down = idle.kajabi.trouble("unavailable", method="GET")
    await idle.grace.presses("approve", question)
    await idle.ada.sees("I try again by myself", in_=card)
    await all_told(idle)
    await idle.passes(DAY + HOUR)
    down.stop()
    await idle.ada.sees("The approval has become too old.", in_=card)
    anew = await idle.grace.sees("version 2", in_=card)
    await all_told(idle)
    untouched = writes(idle)
    await idle.grace.presses("approve", anew)
    await idle.ada.sees("Done, verified", in_=card)

    assert untouched == 0
    assert effects(idle) == 1


@over_http
async def test_an_approval_less_than_a_day_old_still_counts(idle):
    idle.timing = replace(idle.timing, give_up=30 * DAY)
    await idle.start()
    card, question = await idle.asks(idle.ada, GRANT)
    down = idle.kajabi.trouble("unavailable", method="GET")
    await idle.grace.presses("approve", question)
    await idle.ada.sees("I try again by myself", in_=card)
    await all_told(idle)
    await idle.passes(DAY - HOUR)
    down.stop()
    await idle.ada.sees("Done, verified", in_=card)

    assert "request.drifted" not in await history(idle, card)


@over_http
async def test_everybody_reads_times_in_their_own_zone(desk):
    card, question = await desk.asks(desk.ada, GRANT)
    direct = await desk.linus.sees("Approve", in_="dm")
    expires = (await case_of(desk, card)).request.expires

    def at(zone):
        return f"{datetime.fromtimestamp(expires, ZoneInfo(zone)):%H:%M}"

    by_grace = next(one for one in desk.grace.messages(card) if one == question)
    by_ada = next(one for one in desk.ada.messages(card) if one == question)
    assert at("America/New_York") in by_grace.plain
    assert at("Europe/London") in by_ada.plain
    assert at("Europe/Helsinki") in direct.plain
    assert len({at("America/New_York"), at("Europe/London"), at("Europe/Helsinki")}) == 3


@over_http
async def test_how_long_things_take_is_a_setting(idle):
    hours = {"reminder_hours": 1.0, "expiry_days": 1.0}
    idle.settings = idle.settings.model_copy(update=hours)
    idle.timing = None
    await idle.start()
    card, question = await idle.asks(idle.ada, GRANT)
    await all_told(idle)
    await idle.passes(HOUR + 60)
    await idle.grace.sees("Still waiting", in_=card)
    await all_told(idle)
    await idle.passes(DAY)
    await idle.ada.sees("Nobody decided in time", in_="dm")
    await all_told(idle)

    with pytest.raises(CannotDo, match="cannot press"):
        await idle.grace.presses("approve", question)
