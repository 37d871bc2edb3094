"""A local provider on the wire: HTTP on 127.0.0.1, every call recorded, troubles played."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from types import TracebackType
from typing import Any, ClassVar, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from aiohttp import web

from bot.sandbox.remote.answers import Answer, Incoming
from bot.sandbox.remote.limiter import Limiter
from bot.sandbox.remote.troubles import Scene, Trouble
from bot.sandbox.remote.wire import Outcome, answer_in, headers_of, send

FORM = "application/x-www-form-urlencoded"
SECRETS = {"client_secret", "refresh_token", "password", "secret"}


@dataclass(kw_only=True)
class Call:
    """One request as it is remembered: without headers, and without secrets."""

    method: str
    path: str
    query: dict[str, str]
    body: Any
    at: float
    status: int | None = None
    trouble: str | None = None
    #: until there was an answer, or it was clear that there would be none
    seconds: float | None = None


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """One request and its answer, whole, for whoever checks them. `status` is None where none was sent."""

    method: str
    url: str
    request_headers: Mapping[str, str]
    request_body: bytes
    status: int | None
    response_headers: Mapping[str, str]
    response_body: bytes
    troubled: bool


class LocalServer(ABC):
    """A provider for as long as the `async with` lasts."""

    #: the kind of trouble it knows
    kind_of_trouble: ClassVar[type[Trouble]] = Trouble

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.time,
        on_exchange: Callable[[Exchange], None] | None = None,
        port: int = 0,
    ) -> None:
        self.clock = clock
        self.on_exchange = on_exchange
        self.port = port
        self.url = ""
        self.calls: list[Call] = []
        self.troubles: list[Trouble] = []
        self.limiter: Limiter | None = None
        self._closing = asyncio.Event()
        self._news = asyncio.Condition()
        self._stack = contextlib.AsyncExitStack()

    # What makes it this provider

    @abstractmethod
    def work(self, incoming: Incoming, *, in_vain: bool = False) -> Answer:
        """Answer, and do what was asked; `in_vain`: to a copy that is thrown away."""

    @abstractmethod
    def refuse(self, status: int) -> Answer:
        """The error document with which this provider answers such a status."""

    @abstractmethod
    def spoil_token(self, incoming: Incoming) -> None:
        """The token of this call opens nothing any more."""

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.shut()

    async def open(self) -> None:
        """Listen; again at the same address, when it was shut before."""
        self._closing.clear()
        runner = web.ServerRunner(web.Server(self._serve, access_log=None), shutdown_timeout=10)
        await runner.setup()
        self._stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", self.port).start()
        self.port = runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{self.port}"

    async def shut(self) -> None:
        """Be unreachable. What it knows stays, the troubles end."""
        self.calm()
        self._closing.set()
        await self._stack.aclose()

    # Troubles and limits

    def trouble(
        self, name: str, *, method: str | None = None, path: str = "*", times: int | None = None, **options: Any
    ) -> Trouble:
        """Switch a trouble on, for the next `times` calls that match, or until it is stopped."""
        trouble = self.kind_of_trouble(name=name, method=method, path=path, times=times, options=options)
        self.troubles.append(trouble)
        return trouble

    def calm(self) -> None:
        """End all troubles; calls that wait in one go on."""
        for trouble in self.troubles:
            trouble.stop()
        self.troubles.clear()

    def limit(self, calls_per_second: float, *, burst: int = 1, **options: Any) -> None:
        """Answer 429 to what comes faster; `retry_after` and `as_date` as for the trouble `rate_limited`."""
        self.limiter = Limiter(
            rate=calls_per_second, burst=burst, clock=self.clock, refuse=self.refuse, options=options
        )

    # What was asked

    def called(self, method: str = "*", path: str = "*") -> list[Call]:
        return [c for c in self.calls if fnmatchcase(c.method, method) and fnmatchcase(c.path, path)]

    async def until_called(
        self, method: str = "*", path: str = "*", *, times: int = 1, within: float = 5
    ) -> list[Call]:
        """Wait until so many matching calls have come in, answered or not."""
        async with asyncio.timeout(within), self._news:
            await self._news.wait_for(lambda: len(self.called(method, path)) >= times)
        return self.called(method, path)

    # The wire

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        incoming = await self._read(request)
        call = Call(
            method=incoming.method,
            path=incoming.path,
            query=incoming.query,
            body=remembered_body(incoming),
            at=self.clock(),
        )
        self.calls.append(call)
        started = time.perf_counter()
        async with self._news:
            self._news.notify_all()
        outcome = await self._outcome(incoming, call, request)
        call.seconds = time.perf_counter() - started
        answer = answer_in(outcome)
        call.status = answer.status if answer else None
        self._tell(incoming, answer, troubled=call.trouble is not None)
        return await send(request, outcome, closing=self._closing)

    async def _read(self, request: web.BaseRequest) -> Incoming:
        parts = urlsplit(request.raw_path)
        return Incoming(
            method=request.method,
            path=unquote(parts.path),
            query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            base_url=self.url,
            target=request.raw_path,
            headers=request.headers,
            body=await request.read(),
        )

    async def _outcome(self, incoming: Incoming, call: Call, request: web.BaseRequest) -> Outcome:
        if self.limiter is not None:
            too_fast = self.limiter.refusal()
            if too_fast is not None:
                call.trouble = "limit"
                return too_fast
        for trouble in [trouble for trouble in self.troubles if trouble.meets(incoming)]:
            if trouble.over:
                continue
            call.trouble = trouble.name
            outcome = await trouble.play(self._scene(incoming, request, trouble))
            if outcome is not None:
                return outcome
        return self.work(incoming)

    def _scene(self, incoming: Incoming, request: web.BaseRequest, trouble: Trouble) -> Scene:
        return Scene(
            call=incoming,
            work=lambda: self.work(incoming),
            pretend=lambda: self.work(incoming, in_vain=True),
            refuse=self.refuse,
            spoil_token=lambda: self.spoil_token(incoming),
            client_waits=lambda: request.transport is not None and not request.transport.is_closing(),
            released=trouble.released,
            now=self.clock,
        )

    def _tell(self, incoming: Incoming, answer: Answer | None, *, troubled: bool) -> None:
        if self.on_exchange is None:
            return
        self.on_exchange(
            Exchange(
                method=incoming.method,
                url=incoming.base_url + incoming.target,
                request_headers=incoming.headers,
                request_body=incoming.body,
                status=answer.status if answer else None,
                response_headers=headers_of(answer) if answer else {},
                response_body=answer.body if answer else b"",
                troubled=troubled,
            )
        )


def remembered_body(incoming: Incoming) -> Any:
    if incoming.media_type == FORM:
        return without_secrets(dict(parse_qsl(incoming.body.decode(errors="replace"))))
    try:
        return without_secrets(json.loads(incoming.body)) if incoming.body else None
    except ValueError:
        return incoming.body.decode(errors="replace")


def without_secrets(content: Any) -> Any:
    if not isinstance(content, dict):
        return content
    return {name: value for name, value in content.items() if name not in SECRETS}
