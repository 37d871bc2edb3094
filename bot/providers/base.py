"""What every provider over HTTP shares: one client, its pace, its limits, and failures with a meaning."""

import asyncio
import json
import logging
import re
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import structlog

from bot.domain.errors import Misconfigured, ProviderError, Withheld
from bot.pacing import is_calm
from bot.ports import Clock, Pacer
from bot.providers import words as fragments
from bot.providers.failures import is_late, pause_asked, refused, unanswered, unreadable

log = structlog.get_logger()

#: seconds that one call may take, from its first byte to the last of its answer
TIMEOUT = 10.0
#: calls on the way at once; more would only wait for each other
IN_FLIGHT = 4
#: calm calls that wait for their turn at once: what they ask for is written in one commit
CALM_IN_LINE = 6
#: bytes; the longest page of a list is a twentieth of this
LARGEST_ANSWER = 5_000_000
#: seconds without calls after a 429 that does not say how long
UNTOLD_PAUSE = 2.0
#: names of the headers that let a call in
_OPENING = re.compile("authorization|token", re.IGNORECASE)
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request. `path` has its ids in braces: that is how it is logged; `query` never is."""

    method: str
    path: str
    ids: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    #: what names a customer in the query: a refusal that repeats it is not passed on whole
    about: str = ""
    #: whether it may change something, so that a lost answer means `Unknown`
    writes: bool = False
    #: asked when its turn has come; False: it is not made
    permit: Callable[[], Awaitable[bool]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A success, or a refusal whose document is to be read.

    `document` is None when the body was empty or no JSON, which only a write may answer.
    """

    status: int
    document: Any


class Api:
    """Sends calls, each exactly once. Raises `Rejected`, `Unavailable`, `Withheld` and, for writes, `Unknown`."""

    def __init__(
        self,
        provider: str,
        *,
        url: str,
        pacer: Pacer,
        clock: Clock,
        explain: Callable[[Any], str],
        tells: Callable[[int, Mapping[str, Any]], bool] = lambda _status, _document: False,
        timeout: float = TIMEOUT,
    ) -> None:
        self.provider, self.url = provider, url.rstrip("/")
        #: whether the document of a refusal says more than its status, and is the caller's to read
        self._tells = tells
        self._pacer, self._clock, self._explain, self._timeout = pacer, clock, explain, timeout
        self._room = asyncio.Semaphore(IN_FLIGHT)
        #: smaller, so that there is always room for what somebody waits for
        self._calm_room = asyncio.Semaphore(IN_FLIGHT - 1)
        self._calm_line = asyncio.Semaphore(CALM_IN_LINE)
        self._client = self._open()
        #: how many calls are on each client, and the ends of those that are used no more
        self._calls: Counter[httpx.AsyncClient] = Counter()
        self._ends: set[asyncio.Task[None]] = set()
        # they print addresses in queries and tokens in headers
        for talkative in ("httpx", "httpcore"):
            logging.getLogger(talkative).setLevel(logging.WARNING)

    async def send(self, call: Call) -> Answer:
        """Send a call when its turn has come; inside `calm` its turn comes after that of others."""
        if is_calm():
            async with self._calm_line:
                await self._pacer.wait()
                async with self._calm_room, self._room:
                    return await self._send(call)
        async with self._room:
            await self._pacer.wait()
            return await self._send(call)

    async def close(self) -> None:
        """End all connections."""
        await self._client.aclose()
        await asyncio.gather(*self._ends, return_exceptions=True)

    async def _send(self, call: Call) -> Answer:
        if call.permit is not None and not await call.permit():
            raise Withheld(self.provider)
        started = time.perf_counter()
        status: int | str = "none"
        try:
            response, body = await self._exchange(call)
            status = response.status_code
            return await self._judge(call, response, body)
        except ProviderError as error:
            log.warning("call failed", provider=self.provider, path=call.path, code=error.code, why=error.detail)
            raise
        finally:
            seconds = round(time.perf_counter() - started, 3)
            shown = {"method": call.method, "path": call.path, "status": status, "seconds": seconds}
            log.debug("call", provider=self.provider, **shown)

    def _open(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            base_url=self.url,
            # compressed answers could be small on the wire and huge in memory
            headers={"User-Agent": "offerdesk", "Accept-Encoding": "identity"},
            timeout=self._timeout,
            limits=httpx.Limits(max_connections=IN_FLIGHT, max_keepalive_connections=IN_FLIGHT),
            follow_redirects=False,
            trust_env=urlsplit(self.url).hostname not in _LOOPBACK,
        )

    @asynccontextmanager
    async def _lent(self) -> AsyncIterator[httpx.AsyncClient]:
        """Lend the client for one call; after a call that was broken off, open another one for those that follow.

        httpcore counts a connection as taken for good when a call on it is cancelled: soon there would be none left.
        """
        client = self._client
        self._calls[client] += 1
        try:
            yield client
        except (asyncio.CancelledError, TimeoutError):
            if client is self._client:
                self._client = self._open()
            raise
        finally:
            self._calls[client] -= 1
            if client is not self._client and not self._calls[client]:
                del self._calls[client]
                end = asyncio.create_task(client.aclose())
                self._ends.add(end)
                end.add_done_callback(self._ends.discard)

    async def _exchange(self, call: Call) -> tuple[httpx.Response, bytes]:
        sent = False

        async def trace(event: str, _: Any) -> None:
            nonlocal sent
            sent = sent or event.endswith("send_request_headers.started")

        try:
            async with (
                self._lent() as client,
                asyncio.timeout(self._timeout),
                client.stream(
                    call.method,
                    call.path.format(**{name: quote(one, safe="") for name, one in call.ids.items()}),
                    params=call.query,
                    content=call.body,
                    headers=call.headers,
                    extensions={"trace": trace},
                ) as response,
            ):
                return response, await self._body(call, response)
        except (httpx.HTTPError, TimeoutError) as error:
            # not chained: what httpx says can hold the address that was asked for
            raise unanswered(self.provider, writes=call.writes, sent=sent, late=is_late(error)) from None

    async def _body(self, call: Call, response: httpx.Response) -> bytes:
        body = bytearray()
        async for chunk in response.aiter_raw():
            body += chunk
            if len(body) > LARGEST_ANSWER:
                raise unreadable(self.provider, response.status_code, writes=call.writes)
        return bytes(body)

    async def _judge(self, call: Call, response: httpx.Response, body: bytes) -> Answer:
        status = response.status_code
        html = "html" in response.headers.get("content-type", "") or body.lstrip()[:1] == b"<"
        document = None if html else _json(body)
        told = isinstance(document, dict) and response.is_error and self._tells(status, document)
        if not response.is_success and not told:
            pause = pause_asked(response.headers, self._clock)
            limited = status == httpx.codes.TOO_MANY_REQUESTS
            if pause is not None or limited:
                await self._pacer.hold(UNTOLD_PAUSE if pause is None else pause, slower=limited)
            # a page says nothing about a resource: only a document's 404 means that there is no such thing
            page = not isinstance(document, dict)
            words = "" if page else _unsaid(self._explain(document), call)
            raise refused(self.provider, status, writes=call.writes, html=page, words=words, retry_after=pause)
        if html or (not call.writes and not isinstance(document, dict)):
            raise unreadable(self.provider, status, writes=call.writes)
        return Answer(status=status, document=document)


def check_url(setting: str, url: str) -> str:
    """Refuse an address that would carry credentials in the clear; the sentence names the setting."""
    try:
        parts = urlsplit(url)
        good = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
        whole = bool(parts.hostname) and not (parts.username or parts.query or parts.fragment) and parts.port != 0
    except ValueError:
        good = whole = False
    if not good or not whole:
        raise Misconfigured(fragments.url_refused(setting))
    return url.rstrip("/")


def safe_url(url: str) -> str:
    """Do as `check_url`, for a setting whose name is told by whoever reads it."""
    try:
        check_url("", url)
    except Misconfigured:
        raise ValueError(fragments.URL_WANTED) from None
    return url


def _unsaid(words: str, call: Call) -> str:
    """Take out of a refusal what the call had told: what let it in, and whom it was about."""
    opening = [part for name, one in call.headers.items() if _OPENING.search(name) for part in one.split()]
    for one in filter(None, (*opening, call.about)):
        words = words.replace(one, "…")
    return words


def _json(body: bytes) -> Any:
    try:
        return json.loads(body) if body else None
    except (ValueError, RecursionError):
        return None
