"""What Capillary answers, as people are told it: kept to its letter, shown as text, and never more than is known."""

import json

import pytest

from bot.domain.request import ChangeState
from bot.sandbox.capillary import Conduct
from tests.flow.capillary.conftest import JANE
from tests.flow.capillary.steps import approved
from tests.flow.following import case_of, over_http
from tests.flow.steps import given_back, typed

GRANT = f"/offer grant {JANE} lounge because delayed flight"


@over_http
@pytest.mark.parametrize("conduct", [Conduct(revoked_entries="listed")])
async def test_what_is_taken_back_and_still_listed_is_told_as_taken_back_but_not_as_verified(desk):
    await approved(desk, GRANT)
    _, told = await approved(desk, f"/offer revoke {JANE} lounge because claimed twice", "cannot be read back")

    assert "no longer has Lounge Pass" in told.plain
    assert desk.steps() == ["EARN", "REVOKE_EARN"]


@over_http
async def test_a_grant_whose_answer_was_lost_is_never_sent_again(desk):
    desk.capillary.trouble("timeout_before", method="POST", path="*/enrolAndEarn", closed=True)
    _, told = await approved(desk, GRANT, "Unknown")

    assert (await case_of(desk, told)).main.state is ChangeState.UNKNOWN
    assert len(desk.capillary.called("POST", "*/enrolAndEarn")) == 1


@over_http
async def test_words_of_a_code_that_nobody_knows_are_shown_as_text(desk):
    hostile = "<!channel> *x* <https://a.b|c>"
    desk.capillary.trouble("refused", method="POST", path="*/enrolAndEarn", code=31337, detail=hostile)
    _, told = await approved(desk, GRANT, "Failed")
    raw = json.dumps(told.raw)

    assert "<!channel>" in told.plain
    assert "<!channel>" not in raw
    assert "&lt;!channel&gt;" in raw


@over_http
async def test_what_everybody_has_says_so(desk):
    everybodys = desk.promotion("For All").id

    await typed(desk.ada, f"/offer show {everybodys}", "everyone has this promotion already")
    await desk.ada.types(f"/offer grant {JANE} {everybodys} because delayed flight", channel="#support")
    await desk.ada.sees("everyone has this promotion already", in_="view")


@over_http
async def test_a_promotion_of_the_unified_family_is_not_supported_yet_and_says_so(desk):
    await typed(desk.ada, "/offer show 65f1c2aa9d8e4b0012345678", "unified family (v3), which are not supported yet")


@over_http
async def test_a_promotion_is_found_by_its_identifier(desk):
    identifier = desk.promotion("Lounge Pass").identifier

    assert "Lounge Pass" in (await typed(desk.ada, f"/offer find {identifier}", "Lounge Pass")).plain
    asked, _ = await approved(desk, f"/offer grant {JANE} {identifier} because delayed flight")
    assert "Lounge Pass" in asked


@over_http
@pytest.mark.parametrize("whom", ["+491700000001", "ext:nobody"])
async def test_who_is_not_found_may_be_known_by_another_identifier(desk, whom):
    await typed(desk.ada, f"/offer who {whom}", "another identifier")
    told = await given_back(desk, desk.ada, f"/offer grant {whom} lounge because delayed flight", "another identifier")

    assert "Capillary knows no customer by exactly this" in told.plain
