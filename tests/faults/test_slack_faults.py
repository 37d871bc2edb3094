"""Slack is down, refuses, or loses what was shown: everything owed is told all the same, in order and once."""

import asyncio

import pytest
from structlog.testing import capture_logs

from bot.sandbox.troubles import ALWAYS, Trouble
from tests.faults.deeds import GRANTING, PATIENCE, endings, proved
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
    over_http,
    over_socket,
    told,
    writes,
)

MINUTES = 5
POSTING = ("chat.postMessage", "chat.update", "conversations.open")


async def decided_while_kajabi_waits(desk):
    """Grace has approved, Kajabi has the call, and everybody knows it."""
    held = desk.kajabi.trouble("held", **GRANTING.call, times=1)
    card = await approved(desk, GRANT)
    await desk.kajabi.until_called(**GRANTING.call, within=PATIENCE)
    await all_told(desk)
    return held, card


async def ended(desk, card):
    """Wait until it is over, whether or not anybody has been told."""
    for _ in range(int(PATIENCE / 0.02)):
        if (await case_of(desk, card)).request.state == "succeeded":
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it does not end")


async def minutes_pass(desk):
    for _ in range(MINUTES):
        await desk.passes(60)


def assert_told_in_order(desk, card):
    """Everybody has read everything, and nothing twice."""
    assert cards(desk) == [card]
    assert [line.split(" ")[0] for line in in_thread(card)] == ["👍", "👍", "✅"]
    assert ["approved" in line for line in told(desk.ada)] == [True, False]
    assert endings(desk, card) == (1, 1)
    assert "Done, verified" in card.plain
    assert len(told(desk.linus)) == 1
    assert effects(desk) == writes(desk) == 1


# --- nothing can be told ---------------------------------------------------------------------------------------------


async def test_what_happened_while_slack_was_away_is_told_in_order_when_it_is_back(desk, record):
    held, card = await decided_while_kajabi_waits(desk)
    before = in_thread(card)
    desk.slack.go_down()
    held.release()
    await ended(desk, card)
    await minutes_pass(desk)
    during = in_thread(card)
    desk.slack.come_back()
    await desk.passes(61)
    await proved(desk, GRANTING, card)

    assert during == before
    assert_told_in_order(desk, card)
    record(
        f"Slack is down for {MINUTES} minutes in the middle of a grant",
        "the grant goes on; what is owed is told in order when Slack is back",
        "HTTP and Socket Mode: 1 effect, every message once",
    )


REFUSALS = {
    "internal_error": ("refuse", "internal_error"),
    "ratelimited, for 30 seconds each time": ("limit", "30"),
    "a page with status 500": ("status", "500"),
    "nothing: the connection ends": ("drop", ""),
}


@over_http
@pytest.mark.parametrize("answer", REFUSALS)
async def test_what_slack_did_not_take_for_minutes_is_told_in_order_afterwards(desk, answer, record):
    held, card = await decided_while_kajabi_waits(desk)
    before = in_thread(card)
    kind, detail = REFUSALS[answer]
    for method in POSTING:
        desk.workspace.troubles.add(Trouble(method, kind, detail, times=ALWAYS))
    desk.expected_refusals = frozenset({"internal_error", "ratelimited"})
    held.release()
    await ended(desk, card)
    calls = len(desk.workspace.journal.calls)
    await minutes_pass(desk)
    tried = len(desk.workspace.journal.calls) - calls
    during = in_thread(card)
    desk.workspace.troubles.clear()
    await desk.passes(61)
    await proved(desk, GRANTING, card)

    assert during == before
    assert tried <= 30, "it hammers"
    assert_told_in_order(desk, card)
    record(
        f"Slack answers every post for {MINUTES} minutes with {answer}",
        "waits for as long as Slack wants, at least with growing pauses; then tells everything in order",
        "1 effect, every message once",
    )


# --- what was shown is gone ------------------------------------------------------------------------------------------


@over_http
@pytest.mark.parametrize("gone", ["the card", "the question", "the card and its thread"])
async def test_what_somebody_deleted_holds_nothing_up(desk, gone, record):
    desk.expected_refusals = frozenset({"message_not_found", "thread_not_found"})
    card, question = await desk.asks(desk.ada, GRANT)
    direct = await desk.linus.sees("Approve", in_="dm")
    await all_told(desk)
    for message in {"the card": [card], "the question": [question]}.get(gone, [question, card]):
        desk.workspace.remove(message.post)
    await desk.slack.settled()
    await desk.linus.presses("approve", direct)
    await desk.ada.sees("Done, verified", in_="dm", timeout=PATIENCE)
    await all_told(desk)
    shown = [one.plain for one in desk.grace.messages("#support")]
    now = [line for line in shown if "Approved by @Linus" in line and "Grant Everything Bundle to Jane Doe" in line]

    assert len(now) == 1, "one card says how it stands"
    assert sum("Done, verified" in line for line in told(desk.ada)) == 1
    assert direct.buttons == []
    assert effects(desk) == writes(desk) == 1
    record(
        f"Somebody deletes {gone} before the approval",
        "shown anew, with the state of the day; the result is told all the same",
        "1 card, 1 effect, the requester told once",
    )


@over_http
@pytest.mark.parametrize("way", ["archived", "left"])
async def test_a_channel_that_can_no_longer_be_posted_in_is_told_elsewhere(desk, way, record):
    channel = desk.workspace.channel("#support")
    channel.kind = "private"
    desk.expected_refusals = frozenset({"is_archived", "channel_not_found"})
    card, question = await desk.asks(desk.ada, GRANT)
    direct = await desk.linus.sees("Approve", in_="dm")
    await all_told(desk)
    if way == "archived":
        channel.archived = True
    else:
        desk.workspace.leave(channel, desk.workspace.bot.id)
    await desk.linus.presses("approve", direct)
    await desk.ada.sees("Done, verified", in_="dm", timeout=PATIENCE)
    message = await desk.ada.sees("Slack does not take", in_="dm", timeout=PATIENCE)
    await desk.olga.sees("Slack does not take", in_="#alerts")
    await all_told(desk)
    untold = question.buttons
    channel.archived = False
    channel.members.add(desk.workspace.bot.id)
    await desk.passes(61)
    second = await done(desk, "/offer grant sam@example.com holiday baking because won")

    assert ("is_archived" if way == "archived" else "channel_not_found") in message.plain
    assert untold == ["Approve", "Deny", "Edit"]
    assert sum("Slack does not take" in line for line in told(desk.ada)) == 1
    assert sum("Slack does not take" in line for line in told(desk.olga, "#alerts")) == 1
    assert "message.undeliverable" in await history(desk, card)
    assert endings(desk, second)[0] == 1
    assert effects(desk) == writes(desk) == 2
    record(
        {
            "archived": "The channel is archived before the approval",
            "left": "The bot is removed from the channel before the approval",
        }[way],
        "the grant goes on; the requester and the channel for alerts are told what Slack does not take",
        "1 effect, told once each; the next request in the channel is whole again",
    )


# --- people come and go ----------------------------------------------------------------------------------------------


@over_http
async def test_an_approver_deactivated_between_question_and_click_decides_nothing(desk, record):
    card, question = await desk.asks(desk.ada, GRANT)
    direct = await desk.linus.sees("Approve", in_="dm")
    click = click_of(desk.linus, "approve", direct)
    before = await history(desk, card)
    desk.linus.member.deleted = True  # and Slack's event about it is lost
    await desk.passes(600)
    await arrives(desk.linus, click)
    await desk.slack.settled()
    after = await history(desk, card)
    await desk.grace.presses("approve", question)
    await proved(desk, GRANTING, card)

    assert after == before
    assert [one.by.id for one in (await case_of(desk, card)).decisions] == [desk.grace.id]
    record(
        "An approver is deactivated between the question and the click, and Slack's event is lost",
        "the click decides nothing; another approver decides",
        "0 decisions by the one who left, 1 effect by the other",
    )


@over_socket
async def test_an_approver_deactivated_before_the_call_has_not_approved(desk, record):
    card, question = await desk.asks(desk.ada, GRANT)
    down = desk.kajabi.trouble("unavailable", method="GET")
    await desk.grace.presses("approve", question)
    await desk.ada.sees("I try again by myself", in_=card)
    await all_told(desk)
    desk.workspace.change_person("Grace", deleted=True)
    await desk.slack.settled()
    down.stop()
    await desk.passes(61)
    anew = await desk.linus.sees("version 2", in_="dm", timeout=PATIENCE)
    await all_told(desk)
    untouched = writes(desk)
    await desk.linus.presses("approve", anew)
    await proved(desk, GRANTING, card)

    assert untouched == 0
    record(
        "An approver is deactivated between the click and the call to Kajabi",
        "the approval is void; the others are asked anew",
        "0 calls on the void approval, 1 effect on the new one",
    )


# --- a drawing that Slack does not take ------------------------------------------------------------------------------


def rich(arguments):
    """Whether anything is drawn with more than plain text and buttons."""
    return any(block["type"] in {"header", "context"} or "mrkdwn" in str(block) for block in drawn(arguments))


def drawn(arguments):
    return arguments.get("blocks") or []


@over_http
async def test_a_drawing_that_is_refused_is_drawn_plainer_and_its_buttons_work(desk, record):
    desk.expected_refusals = frozenset({"invalid_blocks"})
    for method in ("chat.postMessage", "chat.update"):
        desk.workspace.troubles.add(Trouble(method, "refuse", "invalid_blocks", times=ALWAYS, when=rich))
    with capture_logs() as lines:
        card, question = await desk.asks(desk.ada, GRANT)
        first = card.plain, question.plain
        await desk.grace.presses("approve", question)
        await proved(desk, GRANTING, card)
    said = [line for line in lines if line["event"] == "drawing refused"]

    assert "Everything Bundle" in first[0]
    assert "Holds now" in first[1]
    assert {line["why"] for line in said} == {"invalid_blocks"}
    assert "jane@" not in str(said)
    record(
        "Slack refuses every drawing with invalid_blocks",
        "drawn plainer, with the same buttons; the log says so",
        "1 effect, told once, by the buttons of the plain card",
    )


@over_http
async def test_a_question_that_can_only_be_told_in_a_sentence_is_decided_by_a_mention(desk, record):
    desk.expected_refusals = frozenset({"invalid_blocks"})
    for method in ("chat.postMessage", "chat.update"):
        desk.workspace.troubles.add(Trouble(method, "refuse", "invalid_blocks", times=ALWAYS, when=drawn))
    await desk.ada.types(GRANT, channel="#support")
    await desk.ada.sees("Send", in_="view")
    assert await desk.ada.submits() == {}
    card = await desk.new_card(set())
    await desk.grace.sees("Please decide", in_=card, timeout=PATIENCE)
    await desk.grace.types("@Offerdesk approve", thread=card)
    await proved(desk, GRANTING, card)

    record(
        "Slack takes no blocks at all",
        "everything is told in sentences; a mention decides",
        "1 effect, told once",
    )
