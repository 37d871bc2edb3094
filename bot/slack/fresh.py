"""Answers of Slack's, remembered with their age."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from bot.ports import Clock

Value = TypeVar("Value")


class Fresh(Generic[Value]):
    """A cache whose reader says how old an answer may be. Whoever asks at the same time shares one question."""

    def __init__(self, clock: Clock, *, room: int = 10_000) -> None:
        self._clock, self._room = clock, room
        self._kept: dict[str, tuple[float, Value]] = {}
        self._asked: dict[str, asyncio.Task[Value]] = {}

    async def get(self, key: str, ask: Callable[[], Awaitable[Value]], *, max_age: float) -> Value:
        """Return the answer remembered if it is young enough, else ask. What `ask` raises is not remembered."""
        kept = self._kept.get(key)
        if kept is not None and 0 <= self._clock() - kept[0] <= max_age:  # below nought the clock has stepped back
            return kept[1]
        task = self._asked.get(key)
        if task is None:
            task = asyncio.ensure_future(self._ask(key, ask))
            self._asked[key] = task
            task.add_done_callback(lambda done: self._answered(key, done))
        return await asyncio.shield(task)

    def forget(self, key: str) -> None:
        """Ask afresh next time; an answer still under way was asked for before the news, and is not kept."""
        self._kept.pop(key, None)
        self._asked.pop(key, None)

    async def _ask(self, key: str, ask: Callable[[], Awaitable[Value]]) -> Value:
        asked_at = self._clock()
        value = await ask()
        if self._asked.get(key) is asyncio.current_task():
            while len(self._kept) >= self._room:
                self._kept.pop(next(iter(self._kept)))
            self._kept[key] = (asked_at, value)
        return value

    def _answered(self, key: str, done: asyncio.Task[Value]) -> None:
        if self._asked.get(key) is done:
            del self._asked[key]
        if not done.cancelled():
            done.exception()  # whoever waited has it; nobody waiting is no reason for a warning
