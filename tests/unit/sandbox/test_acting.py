"""People can do what Slack's client lets them do, and nothing else."""

import asyncio

import pytest

from bot.sandbox.model import CannotDo


def text(words):
    return {"type": "plain_text", "text": words}


def button(action_id, **more):
    return {"type": "button", "action_id": action_id, "text": text(action_id.title()), **more}


def actions(*elements):
    return [{"type": "actions", "block_id": "row", "elements": list(elements)}]


def select(name, **more):
    element = {"type": "external_select", "action_id": name} | more
    return {"type": "input", "block_id": name, "label": text(name), "element": element}


@pytest.fixture
async def heard(bot):
    """The payloads of the actions and events that reached the app."""
    payloads = []

    @bot.action({"action_id": "press"})
    @bot.action({"action_id": "pick"})
    @bot.action({"action_id": "more"})
    @bot.action({"action_id": "offer"})
    async def acted(ack, body):
        payloads.append(body)
        await ack()

    @bot.event("message")
    async def said(event):
        payloads.append(event)

    return payloads


@pytest.fixture
def shown(client, ada):
    async def post(*elements, **more):
        await client.chat_postMessage(channel="#support", text="card", blocks=actions(*elements), **more)
        return ada.messages("#support")[0]

    return post


async def opened(bot, person, *blocks):
    @bot.shortcut("request_offer")
    async def open_form(ack, shortcut, client):
        await ack()
        view = {"type": "modal", "title": text("Form"), "submit": text("Send"), "blocks": list(blocks)}
        await client.views_open(trigger_id=shortcut["trigger_id"], view=view)

    await person.opens_shortcut("request_offer")


async def test_a_press_carries_the_value_and_where_it_was(heard, shown, ada):
    card = await shown(button("press", value="R-1"))
    await ada.presses("Press", card)

    body = next(one for one in heard if one["type"] == "block_actions")
    [action] = body["actions"]
    assert (action["value"], action["block_id"], action["type"]) == ("R-1", "row", "button")
    assert body["container"] == {
        "type": "message",
        "message_ts": card.ts,
        "channel_id": card.channel,
        "is_ephemeral": False,
    }
    assert (body["user"]["id"], body["user"]["team_id"]) == (ada.id, "T0SANDBOX")


async def test_of_two_like_buttons_one_must_be_named(heard, client, ada):
    rows = [
        {"type": "section", "text": text(value), "accessory": button("press", value=value)} for value in ("R-1", "R-2")
    ]
    await client.chat_postMessage(channel="#support", text="card", blocks=rows)
    card = ada.messages("#support")[0]
    with pytest.raises(CannotDo, match="several"):
        await ada.presses("press", card)
    await ada.presses("press", card, value="R-2")

    assert [one["actions"][0]["value"] for one in heard if one["type"] == "block_actions"] == ["R-2"]


async def test_a_button_for_others_is_neither_seen_nor_pressed(shown, bot, ada, grace):
    card = await shown(button("press", visible_to_user_ids=[grace.id]), button("more"))

    assert card.buttons == ["More"]
    with pytest.raises(CannotDo):
        await ada.presses("press", card)


async def test_an_ephemeral_is_operated_without_its_message(heard, client, ada, workspace):
    channel = workspace.channel("support").id
    await client.chat_postEphemeral(channel=channel, user=ada.id, text="psst", blocks=actions(button("press")))
    aside = ada.messages("ephemeral")[0]
    await ada.presses("press", aside)

    assert heard[0]["container"]["is_ephemeral"] is True
    assert "message" not in heard[0]
    with pytest.raises(CannotDo, match="does not see"):
        await workspace.person("Grace").presses("press", aside)


async def test_a_choice_in_a_message_is_kept_in_its_state(heard, shown, ada):
    options = [{"text": text("By price"), "value": "price"}, {"text": text("By title"), "value": "title"}]
    card = await shown({"type": "static_select", "action_id": "pick", "placeholder": text("Sort"), "options": options})
    await ada.chooses("pick", "By price", card)

    body = next(one for one in heard if one["type"] == "block_actions")
    assert body["actions"][0]["selected_option"]["value"] == "price"
    assert body["state"]["values"]["row"]["pick"]["selected_option"]["value"] == "price"
    assert "By price" in card.plain


async def test_an_overflow_menu_acts_at_once(heard, shown, ada):
    options = [{"text": text("Cancel"), "value": "cancel"}, {"text": text("Details"), "value": "details"}]
    card = await shown({"type": "overflow", "action_id": "more", "options": options})
    await ada.chooses("more", "Details", card)

    body = next(one for one in heard if one["type"] == "block_actions")
    assert body["actions"][0]["selected_option"]["value"] == "details"


async def test_edits_and_deletions_reach_the_app(heard, ada, grace):
    message = await ada.types("aprove", channel="#support")
    await ada.edits(message, "approve")
    with pytest.raises(CannotDo, match="did not write"):
        await grace.deletes(message)
    await ada.deletes(message)

    assert [one.get("subtype") for one in heard] == [None, "message_changed", "message_deleted"]
    assert heard[1]["message"]["edited"]["user"] == ada.id
    assert heard[1]["previous_message"]["text"] == "aprove"
    await grace.does_not_see("approve", during=0)


async def test_a_direct_message_to_the_bot_is_an_event(heard, ada, workspace):
    await ada.types("hello", channel="dm")

    assert (heard[0]["channel_type"], heard[0]["channel"][0]) == ("im", "D")


async def test_nobody_writes_where_they_are_not(slack, ada, workspace):
    with pytest.raises(CannotDo, match="not in #secret"):
        await ada.types("hello", channel="#secret")
    with pytest.raises(CannotDo, match="not in #secret"):
        ada.messages("#secret")
    workspace.channel("support").archived = True
    with pytest.raises(CannotDo, match="archived"):
        await ada.types("hello", channel="#support")


async def test_commands_do_not_work_in_threads(slack, ada):
    message = await ada.types("hello", channel="#support")

    with pytest.raises(CannotDo, match="not supported in threads"):
        await ada.types("/offer help", thread=message)


async def test_a_deactivated_person_does_nothing(slack, ada, workspace):
    workspace.change_person("Ada", deleted=True)

    with pytest.raises(CannotDo, match="deactivated"):
        await ada.types("/offer help", channel="#support")


async def test_a_shortcut_must_be_in_the_manifest(slack, ada):
    message = await ada.types("hello", channel="#support")

    with pytest.raises(CannotDo, match="no global shortcut"):
        await ada.opens_shortcut("request_from_message")
    with pytest.raises(CannotDo, match="no message shortcut"):
        await ada.uses_shortcut("request_offer", message)


async def test_a_field_that_dispatches_tells_the_app_at_once(heard, bot, ada):
    options = [{"text": text("Bundle"), "value": "k:1"}]
    block = {
        "type": "input",
        "block_id": "offer",
        "label": text("Offer"),
        "dispatch_action": True,
        "element": {"type": "static_select", "action_id": "offer", "options": options},
    }
    await opened(bot, ada, block)
    await ada.fills(offer="Bundle")

    assert heard[0]["container"]["type"] == "view"
    assert heard[0]["actions"][0]["selected_option"]["value"] == "k:1"
    assert heard[0]["view"]["state"]["values"]["offer"]["offer"]["selected_option"]["value"] == "k:1"


async def test_options_are_asked_for_only_after_enough_letters(bot, ada):
    asked = []

    @bot.options("offer")
    async def suggest(ack, payload):
        asked.append(payload["value"])
        groups = [{"label": text("All"), "options": [{"text": text("Bundle"), "value": "k:1"}]}]
        await ack(option_groups=groups)

    await opened(bot, ada, select("offer"))
    with pytest.raises(CannotDo, match="after 3 characters"):
        await ada.suggests("offer", "bu")

    assert [one["value"] for one in await ada.suggests("offer", "bun")] == ["k:1"]
    assert asked == ["bun"]
    with pytest.raises(CannotDo, match="no option says 'other'; there are"):
        await ada.fills(offer="other")


async def test_options_that_slack_would_not_show_are_not_offered(bot, ada, workspace):
    @bot.options("offer")
    async def suggest(ack):
        await ack(options=[{"text": text("x" * 76), "value": "k:1"}])

    await opened(bot, ada, select("offer", min_query_length=0))

    assert await ada.suggests("offer", "") == []
    assert "options" in workspace.journal.faults[0]
    assert ada.notices == ['block_suggestion failed with the error "invalid_options"']


async def test_a_file_is_handed_over_in_a_form(bot, ada, workspace):
    block = {
        "type": "input",
        "block_id": "file",
        "label": text("File"),
        "element": {"type": "file_input", "action_id": "file", "filetypes": ["csv"]},
    }
    await opened(bot, ada, block)
    await ada.fills(file=("customers.csv", b"a@b.example\n"))

    [file] = ada.view["state"]["values"]["file"]["file"]["files"]
    assert (file["name"], file["size"]) == ("customers.csv", 12)
    assert workspace.files[file["id"]].content == b"a@b.example\n"


async def test_without_interactivity_nothing_is_pressed(shown, bot, ada, workspace):
    card = await shown(button("press"))
    workspace.manifest.document = workspace.manifest.document | {"settings": {}}
    await ada.presses("press", card)

    assert workspace.journal.delivered("block_actions") == []
    assert ada.notices == ["This app is not configured to handle interactive responses."]


async def test_a_new_member_of_a_channel_is_announced(bot, workspace, slack):
    joined = []

    @bot.event("member_joined_channel")
    async def welcome(event):
        joined.append((event["user"], event["channel_type"]))

    workspace.join("support", "Mallory")
    await slack.settled()

    assert joined == [(workspace.person("Mallory").id, "C")]


async def test_a_button_can_be_pressed_by_many_at_once(heard, shown, ada, grace, slack):
    slack.delivery.ack_seconds = 30  # this is not about how fast the machine is
    slack.workspace.limits.enforced = False  # Bolt calls auth.test for each press that comes before the first answer
    card = await shown(button("press"))
    await asyncio.gather(*(person.presses("press", card) for person in [ada, grace] * 50))

    pressed = [one for one in heard if one["type"] == "block_actions"]
    assert len({one["trigger_id"] for one in pressed}) == 100
    assert ada.notices == grace.notices == []


async def test_what_only_one_was_told_is_lost_on_reload(client, ada, workspace):
    channel = workspace.channel("support").id
    await client.chat_postEphemeral(channel=channel, user=ada.id, text="psst")
    await ada.sees("psst")
    ada.reloads()

    await ada.does_not_see("psst", during=0)
