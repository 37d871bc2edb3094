"""The HTTP side: the guard before Bolt, health and metrics.

Bolt never sees a request that is not Slack's: it would answer a malformed signature with a 500 and log the body of a
bad one. The guard also reads the form itself, because Bolt drops a command whose text contains the word "payload".
Both transports therefore hand Bolt the same thing, a payload that is known to be Slack's.
"""

import hashlib
import hmac
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import structlog
from aiohttp import web

from bot.domain.errors import OfferdeskError
from bot.metrics import Metrics
from bot.ports import Clock

log = structlog.get_logger()
#: Slack's own limit for the age of a request, in seconds
MAX_AGE = 300
#: the most digits a time in seconds has for the next thirty thousand years
DIGITS = 12
#: far above anything Slack sends, in bytes
MAX_BODY = 1024 * 1024
FORM, JSON = "application/x-www-form-urlencoded", "application/json"

#: answers why the process is not ready; None when it is
Readiness = Callable[[], Awaitable[str | None]]
#: takes a payload of Slack's with the headers of a redelivery, and returns status, body and content type
Dispatch = Callable[[dict[str, Any], dict[str, str]], Awaitable[tuple[int, str, str]]]


def why_not_slacks(body: bytes, *, timestamp: str, signature: str, secret: str, now: float) -> str | None:
    """Say why these bytes are not Slack's, signed within the last five minutes; None when they are.

    Docs: Verifying requests from Slack.
    """
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= DIGITS):
        return "it has no time of Slack's"
    digest = hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(f"v0={digest}".encode(), signature.encode(errors="replace")):
        return "its signature is wrong; if it came from Slack, SLACK_SIGNING_SECRET is another app's"
    age = now - int(timestamp)
    if abs(age) > MAX_AGE:
        return f"it is {age:.0f} seconds old; if it came from Slack just now, this machine's clock is wrong"
    return None


def read_payload(body: bytes, content_type: str) -> dict[str, Any]:
    """Read what Slack sent: an event as JSON, a command as a form, an interaction as JSON within a form.

    Raises ValueError for anything else.
    """
    text = body.decode()
    if content_type == JSON:
        payload = json.loads(text)
    else:
        form = dict(parse_qsl(text, keep_blank_values=True, max_num_fields=100, errors="strict"))
        payload = json.loads(form["payload"]) if "payload" in form and "command" not in form else form
    if not isinstance(payload, dict):
        raise ValueError("not an object")  # noqa: TRY004 - the caller answers all malformed bodies alike
    return payload


@dataclass(frozen=True, slots=True)
class Web:
    """Serves Slack (with a signing secret), health and metrics."""

    dispatch: Dispatch
    ready: Readiness
    metrics: Metrics
    clock: Clock
    #: None in Socket Mode: then Slack has nothing to send here
    signing_secret: str | None

    def application(self) -> web.Application:
        """Build the routes."""
        app = web.Application(client_max_size=MAX_BODY)
        if self.signing_secret is not None:
            app.router.add_post("/slack/events", self._slack)
        app.router.add_get("/healthz", self._health)
        app.router.add_get("/readyz", self._readiness)
        app.router.add_get("/metrics", self._metrics)
        return app

    async def _slack(self, request: web.Request) -> web.Response:
        # Slack compresses nothing; what somebody else packed is not unpacked
        if request.content_type not in {FORM, JSON} or "Content-Encoding" in request.headers:
            return web.Response(status=415)
        try:
            body = await request.read()
        except web.HTTPRequestEntityTooLarge:
            return web.Response(status=413)
        why_not = why_not_slacks(
            body,
            timestamp=request.headers.get("X-Slack-Request-Timestamp", ""),
            signature=request.headers.get("X-Slack-Signature", ""),
            secret=self.signing_secret or "",
            now=self.clock(),
        )
        if why_not is not None:
            log.warning("a request was not Slack's", why=why_not, size=len(body))
            return web.Response(status=401)
        try:
            payload = read_payload(body, request.content_type)
        except (ValueError, RecursionError):
            log.warning("a signed request could not be read", size=len(body), content_type=request.content_type)
            return web.Response(status=400)
        headers = {name: value for name, value in request.headers.items() if name.lower().startswith("x-slack-retry")}
        status, text, kind = await self.dispatch(payload, headers)
        return web.Response(status=status, text=text, content_type=kind)

    async def _health(self, _request: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def _readiness(self, _request: web.Request) -> web.Response:
        try:
            problem = await self.ready()
        except OfferdeskError as error:
            problem = str(error)
        return web.Response(text="ready\n") if problem is None else web.Response(status=503, text=f"{problem}\n")

    async def _metrics(self, _request: web.Request) -> web.Response:
        return web.Response(body=await self.metrics.page(), headers={"Content-Type": self.metrics.media_type})
