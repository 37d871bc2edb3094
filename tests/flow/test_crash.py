import asyncio
from itertools import count

import aiohttp
import pytest

from bot.sandbox import payloads
from bot.sandbox.delivery import encoded, signed
from bot.sandbox.troubles import Trouble
from tests.flow.following import (
    GRANT,
    all_told,
    approved,
    cards,
    click_of,
    effects,
    history,
    in_thread,
    over_http,
    over_socket,
    owed,
    rows,
    told,
    writes,
)

GRANTS = {"method": "POST", "path": "*/relationships/offers"}
GRANTED = [
    "request.submitted",
    "request.prepared",
    "request.approved",
    "change.sent",
    "change.confirmed",
    "change.verified",
    "request.succeeded",
]


def assert_told_once(desk, card):
    """Everybody has read everything, and nothing twice."""
    assert cards(desk) == [card]
    for said in ("Approved by @Grace", "@Grace approved. I start now.", "Done, verified"):
        assert sum(said in line for line in in_thread(card)) == 1, said
    assert [line.split(" ")[0] for line in in_thread(card)] == ["👍", "👍", "✅"]
    assert ["approved" in line for line in told(desk.ada)] == [True, False]
    assert len(told(desk.linus)) == 1
    assert owed(desk) == []


# --- the bot ends and begins again -----------------------------------------------------------------------------------


async def test_a_restart_between_any_two_steps_loses_nothing(desk):
    card, question = await desk.asks(desk.ada, GRANT)
    await desk.restart()
    await desk.grace.presses("approve", question)
    await desk.restart()
    await desk.ada.sees("Done, verified", in_=card)
    await desk.restart()
    await all_told(desk)

    assert await history(desk, card) == GRANTED
    assert_told_once(desk, card)
    assert effects(desk) == writes(desk) == 1


async def test_a_request_is_on_disk_when_its_form_is_taken(desk):
    held = desk.kajabi.trouble("held", method="GET", path="/v1/contacts")
    await desk.ada.types(GRANT, channel="#support")
    await desk.ada.sees("Send", in_="view")
    assert await desk.ada.submits() == {}
    await desk.crashes()
    held.stop()
    await desk.start()
    card = await desk.grace.sees("Jane Doe", in_="#support")
    await desk.grace.sees("Approve", in_=card)
    await all_told(desk)

    assert cards(desk) == [card]
    assert await history(desk, card) == GRANTED[:2]


@over_socket
async def test_a_decision_is_on_disk_when_its_click_is_answered(desk):
    card, question = await desk.asks(desk.ada, GRANT)
    await all_told(desk)
    held = desk.kajabi.trouble("held", method="GET", path="/v1/offers/*")
    await desk.grace.presses("approve", question)
    await desk.crashes()
    held.stop()
    await desk.start()
    await desk.ada.sees("Done, verified", in_=card)
    await all_told(desk)

    assert await history(desk, card) == GRANTED
    assert_told_once(desk, card)


@pytest.mark.parametrize("done", [True, False], ids=["after the work", "before the work"])
async def test_a_crash_while_kajabi_has_the_call_leads_to_one_effect(desk, done):
    held = desk.kajabi.trouble("held", **GRANTS, times=1, done=done)
    card = await approved(desk)
    await desk.kajabi.until_called(**GRANTS)
    await desk.crashes()
    await desk.start()
    await desk.ada.sees("Done, verified", in_=card)
    held.stop()
    await all_told(desk)

    assert effects(desk) == 1
    assert len(desk.kajabi.called(**GRANTS)) == (1 if done else 2)
    assert_told_once(desk, card)


@over_http
async def test_a_call_that_kajabi_carries_out_long_after_the_crash_is_found_and_not_repeated(desk):
    held = desk.kajabi.trouble("held", **GRANTS, times=1)
    card = await approved(desk)
    await desk.kajabi.until_called(**GRANTS)
    await desk.crashes()
    held.stop()
    await desk.start()
    await desk.ada.sees("Done, verified", in_=card)

    assert len(desk.kajabi.called(**GRANTS)) == 1


async def test_what_could_not_be_told_before_the_end_is_told_after_the_start(desk):
    card, question = await desk.asks(desk.ada, GRANT)
    await all_told(desk)
    desk.workspace.troubles.fail("chat.postMessage", times=1000)
    await desk.grace.presses("approve", question)
    await desk.grace.sees("Done, verified", in_="#support")
    untold = in_thread(card)
    await desk.crashes()
    desk.workspace.troubles.clear()
    await desk.passes(61)
    await desk.start()
    await desk.ada.sees("Done, verified", in_="dm")
    await all_told(desk)

    assert len(untold) == 1
    assert_told_once(desk, card)


@over_http
async def test_a_message_that_was_posted_when_the_bot_died_is_not_posted_again(desk):
    desk.workspace.troubles.slow("chat.postMessage", 0.2)
    await desk.ada.types(GRANT, channel="#support")
    await desk.ada.sees("Send", in_="view")
    await desk.ada.submits()
    await desk.workspace.changes.until(lambda: desk.workspace.journal.called("chat.postMessage") or None, timeout=5)
    await desk.crashes()
    card = await desk.grace.sees("Jane Doe", in_="#support")
    await desk.start()
    await desk.grace.sees("Approve", in_=card)
    await all_told(desk)

    assert cards(desk) == [card]


# --- an answer of Slack's is lost ------------------------------------------------------------------------------------


def states(desk):
    return [row[0] for row in rows(desk, "select state from request")]


@pytest.mark.parametrize("post", [1, 2, 3, 4, 5, 6, 7])
@over_http
async def test_a_message_whose_answer_was_lost_is_not_shown_twice(desk, post):
    seen = count(1)
    lost = Trouble("chat.postMessage", "lose", when=lambda _: next(seen) == post)
    desk.workspace.troubles.add(lost)
    async with asyncio.TaskGroup() as meanwhile:
        meanwhile.create_task(time_passes_after(desk, lost))
        card, question = await desk.asks(desk.ada, GRANT)
        await desk.linus.sees("Approve", in_="dm")
        await desk.grace.presses("approve", question)
    await desk.ada.sees("Done, verified", in_="dm")
    await all_told(desk)

    assert_told_once(desk, card)


@over_http
async def test_a_question_whose_answer_was_lost_loses_its_buttons_too(desk):
    lost = Trouble("chat.postMessage", "lose", when=lambda arguments: "thread_ts" in arguments)
    desk.workspace.troubles.add(lost)
    card, question = await desk.asks(desk.ada, GRANT)
    await desk.linus.presses("approve", await desk.linus.sees("Approve", in_="dm"))
    await desk.grace.sees("Done, verified", in_="#support")
    await desk.passes(3)
    await all_told(desk)

    assert question.buttons == []
    assert sum("Approved by @Linus" in line for line in in_thread(card)) == 1


async def time_passes_after(desk, trouble):
    assert await desk.workspace.changes.until(lambda: trouble.times == 0 or None, timeout=5)
    await desk.passes(3)


# --- the same again --------------------------------------------------------------------------------------------------


@over_http
async def test_a_request_of_slacks_that_is_replayed_has_no_second_effect(desk):
    card, question = await desk.asks(desk.ada, GRANT)
    body, content_type = encoded("block_actions", click_of(desk.grace, "approve", question))
    headers = signed(body, secret=desk.workspace.signing_secret, now=desk.clock()) | {"Content-Type": content_type}
    async with aiohttp.ClientSession() as session:
        for _ in range(5):
            async with session.post(desk.slack.events_url, data=body, headers=headers) as answer:
                assert answer.status == 200
        await desk.ada.sees("Done, verified", in_=card)
        async with session.post(desk.slack.events_url, data=body, headers=headers) as answer:
            assert answer.status == 200
    await all_told(desk)

    assert await history(desk, card) == GRANTED
    assert effects(desk) == writes(desk) == 1


async def test_the_same_form_sent_five_times_is_one_request(desk):
    await desk.ada.types(GRANT, channel="#support")
    await desk.ada.sees("Then:", in_="view")
    sent = payloads.submission(desk.workspace, desk.ada.member, desk.ada.form.shown)
    await asyncio.gather(*(desk.slack.delivery.send("view_submission", sent) for _ in range(5)))
    card = await desk.grace.sees("Jane Doe", in_="#support")
    await desk.grace.sees("Approve", in_=card)
    await all_told(desk)
    await desk.slack.delivery.send("view_submission", sent)
    await all_told(desk)

    assert len(states(desk)) == 1
    assert cards(desk) == [card]


async def test_two_bots_on_one_database_have_one_effect_and_tell_it_once(desk):
    async with desk.another():
        card, question = await desk.asks(desk.ada, GRANT)
        direct = await desk.linus.sees("Approve", in_="dm")
        clicks = [desk.grace.presses("approve", question) for _ in range(5)]
        clicks += [desk.linus.presses("approve", direct) for _ in range(5)]
        await asyncio.gather(*clicks)
        await desk.ada.sees("Done, verified", in_=card)
        await all_told(desk)

    assert await history(desk, card) == GRANTED
    assert effects(desk) == writes(desk) == 1
    assert sum("Done, verified" in line for line in in_thread(card)) == 1
    assert cards(desk) == [card]
