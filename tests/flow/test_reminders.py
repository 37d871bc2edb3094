"""Who may decide is reminded of all that waits for them at once, and others may decide when nobody does."""

from datetime import UTC, datetime, timedelta
from time import time
from zoneinfo import ZoneInfo

from bot.domain.request import State
from tests.flow.following import all_told, case_of, effects, history, in_thread, over_http, over_socket, rows, told
from tests.flow.test_policy import ruled
from tests.flow.test_time import reminded_of

__all__ = ["ruled"]

HOUR, DAY = 3600, 86_400
OFFERS = ("everything bundle", "sourdough", "pastry basics")
REMINDED = "select data from event where name = 'approver.reminded'"

BACK_OFF = """
[default]
approvers = ["U0GRACE", "U0LINUS"]
remind_after_hours = [4, 30]
expires_after_days = 3
"""
ESCALATED = """
[default]
approvers = "U0GRACE"
escalate_after_hours = 8
escalate_to = ["U0MALLORY", "U0LINUS"]
"""
WITHOUT_LINUS = ESCALATED.replace(', "U0LINUS"', "")


async def asked(desk, *offers):
    return [(await desk.asks(desk.ada, f"/offer grant jane@example.com {one} because refund"))[0] for one in offers]


def digests(person):
    return [one for one in told(person) if "Still waiting" in one]


async def test_each_who_may_decide_is_reminded_once_however_many_requests_wait(desk):
    cards = await asked(desk, *OFFERS)
    await all_told(desk)
    await desk.passes(DAY + 60)
    await reminded_of(desk, times=3)
    digest = await desk.grace.sees("3 requests wait for your decision", in_="dm")
    await desk.linus.sees("3 requests wait for your decision", in_="dm")
    await all_told(desk)
    await desk.passes(DAY / 2)
    await all_told(desk)

    assert [digest.plain.count((await case_of(desk, card)).request.id) for card in cards] == [1, 1, 1]
    assert "jane" not in digest.plain.lower()
    assert len(digests(desk.grace)) == len(digests(desk.linus)) == 1
    assert digests(desk.ada) == digests(desk.mallory) == []


@over_http
async def test_what_becomes_due_within_the_period_waits_for_the_next_digest(desk):
    deciders = (desk.grace, desk.linus)
    await asked(desk, OFFERS[0])
    await all_told(desk)
    await desk.passes(HOUR)
    await asked(desk, OFFERS[1])
    await all_told(desk)
    await desk.passes(DAY - HOUR + 60)
    await reminded_of(desk)
    await desk.grace.sees("2 requests wait", in_="dm")
    await all_told(desk)
    await desk.passes(HOUR + 60)
    await reminded_of(desk, times=2)
    await all_told(desk)
    early = len(digests(desk.grace))
    await desk.passes(DAY - HOUR)
    assert await desk.workspace.changes.until(lambda: {len(digests(one)) for one in deciders} == {2} or None, timeout=5)
    assert early == 1


@over_http
async def test_what_was_decided_meanwhile_is_in_no_digest(desk):
    (card,) = await asked(desk, OFFERS[0])
    await all_told(desk)
    await desk.passes(DAY + 60)
    await desk.grace.sees("Still waiting", in_=card)
    await desk.grace.types("@Offerdesk deny not this time", thread=card)
    await desk.ada.sees("not this time", in_="dm")
    await all_told(desk)
    await desk.passes(60)
    due = await desk.workspace.changes.until(
        lambda: rows(desk, "select 1 from digest where due is not null") == [] or None, timeout=5
    )

    assert due
    assert digests(desk.grace) == digests(desk.linus) == []


@over_http
async def test_two_processes_and_a_crash_remind_nobody_twice(desk):
    await asked(desk, *OFFERS)
    await all_told(desk)
    async with desk.another():
        await desk.passes(DAY + 60)
        await reminded_of(desk, times=3)
        await desk.grace.sees("3 requests wait", in_="dm")
        await all_told(desk)
    await desk.crashes()
    await desk.start()
    await desk.passes(HOUR)
    await all_told(desk)

    assert len(digests(desk.grace)) == len(digests(desk.linus)) == 1
    assert len(rows(desk, REMINDED)) == 2


@over_http
async def test_a_crash_before_anybody_was_reminded_loses_no_reminder(desk):
    await asked(desk, OFFERS[0])
    await all_told(desk)
    await desk.passes(DAY + 60)
    await desk.workspace.changes.until(lambda: rows(desk, "select 1 from digest") or None, timeout=5)
    await desk.crashes()
    await desk.passes(60)
    await desk.start()
    await desk.grace.sees("1 request waits", in_="dm")
    await all_told(desk)

    assert len(digests(desk.grace)) == 1


@over_http
async def test_reminders_back_off_as_the_rule_says(ruled):
    await ruled.rules(BACK_OFF)
    (card,) = await asked(ruled, OFFERS[0])
    await all_told(ruled)
    counts: list[int] = []
    for hours in (5, 20, 6, 20):
        await ruled.passes(hours * HOUR)
        times = 1 + (hours == 6) + (hours == 20 and len(counts) == 3)
        await reminded_of(ruled, times=times)
        await all_told(ruled)
        counts.append((await history(ruled, card)).count("request.reminded"))

    assert counts == [1, 1, 2, 2]
    await ruled.passes(DAY)
    await ruled.ada.sees("Nobody decided in time", in_="dm")
    assert sum("Still waiting" in one for one in in_thread(card)) == 2


async def test_others_may_decide_when_nobody_has_for_too_long(ruled):
    await ruled.rules(ESCALATED)
    card, question = await ruled.asks(ruled.ada, "/offer grant jane@example.com sourdough because refund")
    await all_told(ruled)
    await ruled.mallory.presses("approve", await ruled.mallory.sees("Approve", in_=card))
    await ruled.mallory.sees("You are not among those who may decide this", in_="ephemeral")
    before = told(ruled.linus)
    await ruled.passes(8 * HOUR + 60)
    line = await ruled.mallory.sees("Nobody has decided for too long", in_=card)
    direct = await ruled.linus.sees("Please decide", in_="dm")
    await all_told(ruled)

    assert before == []
    assert effects(ruled) == 0
    assert "@Mallory or @Linus may decide as well now" in line.plain
    assert "@Grace, @Mallory or @Linus: please decide" in question.plain
    assert direct.buttons[:2] == ["Approve", "Deny"]
    await ruled.mallory.presses("approve", question)
    await ruled.ada.sees("Done, verified", in_=card)
    assert (await history(ruled, card)).count("request.escalated") == 1


@over_socket
async def test_who_is_no_more_named_in_the_file_decides_nothing_that_was_escalated_to_them(ruled):
    await ruled.rules(ESCALATED)
    card, _ = await ruled.asks(ruled.ada, "/offer grant jane@example.com sourdough because refund")
    await all_told(ruled)
    await ruled.passes(8 * HOUR + 60)
    direct = await ruled.linus.sees("Please decide", in_="dm")
    await all_told(ruled)
    await ruled.rules(WITHOUT_LINUS)
    await ruled.linus.presses("approve", direct)
    await ruled.linus.sees("You are not among those who may decide this", in_="ephemeral")

    assert effects(ruled) == 0
    assert (await case_of(ruled, card)).request.state is State.PENDING


def next_change_of_the_clocks(zone):
    """The first midnight (UTC) after which that zone's clocks are moved."""
    day = datetime.fromtimestamp(time(), UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=8)
    while day.astimezone(zone).utcoffset() == (day + timedelta(days=1)).astimezone(zone).utcoffset():
        day += timedelta(days=1)
    return day.timestamp()


@over_http
async def test_over_a_change_of_the_clocks_time_is_counted_in_seconds_and_read_on_ones_own_clock(desk):
    zone = ZoneInfo("America/New_York")
    await desk.passes(next_change_of_the_clocks(zone) - 3 * DAY - time())
    card, question = await desk.asks(desk.ada, "/offer grant jane@example.com sourdough because refund")
    request = (await case_of(desk, card)).request
    await all_told(desk)
    asked_at, expires = (datetime.fromtimestamp(one, zone) for one in (request.updated, request.expires))

    assert request.expires - request.updated == 7 * DAY
    assert (expires.utcoffset(), expires.hour) != (asked_at.utcoffset(), asked_at.hour)
    by_grace = next(one for one in desk.grace.messages(card) if one == question)
    assert f"{expires:%H:%M}" in by_grace.plain
    await desk.passes(7 * DAY - HOUR / 2)
    await all_told(desk)
    assert (await case_of(desk, card)).request.state is State.PENDING
    await desk.passes(HOUR)
    await desk.ada.sees("Nobody decided in time", in_="dm")
