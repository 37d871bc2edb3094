"""How much of what an API bears is used, and how many calls does it refuse?

The calls are real ones: over HTTP, paced in a database on disk, made `calm`ly by several tasks. The API counts by a
bucket that holds a burst and fills at its limit. A limit that is not known is found first, which costs some pauses that
the API asks for: what is used meanwhile is told apart.
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
#: the burst that providers are set up with
BURST = 4
#: tasks that call: more would only wait in line
TASKS = 6
GOOD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
TOO_MANY = b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n"


@dataclass
class Bucket:
    """What is left of the burst, and when each call came that was taken, and that was refused."""

    limit: float
    burst: float
    left: float = field(init=False)
    at: float = field(default_factory=perf_counter)
    taken: list[float] = field(default_factory=list)
    refused: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.left = self.burst

    def used(self, begin: float, end: float) -> float:
        """Return the part of the limit that was used in that time."""
        return sum(begin <= at < end for at in self.taken) / (self.limit * (end - begin))

    @property
    def sent(self) -> float:
        """How many calls were sent, for each that was taken."""
        return (len(self.taken) + len(self.refused)) / len(self.taken)

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
    for limit, burst, aim in LIMITS:
        what, path = f"bulk at {limit} calls a second", folder / f"{limit}.db"
        runs = [
            await known(path.with_stem(f"{limit}-known-{n}"), limit, burst, size.seconds) for n in range(size.paces)
        ]
        used, sent = zip(*runs, strict=True)
        rows.append(Row(f"{what}, limit known: calls taken", "the limit", used, at_least=aim))
        rows.append(Row(f"{what}, limit known: calls sent", "calls taken", sent, at_most=1.005))
        found = [
            await unknown(path.with_stem(f"{limit}-un-{n}"), limit, burst, size.seconds) for n in range(size.paces)
        ]
        first, used, sent = zip(*found, strict=True)
        rows.append(Row(f"{what}, limit unknown, while it is found: calls taken", "the limit", first))
        rows.append(Row(f"{what}, limit unknown, from then on: calls taken", "the limit", used, at_least=0.9))
        rows.append(Row(f"{what}, limit unknown, both together: calls sent", "calls taken", sent, at_most=1.02))
    return rows


async def known(path: Path, limit: int, burst: int, seconds: float) -> tuple[float, float]:
    """Call for so many seconds after a first one; return what was used, and what was sent for what was taken."""
    bucket = Bucket(limit, burst)
    began = await called(path, bucket, rate=limit, seconds=1 + seconds)
    return bucket.used(began + 1, began + 1 + seconds), bucket.sent


async def unknown(path: Path, limit: int, burst: int, seconds: float) -> tuple[float, float, float]:
    """Do as `known` with a rate far above the limit; return also what was used before, in twice the time."""
    bucket = Bucket(limit, burst)
    began = await called(path, bucket, rate=limit * ABOVE, seconds=3 * seconds)
    middle = began + 2 * seconds
    return bucket.used(began, middle), bucket.used(middle, middle + seconds), bucket.sent


async def called(path: Path, bucket: Bucket, *, rate: float, seconds: float) -> float:
    """Call as fast as the pace allows, and say when that began."""
    async with served(bucket) as url, open_store(f"sqlite:///{path}", notices=Notices(), clock=time) as store:
        pacer = StorePacer(store, "acme", rate=rate, burst=BURST, clock=time)
        api = Api("acme", url=url, pacer=pacer, clock=time, explain=lambda _: "")
        began = perf_counter()
        with calm():
            await asyncio.gather(*(calling(api, until=began + seconds) for _ in range(TASKS)))
        await api.close()
    return began


async def calling(api: Api, *, until: float) -> None:
    while perf_counter() < until:
        with suppress(Unavailable):
            await api.send(Call(method="GET", path="/"))
