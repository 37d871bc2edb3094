"""The local Slack on loopback: Web API, response URLs, files and Socket Mode behind one port."""

import secrets
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from aiohttp import web

from bot.sandbox.delivery import ACK_SECONDS, RETRY_SECONDS, Ack, Delivery
from bot.sandbox.endpoints import Endpoints
from bot.sandbox.workspace import Workspace

HOST = "127.0.0.1"


class LocalSlack:
    """A running local Slack: `async with LocalSlack(workspace) as slack`.

    Deliveries go to `events_url` when it is set, else to the sockets that are open.
    """

    def __init__(
        self,
        workspace: Workspace,
        *,
        port: int = 0,
        ack_seconds: float = ACK_SECONDS,
        retry_seconds: Sequence[float] = RETRY_SECONDS,
    ) -> None:
        self.workspace = workspace
        self._port = port
        self._timing = ack_seconds, retry_seconds
        self._delivery: Delivery | None = None

    async def __aenter__(self) -> Self:
        ack_seconds, retry_seconds = self._timing
        self._delivery = Delivery(self.workspace, ack_seconds=ack_seconds, retry_seconds=retry_seconds)
        app = Endpoints(self.workspace, self._delivery.sockets).application()
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, HOST, self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        self.workspace.base_url = f"http://{HOST}:{self._port}"
        self.workspace.delivery = self._delivery
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.delivery.close()
        self.workspace.delivery = None
        await self._runner.cleanup()

    @property
    def delivery(self) -> Delivery:
        if self._delivery is None:
            raise RuntimeError("the local Slack has not been started")
        return self._delivery

    @property
    def api_url(self) -> str:
        return f"{self.workspace.base_url}/api/"

    @property
    def events_url(self) -> str:
        return self.delivery.events_url

    @events_url.setter
    def events_url(self, address: str) -> None:
        self.delivery.events_url = address

    async def connected(self, connections: int = 1, *, timeout: float = 10) -> None:  # noqa: ASYNC109 - a late bot is told from one that never comes
        """Wait until the app has so many sockets open."""
        sockets = self.delivery.sockets
        found = await self.workspace.changes.until(lambda: len(sockets) >= connections or None, timeout=timeout)
        if not found:
            raise TimeoutError(f"{len(sockets)} of {connections} sockets open after {timeout} s")

    async def settled(self) -> None:
        """Every event so far has been delivered, or has failed, once."""
        await self.delivery.settled()

    async def verify_url(self) -> bool:
        """The challenge with which Slack tries an address before it sends events there."""
        challenge = secrets.token_hex(16)
        body = {"token": self.workspace.verification_token, "challenge": challenge, "type": "url_verification"}
        ack: Ack = await self.delivery.send("url_verification", body)
        return isinstance(ack.body, dict) and challenge in ack.body.values()

    def drop_sockets(self) -> None:
        """Every open socket is lost; the app can open new ones."""
        self.delivery.sockets.drop()

    def go_down(self) -> None:
        """Nothing is answered any more and every socket is lost, until `come_back`."""
        self.workspace.troubles.down = True
        self.drop_sockets()

    def come_back(self) -> None:
        self.workspace.troubles.down = False
