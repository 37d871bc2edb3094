"""How much of what an API bears is used, and how many calls does it refuse?

The calls are real ones: over HTTP, paced in a database on disk, made `calm`ly by several tasks. The API counts by a
bucket that holds a burst and fills at its limit.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter, time

from bot import logs
from bot.domain.errors import Unavailable
from bot.domain.notices import Notices
from bot.pacing import StorePacer, calm
from bot.providers.base import Api, Call
from bot.store import open_store
from tests.bench.turns import Row, Size

#: calls a second, the burst that the API bears, and how much of the limit is to be used where it is known
LIMITS = ((20, 4, 0.97), (200, 20, 0.95))
#: how far the setting is above a limit that is not known
ABOVE = 3
#: tasks that call: more would only wait in line
TASKS = 6
GOOD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
TOO_MANY = b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n"


@dataclass
class Bucket:
    """What is left of the burst, and when each call came that was taken, and that was refused."""

    limit: float
    burst: float
    left: float = 0.0
    at: float = field(default_factory=perf_counter)
    taken: list[float] = field(default_factory=list)
    refused: list[float] = field(default_factory=list)

    def answer(self) -> bytes:
        now = perf_counter()
        self.left = min(self.burst, self.left + (now - self.at) * self.limit)
        self.at = now
        if self.left < 1:
            self.refused.append(now)
            return TOO_MANY
        self.left -= 1
        self.taken.append(now)
        return GOOD


class Door(asyncio.Protocol):
    """One connection; a request has no body."""

    def __init__(self, bucket: Bucket) -> None:
        self.bucket = bucket

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        if data.endswith(b"\r\n\r\n"):
            self.transport.write(self.bucket.answer())


@asynccontextmanager
async def served(bucket: Bucket) -> AsyncIterator[str]:
    server = await asyncio.get_running_loop().create_server(lambda: Door(bucket), "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def paces(folder: Path, size: Size) -> list[Row]:
    """Compare what was taken with the limit, and what was sent with what was taken."""
    logs.set_up(level="error", form="console", secrets=[])
    rows = []
    for limit, burst, known in LIMITS:
        for times, least, most in ((1, known, 1.005), (ABOVE, 0.9, 1.02)):
            used, sent = [], []
            for turn in range(size.paces):
                one, other = await measured(folder / f"{limit}-{times}-{turn}.db", limit, burst, times, size.seconds)
                used.append(one)
                sent.append(other)
            what = f"bulk at {limit} calls a second, limit {'known' if times == 1 else 'unknown'}"
            rows.append(Row(f"{what}: calls taken", "the limit", used, at_least=least))
            rows.append(Row(f"{what}: calls sent", "calls taken", sent, at_most=most))
    return rows


async def measured(path: Path, limit: int, burst: int, times: float, seconds: float) -> tuple[float, float]:
    """Call for so many seconds after a first one; where the limit has to be found, three times as long."""
    bucket, seconds = Bucket(limit, burst), seconds * (1 if times == 1 else ABOVE)
    async with served(bucket) as url, open_store(f"sqlite:///{path}", notices=Notices(), clock=time) as store:
        pacer = StorePacer(store, "acme", rate=limit * times, burst=min(burst, limit // 5), clock=time)
        api = Api("acme", url=url, pacer=pacer, clock=time, explain=lambda _: "")
        began = perf_counter() + 1
        with calm():
            await asyncio.gather(*(calling(api, until=began + seconds) for _ in range(TASKS)))
        await api.close()
    taken = sum(began <= at < began + seconds for at in bucket.taken)
    return taken / (limit * seconds), (len(bucket.taken) + len(bucket.refused)) / len(bucket.taken)


async def calling(api: Api, *, until: float) -> None:
    while perf_counter() < until:
        with suppress(Unavailable):
            await api.send(Call(method="GET", path="/"))
