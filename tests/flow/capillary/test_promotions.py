"""The same desk over Capillary: people ask and approve as ever, and what is Capillary's own is told in its words."""

import pytest

from bot.sandbox.capillary import Conduct
from tests.flow.capillary.conftest import JANE, MOBILE
from tests.flow.capillary.steps import approved
from tests.flow.following import over_http
from tests.flow.steps import field, opened, typed


async def test_a_promotion_is_enrolled_in_and_issued_and_taken_back_by_the_ids_that_were_given(desk):
    asked, told = await approved(desk, f"/offer grant {JANE} double miles because delayed flight")
    assert "Two steps: the customer is enrolled, then the promotion is issued." in asked
    assert "Jane Doe now has Double Miles" in told.plain
    assert desk.holds(JANE) == {"Double Miles"}

    asked, told = await approved(desk, f"/offer revoke {JANE} double miles because claimed twice")
    assert "Holds now: Double Miles (granted, since" in asked
    assert "issued as " in asked
    assert "Jane Doe no longer has Double Miles" in told.plain
    assert desk.holds(JANE) == set()


@over_http
@pytest.mark.parametrize("address", [MOBILE, "id:{}", "ext:AbC-17"])
async def test_a_customer_is_asked_for_by_what_names_them(desk, address):
    address = address.format(desk.capillary.customer(JANE).id)
    await approved(desk, f"/offer grant {address} lounge because delayed flight")

    assert desk.holds(JANE) == {"Lounge Pass"}
    await typed(desk.ada, f"/offer who {address}", "Lounge Pass")


@over_http
async def test_a_second_step_that_is_refused_is_told_as_a_part(desk):
    desk.promotion("Double Miles").issues = 0
    _, told = await approved(desk, f"/offer grant {JANE} double miles because delayed flight", "Done only in part")

    assert "Capillary did only a part of it: enrolment " in told.plain
    assert "nothing was changed" not in told.plain


@over_http
async def test_a_retry_after_a_part_does_not_say_that_nothing_was_changed(desk):
    desk.promotion("Double Miles").issues = 0
    _, told = await approved(desk, f"/offer grant {JANE} double miles because delayed flight", "Done only in part")
    card = desk.ada.messages("#support")[-1]
    await desk.ada.presses("retry", told)
    question = await desk.grace.sees("What the customer has is no longer what was shown", in_=card)
    drifted = question.plain
    await desk.grace.presses("approve", await desk.grace.sees("version 2", in_=card))
    failed = await desk.ada.sees("Failed", in_=card)

    assert "What was done of it before stays: enrolment " in drifted
    assert "What was done of it before stays: enrolment " in failed.plain
    assert "othing was changed" not in drifted + failed.plain + card.plain


@over_http
async def test_a_pause_between_the_two_steps_is_told_as_a_part_and_sends_no_second_one(desk):
    held = desk.capillary.trouble("held", method="POST", path="*/enrolAndEarn", times=1)
    card, question = await desk.asks(desk.ada, f"/offer grant {JANE} double miles because delayed flight")
    await desk.grace.presses("approve", question)
    await desk.capillary.until_called("POST", "*/enrolAndEarn")
    await desk.olga.types("/offer pause have a look", channel="#alerts")
    await desk.olga.sees("Paused. Nothing is sent from now on", in_="ephemeral")
    held.release()
    told = await desk.ada.sees("Done only in part", in_=card)

    assert "Capillary did only a part of it: enrolment " in told.plain
    assert "nothing was changed" not in told.plain
    assert desk.steps() == ["ENROL"]


@over_http
async def test_a_grant_whose_answer_is_lost_is_read_and_told_as_done(desk):
    desk.capillary.trouble("timeout_after", method="POST", path="*/enrolAndEarn", closed=True)
    await approved(desk, f"/offer grant {JANE} double miles because delayed flight")

    assert set(desk.capillary.effects.values()) == {1}


@over_http
@pytest.mark.parametrize("conduct", [Conduct(timelines=False)])
async def test_what_cannot_be_read_back_is_told_as_confirmed_alone(desk):
    asked, told = await approved(
        desk, f"/offer grant {JANE} double miles because delayed flight", "cannot be read back"
    )

    assert "the result will rest on its confirmation alone" in asked
    assert "Confirmed by Capillary; cannot be read back: Jane Doe now has Double Miles." in told.plain


@over_http
async def test_with_two_providers_on_capillary_chooses_the_second(both):
    await approved(both, f"/offer grant {JANE} double miles on capillary because delayed flight")
    assert both.holds(JANE) == {"Double Miles"}

    await approved(both, f"/offer grant {JANE} everything bundle because delayed flight")
    assert "Everything Bundle" in {both.kajabi.offer(one).title for one in both.kajabi.holds(JANE)}


@over_http
async def test_what_ends_by_itself_is_listed_with_its_provider_moved_and_taken_back_there(both):
    await approved(both, f"/offer grant {JANE} lounge for 5d on capillary because delayed flight")
    await approved(both, f"/offer grant {JANE} everything bundle for 6d because delayed flight")
    found = await typed(both.ada, "/offer ending 7d", "Ends by itself within 7 days")
    await both.ada.opens_home()
    home = await both.ada.sees("Ends by itself", in_="home")
    held = await typed(both.ada, f"/offer who {JANE} on capillary", "It is to be taken back by itself")
    await both.passes(5 * 86_400 + 60)
    await both.ada.sees("no longer has Lounge Pass", in_="dm")
    left = await typed(both.ada, "/offer ending 6d", "Ends by itself within 6 days")
    await both.passes(86_400)
    await both.ada.sees("no longer has Everything Bundle", in_="dm")

    lounge, bundle = "Lounge Pass of Jane Doe at Capillary", "Everything Bundle of Jane Doe at Kajabi"
    assert found.plain.index(lounge) < found.plain.index(bundle)
    assert "price not told · Capillary" in home.plain
    assert "Lounge Pass" in held.plain
    assert lounge not in left.plain
    assert both.holds(JANE) == set()


@over_http
async def test_an_extension_is_asked_for_where_the_grant_was(both):
    await approved(both, f"/offer grant {JANE} lounge for 5d on capillary because delayed flight")
    listed = await typed(both.ada, "/offer ending 7d", "Lounge Pass")
    before = {one.ts for one in both.grace.messages("#support")}
    await both.ada.presses("extend", listed)
    await both.ada.sees("Send", in_="view")
    assert await both.ada.submits(reason="still delayed", days="10") == {}
    longer = await both.new_card(before)
    await both.grace.presses("approve", await both.grace.sees("Approve", in_=longer))
    await both.ada.sees("Extended", in_=longer)
    await both.passes(6 * 86_400)
    kept = both.holds(JANE)
    await both.passes(5 * 86_400)
    await both.ada.sees("no longer has Lounge Pass", in_="dm")

    assert "Capillary" in longer.plain
    assert kept == {"Lounge Pass"}
    assert [what for what, _, _ in both.capillary.effects] == ["EARN", "REVOKE_EARN"]


@over_http
async def test_who_is_not_there_is_not_there_at_the_provider_that_was_asked(both):
    await typed(both.ada, "/offer who nobody@example.com on capillary", "Capillary knows no")
    await typed(both.ada, "/offer who nobody@example.com", "Kajabi knows no")


@over_http
async def test_a_number_names_nobody_at_a_provider_that_takes_none(both):
    await both.ada.types(f"/offer who {MOBILE}", channel="#support")
    await both.ada.sees("is not an e-mail address", in_="ephemeral")


@over_http
async def test_the_form_begins_with_the_provider_that_was_chosen_last_in_the_channel(both):
    await opened(both.ada, f"/offer grant {JANE}")
    assert field(both.ada, "provider") == "kajabi"
    await both.ada.closes()

    await approved(both, f"/offer grant {JANE} double miles on capillary because delayed flight")
    await opened(both.ada, f"/offer grant {JANE}")
    remembered = field(both.ada, "provider")
    await both.ada.closes()
    both.workspace.add_channel("refunds", members=["Ada", "Grace"])
    await opened(both.ada, f"/offer grant {JANE}", channel="#refunds")
    elsewhere = field(both.ada, "provider")

    assert (remembered, elsewhere) == ("capillary", "kajabi")


@over_http
async def test_an_offer_that_only_the_other_provider_has_is_found_there(both):
    await opened(both.ada, f"/offer grant {JANE} lounge")

    assert field(both.ada, "provider") == "capillary"
    assert field(both.ada, "offer") == f"capillary:{both.promotion('Lounge Pass').id}"
