"""Waiting for something to become true in the workspace, without polling."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")


class Changes:
    """Whoever changes the workspace says so; whoever waits looks again then."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def tell(self) -> None:
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_result(None)
        self._waiting.clear()

    async def until(self, look: Callable[[], Found | None], *, timeout: float) -> Found | None:  # noqa: ASYNC109 - the answer of a late look is wanted, not an exception
        """What `look` finds, as soon as it finds something; None after the time is over."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                while (found := look()) is None:
                    await self._next()
                return found
        return look()

    async def _next(self) -> None:
        waiting = asyncio.get_running_loop().create_future()
        self._waiting.add(waiting)
        try:
            await waiting
        finally:
            self._waiting.discard(waiting)
