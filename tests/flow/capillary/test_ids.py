"""What somebody else has issued is revoked by the ids that a person gives: shown, approved, and sent as they are."""

import pytest

from bot.sandbox.capillary import Conduct
from tests.flow.capillary.conftest import JANE
from tests.flow.capillary.steps import approved
from tests.flow.following import all_told, case_of, history, over_http
from tests.flow.following import approved as asked_and_approved
from tests.flow.steps import field, forged, given_back, has_field, opened

REVOKE = f"/offer revoke {JANE} double miles because claimed twice"


@pytest.fixture
def issue(desk):
    """Somebody else has issued a promotion to Jane."""
    return desk.capillary.issue(JANE, desk.promotion("Double Miles"))


def with_ids(*ids):
    return f"/offer revoke {JANE} double miles ids {','.join(map(str, ids))} because claimed twice"


async def test_without_its_ids_it_comes_back_and_with_them_it_is_revoked(desk, issue):
    told = await given_back(desk, desk.ada, REVOKE, "earned ids")
    said = told.plain
    before = {one.ts for one in desk.ada.messages("#support")}
    await desk.ada.presses("correct", told)
    await desk.ada.sees("Send", in_="view")
    assert await desk.ada.submits(ids=str(issue.id)) == {}
    card = await desk.new_card(before)
    question = await desk.grace.sees("Approve", in_=card)
    asked, shown = question.plain, card.plain
    await desk.grace.presses("approve", question)
    await desk.ada.sees("Done, verified", in_=card)

    assert "/offer revoke CUSTOMER OFFER ids 123,456" in said
    assert f"Revokes exactly: id {issue.id}" in asked
    assert f"id {issue.id}" in shown
    assert desk.revoked() == [[issue.id]]
    assert desk.holds(JANE) == set()


@over_http
async def test_ids_can_be_typed_with_the_command(desk, issue):
    another = desk.capillary.issue(JANE, desk.promotion("Double Miles"))
    asked, _ = await approved(desk, with_ids(issue.id, another.id))

    assert f"Revokes exactly: ids {issue.id}, {another.id}" in asked
    assert desk.revoked() == [[issue.id, another.id]]


@over_http
async def test_too_few_ids_revoke_nothing_and_say_how_many_there_are(desk, issue):
    desk.capillary.issue(JANE, desk.promotion("Double Miles"))
    _, told = await approved(desk, with_ids(issue.id), "Failed")

    assert "2 are issued to the customer, and 1 of their ids were given" in told.plain
    assert desk.revoked() == []


@over_http
@pytest.mark.parametrize("typed", ["12a", "0", " ".join(map(str, range(1, 52)))])
async def test_what_cannot_be_ids_is_refused_at_the_field(desk, issue, typed):
    await opened(desk.ada, REVOKE)
    refused = await desk.ada.submits(ids=typed)

    assert list(refused) == ["ids"]
    assert "is no list of ids" in refused["ids"]


def blocks(person):
    return {block["block_id"] for block in person.form.shown.blocks}


@over_http
async def test_the_field_is_there_for_revokes_of_this_provider_alone(both):
    await opened(both.ada, f"/offer grant {JANE} double miles on capillary")
    granting = has_field(both.ada, "ids")
    await both.ada.closes()
    await opened(both.ada, f"/offer revoke {JANE} double miles ids 12,34 on capillary")
    revoking = field(both.ada, "ids")
    await both.ada.fills(provider="kajabi")
    gone = await both.workspace.changes.until(lambda: "ids" not in blocks(both.ada) or None, timeout=5)

    assert (granting, revoking, gone) == (False, "12,34", True)


@over_http
async def test_ids_for_a_provider_that_takes_none_are_refused(both):
    await opened(both.ada, f"/offer revoke {JANE} everything bundle ids 12 on kajabi because claimed twice")
    await both.ada.sees("takes none here", in_="view")
    answer = await forged(both, both.ada, ids={"type": "plain_text_input", "value": "12"})

    assert "takes none here" in next(iter(answer["errors"].values()))


@over_http
async def test_who_edits_the_ids_asks_anew_and_they_are_part_of_what_is_approved(desk, issue):
    card, question = await desk.asks(desk.ada, with_ids(999))
    first = (await case_of(desk, card)).request.fingerprint
    await desk.ada.presses("edit", question)
    await desk.ada.sees("Send", in_="view")
    assert field(desk.ada, "ids") == "999"
    assert await desk.ada.submits(ids=str(issue.id)) == {}
    anew = await desk.grace.sees("version 2", in_=card)
    second = (await case_of(desk, card)).request.fingerprint
    await desk.grace.presses("approve", anew)
    await desk.ada.sees("Done, verified", in_=card)

    assert first != second
    assert "changed the ids" in " ".join(one.plain for one in card.thread)
    assert desk.revoked() == [[issue.id]]


@over_http
@pytest.mark.parametrize("conduct", [Conduct(timelines=False)])
async def test_where_reads_do_not_tell_ids_are_asked_for_and_sent(desk, issue):
    await given_back(desk, desk.ada, REVOKE, "earned ids")
    _, told = await approved(desk, with_ids(issue.id), "cannot be read back")

    assert "no longer has Double Miles" in told.plain
    assert desk.issued() == []


@over_http
async def test_an_id_that_is_wrong_revokes_nothing_and_says_so(desk, issue):
    card = await asked_and_approved(desk, with_ids(999_999))
    told = await desk.ada.sees("Failed", in_=card)
    await all_told(desk)

    assert "one of the issued ids is wrong, or was revoked already" in told.plain
    assert desk.issued() == [issue.id]
    assert "change.failed" in await history(desk, card)
