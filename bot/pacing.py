"""Keeps calls to one API within its rate, for all processes that share a store."""

import asyncio
from collections.abc import Awaitable, Callable

from bot.domain.errors import Unavailable
from bot.ports import Clock, Store

#: seconds that a call may wait for its turn; later turns are for a later attempt
PATIENCE = 10.0


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

    async def wait(self) -> None:
        """Return when the next call may start."""
        delay = await self._store.next_slot(
            self._name, now=self._clock(), interval=self._interval, burst=self._burst, patience=self._patience
        )
        if delay > self._patience:
            raise Unavailable(self._name, "too many calls for now", code="paused", retry_after=delay)
        if delay > 0:
            await self._sleep(delay)

    async def hold(self, seconds: float) -> None:
        """Start nothing for that long, in any process."""
        await self._store.hold_slots(self._name, until=self._clock() + seconds)
