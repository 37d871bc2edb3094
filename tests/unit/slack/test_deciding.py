from dataclasses import replace
from functools import partial

import pytest

from bot.domain import attempt
from bot.domain.request import ChangeState, Choice, Person, State
from bot.domain.states import Step
from bot.slack import questions
from tests.unit.slack.front import a_front

BOB = Person("", "U0BOB")


@pytest.fixture
async def front(tmp_path):
    async with a_front(tmp_path) as front:
        front.request_id = await front.asked()
        yield front


async def question(front):
    card = await front.bob.sees("Gold Bundle", in_="offers")
    return await front.bob.sees("please decide", in_=card)


async def state_of(front):
    return (await front.store.case(front.request_id)).request.state


async def carried_out(front, to):
    """End the approved change without a provider."""
    now = front.town.clock()
    await front.desk.service.decide(front.request_id, Choice.APPROVE, by=BOB, shown=1)
    (change,) = await front.store.claim_changes(now=now, lease=30, limit=1)
    await front.store.send(front.request_id, partial(attempt.send, change_id=change.id, attempt=1, now=now))
    finish = partial(attempt.finish, change_id=change.id, attempt=1, to=to, now=now, look_again=now + 60)
    await front.store.step(front.request_id, finish)
    await front.works()
    return await front.bob.sees("jane@example.com", in_="offers")


async def anew(front):
    """Ask again about the same, as after a drift."""

    def shown(case):
        request = replace(case.request, version=2)
        return Step(replace(case, request=request), ())

    await front.store.step(front.request_id, shown)


async def test_approve_decides_the_version_beside_the_button(front):
    await front.bob.presses("approve", await question(front))

    case = await front.store.case(front.request_id)
    assert (case.request.state, case.verdict.by.id, case.verdict.version) == (State.APPROVED, "U0BOB", 1)


async def test_nobody_approves_a_request_of_their_own(tmp_path):
    async with a_front(tmp_path, approvers=("U0ADA", "U0BOB")) as front:
        front.request_id = await front.asked()
        card = await front.ada.sees("Gold Bundle", in_="offers")

        await front.ada.presses("approve", await front.ada.sees("please decide", in_=card))

        await front.ada.sees("Nobody decides on a request of their own", in_="offers")
        assert await state_of(front) is State.PENDING


async def test_who_is_not_named_is_told_who_is(front):
    await front.ada.presses("deny", await question(front))
    await front.ada.sees("Nobody decides on a request of their own", in_="offers")
    assert front.ada.view is None


async def test_the_second_click_hears_that_it_is_decided(front):
    asked = await question(front)
    await front.bob.presses("approve", asked)
    direct = await front.carol.sees("Please decide", in_="dm")

    await front.carol.presses("approve", direct)

    await front.carol.sees("no longer waiting for a decision. It is approved, by @Bob", in_="dm")


async def test_a_click_on_an_older_version_decides_nothing_and_shows_the_new_one(front):
    asked = await question(front)
    await anew(front)

    await front.bob.presses("approve", asked)

    fresh = await front.bob.sees("Things have changed since you were asked", in_="offers")
    assert await state_of(front) is State.PENDING
    await front.bob.presses("approve", fresh)
    assert await state_of(front) is State.APPROVED


async def test_deny_asks_for_a_reason_and_does_not_do_without(front):
    await front.bob.presses("deny", await question(front))
    await front.bob.sees("Why not?", in_="view")

    assert await front.bob.submits(reason=" ") == {"reason": "Say why. Others will read it."}
    assert await front.bob.submits(reason="too expensive") == {}

    case = await front.store.case(front.request_id)
    assert (case.request.state, case.verdict.note) == (State.DENIED, "too expensive")


async def test_the_requester_cancels(front):
    await front.ada.presses("cancel", await front.ada.sees("Gold Bundle", in_="offers"))

    assert await state_of(front) is State.CANCELLED


async def test_a_bystander_does_not_cancel(front):
    await front.bob.presses("cancel", await front.bob.sees("Gold Bundle", in_="offers"))

    await front.bob.sees("Only the person who asked can do this", in_="offers")
    assert await state_of(front) is State.PENDING


async def test_what_failed_is_tried_again(front):
    card = await carried_out(front, ChangeState.FAILED)

    await front.bob.presses("Retry", card)

    assert await state_of(front) is State.EXECUTING


async def test_what_is_unknown_is_settled_by_somebody_who_looked(front):
    card = await carried_out(front, ChangeState.UNKNOWN)

    await front.bob.presses("settle", card)
    await front.bob.sees("How is it really?", in_="view")
    assert await front.bob.submits(outcome="It is done", reason="seen in Kajabi") == {}

    assert await state_of(front) is State.SUCCEEDED


async def test_the_requester_does_not_settle(front):
    card = await carried_out(front, ChangeState.UNKNOWN)

    await front.ada.presses("settle", card)

    await front.ada.sees("Nobody decides on a request of their own", in_="offers")


async def test_undo_opens_the_opposite_form_filled(front):
    card = await carried_out(front, ChangeState.SUCCEEDED)
    front.shelf.held["jane@example.com"].append("7")

    await front.bob.presses("undo", card)
    form = await front.bob.sees("Revoke an offer", in_="view")

    assert "Gold Bundle" in form.plain
    assert await front.bob.submits(reason="by mistake") == {}
    assert (await front.store.requests()).requests[0].parent == front.request_id


async def test_the_whole_story_is_told_privately(front):
    card = await carried_out(front, ChangeState.SUCCEEDED)

    await front.ada.presses("details", card)

    story = await front.ada.sees("Read the grant back: it is so", in_="offers")
    for words in ("@Ada asked.", "@Bob approved", "Sent the grant to Kajabi", "Succeeded"):
        assert words in story.plain
    await front.bob.does_not_see("Read the grant back", in_="offers")


async def test_a_button_of_an_older_release_is_answered_kindly(front):
    button = {"type": "button", "action_id": "teleport", "text": {"type": "plain_text", "text": "Go"}, "value": "x"}
    blocks = [{"type": "actions", "elements": [button]}]
    await front.town.client.chat_postMessage(channel="C0OFFERS", text="An old card", blocks=blocks)

    await front.ada.presses("teleport", await front.ada.sees("Go", in_="offers"))

    await front.ada.sees("does nothing any more", in_="offers")


async def test_a_button_whose_request_is_gone_says_so(front):
    case = await front.store.case(front.request_id)
    gone = replace(case, request=replace(case.request, id="R-9999"))
    content = questions.ask(gone, front.desk.scene, version=1, direct=False)
    await front.town.client.chat_postMessage(channel="C0OFFERS", text="old", blocks=content.blocks)

    await front.bob.presses("approve", await front.bob.sees("R-9999", in_="offers"))

    await front.bob.sees("There is no request R-9999", in_="offers")
