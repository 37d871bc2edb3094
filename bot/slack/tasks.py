"""Where does work go that must not keep Slack waiting? It is held here until it is done, and awaited at the stop."""

import asyncio
import traceback
from collections.abc import Coroutine
from typing import Any

import structlog

log = structlog.get_logger(__name__)


class Tasks:
    """Runs coroutines beside the listeners. Each tells its person of its own failures; what is left over is logged."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        return len(self._running)

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Begin; the event loop alone would keep no hold of it."""
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._ended)

    async def stop(self, *, within: float) -> None:
        """Let what runs finish, at most that long; cancel the rest. Nothing that matters is only here."""
        if self._running:
            await asyncio.wait(self._running, timeout=within)
        left = list(self._running)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            trace = "".join(traceback.format_tb(error.__traceback__))
            log.error("task.failed", error=type(error).__name__, trace=trace)  # its words may quote what was typed
