"""Forms, buttons and selects on the page, with an app behind them over both transports."""

import asyncio
import base64
from typing import Any

import pytest

from tests.unit.sandbox.blocks import button, field, form, offers, section, text


def options(*names):
    return [{"text": text(name), "value": name.lower()} for name in names]


EVERYTHING = form(
    field("customer", {"type": "email_text_input"}, dispatch_action=True),
    field("offer", {"type": "external_select", "min_query_length": 2}),
    field("more", {"type": "multi_external_select", "min_query_length": 0, "max_selected_items": 2}, optional=True),
    field("kind", {"type": "static_select", "options": options("Gift", "Refund")}),
    field("way", {"type": "radio_buttons", "options": options("Mail", "Post")}),
    field("mail", {"type": "checkboxes", "options": options("Yes", "Twice")}, optional=True),
    field("day", {"type": "datepicker"}, optional=True),
    field("hour", {"type": "timepicker"}, optional=True),
    field("moment", {"type": "datetimepicker"}, optional=True),
    field("who", {"type": "users_select"}, optional=True),
    field("where", {"type": "conversations_select"}, optional=True),
    field("note", {"type": "rich_text_input"}, optional=True),
    field("amount", {"type": "number_input", "is_decimal_allowed": False}, optional=True),
    field("list", {"type": "file_input", "filetypes": ["csv"], "max_files": 2}, optional=True),
)


@pytest.fixture
async def filled(bot, window):
    """The window of Ada with the form open; what the app heard is in `heard`."""
    heard: dict[str, list[Any]] = {"actions": [], "sent": []}

    @bot.command("/offer")
    async def open_form(ack, command, client):
        await ack()
        await client.views_open(trigger_id=command["trigger_id"], view=EVERYTHING)

    @bot.options("offer")
    @bot.options("more")
    async def suggest(ack, payload):
        await ack(options=offers("Bundle – 99 EUR", "Course"))

    @bot.action("customer")
    async def acted(ack, body):
        heard["actions"].append(body["actions"][0])
        await ack()

    @bot.view("grant")
    async def submitted(ack, view):
        heard["sent"].append(view["state"]["values"])
        if view["state"]["values"]["customer"]["customer"]["value"] == "no@example.com":
            await ack(response_action="errors", errors={"customer": "Nobody has this address."})
        else:
            await ack()

    ada = await window("Ada")
    await ada.does("type", channel=ada.channel("support")["id"], text="/offer")
    await ada.until(lambda told: told["views"])
    return ada, heard


def spot(ada, name):
    return {"view_id": ada.told["views"][-1]["id"], "block_id": name, "action_id": name}


async def fill(ada, name, kind, **state):
    return await ada.does("fill", **spot(ada, name), state={"type": kind, **state})


async def test_every_kind_of_field_is_filled_sent_and_read_back(filled, workspace):
    ada, heard = filled
    grace, support = workspace.member("Grace").id, workspace.channel("support").id
    note = {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}],
    }
    found = (await ada.does("suggest", **spot(ada, "offer"), text="bu"))["options"]
    more = (await ada.does("suggest", **spot(ada, "more"), text=""))["options"]
    values = {
        "customer": ("email_text_input", {"value": "jane@example.com"}),
        "offer": ("external_select", {"selected_option": found[0]}),
        "more": ("multi_external_select", {"selected_options": more}),
        "kind": ("static_select", {"selected_option": options("Refund")[0]}),
        "way": ("radio_buttons", {"selected_option": options("Mail")[0]}),
        "mail": ("checkboxes", {"selected_options": options("Yes", "Twice")}),
        "day": ("datepicker", {"selected_date": "2026-11-21"}),
        "hour": ("timepicker", {"selected_time": "09:30"}),
        "moment": ("datetimepicker", {"selected_date_time": 1_790_000_000}),
        "who": ("users_select", {"selected_user": grace}),
        "where": ("conversations_select", {"selected_conversation": support}),
        "note": ("rich_text_input", {"rich_text_value": note}),
        "amount": ("number_input", {"value": "12"}),
    }
    for name, (kind, state) in values.items():
        await fill(ada, name, kind, **state)
    content = base64.b64encode(b"a,b\n").decode()
    await ada.does("upload", **spot(ada, "list"), name="C:\\lists\\people.csv", content_base64=content)
    await ada.until(lambda told: told["views"][0]["state"]["values"]["list"]["list"]["files"])

    assert (await ada.does("submit", view_id=ada.told["views"][0]["id"]))["errors"] == {}
    await ada.until(lambda told: told["views"] == [])
    sent = {name: one[name] for name, one in heard["sent"][0].items()}
    assert {name: one for name, one in sent.items() if name != "list"} == {
        name: {"type": kind, **state} for name, (kind, state) in values.items()
    }
    assert [file["name"] for file in sent["list"]["files"]] == ["people.csv"]


async def test_entering_tells_the_app_where_it_asked_to_be_told(filled):
    ada, heard = filled
    where = spot(ada, "customer")
    await ada.does("fill", **where, state={"value": "ja"}, dispatch=False)
    assert heard["actions"] == []

    await ada.does("fill", **where, state={"value": "jane@example.com"})
    assert [one["value"] for one in heard["actions"]] == ["jane@example.com"]


async def test_what_the_client_itself_finds_wrong_is_not_sent(filled):
    ada, heard = filled
    await fill(ada, "customer", "email_text_input", value="jane")
    answer = await ada.does("submit", view_id=ada.told["views"][0]["id"])

    assert answer["errors"]["customer"] == "Enter a valid email address"
    assert answer["errors"]["kind"] == "Please complete this required field."
    assert heard["sent"] == []
    await ada.until(lambda told: told["views"][0]["errors"] == answer["errors"])
    await fill(ada, "customer", "email_text_input", value="jane@example.com")
    await ada.until(lambda told: "customer" not in told["views"][0]["errors"])


async def test_what_the_app_finds_wrong_stands_at_the_field(filled):
    ada, _ = filled
    found = (await ada.does("suggest", **spot(ada, "offer"), text="bu"))["options"]
    await fill(ada, "customer", "email_text_input", value="no@example.com")
    await fill(ada, "offer", "external_select", selected_option=found[1])
    await fill(ada, "kind", "static_select", selected_option=options("Gift")[0])
    await fill(ada, "way", "radio_buttons", selected_option=options("Post")[0])
    answer = await ada.does("submit", view_id=ada.told["views"][0]["id"])

    assert answer["errors"] == {"customer": "Nobody has this address."}
    await ada.until(lambda told: told["views"][0]["errors"] == answer["errors"])


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("offer", {"selected_option": {"text": text("Forged"), "value": "kajabi:0"}}),
        ("kind", {"selected_option": {"text": text("Forged"), "value": "forged"}}),
        ("kind", {"selected_option": "gift"}),
        ("mail", {"selected_options": [{"value": "forged"}]}),
        ("mail", {"selected_options": "yes"}),
        ("more", {"selected_options": [1, 2, 3]}),
        ("day", {"selected_date": "2026-02-30"}),
        ("day", {"selected_date": "20260201"}),
        ("hour", {"selected_time": "25:00"}),
        ("moment", {"selected_date_time": "soon"}),
        ("who", {"selected_user": "U0GONE"}),
        ("where", {"selected_conversation": "SECRET"}),
        ("note", {"rich_text_value": {"type": "rich_text", "elements": [{"type": "gone"}]}}),
        ("amount", {"value": 12}),
        ("list", {"files": [{"id": "F0FORGED"}]}),
        ("gone", {"value": "x"}),
    ],
)
async def test_nothing_is_entered_that_the_client_would_not_offer(filled, workspace, name, state):
    ada, _ = filled
    given = {key: workspace.channel("secret").id if value == "SECRET" else value for key, value in state.items()}
    before = ada.told["views"][0]["state"]

    answer = await ada.act("fill", **spot(ada, name), state=given)
    assert answer["ok"] is False
    assert answer["error"]
    await ada.does("read", channel=ada.channel("support")["id"], ts="9")
    assert ada.told["views"][0]["state"] == before


async def test_a_select_asks_for_options_after_enough_has_been_typed(filled):
    ada, _ = filled
    refused = await ada.act("suggest", **spot(ada, "offer"), text="b")

    assert refused["ok"] is False
    assert "2 characters" in refused["error"]


async def test_only_the_files_that_the_field_takes_are_uploaded(filled):
    ada, _ = filled
    where, content = spot(ada, "list"), base64.b64encode(b"x").decode()
    assert "csv" in (await ada.act("upload", **where, name="people.exe", content_base64=content))["error"]
    assert "base64" in (await ada.act("upload", **where, name="people.csv", content_base64="%"))["error"]
    first = await ada.does("upload", **where, name="one.csv", content_base64=content)
    await ada.does("upload", **where, name="two.csv", content_base64=content)
    assert "2 files" in (await ada.act("upload", **where, name="three.csv", content_base64=content))["error"]

    await ada.does("fill", **where, state={"files": [first["file"]]})
    kept = await ada.until(lambda told: len(told["views"][0]["state"]["values"]["list"]["list"]["files"]) == 1)
    assert kept


async def test_forms_stack_and_only_the_one_on_top_can_be_used(bot, window):
    closed = []

    @bot.shortcut("request_offer")
    async def open_form(ack, shortcut, client):
        await ack()
        row = {"type": "actions", "block_id": "row", "elements": [button("more", "More")]}
        await client.views_open(trigger_id=shortcut["trigger_id"], view=form(section("below"), row))

    @bot.action("more")
    async def more(ack, body, client):
        await ack()
        await client.views_push(trigger_id=body["trigger_id"], view=form(section("above"), notify_on_close=True))

    @bot.view_closed("grant")
    async def gone(ack, body):
        closed.append(body["is_cleared"])
        await ack()

    ada = await window("Ada")
    await ada.does("shortcut", callback_id="request_offer")
    below = (await ada.until(lambda told: told["views"]))[0]
    where = {"where": {"view": below["id"]}, "block_id": "row", "action_id": "more"}
    await ada.does("press", **where)
    above = (await ada.until(lambda told: told["views"][1:]))[0]

    assert above["previous_view_id"] == below["id"]
    assert (await ada.act("press", **where))["error"] == "That form is not open on top any more."
    assert (await ada.act("submit", view_id=below["id"]))["ok"] is False
    await ada.does("close", view_id=above["id"])
    await ada.until(lambda told: [one["id"] for one in told["views"]] == [below["id"]])
    assert closed == [False]
    await ada.does("close", view_id=below["id"], all=True)
    await ada.until(lambda told: told["views"] == [])


async def test_a_form_on_its_way_is_loading_and_is_not_sent_twice(bot, window):
    may_go_on = asyncio.Event()

    @bot.shortcut("request_offer")
    async def open_form(ack, shortcut, client):
        await ack()
        await client.views_open(trigger_id=shortcut["trigger_id"], view=form(section("x")))

    @bot.view("grant")
    async def submitted(ack):
        await may_go_on.wait()
        await ack()

    ada = await window("Ada")
    await ada.does("shortcut", callback_id="request_offer")
    view = (await ada.until(lambda told: told["views"]))[0]
    assert view["loading"] is False
    sending = asyncio.create_task(ada.act("submit", view_id=view["id"]))
    await ada.until(lambda told: told["views"][0]["loading"])

    assert (await ada.act("submit", view_id=view["id"]))["error"] == "The form is being sent."
    may_go_on.set()
    assert (await sending)["ok"] is True
    await ada.until(lambda told: told["views"] == [])


async def test_what_slack_says_when_the_app_does_not_answer_is_a_notice(bot, window):
    never = asyncio.Event()

    @bot.shortcut("request_offer")
    async def open_form(ack, shortcut, client):
        await ack()
        await client.views_open(trigger_id=shortcut["trigger_id"], view=form(section("x")))

    @bot.view("grant")
    async def submitted(ack):
        await never.wait()

    ada = await window("Ada")
    await ada.does("shortcut", callback_id="request_offer")
    view = (await ada.until(lambda told: told["views"]))[0]
    answer = await ada.act("submit", view_id=view["id"])

    assert answer == {"ok": False, "error": "We had some trouble connecting. Try again?"}
    notices = await ada.until(lambda told: told["notices"])
    assert notices == ['view_submission failed with the error "operation_timeout"']
    never.set()


@pytest.fixture
async def card(bot, client, window):
    """A message with a button, a select, an overflow menu and a button for Grace alone."""
    heard = []

    for name in ("press", "pick", "menu", "hers"):

        @bot.action(name)
        async def acted(ack, body):
            heard.append((body["user"]["username"], body["actions"][0], body["state"]["values"]))
            await ack()

    elements = [
        button("press", "Press", value="7"),
        {"type": "static_select", "action_id": "pick", "options": options("One", "Two")},
        {"type": "overflow", "action_id": "menu", "options": options("More")},
        button("hers", "Hers", visible_to_user_ids=[(await window("Grace")).person]),
    ]
    ada = await window("Ada")
    blocks = [{"type": "actions", "block_id": "row", "elements": elements}]
    await client.chat_postMessage(channel=ada.channel("support")["id"], text="card", blocks=blocks)
    place = await ada.until(lambda _: ada.post_with("card"))
    return ada, {"where": {"message": place}, "block_id": "row"}, heard


async def test_a_button_of_a_message_is_pressed(card):
    ada, row, heard = card
    await ada.does("press", **row, action_id="press", value="7")

    assert [(who, action["value"]) for who, action, _ in heard] == [("ada", "7")]


async def test_a_select_of_a_message_acts_at_once_and_keeps_what_was_chosen(card):
    ada, row, heard = card
    state = {"type": "static_select", "selected_option": options("Two")[0]}
    await ada.does("choose", **row, action_id="pick", state=state)

    assert heard[0][1]["selected_option"]["value"] == "two"
    channel = row["where"]["message"]["channel"]
    await ada.until(lambda told: told["messages"][channel][0]["values"] == {"row": {"pick": state}})


async def test_a_menu_acts_at_once(card):
    ada, row, heard = card
    await ada.does("choose", **row, action_id="menu", state={"selected_option": options("More")[0]})
    assert heard[0][1]["selected_option"]["value"] == "more"

    refused = await ada.act("choose", **row, action_id="menu", state={"selected_option": {"value": "forged"}})
    assert refused["error"] == "That option is not offered"


@pytest.mark.parametrize(("action_id", "value"), [("press", "8"), ("gone", None), ("pick", None), ("hers", None)])
async def test_what_is_not_there_for_a_person_cannot_be_pressed(card, action_id, value):
    ada, row, heard = card
    answer = await ada.act("press", **row, action_id=action_id, value=value)

    assert answer["ok"] is False
    assert heard == []


async def test_the_home_tab_is_shown_and_its_buttons_work(bot, window):
    pressed = []

    @bot.event("app_home_opened")
    async def opened(event, client):
        row = {"type": "actions", "block_id": "row", "elements": [button("press", "Press")]}
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [section("Hello"), row]})

    @bot.action("press")
    async def press(ack, body):
        pressed.append(body["view"]["type"])
        await ack()

    ada = await window("Ada")
    assert ada.told["home"] is None
    await ada.does("open_home")
    home = await ada.until(lambda told: told["home"])
    assert home["blocks"][0]["text"]["text"] == "Hello"
    await ada.does("press", where={"home": True}, block_id="row", action_id="press")

    assert pressed == ["home"]


async def test_a_shortcut_of_a_message_names_the_message(bot, window):
    used = []

    @bot.shortcut("request_from_message")
    async def use(ack, body):
        used.append(body["message"]["text"])
        await ack()

    ada = await window("Ada")
    channel = ada.channel("support")["id"]
    said = await ada.does("type", channel=channel, text="please")
    await ada.does("message_shortcut", callback_id="request_from_message", channel=channel, ts=said["ts"])

    assert used == ["please"]
