"""What was granted for a time on Capillary: exactly what was issued for it is taken back when the time is over."""

import pytest

from bot.sandbox.capillary import Conduct
from tests.flow.capillary.conftest import JANE, MOBILE
from tests.flow.capillary.steps import approved
from tests.flow.following import all_told, over_http, rows
from tests.flow.steps import opened

DAY = 86_400
FOR_30_DAYS = f"/offer grant {JANE} double miles for 30d because delayed flight"


@pytest.fixture(autouse=True)
def long_lived(desk):
    """Nothing expires by itself in these stories."""
    for promotion in desk.capillary.books.promotions.values():
        promotion.ends += 400 * DAY


def ends(desk):
    """The states of all ends that were ever planned, the oldest first."""
    return [row[0] for row in rows(desk, "select state from request where planned is not null order by number")]


def end_card(desk):
    """The card of the newest end."""
    ((end_id,),) = rows(desk, "select id from request where planned is not null order by number desc limit 1")
    posts = [one for one in desk.grace.messages("#support") if not one.is_ephemeral]
    return next(one for one in posts if end_id in one.plain and one.post.thread_ts in (None, one.ts))


async def due(desk, days=30):
    await all_told(desk)
    await desk.passes(days * DAY + 60)


async def test_it_is_taken_back_by_the_ids_that_were_given(desk):
    asked, told = await approved(desk, FOR_30_DAYS)
    issued, said = desk.issued(), told.plain
    await due(desk)
    await desk.ada.sees("no longer has Double Miles", in_="dm")
    await all_told(desk)

    assert "taken back by itself 30 days after it took effect" in asked
    assert "It is taken back by itself" in said
    assert desk.revoked() == [issued]
    assert desk.steps() == ["ENROL", "EARN", "REVOKE_EARN", "REVOKE_ENROL"]
    assert (desk.holds(JANE), ends(desk)) == (set(), ["succeeded"])


@over_http
@pytest.mark.parametrize("conduct", [Conduct(timelines=False)])
async def test_where_it_cannot_be_read_back_the_end_says_so(desk):
    _, told = await approved(desk, FOR_30_DAYS, "cannot be read back")
    said = told.plain
    await due(desk)
    ended = await desk.ada.sees("no longer has Double Miles", in_="dm")
    await all_told(desk)

    assert "It is taken back by itself" in said
    assert "cannot be read back" in ended.plain
    assert (desk.holds(JANE), ends(desk)) == (set(), ["succeeded"])


@over_http
async def test_an_extension_moves_the_end_and_issues_nothing(desk):
    await approved(desk, FOR_30_DAYS)
    issued = desk.issued()
    _, told = await approved(desk, f"/offer grant {JANE} double miles for 60d because still delayed", "Extended")
    extended = told.plain
    await due(desk)
    await all_told(desk)
    kept = desk.issued()
    await desk.passes(31 * DAY)
    await desk.ada.sees("no longer has Double Miles", in_="dm")
    await all_told(desk)

    assert "keeps Double Miles" in extended
    assert kept == issued
    assert ends(desk) == ["cancelled", "succeeded"]
    assert desk.steps().count("EARN") == 1
    assert desk.holds(JANE) == set()


@over_http
async def test_what_is_held_already_is_not_granted_for_a_time(desk):
    desk.capillary.issue(JANE, desk.promotion("Double Miles"))
    await opened(desk.ada, FOR_30_DAYS)
    assert await desk.ada.submits() == {}
    await desk.ada.sees("has this offer already", in_="dm")

    assert (ends(desk), desk.steps()) == ([], [])


@over_http
async def test_what_others_issued_meanwhile_is_not_taken_away_before_people_were_asked(desk):
    await approved(desk, FOR_30_DAYS)
    others = desk.capillary.issue(JANE, desk.promotion("Double Miles"))
    await due(desk)
    told = await desk.ada.sees("does not end by itself", in_="dm")
    await all_told(desk)

    assert "I do not know the ids of all" in told.plain
    assert others.id in desk.issued()
    assert (desk.revoked(), ends(desk)) == ([], ["pending"])


@over_http
async def test_an_enrolment_that_was_there_before_is_not_ended_before_people_were_asked(desk):
    desk.capillary.enrol(JANE, desk.promotion("Double Miles"))
    await approved(desk, FOR_30_DAYS)
    await due(desk)
    told = await desk.ada.sees("does not end by itself", in_="dm")
    await all_told(desk)

    assert "holds more of this than I have given" in told.plain
    assert (desk.steps(), ends(desk)) == (["EARN"], ["pending"])


@over_http
async def test_ids_that_were_never_heard_are_asked_for_at_the_end_and_then_used(desk):
    desk.capillary.trouble("timeout_after", method="POST", path="*/enrolAndEarn", closed=True)
    await approved(desk, FOR_30_DAYS)
    (issued,) = desk.issued()
    await due(desk)
    await desk.ada.sees("does not end by itself", in_="dm")
    await all_told(desk)
    card = end_card(desk)
    await desk.linus.presses("edit", await desk.linus.sees("Approve", in_="dm"))
    await desk.linus.sees("Send", in_="view")
    assert await desk.linus.submits(ids=str(issued)) == {}
    await desk.grace.presses("approve", await desk.grace.sees(f"id {issued}", in_=card))
    await desk.ada.sees("no longer has Double Miles", in_="dm")

    assert desk.revoked() == [[issued]]
    assert desk.holds(JANE) == set()


@over_http
async def test_two_addresses_of_one_customer_are_one_customer_for_its_end(desk):
    await approved(desk, FOR_30_DAYS)
    _, told = await approved(
        desk, f"/offer grant {MOBILE} double miles for 60d because it is the same customer", "Extended"
    )

    assert "keeps Double Miles" in told.plain
    assert ends(desk) == ["cancelled", "approved"]


@over_http
async def test_what_was_done_in_part_before_is_not_somebody_elses_at_the_end(desk):
    miles = desk.promotion("Double Miles")
    miles.issues = 0
    _, told = await approved(desk, FOR_30_DAYS, "Done only in part")
    miles.issues = 5
    card = desk.ada.messages("#support")[-1]
    await desk.ada.presses("retry", told)
    await desk.grace.presses("approve", await desk.grace.sees("version 2", in_=card))
    await desk.ada.sees("Done, verified", in_=card)
    await due(desk)
    await desk.ada.sees("no longer has Double Miles", in_="dm")

    assert desk.steps() == ["ENROL", "EARN", "REVOKE_EARN", "REVOKE_ENROL"]
    assert (desk.holds(JANE), ends(desk)) == (set(), ["succeeded"])
