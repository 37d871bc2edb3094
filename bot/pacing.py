"""Keeps calls to one API within its rate, for all processes that share a store. People go first: see `calm`."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from bot.domain.errors import Unavailable
from bot.domain.pace import ABOUT_NOW
from bot.ports import Clock, Store

#: seconds that a call may wait for its turn; later turns are for a later attempt
PATIENCE = 10.0

_CALM: ContextVar[bool] = ContextVar("calm", default=False)


@contextmanager
def calm() -> Iterator[None]:
    """Let all calls made inside, also by tasks started inside, stand back for those that somebody waits for."""
    before = _CALM.set(True)
    try:
        yield
    finally:
        _CALM.reset(before)


@contextmanager
def hurried() -> Iterator[None]:
    """Let a call made inside wait no longer than any that somebody waits for: it finishes what is half done."""
    before = _CALM.set(False)
    try:
        yield
    finally:
        _CALM.reset(before)


def is_calm() -> bool:
    """Whether what runs here was started inside `calm`."""
    return _CALM.get()


class StorePacer:
    """Gives each call the next free slot in the store. Raises `Unavailable` when that is too far away to wait for.

    A slot is on disk as taken before anybody uses it, so one that is lost with its process is a call less.
    """

    def __init__(
        self,
        store: Store,
        name: str,
        *,
        rate: float,
        burst: int,
        clock: Clock,
        patience: float = PATIENCE,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._store, self._name = store, name
        self._interval, self._burst = 1 / rate, burst
        self._clock, self._patience, self._sleep = clock, patience, sleep
        #: who is calm, in the order they came, each with room for the start of its call; who holds the lock is
        #: the head of the line
        self._line: list[asyncio.Future[float]] = []
        self._head = asyncio.Lock()

    async def wait(self) -> None:
        """Return when the next call may start."""
        start = await (self._calm_start() if is_calm() else self._start())
        if (delay := start - self._clock()) > 0:
            await self._sleep(min(delay, self._patience))  # the clock may have been put back

    async def hold(self, seconds: float, *, slower: bool = False) -> None:
        """Start nothing for that long, in any process; `slower`: and then fewer calls than before."""
        now = self._clock()
        if slower:
            await self._store.slow_down(self._name, now=now, until=now + seconds, interval=self._interval)
        else:
            await self._store.hold_slots(self._name, until=now + seconds)

    async def _start(self) -> float:
        now = self._clock()
        [delay] = await self._slots(1, now, calm=False)
        if delay > self._patience:
            raise self._too_many(delay)
        return now + delay

    async def _calm_start(self) -> float:
        """Wait in line: its head takes slots for those behind it as well, in one commit."""
        began = self._clock()
        mine: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._line.append(mine)
        try:
            async with self._head:
                if not mine.done():
                    await self._take(began)
        finally:
            if mine in self._line:
                self._line.remove(mine)
        return mine.result()

    async def _take(self, began: float) -> None:
        """Ask until there are slots or patience ends, whenever one would be free if nobody else came."""
        while True:
            now = self._clock()
            delays = await self._slots(len(self._line), now, calm=True)
            if delays[0] <= ABOUT_NOW:
                break
            if now - began + delays[0] > self._patience:
                raise self._too_many(delays[0])
            await self._sleep(delays[0] - ABOUT_NOW / 2)
        served, self._line = self._line[: len(delays)], self._line[len(delays) :]
        for one, delay in zip(served, delays, strict=False):  # somebody may have left the line
            one.set_result(now + delay)

    async def _slots(self, count: int, now: float, *, calm: bool) -> Sequence[float]:
        return await self._store.next_slots(
            self._name, count, now=now, interval=self._interval, burst=self._burst, patience=self._patience, calm=calm
        )

    def _too_many(self, delay: float) -> Unavailable:
        return Unavailable(self._name, "too many calls for now", code="paused", retry_after=delay)
