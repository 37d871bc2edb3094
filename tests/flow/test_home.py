"""The Home tab: what waits for a person stands there and is decided there, under the same rules as in the thread."""

from tests.flow.following import (
    GRANT,
    all_told,
    approved,
    case_of,
    done,
    effects,
    history,
    id_of,
    offer,
    over_http,
)
from tests.flow.homes import NOTHING, arrives, click_on, forged, home_of, part, published, submits, until
from tests.flow.test_decide import OWN

# --- acting from there -----------------------------------------------------------------------------------------------


async def test_what_waits_for_a_decision_is_approved_on_the_home(desk):
    await desk.asks(desk.ada, GRANT)
    home = await home_of(desk.grace, "Grant Everything Bundle (199.00 USD) to Jane Doe?")
    assert "Holds now: Welcome Mini-Course (granted)" in home.plain
    assert "refund case 4412" in home.plain
    await desk.grace.presses("approve")

    await desk.grace.sees(NOTHING, in_="home")
    outcome = await desk.grace.sees("Done, verified", in_="home")
    assert "Jane Doe now has Everything Bundle" in part(outcome, "Recent outcomes")
    assert desk.holds("jane@example.com") == {"Everything Bundle", "Welcome Mini-Course"}
    assert effects(desk) == 1


async def test_a_denial_on_the_home_asks_why(desk):
    card, _ = await desk.asks(desk.ada, GRANT)
    await home_of(desk.grace, "Everything Bundle")
    await desk.grace.presses("deny")
    await desk.grace.sees("Why not?", in_="view")
    assert await submits(desk.grace, reason="too expensive") == {}

    await desk.grace.sees(NOTHING, in_="home")
    await desk.ada.sees("denied it", in_="dm")
    assert "too expensive" in card.plain
    assert effects(desk) == 0


@over_http
async def test_the_id_links_to_the_card_and_history_tells_the_story(desk):
    card, _ = await desk.asks(desk.ada, GRANT)
    link = f"<https://sandbox.slack.com/archives/C0SUPPORT/p{card.ts.replace('.', '')}|{id_of(card)}>"
    await home_of(desk.grace, "Everything Bundle")
    await until(desk, lambda: link in str(desk.grace.home["blocks"]))
    await desk.grace.presses("details")

    story = await desk.grace.sees("@Ada asked.", in_="view")
    assert "Shown to those who may decide" in story.plain


@over_http
async def test_the_requester_sees_how_it_stands_and_takes_it_back_there(desk):
    card, _ = await desk.asks(desk.ada, GRANT)
    home = await home_of(desk.ada, "Waiting for a decision")
    assert "Grant Everything Bundle to Jane Doe" in part(home, "Your requests")
    assert "Waiting for you" not in home.plain
    await desk.ada.presses("cancel")

    home = await desk.ada.sees("Nothing that you asked for is open.", in_="home")
    assert "Cancelled" in part(home, "Recent outcomes")
    assert "request.cancelled" in await history(desk, card)


@over_http
async def test_a_failure_stays_among_ones_requests_and_is_tried_again_there(desk):
    desk.kajabi.trouble("forbidden", method="POST", path="*/relationships/offers", times=1)
    await approved(desk)
    home = await home_of(desk.ada, "Failed")
    assert "nothing was changed" in part(home, "Your requests")
    await desk.ada.presses("retry")

    await desk.ada.sees("Done, verified", in_="home")
    assert effects(desk) == 1


# --- who may not -----------------------------------------------------------------------------------------------------


async def test_ones_own_request_cannot_be_decided_on_the_home(desk):
    card, _ = await desk.asks(desk.grace, GRANT)
    home = await home_of(desk.grace, NOTHING)
    assert "Grant Everything Bundle to Jane Doe" in part(home, "Your requests")
    await arrives(desk.grace, forged(desk.grace, "approve", id_of(card)))

    await desk.grace.sees(OWN, in_="view")
    assert (await case_of(desk, card)).decisions == ()


@over_http
async def test_an_outsider_sees_nothing_of_others_and_decides_nothing(desk):
    card, _ = await desk.asks(desk.ada, GRANT)
    home = await home_of(desk.mallory, "Your requests")
    assert "Jane" not in home.plain
    assert set(home.buttons) == {"Grant an offer", "Revoke an offer", "Look up a customer"}
    await arrives(desk.mallory, forged(desk.mallory, "approve", id_of(card)))
    await desk.mallory.sees("You are not among those who may decide this", in_="view")
    await desk.mallory.closes()
    await arrives(desk.mallory, forged(desk.mallory, "details", id_of(card)))

    await desk.mallory.sees("This request is not yours", in_="view")
    assert (await case_of(desk, card)).decisions == ()


@over_http
async def test_an_admin_reads_the_outcomes_of_all_and_decides_on_none(desk):
    await done(desk)
    home = await home_of(desk.olga, "Done, verified")

    assert "Waiting for you" not in home.plain
    assert "Retry" not in home.buttons
    assert "You may read what everybody asks." in home.plain


@over_http
async def test_whoever_is_deactivated_sees_nothing_any_more_and_decides_nothing(desk):
    card, _ = await desk.asks(desk.ada, GRANT)
    await home_of(desk.linus, "Everything Bundle")
    click = click_on(desk.linus, "approve")
    desk.workspace.change_person("Linus", deleted=True)

    gone = await desk.linus.sees("Your Slack account is deactivated", in_="home")
    assert gone.buttons == []
    await arrives(desk.linus, click)
    await desk.linus.sees("Your Slack account is deactivated", in_="view")
    assert (await case_of(desk, card)).decisions == ()


@over_http
async def test_whoever_leaves_the_group_of_approvers_loses_what_waited(desk):
    await desk.asks(desk.ada, GRANT)
    await home_of(desk.grace, "Everything Bundle")
    desk.workspace.change_group("offer-approvers", ["Linus"])

    await until(desk, lambda: "Jane" not in desk.grace.messages("home")[0].plain)
    assert "Waiting for you" not in desk.grace.messages("home")[0].plain


# --- what is out of date ---------------------------------------------------------------------------------------------


async def test_a_click_on_an_older_version_decides_nothing_and_shows_the_new_one(desk):
    card, question = await desk.asks(desk.ada, GRANT)
    await home_of(desk.grace, "199.00 USD")
    click = click_on(desk.grace, "approve")
    offer(desk, "Everything Bundle").price_in_cents = 29900
    await desk.linus.presses("approve", await desk.linus.sees("Approve", in_="dm"))
    await desk.grace.sees("version 2", in_=card)
    await arrives(desk.grace, click)

    await desk.grace.sees("Things have changed since you were asked, so nothing was decided.", in_="view")
    await desk.grace.closes()
    await desk.grace.sees("299.00 USD", in_="home")
    assert len((await case_of(desk, card)).decisions) == 1
    await desk.grace.presses("approve")
    await desk.grace.sees("Done, verified", in_="home")
    assert effects(desk) == 1
    assert question.buttons == []


@over_http
async def test_a_click_that_comes_too_late_is_answered_and_the_home_drawn_anew(desk):
    card, _ = await desk.asks(desk.ada, GRANT)
    await home_of(desk.grace, "Everything Bundle")
    click = click_on(desk.grace, "deny")
    await desk.linus.presses("approve", await desk.linus.sees("Approve", in_="dm"))
    await desk.grace.sees("Done, verified", in_="home")
    await all_told(desk)
    before = published(desk).count(desk.grace.id)
    await arrives(desk.grace, click)

    await desk.grace.sees("This is no longer waiting for a decision. It is done and verified", in_="view")
    await until(desk, lambda: published(desk).count(desk.grace.id) > before)
    assert len((await case_of(desk, card)).decisions) == 1


@over_http
async def test_a_button_of_an_older_release_is_answered_kindly(desk):
    await home_of(desk.grace, NOTHING)
    for button, value in (("waltz", "R-4F7K"), ("turn_on", "no page"), ("turn_on", '["waiting", 1e999, 1, 1]')):
        await arrives(desk.grace, forged(desk.grace, button, value))
        await desk.grace.sees("This button is from an older version of me", in_="view")
        await desk.grace.closes()


# --- beginning something ---------------------------------------------------------------------------------------------


async def test_a_request_begins_on_the_home(desk):
    await home_of(desk.ada, "Ask me to grant an offer")
    await desk.ada.presses("ask_grant")
    await desk.ada.sees("Send", in_="view")
    assert (
        await desk.ada.submits(customer="jane@example.com", offer="everything", reason="refund", channel="#support")
        == {}
    )

    home = await desk.ada.sees("Waiting for a decision", in_="home")
    assert "Grant Everything Bundle to Jane Doe" in part(home, "Your requests")


@over_http
async def test_a_customer_is_looked_up_on_the_home(desk):
    await home_of(desk.ada, "Ask me")
    await desk.ada.presses("look_up")
    refused = await submits(desk.ada, customer="jane")
    assert refused == {"customer": "“jane” is not an e-mail address. It should look like jane@example.com."}
    assert await submits(desk.ada, customer="Jane@Example.com") == {}
    await desk.ada.sees("Welcome Mini-Course (granted", in_="view")
    await desk.ada.closes()
    await desk.ada.presses("look_up")
    assert await submits(desk.ada, customer="nobody@example.com") == {}

    await desk.ada.sees("Kajabi knows no contact with exactly this address.", in_="view")


@over_http
async def test_who_cannot_ask_is_told_why_and_has_no_button_for_it(idle):
    idle.settings = idle.settings.model_copy(update={"approvers": (idle.ada.id,)})
    await idle.start()
    home = await home_of(idle.ada, "Nobody but you could approve this")

    assert home.buttons == ["Look up a customer"]
