"""What goes out to the app: signed HTTP requests or Socket Mode envelopes, three seconds, retries for events."""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import aiohttp

from bot.sandbox import payloads
from bot.sandbox.journal import Delivered
from bot.sandbox.model import Json
from bot.sandbox.sockets import ConnectionGone, Sockets

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace

ACK_SECONDS = 3.0
RETRY_SECONDS = (0.0, 60.0, 300.0)
OK = 200


@dataclass(frozen=True)
class Ack:
    """How the app acknowledged; `error` is Slack's word when it did not, `reason` why it is tried again."""

    body: Any = None
    error: str = ""
    reason: str = ""
    final: bool = False


class Delivery:
    """Over HTTP when there is `events_url`, else over the open sockets."""

    def __init__(self, world: "Workspace", *, ack_seconds: float, retry_seconds: Sequence[float]) -> None:
        self._world = world
        self.events_url = ""
        self.ack_seconds = ack_seconds
        self.retry_seconds = tuple(retry_seconds)
        self.sockets = Sockets(world.app_id, changes=world.changes)
        # A connection that is kept breaks when the bot restarts, and a POST is not sent again over a new one.
        connector = aiohttp.TCPConnector(force_close=True, limit=0)
        self._session = aiohttp.ClientSession(connector=connector, trust_env=False)
        self._retries: set[asyncio.Task[None]] = set()
        self._first: set[asyncio.Task[None]] = set()

    async def close(self) -> None:
        tasks = [*self._first, *self._retries]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.sockets.close()
        await self._session.close()

    async def settled(self) -> None:
        """Every event so far has been delivered, or has failed, once."""
        while self._first:
            await asyncio.wait(self._first)

    def emit(self, event: Json) -> None:
        """Deliver an event in the background; Slack does not wait for apps."""
        payload = payloads.event_callback(self._world, event)
        times = 2 if self._world.troubles.duplicate_events > 0 else 1
        self._world.troubles.duplicate_events -= times - 1
        for _ in range(times):
            task = asyncio.get_running_loop().create_task(self._first_attempt(payload))
            self._first.add(task)
            task.add_done_callback(self._first.discard)

    async def _first_attempt(self, payload: Json) -> None:
        ack = await self.send("event", payload)
        if ack.error and not ack.final:
            task = asyncio.get_running_loop().create_task(self._retry(payload, ack))
            self._retries.add(task)
            task.add_done_callback(self._retries.discard)

    async def _retry(self, payload: Json, failed: Ack) -> None:
        for number, seconds in enumerate(self.retry_seconds, start=1):
            await self._later(seconds)
            failed = await self.send("event", payload, attempt=number, reason=failed.reason)
            if not failed.error or failed.final:
                return

    async def _later(self, seconds: float) -> None:
        """Wait so long, by whichever clock goes faster: the machine's, or the world's, which may be moved forward."""
        clock, changes = self._world.clock, self._world.changes
        until = clock() + seconds
        await changes.until(lambda: clock() >= until or None, timeout=seconds)

    async def send(self, kind: str, payload: Json, *, attempt: int = 0, reason: str = "") -> Ack:
        """Deliver once. Kinds: `command`, `event`, `url_verification`, or the `type` of an interaction."""
        transport = "http" if self.events_url else "socket"
        record = Delivered(kind, json.loads(json.dumps(payload)), transport, self._world.clock(), attempt=attempt)
        self._world.journal.deliveries.append(record)
        started = time.perf_counter()
        try:
            async with asyncio.timeout(self.ack_seconds):
                ack = await self._transport(kind, payload, attempt=attempt, reason=reason)
        except TimeoutError:
            ack = Ack(error="operation_timeout", reason="http_timeout")
        except (aiohttp.ClientError, ConnectionGone, OSError, json.JSONDecodeError):
            ack = Ack(error="dispatch_failed", reason="connection_failed")
        record.seconds = time.perf_counter() - started
        record.ack, record.error = ack.body, ack.error
        self._world.changes.tell()
        return ack

    async def _transport(self, kind: str, payload: Json, *, attempt: int, reason: str) -> Ack:
        if self._world.troubles.down:
            raise ConnectionGone
        if self.events_url:
            return await self._post(kind, payload, attempt=attempt, reason=reason)
        return Ack(await self.sockets.send(kind, payload, attempt=attempt, reason="timeout" if attempt else ""))

    async def _post(self, kind: str, payload: Json, *, attempt: int, reason: str) -> Ack:
        body, content_type = encoded(kind, payload)
        headers = signed(body, secret=self._world.signing_secret, now=self._world.clock())
        headers |= {"Content-Type": content_type, "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)"}
        if attempt:
            headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason}
        post = self._session.post(self.events_url, data=body, headers=headers, allow_redirects=False)
        async with post as response:
            text = await response.text()
            if response.status != OK:
                final = response.headers.get("x-slack-no-retry") == "1"
                return Ack(error="dispatch_failed", reason="http_error", final=final)
            if response.content_type == "application/json" and text:
                return Ack(json.loads(text))
            return Ack({"text": text} if text else None)


def encoded(kind: str, payload: Json) -> tuple[bytes, str]:
    """The body as Slack writes it: events as JSON, commands as a form, interactions as JSON in a form."""
    if kind in ("event", "url_verification"):
        return json.dumps(payload).encode(), "application/json"
    form = payload if kind == "command" else {"payload": json.dumps(payload)}
    return urlencode(form).encode(), "application/x-www-form-urlencoded"


def signed(body: bytes, *, secret: str, now: float) -> dict[str, str]:
    """docs.slack.dev/authentication/verifying-requests-from-slack."""
    timestamp = str(int(now))
    base = b"v0:" + timestamp.encode() + b":" + body
    digest = hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={digest}"}
