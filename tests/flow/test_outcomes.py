from dataclasses import replace

import pytest

from bot.sandbox.model import CannotDo
from tests.flow.following import (
    GRANT,
    all_told,
    approved,
    arrives,
    cards,
    case_of,
    click_of,
    done,
    effects,
    history,
    in_thread,
    offer,
    over_http,
    over_socket,
    told,
    writes,
)

GRANTS = {"method": "POST", "path": "*/relationships/offers"}


async def lost_twice(desk):
    """Kajabi loses both tries of a grant: nobody can say."""
    desk.kajabi.trouble("timeout_before", **GRANTS, times=2, closed=True)
    card = await approved(desk)
    await desk.ada.sees("Unknown: nobody can say yet", in_=card)
    await all_told(desk)
    return card


@pytest.fixture
async def patient(idle):
    """A bot that does not look again by itself for an hour."""
    idle.timing = replace(idle.timing, first_look=3600)
    await idle.start()
    return idle


# --- taken back ------------------------------------------------------------------------------------------------------


async def test_the_requester_takes_back_what_is_not_decided(desk):
    card, question = await desk.asks(desk.ada, GRANT)
    direct = await desk.linus.sees("Approve", in_="dm")
    await desk.ada.presses("cancel", card)
    await desk.grace.sees("@Ada took it back. Nothing was changed.", in_=card)
    await all_told(desk)

    assert question.buttons == direct.buttons == []
    assert card.buttons == ["History"]
    assert told(desk.ada) == []
    assert writes(desk) == 0


@over_http
async def test_nobody_else_takes_a_request_back(desk):
    card, _ = await desk.asks(desk.ada, GRANT)
    before = await history(desk, card)
    await desk.grace.presses("cancel", card)
    await desk.grace.sees("Only the person who asked can do this.", in_="ephemeral")

    assert await history(desk, card) == before


@over_socket
async def test_what_is_approved_but_not_sent_can_still_be_taken_back(desk):
    card, question = await desk.asks(desk.ada, GRANT)
    down = desk.kajabi.trouble("unavailable", method="GET")
    await desk.grace.presses("approve", question)
    await desk.ada.sees("I try again by myself", in_=card)
    await desk.ada.presses("cancel", card)
    await desk.grace.sees("@Ada took it back. Nothing was changed.", in_=card)
    down.stop()
    await desk.passes(60)
    await all_told(desk)

    assert "Cancelled" in card.plain
    assert writes(desk) == 0


@over_http
async def test_what_is_on_its_way_can_no_longer_be_taken_back(desk):
    held = desk.kajabi.trouble("held", **GRANTS, times=1)
    card, question = await desk.asks(desk.ada, GRANT)
    click = click_of(desk.ada, "cancel", card)
    await desk.grace.presses("approve", question)
    await desk.kajabi.until_called(**GRANTS)
    await desk.grace.sees("Under way", in_="#support")
    await all_told(desk)
    buttons = card.buttons
    await arrives(desk.ada, click)
    answer = await desk.ada.sees("can no longer be taken back", in_="ephemeral")
    held.release()
    await desk.ada.sees("Done, verified", in_=card)

    assert buttons == []
    assert "it is being carried out" in answer.plain


# --- failed ----------------------------------------------------------------------------------------------------------


async def test_what_failed_says_what_was_not_done_and_is_tried_again_by_a_button(desk):
    refusing = desk.kajabi.trouble("forbidden", **GRANTS)
    card = await approved(desk)
    result = await desk.ada.sees("Failed", in_=card)
    alert = await desk.olga.sees("Failed", in_="#alerts")
    said = result.plain
    refusing.stop()
    await desk.grace.presses("retry", result)
    await desk.ada.sees("Done, verified", in_=card)
    await all_told(desk)

    assert "Everything Bundle was not granted to Jane Doe; nothing was changed." in said
    assert "Kajabi refused: You do not have permission to access this resource" in said
    assert "Told: @Ada and #alerts." in said
    assert "asked by @Ada" in alert.plain
    assert result.buttons == []
    assert effects(desk) == 1
    assert any("@Grace has me try again" in line for line in in_thread(card))


@over_http
async def test_a_retry_pressed_often_is_one_retry(desk):
    refusing = desk.kajabi.trouble("forbidden", **GRANTS)
    card = await approved(desk)
    result = await desk.ada.sees("Failed", in_=card)
    refusing.stop()
    for click in [click_of(person, "retry", result) for person in (desk.ada, desk.ada, desk.grace)]:
        await arrives(desk.ada, click)
    await desk.ada.sees("Done, verified", in_=card)
    await all_told(desk)

    assert (await history(desk, card)).count("request.retried") == 1
    assert effects(desk) == 1


@over_http
async def test_a_bystander_cannot_retry(desk):
    desk.kajabi.trouble("forbidden", **GRANTS)
    card = await approved(desk)
    result = await desk.mallory.sees("Failed", in_=card)
    await desk.mallory.presses("retry", result)
    await desk.mallory.sees("not among those who may decide", in_="ephemeral")

    assert "request.retried" not in await history(desk, card)


@over_socket
async def test_a_failure_can_be_left_as_it_is_and_still_be_tried_again(desk):
    refusing = desk.kajabi.trouble("refused", **GRANTS, detail="Member limit reached")
    card = await approved(desk)
    result = await desk.ada.sees("Failed", in_=card)
    why = result.plain
    await desk.ada.presses("cancel", result)
    await desk.grace.sees("@Ada leaves it as it is.", in_=card)
    await all_told(desk)
    left = card.plain
    refusing.stop()
    await desk.ada.presses("retry", card)
    await desk.ada.sees("Done, verified", in_=card)

    assert "Member limit reached" in why
    assert "Left as it is." in left
    assert "[Leave it so]" not in left


# --- Kajabi cannot be reached ----------------------------------------------------------------------------------------


async def test_a_kajabi_that_is_down_is_waited_for_and_the_card_says_so(desk):
    card, question = await desk.asks(desk.ada, GRANT)
    down = desk.kajabi.trouble("unavailable", method="GET", retry_after=60)
    await desk.grace.presses("approve", question)
    line = await desk.ada.sees("I try again by myself, next", in_=card)
    await all_told(desk)
    waiting = card.plain
    down.stop()
    await desk.passes(61)
    await desk.ada.sees("Done, verified", in_=card)

    assert "Kajabi could not be reached" in line.plain
    assert "Trying again from" in waiting
    assert "Cancel" in waiting
    assert effects(desk) == 1


@over_http
async def test_a_kajabi_that_stays_away_is_given_up_as_not_done(desk):
    card, question = await desk.asks(desk.ada, GRANT)
    desk.kajabi.trouble("unavailable", method="GET")
    await desk.grace.presses("approve", question)
    await desk.ada.sees("I try again by myself", in_=card)
    await all_told(desk)
    await desk.passes(31 * 60)
    result = await desk.ada.sees("Failed", in_=card)

    assert "I kept trying and then gave up. Kajabi could not be reached" in result.plain
    assert "nothing was changed" in result.plain
    assert "Retry once Kajabi answers again" in result.plain
    assert writes(desk) == 0


async def test_a_request_made_while_kajabi_is_down_is_kept_and_shown_when_it_is_back(idle):
    idle.timing = replace(idle.timing, shortest=60, longest=120)
    await idle.start()
    down = idle.kajabi.trouble("unavailable", method="GET")
    await idle.ada.types(GRANT, channel="#support")
    await idle.ada.sees("You can send this all the same", in_="view")
    assert await idle.ada.submits() == {}
    message = await idle.ada.sees("Your request is kept; I try again by myself", in_="dm")
    await all_told(idle)
    early = cards(idle)
    down.stop()
    await idle.passes(61)
    card = await idle.grace.sees("Jane Doe", in_="#support")
    await idle.grace.sees("Approve", in_=card)
    await all_told(idle)

    assert early == []
    assert "Kajabi could not be reached" in message.plain
    assert len(told(idle.ada)) == 1


@over_http
async def test_a_request_that_can_never_be_prepared_comes_back(idle):
    idle.timing = replace(idle.timing, shortest=60, longest=120)
    await idle.start()
    idle.kajabi.trouble("unavailable", method="GET")
    await idle.ada.types(GRANT, channel="#support")
    await idle.ada.sees("Send", in_="view")
    await idle.ada.submits()
    await idle.ada.sees("Your request is kept", in_="dm")
    await all_told(idle)
    await idle.passes(31 * 60)
    message = await idle.ada.sees("Not asked yet", in_="dm")

    assert "could not be reached for a long time, so this was given back. Nothing was done." in message.plain
    assert message.buttons == ["Correct"]
    assert cards(idle) == []


@over_socket
async def test_a_kajabi_that_asks_for_a_pause_gets_it(desk):
    busy = desk.kajabi.trouble("rate_limited", **GRANTS, retry_after=60)
    card = await approved(desk)
    line = await desk.ada.sees("I try again by myself, next", in_=card)
    await all_told(desk)
    asked = len(desk.kajabi.calls)
    await desk.passes(30)
    await desk.ada.types("/offer who sam@example.com", channel="#support")
    refused = await desk.ada.sees("could not be reached just now", in_="ephemeral")
    quiet = len(desk.kajabi.calls) == asked
    busy.stop()
    await desk.passes(31)
    await desk.ada.sees("Done, verified", in_=card)

    assert "too many calls" in line.plain
    assert "too many calls" in refused.plain
    assert quiet
    assert effects(desk) == writes(desk) == 1


# --- the answer is lost ----------------------------------------------------------------------------------------------


async def test_a_grant_whose_answer_was_lost_is_proved_without_a_second_one(desk):
    desk.kajabi.trouble("timeout_after", **GRANTS, times=1, closed=True)
    card = await approved(desk)
    await desk.ada.sees("Done, verified", in_=card)

    assert len(desk.kajabi.called(**GRANTS)) == 1
    assert effects(desk) == 1
    assert any("answer was lost. I look by myself whether it took effect" in line for line in in_thread(card))


async def test_a_grant_that_never_arrived_is_looked_for_three_times_and_sent_once_more(desk):
    desk.kajabi.trouble("timeout_before", **GRANTS, times=1, closed=True)
    card = await approved(desk)
    await desk.ada.sees("Done, verified", in_=card)
    calls = [(one.method, one.path.rsplit("/", 1)[-1]) for one in desk.kajabi.calls]
    first = calls.index(("POST", "offers"))
    again = calls.index(("POST", "offers"), first + 1)

    assert calls[first:again].count(("GET", "offers")) == 3
    assert calls.count(("POST", "offers")) == 2
    assert effects(desk) == 1
    assert "change.resent" in await history(desk, card)


async def test_a_success_that_cannot_be_read_back_is_unknown_until_somebody_looks_again(patient):
    patient.kajabi.trouble("forget", **GRANTS, times=2)
    card = await approved(patient)
    result = await patient.ada.sees("Unknown: nobody can say yet whether this took effect", in_=card)
    await patient.olga.sees("Unknown", in_="#alerts")
    await all_told(patient)
    unproved = result.plain, card.plain, told(patient.ada)
    patient.kajabi.grant("jane@example.com", offer(patient, "Everything Bundle"))
    await patient.ada.presses("retry", result)
    await patient.ada.sees("Done, verified", in_=card)
    await all_told(patient)

    assert "I will not repeat it blindly" in unproved[0]
    assert "verified" not in "".join([unproved[0], unproved[1], *unproved[2]])
    assert any("@Ada has me look again." in line for line in in_thread(card))
    assert len(patient.kajabi.called(**GRANTS)) == 2
    assert card.buttons == ["Undo", "History"]


@over_http
async def test_who_looks_again_in_vain_is_told_so(patient):
    card = await lost_twice(patient)
    [first] = [one for one in card.thread if "Unknown" in one.plain]
    await patient.ada.presses("retry", card)
    await patient.ada.sees("That has been overtaken: the card in #support says how it stands.", in_=card)
    second = await patient.ada.sees("[Look again]", in_=card)
    await all_told(patient)

    assert second != first
    assert first.buttons == []
    assert second.buttons == ["Look again", "Settle"]
    assert "Unknown" in card.plain
    assert effects(patient) == 0


@over_socket
async def test_the_bot_looks_again_by_itself(desk):
    desk.kajabi.trouble("forget", **GRANTS, times=2)
    card = await approved(desk)
    await desk.ada.sees("Unknown: nobody can say yet", in_=card)
    desk.kajabi.grant("jane@example.com", offer(desk, "Everything Bundle"))
    await desk.ada.sees("Done, verified", in_=card)

    assert len(desk.kajabi.called(**GRANTS)) == 2


# --- settled ---------------------------------------------------------------------------------------------------------


async def settles(desk, card, outcome, note="I looked in Kajabi"):
    await desk.grace.presses("settle", card)
    await desk.grace.sees("How is it really?", in_="view")
    return await desk.grace.submits(outcome=outcome, reason=note)


async def test_an_approver_who_looked_settles_it_as_done(patient):
    card = await lost_twice(patient)
    assert await settles(patient, card, "It is done") == {}
    line = await patient.ada.sees("@Grace looked and settled it: it is done.", in_=card)
    await patient.ada.sees("Settled as done", in_="dm")
    await all_told(patient)

    assert "I looked in Kajabi" in line.plain
    assert "Settled as done" in card.plain
    assert "verified" not in card.plain
    assert "Undo" not in card.buttons
    assert len(patient.kajabi.called(**GRANTS)) == 2


@over_http
async def test_what_was_settled_as_not_done_can_be_tried_again(patient):
    card = await lost_twice(patient)
    assert await settles(patient, card, "It is not done") == {}
    await patient.ada.sees("Settled as not done", in_=card)
    await all_told(patient)
    assert "Retry" in card.buttons
    await patient.ada.presses("retry", card)
    await patient.ada.sees("Done, verified", in_=card)

    assert effects(patient) == 1


@over_http
async def test_the_requester_settles_nothing(patient):
    patient.workspace.change_group("offer-approvers", ["Ada", "Grace"])
    await patient.slack.settled()
    card = await lost_twice(patient)
    await patient.ada.presses("settle", card)
    await patient.ada.sees("Nobody decides on a request of their own.", in_="ephemeral")

    assert patient.ada.form is None


@over_socket
async def test_who_settles_says_how_they_know(patient):
    card = await lost_twice(patient)
    refused = await settles(patient, card, "It is done", note=" ")
    again = await patient.grace.submits(reason="It is in her account")

    assert list(refused) == ["reason"]
    assert again == {}


@over_http
async def test_what_is_known_by_now_is_not_settled(patient):
    card = await lost_twice(patient)
    await patient.grace.presses("settle", card)
    await patient.grace.sees("How is it really?", in_="view")
    patient.kajabi.grant("jane@example.com", offer(patient, "Everything Bundle"))
    await patient.ada.presses("retry", card)
    await patient.ada.sees("Done, verified", in_=card)
    refused = await patient.grace.submits(outcome="It is not done", reason="I looked in Kajabi")

    assert "Nothing here is unknown any more" in "".join(refused.values())
    assert "Done, verified" in card.plain


# --- undone ----------------------------------------------------------------------------------------------------------


async def test_undo_is_a_request_of_its_own_with_its_own_approval(desk):
    first = await done(desk)
    await desk.ada.presses("undo", first)
    form = await desk.ada.sees("Then:", in_="view")
    filled = form.plain
    assert await desk.ada.submits(reason="wrong customer") == {}
    second = await desk.grace.sees("Revoke Everything Bundle from Jane Doe", in_="#support")
    question = await desk.grace.sees("Approve", in_=second)
    held = desk.holds("jane@example.com")
    await desk.grace.presses("approve", question)
    await desk.ada.sees("Done, verified", in_=second)

    assert "Revoke an offer" in filled
    assert "jane@example.com" in filled
    assert "refund case 4412" not in filled
    assert "follows R-" in second.plain
    assert "Everything Bundle" in held
    assert desk.holds("jane@example.com") == {"Welcome Mini-Course"}


@over_http
async def test_what_brought_nothing_about_cannot_be_undone(desk):
    card = await done(desk)
    undo = click_of(desk.ada, "undo", card)
    other, question = await desk.asks(desk.ada, "/offer grant sam@example.com holiday because won")
    undo["actions"][0]["value"] = (await case_of(desk, other)).request.id
    await arrives(desk.ada, undo)
    await desk.ada.sees("has brought nothing about that could be undone", in_="ephemeral")

    with pytest.raises(CannotDo, match="cannot press"):
        await desk.ada.presses("undo", other)
    assert question.buttons == ["Approve", "Deny", "Edit"]
