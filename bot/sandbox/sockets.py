"""Socket Mode as Slack speaks it (docs.slack.dev/apis/events-api/using-socket-mode)."""

import asyncio
import json
import uuid
from itertools import count
from typing import Any

from aiohttp import WSMsgType, web

from bot.sandbox.changes import Changes
from bot.sandbox.model import Json, SlackError

MOST_CONNECTIONS = 10
LIFETIME_SECONDS = 18_060
TYPES = {"event": "events_api", "command": "slash_commands"}


class ConnectionGone(Exception):
    """No socket is open, or the one that had the envelope has closed."""


class Sockets:
    """The open connections of the app; every envelope goes to one of them."""

    def __init__(self, app_id: str, *, changes: Changes) -> None:
        self._app_id = app_id
        self._changes = changes
        self._open: list[web.WebSocketResponse] = []
        self._transports: dict[web.WebSocketResponse, asyncio.Transport | None] = {}
        self._tickets: set[str] = set()
        self._waiting: dict[str, tuple[web.WebSocketResponse, asyncio.Future[Any]]] = {}
        self._turn = count()

    def __len__(self) -> int:
        return len(self._open)

    def new_address(self, base_url: str) -> str:
        """Good for one connection."""
        if len(self._open) >= MOST_CONNECTIONS:
            raise SlackError("too_many_websockets")
        ticket = uuid.uuid4().hex
        self._tickets.add(ticket)
        return f"{base_url.replace('http', 'ws', 1)}/link/?ticket={ticket}&app_id={self._app_id}"

    async def accept(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=408, text="the ticket was used or never given")
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._open.append(socket)
        self._transports[socket] = request.transport
        try:
            await socket.send_json(self._hello())
            self._changes.tell()
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._acknowledged(json.loads(message.data))
        finally:
            self._closed(socket)
        return socket

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self._open),
            "debug_info": {
                "host": "applink-sandbox",
                "build_number": 1,
                "approximate_connection_time": LIFETIME_SECONDS,
            },
            "connection_info": {"app_id": self._app_id},
        }

    async def send(self, kind: str, payload: Json, *, attempt: int = 0, reason: str = "") -> Any:
        """One envelope to one connection; answers the payload of its acknowledgement."""
        if not self._open:
            raise ConnectionGone
        socket = self._open[next(self._turn) % len(self._open)]
        envelope: Json = {
            "envelope_id": str(uuid.uuid4()),
            "payload": payload,
            "type": TYPES.get(kind, "interactive"),
            "accepts_response_payload": kind != "event",
        }
        if kind == "event":
            envelope |= {"retry_attempt": attempt, "retry_reason": reason}
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[envelope["envelope_id"]] = socket, answer
        try:
            await socket.send_json(envelope)
            return await answer
        except ConnectionError:
            raise ConnectionGone from None
        finally:
            del self._waiting[envelope["envelope_id"]]

    def _acknowledged(self, message: Json) -> None:
        waiting = self._waiting.get(message.get("envelope_id", ""))
        if waiting is not None and not waiting[1].done():
            waiting[1].set_result(message.get("payload"))

    def _closed(self, socket: web.WebSocketResponse) -> None:
        if socket in self._open:
            self._open.remove(socket)
            del self._transports[socket]
        for owner, answer in self._waiting.values():
            if owner is socket and not answer.done():
                answer.set_exception(ConnectionGone())
        self._changes.tell()

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ask every connection to make a new one: `warning`, `refresh_requested` or `link_disabled`."""
        for socket in list(self._open):
            await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-sandbox"}})
            if reason != "warning":
                await socket.close()

    def drop(self) -> None:
        """Every connection is lost without a word."""
        for socket in list(self._open):
            transport = self._transports.get(socket)
            self._closed(socket)
            if transport is not None:
                transport.abort()

    async def close(self) -> None:
        """Slack ends: every connection is closed in order."""
        for socket in list(self._open):
            await socket.close()
