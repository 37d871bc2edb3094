"""How is Bolt made, and what is it handed?

To Bolt both transports look alike: a payload that is known to be Slack's. What it would verify has been verified by
then, and it answers when the listener is done, which takes a tenth of the time it needs to poll for an answer.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.installation import Installation

#: how soon a lost connection is noticed, in seconds
PING_SECONDS = 3.0


def make_bolt(client: AsyncWebClient, installation: Installation) -> AsyncApp:
    """Make the app for one workspace, without OAuth."""
    with _hidden("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"):
        bolt = AsyncApp(client=client, process_before_response=True, request_verification_enabled=False)
    bolt.use(partial(_ours_only, installation))
    return bolt


async def dispatch(bolt: AsyncApp, payload: dict[str, Any], headers: dict[str, str]) -> tuple[int, str, str]:
    """Hand Bolt a payload, and return the answer: status, body, content type."""
    answer = await bolt.async_dispatch(AsyncBoltRequest(body=payload, headers={**headers}, mode="socket_mode"))
    kind = answer.headers.get("content-type", ["text/plain"])[0].partition(";")[0]
    return answer.status, answer.body, kind


class Socket:
    """Socket Mode: Slack's payloads over a connection that is opened from here, and opened again when it is lost."""

    def __init__(self, bolt: AsyncApp, app_token: str) -> None:
        self._handler = AsyncSocketModeHandler(bolt, app_token, ping_interval=PING_SECONDS)

    async def open(self) -> None:
        """Connect."""
        await self._handler.connect_async()  # type: ignore[no-untyped-call]  # the SDK leaves its return untyped

    async def connected(self) -> bool:
        """Whether Slack can reach the bot right now."""
        return bool(await self._handler.client.is_connected())

    async def close(self) -> None:
        """Take nothing more."""
        await self._handler.close_async()  # type: ignore[no-untyped-call]  # the SDK leaves its return untyped


@contextmanager
def _hidden(*names: str) -> Iterator[None]:
    """Take variables out of sight: two that Bolt finds in the environment would switch it to OAuth without a word."""
    kept = {name: os.environ.pop(name) for name in names if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(kept)


async def _ours_only(installation: Installation, body: dict[str, Any], next: Any) -> BoltResponse | None:  # noqa: A002 - Bolt finds it by this name
    """Refuse what is signed but belongs to another workspace: this bot serves one."""
    team = body.get("team_id") or (body.get("team") or {}).get("id")
    organisation = body.get("enterprise_id") or (body.get("enterprise") or {}).get("id")
    if team == installation.team or (installation.enterprise and organisation == installation.enterprise):
        await next()
        return None
    return BoltResponse(status=401, body="")
