"""People act, a real Bolt app answers, over signed HTTP and over Socket Mode."""

import pytest

from bot.sandbox.actors import NotSeen
from bot.sandbox.model import CannotDo
from tests.unit.sandbox.blocks import button, section


async def test_a_command_is_answered_to_the_asker_alone(bot, ada, grace, workspace):
    @bot.command("/offer")
    async def answer(ack, command):
        await ack(f"You said: {command['text']} in {command['channel_name']}")

    answer_seen = await ada.types("/offer who jane@example.com", channel="#support")

    assert answer_seen.plain == "You said: who jane@example.com in support"
    assert answer_seen.is_ephemeral
    await ada.sees("You said", in_="ephemeral")
    await grace.does_not_see("You said")
    [delivered] = workspace.journal.delivered("command")
    assert delivered.payload["team_id"] == workspace.team_id
    assert delivered.error == ""


async def test_an_answer_through_the_response_url_arrives(bot, ada):
    @bot.command("/offer")
    async def answer(ack, respond):
        await ack()
        await respond("later")
        await respond({"text": "for all", "response_type": "in_channel"})

    assert await ada.types("/offer help", channel="#support") is None

    assert (await ada.sees("later")).is_ephemeral
    assert not (await ada.sees("for all")).is_ephemeral


async def test_a_button_in_a_message_reaches_the_app_with_its_message(bot, ada, grace, client):
    @bot.action("approve")
    async def approve(ack, body, client):
        await ack()
        where = {"channel": body["channel"]["id"], "ts": body["message"]["ts"]}
        await client.chat_update(**where, text="approved", blocks=[section(f"approved by <@{body['user']['id']}>")])

    actions = {"type": "actions", "block_id": "decide:1", "elements": [button("approve", "Approve", value="R-1")]}
    await client.chat_postMessage(channel="#support", text="asked", blocks=[section("*asked* by Ada"), actions])

    card = await grace.sees("asked by Ada", in_="#support")
    assert card.buttons == ["Approve"]
    await grace.presses("Approve", card)

    assert await grace.sees("approved by @Grace", in_="#support") == card
    with pytest.raises(CannotDo, match="cannot press 'approve'"):
        await ada.presses("approve", card)


async def test_a_mention_in_a_thread_arrives_and_is_answered_there(bot, ada, grace, client, workspace):
    @bot.event("app_mention")
    async def mentioned(event, client):
        await client.chat_postMessage(
            channel=event["channel"], thread_ts=event["thread_ts"], text=f"heard: {event['text']}"
        )

    await client.chat_postMessage(channel="#support", text="the card")
    card = await ada.sees("the card", in_="#support")
    await grace.types("@Offerdesk deny too expensive", thread=card)

    heard = await ada.sees("heard", in_=card)
    assert heard.plain == "heard: @Offerdesk deny too expensive"
    assert [one.author for one in card.thread] == ["Grace", "Offerdesk"]
    await ada.does_not_see("heard", in_="#support")


async def test_a_message_shortcut_carries_the_message(bot, ada):
    seen = []

    @bot.shortcut("request_from_message")
    async def used(ack, shortcut):
        seen.append(shortcut["message"]["text"])
        await ack()

    message = await ada.types("jane@example.com wants a refund", channel="#support")
    await ada.uses_shortcut("request_from_message", message)

    assert seen == ["<mailto:jane@example.com|jane@example.com> wants a refund"]


async def test_a_silent_app_is_told_to_the_person(bot, ada):
    told = await ada.types("/offer", channel="#support")

    assert told.plain in [f'/offer failed with the error "{why}"' for why in ("dispatch_failed", "operation_timeout")]
    assert ada.notices == [told.plain]


async def test_events_of_people_and_groups_arrive(bot, workspace, slack):
    heard = []

    @bot.event("user_change")
    async def changed(event):
        heard.append(("user", event["user"]["deleted"]))

    @bot.event("subteam_members_changed")
    async def members(event):
        heard.append(("group", (event["added_users"], event["removed_users"])))

    workspace.change_person("Mallory", deleted=True)
    await slack.delivery.settled()
    workspace.change_group("approvers", ["Ada"])
    await slack.delivery.settled()

    ada, grace = workspace.person("Ada").id, workspace.person("Grace").id
    assert heard == [("user", True), ("group", ([ada], [grace]))]


async def test_home_is_published_and_operated(bot, ada):
    @bot.event("app_home_opened")
    async def opened(event, client):
        actions = {"type": "actions", "elements": [button("pause", "Pause")]}
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [section("Hello"), actions]})

    @bot.action("pause")
    async def pause(ack, body, client):
        await ack()
        await client.views_publish(user_id=body["user"]["id"], view={"type": "home", "blocks": [section("Paused")]})

    await ada.opens_home()
    await ada.sees("Hello", in_="home")
    await ada.presses("pause")

    await ada.sees("Paused", in_="home")


async def test_what_is_not_there_is_not_seen(slack, ada):
    await ada.types("hello", channel="#support")

    with pytest.raises(NotSeen, match="hello"):
        await ada.sees("goodbye", in_="#support", timeout=0.01)
    with pytest.raises(NotSeen):
        await ada.does_not_see("hello")
