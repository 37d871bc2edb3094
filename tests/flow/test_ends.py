"""What was granted for a time ends by itself, and never takes away what something else gives."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.errors import NotApprover
from bot.domain.request import Person
from tests.flow.following import (
    GRANT,
    all_told,
    approved,
    case_of,
    done,
    effects,
    history,
    offer,
    over_http,
    over_socket,
    told,
)
from tests.flow.lasting import BUNDLE, DAY, FOR_30_DAYS, REVOKES, card_of, ended_now, ends, extended, standing
from tests.flow.steps import field, opened, typed

HOLDINGS = {"method": "GET", "path": "/v1/contacts/*/relationships/offers"}


async def test_it_is_taken_back_by_itself_after_the_time_that_was_approved(desk):
    card, question = await desk.asks(desk.ada, FOR_30_DAYS)
    asked = question.plain
    await desk.grace.presses("approve", question)
    result = await desk.ada.sees("Done, verified", in_=card)
    await all_told(desk)
    (grant_id, state, planned, end_id) = ends(desk)[0]
    verified = (await case_of(desk, card)).main.verified
    held, said, shown = desk.holds("jane@example.com"), result.plain, card.plain
    await desk.passes(30 * DAY - 60)
    await all_told(desk)
    early = desk.holds("jane@example.com")
    await desk.passes(120)
    await desk.ada.sees("no longer has Everything Bundle", in_="dm")
    await all_told(desk)

    assert "taken back by itself 30 days after it took effect" in asked
    assert "for 30 days" in shown
    assert "taken back by itself" in said
    assert end_id in said
    assert (grant_id, state) == ((await case_of(desk, card)).request.id, "approved")
    assert planned == pytest.approx(verified + 30 * DAY, abs=5)
    assert BUNDLE in held
    assert BUNDLE in early
    assert BUNDLE not in desk.holds("jane@example.com")
    assert effects(desk, "revoke") == 1
    assert [row[1] for row in ends(desk)] == ["succeeded"]
    assert "The time that it was granted for is over." in card_of(desk, end_id).plain
    assert "is done" in card.plain


@over_http
async def test_the_end_bears_the_decision_of_its_grant(desk):
    card = await done(desk, FOR_30_DAYS)
    grant = await case_of(desk, card)
    end = await desk.bot.parts.store.case(ends(desk)[0][3])

    assert end.request.parent == grant.request.id
    assert [(one.by, one.at, one.choice) for one in end.approvals] == [
        (one.by, one.at, one.choice) for one in grant.approvals
    ]
    assert end.request.preview["rule"] == grant.request.preview["rule"]
    assert end.request.decided == grant.request.decided
    assert [one.name for one in await desk.bot.parts.store.history(end.request.id)] == ["request.planned"]


async def test_the_requester_is_told_a_day_before_and_can_extend(desk):
    await done(desk, FOR_30_DAYS)
    before = len(told(desk.ada))
    await desk.passes(29 * DAY + 60)
    notice = await desk.ada.sees("Ends soon", in_="dm")
    await all_told(desk)
    times = len(told(desk.ada)) - before
    card, question = await extended(desk, notice, days="14")
    asked = question.plain
    await desk.grace.presses("approve", question)
    await desk.ada.sees("Extended", in_=card)
    await all_told(desk)
    first, second = ends(desk)
    await desk.passes(3 * DAY)
    await all_told(desk)
    kept = desk.holds("jane@example.com")
    await desk.passes(12 * DAY)
    await desk.ada.sees("no longer has Everything Bundle", in_="dm")
    await all_told(desk)

    assert times == 1
    assert "The later of the two counts" in asked
    assert (first[1], second[1]) == ("cancelled", "approved")
    assert second[2] - first[2] == pytest.approx(13 * DAY, abs=300)
    assert BUNDLE in kept
    assert BUNDLE not in desk.holds("jane@example.com")
    assert (effects(desk, "grant"), effects(desk, "revoke")) == (1, 1)


@over_http
async def test_the_time_counts_from_when_the_grant_was_verified_and_not_from_its_approval(desk):
    card, question = await desk.asks(desk.ada, FOR_30_DAYS)
    writing = desk.kajabi.trouble("held", done=True, method="POST", path="*/relationships/offers", times=1)
    await desk.grace.presses("approve", question)
    await desk.workspace.changes.until(lambda: writing.seen or None, timeout=20)
    reading = desk.kajabi.trouble("held", method="GET", path="*/relationships/offers", times=1)
    writing.stop()
    await desk.workspace.changes.until(lambda: reading.seen or None, timeout=20)
    await desk.passes(60)
    reading.stop()
    await desk.ada.sees("Done, verified", in_=card)
    await all_told(desk)
    grant, (_, _, planned, _) = await case_of(desk, card), ends(desk)[0]

    assert grant.main.verified >= grant.request.decided + 60
    assert planned >= grant.request.decided + 60 + 30 * DAY


@over_http
async def test_an_extension_without_an_end_lets_it_stay_for_good(desk):
    card = await done(desk, FOR_30_DAYS)
    _, question = await extended(desk, card)
    said = question.plain
    await desk.grace.presses("approve", question)
    await desk.ada.sees("Kept", in_="dm")
    await all_told(desk)
    await desk.passes(60 * DAY)
    await all_told(desk)

    assert "That is cancelled: it stays for good." in said
    assert [row[1] for row in ends(desk)] == ["cancelled"]
    assert BUNDLE in desk.holds("jane@example.com")


@over_http
async def test_an_earlier_end_than_the_planned_one_changes_nothing(desk):
    card = await done(desk, FOR_30_DAYS)
    await desk.ada.presses("extend", card)
    await desk.ada.sees("Send", in_="view")
    await desk.ada.submits(reason="shorter", days="3")
    await desk.ada.sees("for longer already", in_="dm")
    await all_told(desk)

    assert len(standing(desk)) == 1


async def test_an_undo_cancels_the_end(desk):
    card = await done(desk, FOR_30_DAYS)
    await desk.ada.presses("undo", card)
    await desk.ada.sees("Send", in_="view")
    before = {one.ts for one in desk.grace.messages("#support")}
    assert await desk.ada.submits(reason="by mistake") == {}
    undo = await desk.new_card(before)
    question = await desk.grace.sees("Approve", in_=undo)
    await desk.grace.presses("approve", question)
    await desk.ada.sees("Done, verified", in_=undo)
    await all_told(desk)
    await desk.passes(31 * DAY)
    await all_told(desk)

    assert [row[1] for row in ends(desk)] == ["cancelled"]
    assert any("This end is skipped" in one for one in told(desk.ada))
    assert effects(desk, "revoke") == 1
    assert "is cancelled" in card.plain


@over_http
async def test_end_now_is_a_revoke_that_somebody_else_approves(desk):
    card = await done(desk, FOR_30_DAYS)
    asked = await ended_now(desk, card)
    untouched = desk.holds("jane@example.com")
    question = await desk.grace.sees("Approve", in_=asked)
    await desk.grace.presses("approve", question)
    await desk.ada.sees("Done, verified", in_=asked)
    await all_told(desk)

    assert BUNDLE in untouched
    assert BUNDLE not in desk.holds("jane@example.com")
    assert standing(desk) == []


async def test_who_bought_it_meanwhile_keeps_it_until_a_person_has_decided(desk):
    await done(desk, FOR_30_DAYS)
    desk.kajabi.purchase("jane@example.com", offer(desk, BUNDLE))
    await desk.passes(30 * DAY + 60)
    await desk.ada.sees("bought this meanwhile", in_="dm")
    await all_told(desk)
    (_, state, _, end_id) = ends(desk)[0]
    card = card_of(desk, end_id)
    question = await desk.grace.sees("version 2", in_=card)
    await desk.grace.opens_home()
    home = await desk.grace.sees("Waiting for you", in_="home")

    assert state == "pending"
    assert "Approve" in question.buttons
    assert "The time is over for which" in question.plain
    assert "until somebody decides, they keep it" in home.plain
    assert "Holds now: Everything Bundle (granted, bought" in question.plain
    assert "in the thread." in card.plain
    assert "please decide." in question.plain
    assert BUNDLE in desk.holds("jane@example.com")
    assert effects(desk, "revoke") == 0


@over_http
async def test_who_bought_it_meanwhile_is_asked_about_until_somebody_decides_and_never_forgotten(desk):
    await done(desk, FOR_30_DAYS)
    desk.kajabi.purchase("jane@example.com", offer(desk, BUNDLE))
    await desk.passes(30 * DAY + 60)
    await desk.ada.sees("bought this meanwhile", in_="dm")
    await all_told(desk)
    (_, _, _, end_id) = ends(desk)[0]
    card = card_of(desk, end_id)
    await desk.passes(7 * DAY + 60)
    alert = await desk.olga.sees("Nobody decided in time whether this is taken back", in_="#alerts")
    await desk.grace.sees("Nobody decided in time whether this is taken back", in_=card)
    await desk.passes(7 * DAY + 60)
    await all_told(desk)
    question = await desk.grace.sees("version 2", in_=card)
    still = ends(desk)[0][1]
    await desk.grace.presses("approve", question)
    await desk.grace.sees("Done, verified", in_=card)

    assert end_id in alert.plain
    assert still == "pending"
    assert [name for name in await history(desk, card) if name == "request.expired"] == []
    assert effects(desk, "revoke") == 1


@over_http
async def test_what_was_held_otherwise_before_gets_no_end(desk):
    card, question = await desk.asks(desk.ada, FOR_30_DAYS)
    held = desk.kajabi.trouble("held", method="GET", path="/v1/contacts", times=1)
    await desk.grace.presses("approve", question)
    await desk.kajabi.until_called(method="GET", path="/v1/contacts")
    desk.kajabi.grant("jane@example.com", offer(desk, BUNDLE))
    held.release()
    result = await desk.ada.sees("Not needed", in_=card)
    await all_told(desk)

    assert "No end is planned, for it was not given by this." in result.plain
    assert ends(desk) == []


async def test_a_failing_end_is_told_loudly_and_tried_again_by_itself(desk):
    await done(desk, FOR_30_DAYS)
    refusing = desk.kajabi.trouble("forbidden", **REVOKES)
    await desk.passes(30 * DAY + 60)
    alert = await desk.olga.sees("still has what was granted for a time", in_="#alerts")
    await all_told(desk)
    (_, state, _, end_id) = ends(desk)[0]
    thread = [one.plain for one in card_of(desk, end_id).thread]
    refusing.stop()
    await desk.passes(20 * 60)
    await desk.ada.sees("no longer has Everything Bundle", in_="dm")
    await all_told(desk)

    assert "I try again by myself" in alert.plain
    assert state == "failed"
    assert any("Failed" in one for one in thread)
    assert [row[1] for row in ends(desk)] == ["succeeded"]
    assert effects(desk, "revoke") == 1


@over_http
async def test_ends_that_were_missed_run_on_return_the_oldest_first_and_are_told_as_late(desk):
    await done(desk, FOR_30_DAYS)
    await done(desk, "/offer grant mia.chen@example.com everything bundle for 31d because refund case 4413")
    await desk.stop()
    before = len(desk.kajabi.called(**HOLDINGS))
    await desk.passes(38 * DAY)
    await desk.start()
    await desk.workspace.changes.until(lambda: [row[1] for row in ends(desk)] == ["succeeded"] * 2 or None, timeout=10)
    await all_told(desk)
    late = [one for one in told(desk.ada) if "late" in one]
    looked_up = dict.fromkeys(one.path.split("/")[3] for one in desk.kajabi.called(**HOLDINGS)[before:])
    jane, mia = (desk.kajabi.contact(one).id for one in ("jane@example.com", "mia.chen@example.com"))

    assert list(looked_up) == [jane, mia]
    assert any("8 days late" in one for one in late)
    assert any("7 days late" in one for one in late)


@over_http
async def test_an_approver_who_left_keeps_no_access_alive(desk):
    await done(desk, FOR_30_DAYS)
    desk.workspace.change_person("Grace", deleted=True)
    desk.workspace.change_group("offer-approvers", ["Linus"])
    await desk.passes(30 * DAY + 60)
    await desk.ada.sees("no longer has Everything Bundle", in_="dm")

    assert [row[1] for row in ends(desk)] == ["succeeded"]


@over_http
async def test_an_end_waits_while_paused_and_is_told(desk):
    await done(desk, FOR_30_DAYS)
    await desk.olga.types("/offer pause have a look", channel="#alerts")
    await desk.passes(30 * DAY + 60)
    await desk.ada.sees("but I am paused", in_="dm")
    await all_told(desk)
    held = desk.holds("jane@example.com")
    await desk.olga.types("/offer resume", channel="#alerts")
    await desk.ada.sees("no longer has Everything Bundle", in_="dm")

    assert BUNDLE in held


@over_http
async def test_a_pause_leaves_alone_what_ends_later(desk):
    await done(desk, FOR_30_DAYS)
    await desk.olga.types("/offer pause have a look", channel="#alerts")
    await desk.olga.types("/offer resume", channel="#alerts")
    await desk.passes(2 * DAY)
    await all_told(desk)

    assert BUNDLE in desk.holds("jane@example.com")
    assert len(standing(desk)) == 1


@over_http
async def test_the_requester_alone_cannot_let_it_go_on_for_good_and_an_approver_can(desk):
    await done(desk, FOR_30_DAYS)
    (_, _, _, end_id) = ends(desk)[0]
    await desk.passes(29 * DAY + 60)
    await desk.ada.sees("Ends soon", in_="dm")
    await all_told(desk)
    case = await desk.bot.parts.store.case(end_id)
    with pytest.raises(NotApprover):
        await desk.bot.service.cancel(end_id, by=Person(case.request.requester.team, desk.mallory.id))
    await desk.ada.presses("cancel", await typed(desk.ada, "/offer ending", "Ends by itself"))
    await desk.ada.sees("somebody else decides whether it stays", in_="ephemeral")
    untouched = standing(desk)
    await desk.grace.presses("cancel", await typed(desk.grace, "/offer ending", "Ends by itself"))
    await desk.ada.sees("@Grace cancelled the end: Jane Doe keeps Everything Bundle", in_="dm")
    await desk.passes(5 * DAY)
    await all_told(desk)

    assert len(untouched) == 1
    assert [row[1] for row in ends(desk)] == ["cancelled"]
    assert BUNDLE in desk.holds("jane@example.com")


# --- until a day -----------------------------------------------------------------------------------------------------


def midnight_after(day, zone):
    return datetime.fromisoformat(f"{day}T23:59:59").replace(tzinfo=ZoneInfo(zone)).timestamp()


async def test_until_a_day_means_the_end_of_that_day_where_the_requester_is(desk):
    day = f"{datetime.fromtimestamp(desk.clock() + 200 * DAY, ZoneInfo('Europe/London')):%Y-%m-%d}"
    await desk.ada.types(f"/offer grant jane@example.com everything bundle until {day} because x1", channel="#support")
    await desk.ada.sees("Send", in_="view")
    shown = field_of_day(desk.ada)
    assert await desk.ada.submits() == {}
    card = await desk.new_card(set())
    question = await desk.grace.sees("Approve", in_=card)
    await desk.grace.presses("approve", question)
    await desk.ada.sees("Done, verified", in_=card)
    await all_told(desk)

    assert shown == day
    assert ends(desk)[0][2] == midnight_after(day, "Europe/London")


def field_of_day(person):
    return next(iter(person.form.shown.values["until"].values()))["selected_date"]


@over_http
@pytest.mark.parametrize(
    ("fields", "at", "says"),
    [
        ({"days": "soon"}, "days", "is no number of days"),
        ({"days": "0"}, "days", "is no number of days"),
        ({"days": "99999"}, "days", "more than 3,650 days"),
        ({"until": "2020-01-01"}, "until", "That day is over"),
        ({"days": "3", "until": "2099-01-01"}, "until", "not both"),
    ],
)
async def test_a_time_limit_that_nobody_can_mean_is_said_at_its_field(desk, fields, at, says):
    await opened(desk.ada, GRANT)
    refused = await desk.ada.submits(**fields)

    assert says in refused[at]


@over_http
async def test_how_long_can_still_be_changed_before_it_is_decided(desk):
    card, question = await desk.asks(desk.ada, FOR_30_DAYS)
    await desk.ada.presses("edit", question)
    await desk.ada.sees("Send", in_="view")
    assert field(desk.ada, "days") == "30"
    assert await desk.ada.submits(days="2 weeks") == {}
    anew = await desk.grace.sees("version 2", in_=card)
    await desk.grace.presses("approve", anew)
    await desk.ada.sees("Done, verified", in_=card)
    await all_told(desk)

    assert "taken back by itself 14 days after it took effect" in anew.plain
    assert ends(desk)[0][2] - (await case_of(desk, card)).main.verified == pytest.approx(14 * DAY, abs=5)
    assert "request.edited" in await history(desk, card)


# --- lists -----------------------------------------------------------------------------------------------------------


@over_socket
async def test_what_ends_soon_is_listed_with_what_can_be_done_about_it(desk):
    await done(desk, FOR_30_DAYS)
    none = await typed(desk.ada, "/offer ending 7d", "Nothing that you may see")
    await desk.passes(25 * DAY)
    await all_told(desk)
    found = await typed(desk.ada, "/offer ending", "Ends by itself within 7 days")
    await desk.grace.opens_home()
    home = await desk.grace.sees("Ends by itself", in_="home")
    await desk.mallory.opens_home()
    others = await desk.mallory.sees("Your requests", in_="home")

    assert "within 7 days" in none.plain
    assert "Everything Bundle of Jane Doe" in found.plain
    assert "Planned: taken back by itself" in home.plain
    assert "Ends by itself" not in others.plain
    assert found.buttons == ["Extend", "End now", "Keep for good"]


@over_http
async def test_what_a_person_settled_as_done_ends_by_itself_as_well(desk):
    desk.kajabi.trouble("forget", method="POST", path="*/relationships/offers")
    card = await approved(desk, FOR_30_DAYS)
    await desk.ada.sees("Unknown: nobody can say yet", in_=card)
    await all_told(desk)
    unknown = ends(desk)
    await desk.grace.presses("settle", card)
    await desk.grace.sees("How is it really?", in_="view")
    await desk.grace.submits(outcome="It is done", reason="I saw it there")
    await desk.ada.sees("Settled as done", in_=card)
    await all_told(desk)

    assert unknown == []
    assert len(standing(desk)) == 1


@over_http
async def test_a_longer_time_counts_only_as_long_as_its_approval_does(idle):
    """Nothing has to be sent for it, and yet it is compared with what was approved, by whom."""
    await idle.start()
    card = await done(idle, FOR_30_DAYS)
    longer, question = await extended(idle, card, days="90")
    held = idle.kajabi.trouble("held", method="GET", path="/v1/contacts", times=1)
    await idle.grace.presses("approve", question)
    await idle.kajabi.until_called(method="GET", path="/v1/contacts")
    await idle.passes(120)
    idle.workspace.change_group("offer-approvers", ["Linus"])
    held.release()
    await idle.ada.sees("The earlier approval is void.", in_=longer)
    await all_told(idle)

    assert len(ends(idle)) == 1
