from tests.flow.following import REVOKE, all_told, approved, cards, done, effects, offer, over_http, over_socket, writes

SAM = "/offer revoke sam@example.com circle because asked to leave"


async def test_a_revoke_names_its_offer_in_a_body_and_is_read_back(desk):
    card = await done(desk, REVOKE)
    [call] = desk.kajabi.called("DELETE", "*/relationships/offers")

    assert call.body == {"data": [{"type": "offers", "id": offer(desk, "Pastry Basics").id}]}
    assert desk.holds("mia.chen@example.com") == set()
    assert effects(desk, "revoke") == 1
    assert "Mia Chen no longer has Pastry Basics" in card.plain


@over_http
async def test_the_question_of_a_revoke_says_what_will_be_left(desk):
    desk.kajabi.grant("mia.chen@example.com", offer(desk, "Holiday Baking"))
    _, question = await desk.asks(desk.ada, REVOKE)

    assert "Revoke Pastry Basics (59.00 USD) from Mia Chen?" in question.plain
    assert "Holds now: Pastry Basics (granted) and Holiday Baking (granted)" in question.plain
    assert "Then: Holiday Baking, without Pastry Basics" in question.plain
    assert "All products of this offer are switched off" in question.plain
    assert "welcome mail" not in question.plain


@over_socket
async def test_who_revokes_is_warned_that_payments_go_on(desk):
    await desk.ada.types(SAM, channel="#support")
    form = await desk.ada.sees("Payments go on", in_="view")
    foreseen = form.plain
    await desk.ada.submits()
    card = await desk.grace.sees("Sam Rivers", in_="#support")
    question = await desk.grace.sees("Approve", in_=card)
    asked = question.plain
    await desk.grace.presses("approve", question)
    await desk.ada.sees("Done, verified", in_=card)

    assert "revoking access does not cancel the subscription" in foreseen
    assert "revoking access does not cancel the subscription" in asked
    assert desk.holds("sam@example.com") == set()


@over_http
async def test_who_approves_a_revoke_of_something_paid_is_asked_once_more(desk):
    _, question = await desk.asks(desk.ada, SAM)
    [approve] = [one for row in question.blocks for one in row.get("elements", ()) if one.get("action_id") == "approve"]

    assert "confirm" in approve


@over_http
async def test_what_was_bought_once_is_told_to_be_refunded_by_nobody(desk):
    _, question = await desk.asks(desk.ada, "/offer revoke lena@example.org scratch because refunded")

    assert "This was bought: revoking ends access and refunds nothing." in question.plain
    assert "Payments go on" not in question.plain


async def test_a_revoke_offers_what_the_customer_holds(desk):
    await desk.ada.types("/offer revoke sam@example.com", channel="#support")
    await desk.ada.sees("Holds now", in_="view")
    options = await desk.ada.suggests("offer", "b")

    assert [one["text"]["text"].partition(" · ")[0] for one in options] == ["Bakers’ Circle"]


@over_http
async def test_an_archived_offer_can_still_be_revoked(idle):
    pastry = offer(idle, "Pastry Basics")
    idle.kajabi.archive(pastry)
    await idle.start()
    await idle.ada.types("/offer revoke mia.chen@example.com because retired", channel="#support")
    await idle.ada.sees("Pastry Basics", in_="view")
    options = await idle.ada.suggests("offer", "pastry")
    assert await idle.ada.submits(offer="Pastry Basics") == {}
    card = await idle.grace.sees("Mia Chen", in_="#support")
    await idle.grace.presses("approve", await idle.grace.sees("Approve", in_=card))
    await idle.ada.sees("Done, verified", in_=card)

    assert [one["value"] for one in options] == [f"kajabi:{pastry.id}"]
    assert idle.holds("mia.chen@example.com") == set()


@over_socket
async def test_what_is_not_held_comes_back(desk):
    await desk.ada.types("/offer revoke jane@example.com pastry basics because a mistake", channel="#support")
    await desk.ada.sees("nothing to revoke", in_="view")
    await desk.ada.submits()
    message = await desk.ada.sees("Not asked yet", in_="dm")

    assert "does not have this offer, so there is nothing to revoke" in message.plain
    assert cards(desk) == []


@over_http
async def test_nobody_is_created_in_order_to_be_revoked(desk):
    await desk.ada.types("/offer revoke nina@example.com pastry basics because a mistake", channel="#support")
    await desk.ada.sees("nothing to revoke from somebody it does not know", in_="view")
    await desk.ada.submits()
    message = await desk.ada.sees("Not asked yet", in_="dm")

    assert message.buttons == ["Correct"]


@over_socket
async def test_what_was_taken_away_by_hand_meanwhile_is_not_needed_any_more(desk):
    card, question = await desk.asks(desk.ada, REVOKE)
    desk.kajabi.revoke("mia.chen@example.com", offer(desk, "Pastry Basics"))
    await desk.grace.presses("approve", question)
    result = await desk.ada.sees("Not needed", in_=card)

    assert "Mia Chen did not have Pastry Basics any more. Nothing was sent." in result.plain
    assert writes(desk) == 0


@over_http
async def test_a_revoke_is_done_only_when_grant_and_purchase_are_both_gone(desk):
    desk.kajabi.grant("lena@example.org", offer(desk, "Bread from Scratch"))
    card = await approved(desk, "/offer revoke lena@example.org scratch because refunded")
    await desk.ada.sees("Done, verified", in_=card)
    await all_told(desk)

    assert desk.holds("lena@example.org") == set()
