from tests.flow.following import (
    GRANT,
    all_told,
    approved,
    cards,
    done,
    in_thread,
    over_http,
    over_socket,
    told,
)


async def test_the_requester_is_told_each_turn_of_events_once(desk):
    await done(desk)
    [first, second] = told(desk.ada)

    assert "@Grace approved" in first
    assert "Done, verified" in second


@over_http
async def test_a_denial_is_told_once(desk):
    card, _ = await desk.asks(desk.ada, GRANT)
    await desk.grace.types("@Offerdesk deny too expensive", thread=card)
    await desk.ada.sees("denied it", in_="dm")
    await all_told(desk)

    assert len(told(desk.ada)) == 1
    assert sum("denied it" in line for line in in_thread(card)) == 1


async def test_a_result_stands_in_the_thread_and_in_the_channel(desk):
    card = await done(desk)
    [result] = [one for one in card.thread if "Done, verified" in one.plain]

    assert result.post.broadcast
    assert [one for one in desk.mallory.messages("#support") if one == result] == [result]
    assert [one for one in card.thread if one == result] == [result]


@over_socket
async def test_a_request_has_one_card_however_much_happens(desk):
    card = await done(desk)

    assert cards(desk) == [card]
    assert len(desk.workspace.journal.called("chat.postMessage")) == 7


@over_http
async def test_only_approvers_who_are_not_in_the_channel_are_asked_directly(desk):
    await desk.asks(desk.ada, GRANT)
    await all_told(desk)

    assert len(told(desk.linus)) == 1
    assert told(desk.grace) == told(desk.mallory) == told(desk.olga) == []


@over_http
async def test_failures_are_told_in_the_channel_for_alerts_and_successes_are_not(desk):
    desk.kajabi.trouble("forbidden", method="POST", path="*/relationships/offers", times=1)
    card = await approved(desk)
    alert = await desk.olga.sees("Failed", in_="#alerts")
    await all_told(desk)
    await desk.ada.presses("retry", card)
    await desk.ada.sees("Done, verified", in_=card)
    await all_told(desk)

    assert "Kajabi refused" in alert.plain
    assert "in #support, asked by @Ada" in alert.plain
    assert len(told(desk.olga, "#alerts")) == 1


@over_http
async def test_the_whole_story_is_told_to_who_asks_for_it(desk):
    card = await done(desk)
    await desk.mallory.presses("details", card)
    story = await desk.mallory.sees("Read the grant back: it is so.", in_="ephemeral")

    assert story.plain.index("@Ada asked.") < story.plain.rindex("@Grace approved") < story.plain.index("Succeeded.")


@over_socket
async def test_a_channel_that_the_bot_cannot_see_comes_back_with_what_to_do(desk):
    desk.expected_refusals = frozenset({"channel_not_found"})
    desk.workspace.add_channel("secret", private=True, members=["Ada"], bot=False)
    await desk.ada.types(GRANT, channel="#secret")
    await desk.ada.sees("Send", in_="view")
    assert await desk.ada.submits() == {}
    message = await desk.ada.sees("Not asked yet", in_="dm")

    assert "Invite me there, or choose another channel." in message.plain
    assert message.buttons == ["Correct"]


@over_socket
async def test_words_written_to_the_bot_directly_are_answered_and_decide_nothing(desk):
    card, _ = await desk.asks(desk.ada, GRANT)
    question = await desk.linus.sees("Approve", in_="dm")
    await desk.linus.types("approve it please", channel="dm", thread=question)
    await desk.linus.sees("A word alone decides nothing", in_="ephemeral")
    await desk.linus.types("who are you?", channel="dm")
    await desk.linus.sees("The buttons on my questions decide", in_="ephemeral")

    assert "Waiting for a decision" in card.plain
