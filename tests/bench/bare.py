"""A process with Bolt and one listener, and nothing else: `bare` acknowledges when the listener is done, `default` as
Bolt does unless it is told otherwise.
"""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

Ack = Callable[..., Awaitable[Any]]
#: as many options as Slack takes, and as long as ours are
FIXED = [
    {
        "text": {"type": "plain_text", "text": f"{'Complete Sourdough Workshop':<47} · {number} USD", "emoji": False},
        "value": f"kajabi:{number:010d}",
    }
    for number in range(100)
]


async def lists(ack: Ack) -> None:
    await ack(text="You have asked for nothing yet.", response_type="ephemeral")


async def approves(ack: Ack) -> None:
    await ack()


async def suggests(ack: Ack) -> None:
    await ack(options=[])


async def suggests_fixed(ack: Ack) -> None:
    await ack(options=FIXED)


LISTENERS = {"lists": lists, "approvals": approves, "searches": suggests, "fixed": suggests_fixed}


def build(kind: str, *, bare: bool) -> AsyncApp:
    """Make the app as Bolt's own guide does."""
    client = AsyncWebClient(os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"])
    secret = os.environ["SLACK_SIGNING_SECRET"]
    app = AsyncApp(client=client, signing_secret=secret, process_before_response=bare)
    {
        "lists": app.command("/offer"),
        "approvals": app.action("approve"),
        "searches": app.options("offer"),
        "fixed": app.options("offer"),
    }[kind](LISTENERS[kind])
    return app


async def serve(app: AsyncApp) -> None:
    runner = web.AppRunner(app.web_app(path="/slack/events"), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", int(os.environ["PORT"])).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(build(sys.argv[2], bare=sys.argv[1] == "bare")))
