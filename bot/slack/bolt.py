"""How is Bolt made, and what is it handed?

To Bolt both transports look alike: a payload that is known to be Slack's. What it would verify has been verified by
then, and it answers when the listener is done, which takes a tenth of the time it needs to poll for an answer.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any
from urllib.parse import SplitResult, urlsplit

import structlog
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.installation import Installation
from bot.slack.payloads import why_odd

log = structlog.get_logger(__name__)
#: where Slack and GovSlack take answers (`response_url`)
ANSWERS = frozenset({"hooks.slack.com", "hooks.slack-gov.com"})
#: how soon a lost connection is noticed, in seconds
PING_SECONDS = 3.0


def make_bolt(client: AsyncWebClient, installation: Installation) -> AsyncApp:
    """Make the app for one workspace, without OAuth."""
    with _hidden("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"):
        bolt = AsyncApp(client=client, process_before_response=True, request_verification_enabled=False)
    bolt.use(partial(_ours_only, installation, urlsplit(client.base_url)))
    return bolt


async def dispatch(bolt: AsyncApp, payload: dict[str, Any], headers: dict[str, str]) -> tuple[int, str, str]:
    """Hand Bolt a payload, and return the answer: status, body, content type."""
    if odd(payload):
        return 400, "", "text/plain"
    answer = await bolt.async_dispatch(AsyncBoltRequest(body=payload, headers={**headers}, mode="socket_mode"))
    kind = answer.headers.get("content-type", ["text/plain"])[0].partition(";")[0]
    return answer.status, answer.body, kind


def odd(payload: dict[str, Any]) -> bool:
    """Whether Slack sends nothing like this; Bolt would fall over it."""
    place = why_odd(payload)
    if place is not None:
        log.warning("a payload is not shaped as Slack's are", place=place)
    return place is not None


class Envelopes(AsyncSocketModeHandler):
    """Leaves alone, and unacknowledged, what is no payload of Slack's."""

    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]  # as Bolt
        """Hand it to Bolt."""
        if not odd(req.payload):
            await super().handle(client, req)


class Socket:
    """Socket Mode: Slack's payloads over a connection that is opened from here, and opened again when it is lost."""

    def __init__(self, bolt: AsyncApp, app_token: str) -> None:
        self._handler = Envelopes(bolt, app_token, ping_interval=PING_SECONDS)

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


async def _ours_only(
    installation: Installation,
    api: SplitResult,
    body: dict[str, Any],
    next: Any,  # noqa: A002 - Bolt finds it by this name
) -> BoltResponse | None:
    """Refuse what is signed but is not for this app in this workspace, or wants its answer sent elsewhere."""
    team = body.get("team_id") or (body.get("team") or {}).get("id")
    organisation = body.get("enterprise_id") or (body.get("enterprise") or {}).get("id")
    ours = team == installation.team or (installation.enterprise and organisation == installation.enterprise)
    app = body.get("api_app_id") or installation.app
    if not ours:
        why = "of another workspace"
    elif installation.app and app != installation.app:
        why = "for another app"
    elif not all(_answerable(url, api) for url in _response_urls(body)):
        why = "with an address for answers that is not Slack's"
    else:
        await next()
        return None
    log.warning("a payload was turned away", why=why)
    return BoltResponse(status=401, body="")


def _response_urls(body: dict[str, Any]) -> list[str]:
    return [
        url
        for url in (body.get("response_url"), *(one["response_url"] for one in body.get("response_urls") or ()))
        if url
    ]


def _answerable(url: str, api: SplitResult) -> bool:
    """Whether an answer may be sent there: to Slack, or to where its Web API is."""
    try:
        parts = urlsplit(url)
        place = parts.scheme, parts.hostname, parts.port
        return place == (api.scheme, api.hostname, api.port) or (place[0] == "https" and place[1] in ANSWERS)
    except ValueError:
        return False
