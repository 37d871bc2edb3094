"""Undo takes back what the request gave, or gives back what it took, and no more than that."""

import pytest

from bot.domain.bulk import BulkSubmission
from bot.domain.request import Action, Choice, State
from bot.domain.roster import Row
from bot.sandbox.town import SUPPORT
from tests.flow.capillary.conftest import JANE
from tests.flow.capillary.steps import approved
from tests.flow.following import over_http
from tests.flow.test_list_work import ENDED, person, until

JOHN = "john@example.com"


@pytest.fixture
def miles(desk):
    return desk.promotion("Double Miles")


def is_enrolled(desk, address=JANE):
    promotion = desk.promotion("Double Miles")
    return desk.capillary.books.enrolment(desk.capillary.customer(address), promotion) is not None


async def undone(desk):
    """Ada undoes it, Grace approves: what the form and the question said."""
    before = {one.ts for one in desk.ada.messages("#support")}
    await desk.ada.presses("undo", await desk.ada.sees("Undo", in_="#support"))
    form = (await desk.ada.sees("• ", in_="view")).plain
    assert await desk.ada.submits(reason="a mistake") == {}
    card = await desk.new_card(before)
    question = await desk.grace.sees("Approve", in_=card)
    asked = question.plain
    await desk.grace.presses("approve", question)
    await desk.ada.sees("Done, verified", in_=card)
    return form, asked


@over_http
async def test_an_enrolment_that_was_there_before_stays(desk, miles):
    desk.capillary.enrol(JANE, miles)
    await approved(desk, f"/offer grant {JANE} double miles because delayed flight")
    form, asked = await undone(desk)

    assert desk.steps() == ["EARN", "REVOKE_EARN"]
    assert is_enrolled(desk)
    assert "the enrolment stays" in form
    assert "the enrolment stays" in asked
    assert "then the enrolment" not in asked


@over_http
async def test_an_enrolment_that_was_made_for_it_ends(desk):
    await approved(desk, f"/offer grant {JANE} double miles because delayed flight")
    _, asked = await undone(desk)

    assert desk.steps() == ["ENROL", "EARN", "REVOKE_EARN", "REVOKE_ENROL"]
    assert desk.holds(JANE) == set()
    assert "then the enrolment" in asked


@over_http
async def test_an_enrolment_that_an_earlier_attempt_has_made_ends_with_the_rest(desk, miles):
    miles.issues = 0
    _, told = await approved(desk, f"/offer grant {JANE} double miles because delayed flight", "Done only in part")
    miles.issues = 5
    card = desk.ada.messages("#support")[-1]
    await desk.ada.presses("retry", told)
    await desk.grace.presses("approve", await desk.grace.sees("version 2", in_=card))
    await desk.ada.sees("Done, verified", in_=card)
    await undone(desk)

    assert desk.steps() == ["ENROL", "EARN", "REVOKE_EARN", "REVOKE_ENROL"]
    assert not is_enrolled(desk)


@over_http
async def test_who_was_only_enrolled_is_only_enrolled_again(desk, miles):
    desk.capillary.enrol(JANE, miles)
    await approved(desk, f"/offer revoke {JANE} double miles because claimed twice")
    _, asked = await undone(desk)

    assert desk.steps() == ["REVOKE_ENROL", "ENROL"]
    assert is_enrolled(desk)
    assert "nothing is issued" in asked


@over_http
async def test_the_same_is_so_for_each_customer_of_a_list(desk, miles):
    desk.capillary.add_customer("John", email=JOHN)
    desk.capillary.enrol(JOHN, miles)
    asked = BulkSubmission(
        action=Action.GRANT,
        provider="capillary",
        requester=person(desk.ada),
        channel=SUPPORT,
        offer_id=str(miles.id),
        reason="delayed flight",
        key="list-1",
        rows=(Row(line=2, customer=JANE), Row(line=3, customer=JOHN)),
        file_name="flight.csv",
    )
    done = await carried_out(desk, await desk.bot.service.submit_bulk(asked))
    undo = await desk.bot.service.undo_bulk(done.request.id, by=person(desk.ada), reason="a mistake", key="undo-1")
    undo = await carried_out(desk, undo)

    assert (done.request.state, undo.request.state) == (State.SUCCEEDED, State.SUCCEEDED)
    assert (is_enrolled(desk, JANE), is_enrolled(desk, JOHN)) == (False, True)
    assert desk.steps().count("REVOKE_EARN") == 2


async def carried_out(desk, case):
    case = await until(desk, case.request.id, {State.PENDING}, within=30)
    await desk.bot.service.decide(case.request.id, Choice.APPROVE, by=person(desk.grace), shown=case.request.version)
    return await until(desk, case.request.id, ENDED, within=60)
