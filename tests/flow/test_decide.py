import asyncio

import pytest

from bot.sandbox.model import CannotDo
from tests.flow.following import (
    GRANT,
    all_told,
    arrives,
    case_of,
    click_of,
    done,
    effects,
    history,
    in_thread,
    mention_in,
    offer,
    over_http,
    over_socket,
    redelivered,
    told,
    writes,
)

OWN = "Nobody decides on a request of their own. Somebody else has to."


async def decisions(desk, card):
    return [(one.choice.value, one.by.id) for one in (await case_of(desk, card)).decisions]


# --- by which ways ---------------------------------------------------------------------------------------------------


async def test_a_mention_in_the_thread_approves(desk):
    card, question = await desk.asks(desk.ada, GRANT)
    await desk.grace.types("@Offerdesk approve", thread=card)
    await desk.ada.sees("Done, verified", in_=card)
    await all_told(desk)

    assert await decisions(desk, card) == [("approve", desk.grace.id)]
    assert question.buttons == []


async def test_a_mention_in_the_thread_denies_with_its_reason(desk):
    card, _ = await desk.asks(desk.ada, GRANT)
    await desk.grace.types("@Offerdesk deny too expensive", thread=card)
    message = await desk.ada.sees("denied it", in_="dm")
    await all_told(desk)

    assert "too expensive" in message.plain
    assert "Nothing was changed." in message.plain
    assert "too expensive" in card.plain
    assert card.buttons == ["History"]
    assert writes(desk) == 0


@over_socket
async def test_an_approver_outside_the_channel_decides_in_the_direct_message(desk):
    card, question = await desk.asks(desk.ada, GRANT)
    asked = await desk.linus.sees("asks in #support, where you are not", in_="dm")
    reason = "refund case 4412" in asked.plain
    await desk.linus.presses("approve", asked)
    await desk.ada.sees("Done, verified", in_=card)
    await all_told(desk)

    assert reason
    assert asked.buttons == question.buttons == []
    assert "Approved by @Linus" in asked.plain
    assert await decisions(desk, card) == [("approve", desk.linus.id)]


async def test_a_denial_says_why(desk):
    card, question = await desk.asks(desk.ada, GRANT)
    await desk.grace.presses("deny", question)
    await desk.grace.sees("Why not?", in_="view")
    empty = await desk.grace.submits(reason="  ")
    before = await history(desk, card)
    assert await desk.grace.submits(reason="Ask the shop first") == {}
    message = await desk.ada.sees("Ask the shop first", in_="dm")

    assert list(empty) == ["reason"]
    assert "request.denied" not in before
    assert "⛔ @Grace denied it. Nothing was changed." in message.plain
    assert message.buttons == ["Ask again"]


@over_http
async def test_a_mention_that_denies_without_a_reason_is_asked_for_one(desk):
    card, _ = await desk.asks(desk.ada, GRANT)
    await desk.grace.types("@Offerdesk deny", thread=card)
    answer = await desk.grace.sees("Say why", in_="ephemeral")

    assert "@Offerdesk deny too expensive" in answer.plain
    assert await decisions(desk, card) == []


@over_http
async def test_who_is_denied_asks_again_in_the_form_as_it_was(desk):
    card, _ = await desk.asks(desk.ada, GRANT)
    await desk.grace.types("@Offerdesk deny not the whole bundle", thread=card)
    await desk.ada.presses("Ask again", await desk.ada.sees("denied it", in_="dm"))
    form = await desk.ada.sees("Then:", in_="view")

    assert "jane@example.com" in form.plain
    assert "refund case 4412" in form.plain
    assert "Everything Bundle" in form.plain


# --- what is no decision ---------------------------------------------------------------------------------------------


async def test_a_bare_word_decides_nothing_but_brings_the_buttons(desk):
    card, _ = await desk.asks(desk.ada, GRANT)
    await desk.grace.types("ok", thread=card)
    aside = await desk.grace.sees("A word alone decides nothing", in_="ephemeral")
    undecided = await decisions(desk, card)
    await desk.grace.presses("approve", aside)
    await desk.ada.sees("Done, verified", in_=card)

    assert undecided == []
    assert await decisions(desk, card) == [("approve", desk.grace.id)]


@over_http
@pytest.mark.parametrize("words", ["ok", "approve", "@Offerdesk approve"])
async def test_words_beside_the_thread_decide_nothing(desk, words):
    card, _ = await desk.asks(desk.ada, GRANT)
    await desk.grace.types(words, channel="#support")
    await desk.slack.settled()

    assert await decisions(desk, card) == []


@over_http
async def test_a_bare_word_of_a_bystander_is_left_alone(desk):
    card, _ = await desk.asks(desk.ada, GRANT)
    await desk.mallory.types("ok", thread=card)
    await desk.ada.types("approved", thread=card)
    await desk.slack.settled()

    assert desk.mallory.messages("ephemeral") == desk.ada.messages("ephemeral") == []
    assert await decisions(desk, card) == []


@over_socket
async def test_a_mention_that_says_something_else_is_told_what_would_decide(desk):
    card, _ = await desk.asks(desk.ada, GRANT)
    await desk.grace.types("@Offerdesk go ahead", thread=card)
    answer = await desk.grace.sees("@Offerdesk approve", in_="ephemeral")

    assert answer.is_ephemeral
    assert await decisions(desk, card) == []


@over_http
async def test_an_edited_message_decides_nothing(desk):
    card, _ = await desk.asks(desk.ada, GRANT)
    message = await desk.grace.types("@Offerdesk hm", thread=card)
    await desk.grace.edits(message, "@Offerdesk approve")
    edited = mention_in(desk) | {"edited": message.post.edited, "text": message.post.text}
    await redelivered(desk, edited, event_id="Ev0EDITED")
    answer = await desk.grace.sees("An edited message decides nothing", in_="ephemeral")

    assert "use the buttons" in answer.plain
    assert await decisions(desk, card) == []


async def test_a_mention_that_arrives_after_ten_minutes_decides_nothing(desk):
    card, _ = await desk.asks(desk.ada, GRANT)
    await all_told(desk)
    await desk.stop()
    await desk.grace.types("@Offerdesk approve", thread=card)
    await desk.passes(601)
    await desk.start()
    await redelivered(desk, mention_in(desk))
    await desk.grace.sees("so late that it decides nothing", in_="ephemeral")

    assert await decisions(desk, card) == []


@over_http
async def test_a_mention_that_arrives_in_time_decides_though_it_was_delivered_late(desk):
    card, _ = await desk.asks(desk.ada, GRANT)
    await all_told(desk)
    await desk.stop()
    await desk.grace.types("@Offerdesk approve", thread=card)
    await desk.passes(590)
    await desk.start()
    await redelivered(desk, mention_in(desk))
    await desk.ada.sees("Done, verified", in_=card)

    assert await decisions(desk, card) == [("approve", desk.grace.id)]


async def test_an_event_delivered_again_has_no_second_effect(desk):
    card, _ = await desk.asks(desk.ada, GRANT)
    desk.workspace.troubles.duplicate_events = 2
    await desk.grace.types("@Offerdesk approve", thread=card)
    await desk.ada.sees("Done, verified", in_=card)
    await redelivered(desk, mention_in(desk))
    await all_told(desk)

    assert effects(desk) == 1
    assert (await history(desk, card)).count("request.approved") == 1
    assert desk.grace.messages("ephemeral") == []


# --- several at once -------------------------------------------------------------------------------------------------


async def test_of_two_managers_at_once_one_decides_and_the_other_hears_so(desk):
    card, question = await desk.asks(desk.ada, GRANT)
    direct = await desk.linus.sees("Approve", in_="dm")
    await asyncio.gather(desk.grace.presses("approve", question), desk.linus.presses("approve", direct))
    await desk.ada.sees("Done, verified", in_=card)
    await all_told(desk)
    [(_, by)] = await decisions(desk, card)
    other = desk.linus if by == desk.grace.id else desk.grace
    answer = await other.sees("no longer waiting for a decision", in_="ephemeral")

    assert desk.workspace.person(by).name in answer.plain
    assert effects(desk) == 1


@over_http
async def test_an_approval_and_a_denial_at_once_are_one_decision(desk):
    card, question = await desk.asks(desk.ada, GRANT)
    direct = await desk.linus.sees("Approve", in_="dm")
    await desk.linus.presses("deny", direct)
    await desk.linus.sees("Why not?", in_="view")
    await desk.linus.fills(reason="No budget")
    await asyncio.gather(desk.grace.presses("approve", question), desk.linus.submits())
    await all_told(desk)

    assert len(await decisions(desk, card)) == 1


async def test_twenty_clicks_at_once_are_one_decision_with_one_effect(desk):
    card, question = await desk.asks(desk.ada, GRANT)
    direct = await desk.linus.sees("Approve", in_="dm")
    clicks = [desk.grace.presses("approve", question) for _ in range(10)]
    clicks += [desk.linus.presses("approve", direct) for _ in range(10)]
    await asyncio.gather(*clicks)
    await desk.ada.sees("Done, verified", in_=card)
    await all_told(desk)

    assert len(await decisions(desk, card)) == 1
    assert effects(desk) == writes(desk) == 1
    assert len([line for line in in_thread(card) if "approved. I start now" in line]) == 1


# --- by whom ---------------------------------------------------------------------------------------------------------


async def test_nobody_approves_a_request_of_their_own_on_any_path(desk):
    desk.workspace.change_group("offer-approvers", ["Ada", "Grace"])
    await desk.slack.settled()
    card, question = await desk.asks(desk.ada, GRANT)
    before = await history(desk, card)
    await desk.ada.presses("approve", question)
    await desk.ada.sees(OWN, in_="ephemeral")
    desk.ada.reloads()
    await desk.ada.presses("deny", question)
    await desk.ada.sees(OWN, in_="ephemeral")
    desk.ada.reloads()
    await desk.ada.types("@Offerdesk approve", thread=card)
    await desk.ada.sees(OWN, in_="ephemeral")

    assert await history(desk, card) == before
    assert desk.ada.form is None


@over_http
async def test_a_requester_outside_the_channel_is_not_asked_about_the_own_request(idle):
    idle.settings = idle.settings.model_copy(update={"approvals_channel": "C0SUPPORT"})
    await idle.start()
    await idle.linus.types(GRANT, channel="dm")
    await idle.linus.sees("Send", in_="view")
    assert await idle.linus.submits() == {}
    card = await idle.grace.sees("Everything Bundle", in_="#support")
    question = await idle.grace.sees("Approve", in_=card)
    await all_told(idle)
    by_linus = click_of(idle.grace, "approve", question) | {"user": {"id": idle.linus.id, "team_id": "T0SANDBOX"}}
    await arrives(idle.linus, by_linus)

    assert told(idle.linus) == []
    assert await decisions(idle, card) == []


@over_socket
async def test_a_bystander_is_told_who_may_decide_and_nothing_is_written(desk):
    card, question = await desk.asks(desk.ada, GRANT)
    before = await history(desk, card)
    await desk.mallory.presses("approve", question)
    answer = await desk.mallory.sees("not among those who may decide", in_="ephemeral")

    assert "@offer-approvers" in answer.plain
    assert await history(desk, card) == before
    assert question.buttons == ["Approve", "Deny", "Edit"]


@over_http
@pytest.mark.parametrize(
    ("traits", "sentence"),
    [
        ({"guest": True}, "Guests can neither ask nor decide."),
        ({"bot": True}, "Only people ask and decide."),
        ({"team_id": "T0ELSEWHERE"}, "Only members of this workspace ask and decide"),
        ({"deleted": True}, "Your Slack account is deactivated"),
    ],
)
async def test_an_approver_whose_account_may_not_decide_is_told_so_and_nothing_is_written(desk, traits, sentence):
    gus = desk.workspace.add_person("Gus")
    desk.workspace.join("#support", "Gus")
    desk.workspace.change_group("offer-approvers", ["Gus", "Grace"])
    card, question = await desk.asks(desk.ada, GRANT)
    before = await history(desk, card)
    click = click_of(gus, "approve", question)
    desk.workspace.change_person("Gus", **traits)
    await desk.slack.settled()
    click["user"]["team_id"] = gus.member.team_id
    await arrives(gus, click)
    await gus.sees(sentence, in_="ephemeral")

    assert await history(desk, card) == before


@over_http
async def test_a_guest_is_not_counted_among_those_who_could_decide(idle):
    idle.workspace.add_person("Gus", id="U0GUS", guest=True)
    idle.settings = idle.settings.model_copy(update={"approvers": ("U0GUS", "U0ADA")})
    await idle.start()
    await idle.ada.types(GRANT, channel="#support")
    await idle.ada.sees("Send", in_="view")
    refused = await idle.ada.submits()

    assert "Nobody but you could approve this" in "".join(refused.values())


async def test_a_request_that_nobody_else_may_decide_is_refused_at_send(idle):
    idle.settings = idle.settings.model_copy(update={"approvers": ("U0ADA",)})
    await idle.start()
    await idle.ada.types(GRANT, channel="#support")
    await idle.ada.sees("Send", in_="view")
    refused = await idle.ada.submits()
    page = await idle.bot.parts.store.requests()

    assert "Nobody but you could approve this" in "".join(refused.values())
    assert idle.ada.form is not None
    assert page.requests == ()


@over_http
async def test_slack_that_cannot_say_who_somebody_is_lets_nobody_decide(desk):
    card, question = await desk.asks(desk.ada, GRANT)
    await desk.passes(301)
    trouble = desk.workspace.troubles.fail("users.info", times=1_000)
    await desk.grace.presses("approve", question)
    await desk.grace.sees("Slack could not tell who you are just now", in_="ephemeral")
    undecided = await decisions(desk, card)
    trouble.times = 0
    await desk.grace.presses("approve", question)
    await desk.ada.sees("Done, verified", in_=card)

    assert undecided == []


# --- too late, and unknown -------------------------------------------------------------------------------------------


async def test_a_click_on_a_decided_request_is_told_who_was_faster(desk):
    card, question = await desk.asks(desk.ada, GRANT)
    late = click_of(desk.linus, "approve", await desk.linus.sees("Approve", in_="dm"))
    await desk.grace.presses("approve", question)
    await desk.ada.sees("Done, verified", in_=card)
    await arrives(desk.linus, late)
    answer = await desk.linus.sees("no longer waiting for a decision", in_="ephemeral")

    assert "It is done and verified, by @Grace" in answer.plain
    assert effects(desk) == 1


@over_http
@pytest.mark.parametrize(
    ("action", "sentence"),
    [
        ({"action_id": "explode"}, "This button is from an older version of me"),
        ({"value": "R-NOPE"}, "There is no request R-NOPE"),
        ({"value": ""}, "There is no request here"),
        ({"block_id": "decide"}, "There is no request"),
    ],
)
async def test_a_button_that_means_nothing_is_answered_kindly(desk, action, sentence):
    card, question = await desk.asks(desk.ada, GRANT)
    click = click_of(desk.grace, "approve", question)
    click["actions"][0] |= action
    await arrives(desk.grace, click)
    await desk.grace.sees(sentence, in_="ephemeral")

    assert desk.grace.notices == []
    assert await decisions(desk, card) == []


# --- an approval is for what was shown -------------------------------------------------------------------------------


async def test_a_price_that_changed_before_the_call_is_asked_about_anew(desk):
    card, question = await desk.asks(desk.ada, GRANT)
    direct = await desk.linus.sees("Approve", in_="dm")
    held = desk.kajabi.trouble("held", method="GET", path="/v1/offers/*", times=1)
    await desk.grace.presses("approve", question)
    await desk.kajabi.until_called("GET", "/v1/offers/*", times=2)
    desk.kajabi.set_price(offer(desk, "Everything Bundle"), 24900)
    held.release()
    line = await desk.ada.sees("Changed since it was approved: the price.", in_=card)
    anew = await desk.grace.sees("version 2", in_=card)
    message = await desk.ada.sees("The approvers are asked anew.", in_="dm")
    await all_told(desk)
    untouched = writes(desk)
    asked = anew.plain
    await desk.grace.presses("approve", anew)
    await desk.ada.sees("Done, verified", in_=card)
    await all_told(desk)

    assert "The earlier approval is void. Nothing was changed. Please decide anew, below." in line.plain
    assert "249.00 USD" in asked
    assert "249.00 USD" in card.plain
    assert "Nothing was changed." in message.plain
    assert (untouched, effects(desk)) == (0, 1)
    assert question.buttons == direct.buttons == []
    assert "out of date" in question.plain
    assert list(await decisions(desk, card)) == [("approve", desk.grace.id)] * 2


@over_http
async def test_what_the_customer_has_meanwhile_is_asked_about_anew(desk):
    card, question = await desk.asks(desk.ada, "/offer revoke mia.chen@example.com pastry because she asked")
    desk.kajabi.purchase("mia.chen@example.com", offer(desk, "Pastry Basics"), payment_type="single")
    await desk.grace.presses("approve", question)
    await desk.ada.sees("What the customer has is no longer what was shown.", in_=card)
    anew = await desk.grace.sees("version 2", in_=card)

    assert "This was bought: revoking ends access and refunds nothing." in anew.plain
    assert writes(desk) == 0


@over_socket
async def test_a_click_on_an_older_version_decides_nothing_and_shows_the_new_one(desk):
    card, question = await desk.asks(desk.ada, GRANT)
    old = click_of(desk.linus, "approve", await desk.linus.sees("Approve", in_="dm"))
    desk.kajabi.set_price(offer(desk, "Everything Bundle"), 24900)
    await desk.grace.presses("approve", question)
    await desk.grace.sees("version 2", in_=card)
    await arrives(desk.linus, old)
    aside = await desk.linus.sees("Things have changed since you were asked, so nothing was decided", in_="ephemeral")
    shown = aside.plain
    undecided = len(await decisions(desk, card))
    await desk.linus.presses("approve", aside)
    await desk.ada.sees("Done, verified", in_=card)

    assert "249.00 USD" in shown
    assert undecided == 1
    assert effects(desk) == 1


@over_http
async def test_a_mention_counts_for_the_version_asked_before_it(desk):
    card, question = await desk.asks(desk.ada, GRANT)
    await all_told(desk)
    desk.kajabi.set_price(offer(desk, "Everything Bundle"), 24900)
    await desk.stop()
    desk.workspace.join("#support", "Linus")
    await desk.linus.types("@Offerdesk approve", thread=card)
    late = mention_in(desk)
    await desk.start()
    await desk.grace.presses("approve", question)
    await desk.grace.sees("version 2", in_=card)
    await all_told(desk)
    await redelivered(desk, late)
    await desk.linus.sees("nothing was decided", in_="ephemeral")

    assert await decisions(desk, card) == [("approve", desk.grace.id)]
    assert effects(desk) == 0


async def test_an_approver_who_left_the_group_before_the_call_has_not_approved(desk):
    card, question = await desk.asks(desk.ada, GRANT)
    await all_told(desk)
    down = desk.kajabi.trouble("unavailable", method="GET")
    await desk.grace.presses("approve", question)
    await desk.ada.sees("I try again by myself", in_=card)
    desk.workspace.group("offer-approvers").members.remove(desk.grace.id)  # and Slack's event is lost
    await desk.passes(61)
    down.stop()
    await desk.ada.sees("Who approved may not decide on this any more.", in_=card)
    direct = await desk.linus.sees("version 2", in_="dm")
    untouched = writes(desk)
    await desk.linus.presses("approve", direct)
    await desk.ada.sees("Done, verified", in_=card)

    assert untouched == 0
    assert effects(desk) == 1


@over_http
async def test_a_group_that_changed_is_believed_at_once(desk):
    card, question = await desk.asks(desk.ada, GRANT)
    desk.workspace.change_group("offer-approvers", ["Linus", "Olga"])
    await desk.slack.settled()
    await desk.grace.presses("approve", question)
    await desk.grace.sees("not among those who may decide", in_="ephemeral")
    await desk.olga.presses("approve", question)
    await desk.ada.sees("Done, verified", in_=card)

    assert await decisions(desk, card) == [("approve", desk.olga.id)]


@over_http
async def test_the_buttons_are_gone_once_it_is_decided(desk):
    card = await done(desk)
    question = next(one for one in card.thread if "may decide, chosen by" in one.plain)

    with pytest.raises(CannotDo, match="cannot press"):
        await desk.grace.presses("approve", question)
    assert "👍 Approved by @Grace" in question.plain
