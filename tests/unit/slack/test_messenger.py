from dataclasses import replace

import pytest

from bot.domain.errors import NotDelivered, Undeliverable
from bot.domain.request import MessageKind, State
from bot.ports import Delivery
from bot.slack.installation import Installation
from bot.slack.messenger import SlackMessenger
from bot.slack.pace import Pace
from tests.unit.slack.cases import SCENE, a_case, a_message, an_event
from tests.unit.slack.town import a_town

CARD = a_message(MessageKind.CARD, attempts=1)


async def a_messenger(town, **fields):
    return SlackMessenger(
        town.client,
        scene=SCENE,
        installation=await town.installation(),
        clock=town.clock,
        pace=fields.get("pace") or Pace(town.clock, interval=0.0),
    )


def a_card(state=State.PENDING, **fields):
    return Delivery(message=replace(CARD, **fields), case=a_case(state, created=0.0))


def in_thread(card_ts, kind=MessageKind.LINE, name="request.approved", state=State.APPROVED, **fields):
    thread = replace(CARD, channel="C0OFFERS", ts=card_ts)
    message = a_message(kind, parent="R-4F7K/card", **({"attempts": 1} | fields))
    return Delivery(message=message, case=a_case(state), event=replace(an_event(name), at=0.0), thread=thread)


async def test_a_card_is_posted_with_its_key_and_shows_no_links():
    async with a_town() as town:
        channel, ts = await (await a_messenger(town)).deliver(a_card())

        (post,) = town.posts()
        assert (channel, ts) == ("C0OFFERS", post.ts)
        assert post.metadata == {"event_type": "offerdesk", "event_payload": {"key": "R-4F7K/card", "version": 1}}
        sent = town.calls("chat.postMessage")[0].args
        assert (sent["unfurl_links"], sent["unfurl_media"], "link_names" in sent) == (False, False, False)


async def test_a_newer_version_updates_what_is_shown():
    async with a_town() as town:
        messenger = await a_messenger(town)
        channel, ts = await messenger.deliver(a_card())
        again = await messenger.deliver(a_card(State.SUCCEEDED, channel=channel, ts=ts, version=2))

        (post,) = town.posts()
        assert again == (channel, ts)
        assert post.metadata["event_payload"]["version"] == 2
        assert "✅" in post.text


async def test_a_card_that_somebody_deleted_is_shown_anew():
    async with a_town() as town:
        messenger = await a_messenger(town)
        channel, ts = await messenger.deliver(a_card())
        town.world.remove(town.posts()[0])
        again = await messenger.deliver(a_card(channel=channel, ts=ts))

        assert again == ("C0OFFERS", town.posts()[0].ts) != (channel, ts)


async def test_a_line_stands_in_the_thread_and_a_result_is_told_to_the_channel_too():
    async with a_town() as town:
        messenger = await a_messenger(town)
        _, ts = await messenger.deliver(a_card())
        await messenger.deliver(in_thread(ts))
        await messenger.deliver(in_thread(ts, MessageKind.RESULT, "request.succeeded", State.SUCCEEDED))

        _, line, result = town.posts()
        assert (line.thread_ts, line.broadcast) == (ts, False)
        assert (result.thread_ts, result.broadcast) == (ts, True)


async def test_what_is_owed_to_a_thread_is_told_also_when_its_card_is_gone():
    async with a_town() as town:
        messenger = await a_messenger(town)
        _, ts = await messenger.deliver(a_card())
        town.world.remove(town.posts()[0])
        await messenger.deliver(in_thread(ts, MessageKind.RESULT, "request.succeeded", State.SUCCEEDED))

        assert [post.thread_ts for post in town.posts()] == [None]


async def test_a_person_is_told_directly_and_the_conversation_is_opened_once():
    async with a_town() as town:
        messenger = await a_messenger(town)
        message = a_message(MessageKind.DIRECT, to="U0ADA", attempts=1)
        for name in ("request.approved", "request.expired"):
            delivery = Delivery(message=replace(message, key=name), case=a_case(), event=an_event(name))
            channel, _ = await messenger.deliver(delivery)

        assert channel.startswith("D")
        assert len(town.direct("U0ADA")) == 2
        assert len(town.calls("conversations.open")) == 1


@pytest.mark.parametrize(
    ("code", "method"),
    [
        ("channel_not_found", "chat.postMessage"),
        ("is_archived", "chat.postMessage"),
        ("not_in_channel", "chat.postMessage"),
        ("restricted_action", "chat.postMessage"),
    ],
)
async def test_what_slack_refuses_for_good_is_undeliverable(code, method):
    async with a_town() as town:
        messenger = await a_messenger(town)
        town.world.troubles.refuse(method, code)

        with pytest.raises(Undeliverable) as refused:
            await messenger.deliver(a_card())
        assert refused.value.code == code


async def test_a_person_who_left_cannot_be_told():
    async with a_town() as town:
        town.world.change_person("Carol", deleted=True)
        message = a_message(MessageKind.DIRECT, to="U0CAROL", attempts=1)

        delivery = Delivery(message=message, case=a_case(), event=an_event("request.approved"))
        messenger = await a_messenger(town)

        with pytest.raises(Undeliverable) as refused:
            await messenger.deliver(delivery)
        assert refused.value.code == "user_disabled"


@pytest.mark.parametrize("code", ["internal_error", "service_unavailable", "invalid_auth", "missing_scope"])
async def test_what_may_be_put_right_is_tried_again(code):
    async with a_town() as town:
        messenger = await a_messenger(town)
        town.world.troubles.refuse("chat.postMessage", code)

        with pytest.raises(NotDelivered):
            await messenger.deliver(a_card())


async def test_slack_is_not_called_before_it_wants_to_be():
    async with a_town() as town:
        messenger = await a_messenger(town)
        town.world.troubles.limit("chat.postMessage", retry_after=7)
        with pytest.raises(NotDelivered) as first:
            await messenger.deliver(a_card())
        town.clock.now += 3
        with pytest.raises(NotDelivered) as second:
            await messenger.deliver(a_card())
        called = len(town.calls("chat.postMessage"))
        town.clock.now += 5
        await messenger.deliver(a_card())

        assert (first.value.retry_after, second.value.retry_after, called) == (7.0, 4.0, 1)
        assert len(town.posts()) == 1


async def test_nothing_is_posted_again_by_itself_after_a_broken_connection():
    async with a_town() as town:
        messenger = await a_messenger(town)
        town.world.troubles.drop_after("chat.postMessage")

        with pytest.raises(NotDelivered) as lost:
            await messenger.deliver(a_card())
        assert lost.value.code == "connection_lost"
        assert len(town.posts()) == len(town.calls("chat.postMessage")) == 1


@pytest.mark.parametrize("status", [500, 503])
async def test_an_html_page_instead_of_an_answer_is_tried_again(status):
    async with a_town() as town:
        messenger = await a_messenger(town)
        town.world.troubles.fail("chat.postMessage", status=status)

        with pytest.raises(NotDelivered) as failed:
            await messenger.deliver(a_card())
        assert failed.value.code == f"http_{status}"


async def test_a_message_that_was_posted_unheard_is_found_and_not_posted_again():
    async with a_town() as town:
        messenger = await a_messenger(town)
        for number in range(3):
            other = a_card(key=f"R-{number}/card")
            await messenger.deliver(other)
        town.world.troubles.drop_after("chat.postMessage")
        with pytest.raises(NotDelivered):
            await messenger.deliver(a_card())
        lost = town.posts()[-1]
        found = await messenger.deliver(a_card(State.APPROVED, attempts=2))

        assert found == ("C0OFFERS", lost.ts)
        assert len(town.posts()) == 4
        assert "👍" in lost.text


async def test_a_line_that_was_posted_unheard_is_found_in_its_thread():
    async with a_town() as town:
        messenger = await a_messenger(town)
        _, ts = await messenger.deliver(a_card())
        town.world.troubles.drop_after("chat.postMessage")
        with pytest.raises(NotDelivered):
            await messenger.deliver(in_thread(ts))
        found = await messenger.deliver(in_thread(ts, attempts=2))

        assert found == ("C0OFFERS", town.posts()[-1].ts)
        assert len(town.posts()) == 2


async def test_what_another_app_posted_under_our_key_is_not_ours():
    async with a_town() as town:
        messenger = SlackMessenger(
            town.client,
            scene=SCENE,
            installation=Installation(team="T0SANDBOX", bot_id="B0OTHER", scopes=frozenset({"channels:history"})),
            clock=town.clock,
        )
        await messenger.deliver(a_card())
        await messenger.deliver(a_card(attempts=2))

        assert len(town.posts()) == 2


async def test_without_history_scopes_a_doubtful_message_is_posted_again():
    async with a_town(optional_scopes=False) as town:
        messenger = await a_messenger(town)
        town.world.troubles.drop_after("chat.postMessage")
        with pytest.raises(NotDelivered):
            await messenger.deliver(a_card())
        await messenger.deliver(a_card(attempts=2))

        assert len(town.posts()) == 2
        assert town.calls("conversations.history") == []


async def test_while_the_history_cannot_be_read_nothing_doubtful_is_posted():
    async with a_town() as town:
        messenger = await a_messenger(town)
        town.world.troubles.limit("conversations.history", retry_after=9)

        with pytest.raises(NotDelivered) as later:
            await messenger.deliver(a_card(attempts=2))
        assert later.value.retry_after == 9.0
        assert town.posts() == []


async def test_a_drawing_that_slack_does_not_take_is_replaced_by_a_plainer_one():
    async with a_town() as town:
        messenger = await a_messenger(town)
        town.world.troubles.refuse("chat.postMessage", "invalid_blocks")
        await messenger.deliver(a_card())

        drawn = [(block["type"], block.get("text", {}).get("type")) for block in town.posts()[0].blocks]
        assert set(drawn) == {("section", "plain_text"), ("actions", None)}


async def test_a_drawing_that_slack_takes_in_no_form_is_told_in_a_sentence():
    async with a_town() as town:
        messenger = await a_messenger(town)
        town.world.troubles.refuse("chat.postMessage", "msg_blocks_too_long", times=2)
        await messenger.deliver(a_card())

        assert town.posts()[0].blocks == []
        assert "asks to grant Bundle to Jane Doe" in town.posts()[0].text


async def test_posts_in_a_channel_keep_their_distance_after_a_burst():
    async with a_town() as town:
        slept = []

        async def sleep(seconds):
            slept.append(seconds)
            town.clock.now += seconds

        pace = Pace(town.clock, interval=1.0, burst=3, sleep=sleep)
        messenger = await a_messenger(town, pace=pace)
        for number in range(5):
            await messenger.deliver(a_card(key=f"R-{number}/card"))
        town.clock.now += 10
        await messenger.deliver(a_card(key="R-9/card"))

        assert [round(one, 3) for one in slept] == [1.0, 1.0]


async def test_a_clock_that_is_put_back_neither_paces_nor_holds_back():
    async with a_town() as town:
        messenger = await a_messenger(town, pace=Pace(town.clock, interval=1.0, burst=1))
        await messenger.deliver(a_card())
        town.world.troubles.limit("chat.postMessage", retry_after=30)
        town.clock.now += 2
        with pytest.raises(NotDelivered):
            await messenger.deliver(a_card(key="R-2/card"))
        town.clock.now -= 3 * 3600
        await messenger.deliver(a_card(key="R-2/card"))

        assert len(town.posts()) == 2


async def test_a_long_queue_in_a_channel_is_put_off_and_other_channels_go_on():
    async with a_town() as town:
        pace = Pace(town.clock, interval=100.0, burst=1)
        messenger = await a_messenger(town, pace=pace)
        await messenger.deliver(a_card())
        with pytest.raises(NotDelivered) as later:
            await messenger.deliver(a_card(key="R-2/card"))
        await messenger.deliver(a_card(key="R-3/card", to="C0ALERTS"))

        assert later.value.retry_after == pytest.approx(100.0)
        assert len(town.posts("C0ALERTS")) == 1


async def test_no_customers_address_is_logged_when_all_goes_wrong(caplog, capsys):
    caplog.set_level("DEBUG")
    async with a_town() as town:
        messenger = await a_messenger(town)
        town.world.troubles.refuse("chat.postMessage", "invalid_blocks", times=2)
        await messenger.deliver(a_card())
        town.world.troubles.fail("chat.update")
        with pytest.raises(NotDelivered):
            await messenger.deliver(a_card(channel="C0OFFERS", ts=town.posts()[0].ts))

    logged = caplog.text + capsys.readouterr().out
    assert "drawing refused" in logged
    assert "jane@example.com" not in logged
    assert town.world.bot_token not in logged


async def test_copies_of_a_message_are_taken_away_and_nothing_else_is():
    async with a_town() as town:
        messenger, frozen = await a_messenger(town), await a_messenger(town)
        other = await messenger.deliver(a_card(key="R-9XYZ/card"))
        channel, ts = await messenger.deliver(a_card())
        _, copy = await frozen.deliver(a_card())
        await frozen.withdraw_copies(a_card(channel=channel, ts=ts))

        assert [post.ts for post in town.posts()] == [other[1], ts]
        assert copy not in {other[1], ts}


async def test_copies_in_a_thread_are_taken_away():
    async with a_town() as town:
        messenger = await a_messenger(town)
        _, card = await messenger.deliver(a_card())
        channel, ts = await messenger.deliver(in_thread(card))
        await messenger.deliver(in_thread(card))
        await messenger.withdraw_copies(in_thread(card, channel=channel, ts=ts))

        assert [post.ts for post in town.posts()] == [card, ts]


async def test_copies_cannot_be_found_where_history_may_not_be_read():
    async with a_town(optional_scopes=False) as town:
        messenger = await a_messenger(town)
        channel, ts = await messenger.deliver(a_card())
        await messenger.deliver(a_card())
        await messenger.withdraw_copies(a_card(channel=channel, ts=ts))

        assert len(town.posts()) == 2


async def test_whoever_wakes_after_the_lease_shows_nothing():
    async with a_town() as town:
        messenger = await a_messenger(town)
        with pytest.raises(NotDelivered, match="late"):
            await messenger.deliver(a_card(due=town.clock()))

        assert town.posts() == []
