"""The engine of one process: a loop in the bot's own event loop for every kind of due row.

The truth stays in the rows: a lost wake-up costs one tick, a lost process one lease.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import structlog

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Queue:
    """One kind of due row: how to claim some, and how to work on one."""

    name: str
    #: takes at most that many
    claim: Callable[[int], Awaitable[Sequence[Any]]]
    work: Callable[[Any], Awaitable[None]]
    #: how many are worked on at once
    at_once: int = 8


@dataclass(slots=True)
class Embedded:
    """Runs the queues until it is stopped."""

    queues: Sequence[Queue]
    #: seconds between two looks when nobody wakes it
    tick: float = 1.0
    _wakes: list[asyncio.Event] = field(default_factory=list)
    _loops: list[asyncio.Task[None]] = field(default_factory=list)
    _running: set[asyncio.Task[bool]] = field(default_factory=set)

    def start(self) -> None:
        """Begin to look for due rows."""
        for queue in self.queues:
            wake = asyncio.Event()
            self._wakes.append(wake)
            self._loops.append(asyncio.create_task(self._loop(queue, wake), name=f"engine-{queue.name}"))

    def wake(self) -> None:
        """Look for due rows now rather than at the next tick."""
        for event in self._wakes:
            event.set()

    async def stop(self, *, within: float) -> None:
        """Claim nothing more, let what runs finish for at most that many seconds, and leave the rest on disk."""
        for loop in self._loops:
            loop.cancel()
        await asyncio.gather(*self._loops, return_exceptions=True)
        if self._running:
            await asyncio.wait(self._running, timeout=within)
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _loop(self, queue: Queue, wake: asyncio.Event) -> None:
        mine: set[asyncio.Task[bool]] = set()
        while True:
            wake.clear()
            try:
                claimed = await queue.claim(queue.at_once - len(mine)) if len(mine) < queue.at_once else ()
            except Exception:
                log.exception("claiming failed", queue=queue.name)
                claimed = ()
            for item in claimed:
                task = asyncio.create_task(self._work(queue, item), name=f"{queue.name}-work")
                mine.add(task)
                self._running.add(task)
                task.add_done_callback(partial(self._ended, mine, wake))
            if not claimed:
                await _set_within(wake, self.tick)

    def _ended(self, mine: set[asyncio.Task[bool]], wake: asyncio.Event, task: asyncio.Task[bool]) -> None:
        """Give the place back; after a failure only with the next tick, for what failed may be due again at once."""
        self._running.discard(task)

        def free() -> None:
            mine.discard(task)
            wake.set()

        if task.cancelled() or task.result():
            free()
        else:
            asyncio.get_running_loop().call_later(self.tick, free)

    @staticmethod
    async def _work(queue: Queue, item: Any) -> bool:
        """Return whether it went well."""
        try:
            await queue.work(item)
        except Exception:  # its row keeps its due date: a later claim tries again
            log.exception("work failed", queue=queue.name)
            return False
        return True


async def _set_within(event: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        pass
