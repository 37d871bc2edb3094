"""Slack: translation only. No rule stands here, and no I/O but Slack's.

Bolt tries one listener after the other, so there are few: one for each kind of thing that Slack sends. Which handler it
is then for is looked up by name; what has no name here any more is answered kindly.
"""

import re
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import at_home, buttons, commands, mentions, options, shortcuts, submissions
from bot.slack.desk import Desk
from bot.slack.visits import Chosen, Click, Command, Event, Handler, Kind, Sent, Typing, attend

__all__ = ["Desk", "register"]

Body = dict[str, Any]
Listener = Callable[[Body, AsyncAck, AsyncWebClient, AsyncRespond], Awaitable[None]]
ANY = re.compile("")


def register(app: AsyncApp, *, desk: Desk) -> None:
    """Listen to everything that Slack sends. The app must be made with `process_before_response=True`."""
    app.command("/offer")(_listener(desk, Command, lambda _: commands.typed))
    app.block_action(ANY)(_listener(desk, Click, _clicked))
    app.view_submission(ANY)(
        _listener(
            desk, Sent, lambda body: submissions.SUBMISSIONS.get(body["view"]["callback_id"], submissions.unknown)
        )
    )
    app.options(ANY)(_listener(desk, Typing, lambda body: options.OPTIONS.get(body["action_id"], options.unknown)))
    app.shortcut(ANY)(
        _listener(desk, Chosen, lambda body: shortcuts.SHORTCUTS.get(body["callback_id"], shortcuts.unknown))
    )
    app.event(ANY)(_listener(desk, Event, lambda body: mentions.EVENTS.get(body["event"]["type"], mentions.unknown)))
    app.view_closed(ANY)(_closed)


def _clicked(body: Body) -> Handler[Click]:
    if (body.get("view") or {}).get("type") == "home":
        return at_home.pressed
    return buttons.BUTTONS.get(body["actions"][0]["action_id"], buttons.unknown)


def _listener(desk: Desk, kind: type[Kind], choose: Callable[[Body], Handler[Kind]]) -> Listener:
    async def listen(body: Body, ack: AsyncAck, client: AsyncWebClient, respond: AsyncRespond) -> None:
        visit = kind(desk, body=body, ack=ack, client=client, respond=respond)
        await attend(visit, choose(body)(visit))
        if ack.response is None:
            await ack()

    return listen


async def _closed(ack: AsyncAck) -> None:
    await ack()
