"""Keeps calls to one API within its rate, for all processes that share a store. People go first: see `calm`."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
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


def is_calm() -> bool:
    """Whether what runs here was started inside `calm`."""
    return _CALM.get()


class StorePacer:
    """Gives each call the next free slot in the store. Raises `Unavailable` when that is too far away to wait for."""

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
        #: who is calm and comes later is served later
        self._line = asyncio.Lock()

    async def wait(self) -> None:
        """Return when the next call may start."""
        delay = await self._calm_slot() if is_calm() else await self._slot()
        if delay > (ABOUT_NOW if is_calm() else self._patience):
            raise Unavailable(self._name, "too many calls for now", code="paused", retry_after=delay)
        if delay > 0:
            await self._sleep(delay)

    async def hold(self, seconds: float, *, slower: bool = False) -> None:
        """Start nothing for that long, in any process; `slower`: and then fewer calls than before."""
        now = self._clock()
        if slower:
            await self._store.slow_down(self._name, now=now, until=now + seconds, interval=self._interval)
        else:
            await self._store.hold_slots(self._name, until=now + seconds)

    async def _calm_slot(self) -> float:
        """Ask until there is a slot or patience ends, whenever one would be free if nobody else came."""
        # while nobody waits, all ask at once, in one commit
        if not self._line.locked() and (delay := await self._slot()) <= ABOUT_NOW:
            return delay
        began = self._clock()
        async with self._line:
            while (delay := await self._slot()) > ABOUT_NOW and self._clock() - began + delay <= self._patience:
                await self._sleep(delay - ABOUT_NOW / 2)
        return delay

    async def _slot(self) -> float:
        return await self._store.next_slot(
            self._name,
            now=self._clock(),
            interval=self._interval,
            burst=self._burst,
            patience=self._patience,
            calm=is_calm(),
        )
