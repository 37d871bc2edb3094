"""A small app with a form for everything that the page can show, in a workspace with nobody but people."""

import asyncio
import logging
from contextlib import asynccontextmanager

from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.kajabi import LocalKajabi
from bot.sandbox.server import LocalSlack
from bot.sandbox.town import settle
from tests.unit.sandbox.blocks import button, field, form, offers, section, text
from tests.unit.sandbox.page.windows import Process, World
from tests.unit.sandbox.world import MANIFEST

#: seconds that Slack waits here for an app
WAITS = 3.0
OFFERS = offers("Bundle", "Bun", "Course")


def options(*names):
    return [{"text": text(name), "value": name.lower()} for name in names]


EVERYTHING = form(
    field("customer", {"type": "email_text_input", "focus_on_load": True}, dispatch_action=True),
    field("reason", {"type": "plain_text_input", "multiline": True, "max_length": 40}),
    field("title", {"type": "plain_text_input"}, optional=True),
    field("site", {"type": "url_text_input"}, optional=True, hint=text("Where they came from")),
    field("amount", {"type": "number_input", "is_decimal_allowed": False}),
    field("offer", {"type": "external_select", "min_query_length": 2}),
    field("kind", {"type": "static_select", "options": options("Gift", "Goodwill", "Refund")}),
    field("way", {"type": "radio_buttons", "options": options("Mail", "Post")}),
    field("extras", {"type": "checkboxes", "options": options("Card", "Ribbon", "Bow")}, optional=True),
    field("day", {"type": "datepicker"}),
    field("who", {"type": "users_select"}),
    field("channel", {"type": "channels_select"}),
    field("where", {"type": "conversations_select", "filter": {"include": ["public"]}}),
    field("list", {"type": "file_input", "filetypes": ["csv"], "max_files": 3}),
)
SHORT = form(
    field("customer", {"type": "plain_text_input"}),
    field("offer", {"type": "external_select", "min_query_length": 2}),
    callback_id="short",
)
MESSAGE = [
    {"type": "header", "text": text("Everything in a message")},
    {
        "type": "table",
        "rows": [
            [{"type": "raw_text", "text": "Offer"}, {"type": "raw_text", "text": "Price"}],
            [{"type": "raw_text", "text": "Bundle"}, {"type": "raw_text", "text": "199.00"}],
        ],
    },
    {
        "type": "rich_text",
        "elements": [
            {
                "type": "rich_text_section",
                "elements": [
                    {"type": "text", "text": "bold words", "style": {"bold": True}},
                    {"type": "user", "user_id": "U0GRACE"},
                    {"type": "link", "url": "https://example.com/", "text": "a page"},
                ],
            },
            {
                "type": "rich_text_list",
                "style": "bullet",
                "elements": [
                    {"type": "rich_text_section", "elements": [{"type": "text", "text": name}]}
                    for name in ("flour", "water")
                ],
            },
            {"type": "rich_text_quote", "elements": [{"type": "text", "text": "words of hers"}]},
            {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "a  b"}]},
        ],
    },
    {
        "type": "actions",
        "elements": [
            {"type": "overflow", "action_id": "more", "options": options("History", "Undo")},
            {"type": "static_select", "action_id": "kind", "options": options("Gift", "Refund")},
            button("sure", "Remove", confirm={
                "title": text("Really?"), "text": text("It will be gone."),
                "confirm": text("Remove it"), "deny": text("Keep it"),
            }),
            {"type": "timepicker", "action_id": "hour"},
        ],
    },
]  # fmt: skip


def stacked(number):
    more = [{"type": "actions", "elements": [button("next", "One more")]}] if number < 3 else []
    return form(
        field("name", {"type": "plain_text_input"}, optional=True),
        *more,
        callback_id=f"level {number}",
        title=text(f"Level {number}"),
        notify_on_close=True,
    )


class Heard:
    """What the app was told, and how it should answer."""

    def __init__(self):
        self.actions, self.sent, self.closed = [], [], []
        self.refuses = {}
        self.waits = 0.0
        self.redraws = 0
        self.draws = True
        self.drawing = None


@asynccontextmanager
async def app_world():
    """The world with the app in it; what it hears."""
    town = settle(MANIFEST)
    town.workspace.limits.enforced = False  # it draws faster than Slack likes
    async with LocalKajabi() as kajabi, LocalSlack(town.workspace, ack_seconds=WAITS) as slack:
        quiet = logging.getLogger("app-in-browser")
        quiet.setLevel(logging.CRITICAL)
        client = AsyncWebClient(town.workspace.bot_token, base_url=slack.api_url, retry_handlers=[])
        app = AsyncApp(client=client, logger=quiet, request_verification_enabled=False)
        heard = Heard()
        _commands(app, heard)
        _interactions(app, heard)
        handler = AsyncSocketModeHandler(app, town.workspace.app_token)
        await handler.connect_async()
        await slack.connected()
        try:
            yield World(slack, kajabi, Process()), heard
        finally:
            if heard.drawing:
                heard.drawing.cancel()
            await handler.close_async()


def _commands(app, heard):
    @app.command("/offer")
    async def open_one(ack, command, client):
        match command["text"]:
            case "nothing":
                return
            case "message":
                await ack()
                await client.chat_postMessage(channel=command["channel_id"], text="everything", blocks=MESSAGE)
            case words:
                await ack()
                view = {"everything": EVERYTHING, "short": SHORT, "stack": stacked(1)}[words]
                opened = await client.views_open(trigger_id=command["trigger_id"], view=view)
                if words == "short":
                    heard.drawing = asyncio.create_task(_redraw(client, opened["view"]["id"], heard))

    @app.options("offer")
    async def suggest(ack, payload):
        await ack(
            options=[
                one for one in offers("Bundle", "Bun", "Course") if payload["value"] in one["text"]["text"].lower()
            ]
        )


async def _redraw(client, view_id, heard):
    """Draw the short form again and again, each time with other words in it, until that is enough."""
    while heard.draws:
        await asyncio.sleep(0.1)
        heard.redraws += 1
        blocks = [section(f"Drawn {heard.redraws} times"), *SHORT["blocks"], section("the end")]
        await client.views_update(view_id=view_id, view=SHORT | {"blocks": blocks})


def _interactions(app, heard):
    @app.action("next")
    async def push(ack, body, client):
        await ack()
        await client.views_push(trigger_id=body["trigger_id"], view=stacked(int(body["view"]["callback_id"][-1]) + 1))

    for action_id in ("customer", "more", "kind", "sure"):

        @app.action(action_id)
        async def act(ack, body):
            heard.actions.append(body["actions"][0])
            await ack()

    for callback_id in ("grant", "short", "level 1", "level 2", "level 3"):

        @app.view(callback_id)
        async def submit(ack, view):
            heard.sent.append(view["state"]["values"])
            await asyncio.sleep(heard.waits)
            await ack(response_action="errors", errors=heard.refuses) if heard.refuses else await ack()

        @app.view_closed(callback_id)
        async def close(ack, view):
            heard.closed.append(view["callback_id"])
            await ack()
