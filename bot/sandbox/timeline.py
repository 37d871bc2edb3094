"""Moves the little world forward in time, in a quiet moment."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from bot.sandbox.agenda import Agenda, Entry
from bot.sandbox.clock import WorldClock
from bot.sandbox.model import CannotDo
from bot.sandbox.server import LocalSlack

#: what is said where all go by the machine's clock
FIXED = "Here everything goes by the machine’s clock."
HOUR = 3600
DAY = 24 * HOUR
WEEK = 7 * DAY
#: the longest way in one go
FARTHEST = 366 * DAY
#: seconds to wait for what is under way; what takes longer meets the new time in the middle
PATIENCE = 5.0


@dataclass(frozen=True, slots=True)
class Timeline:
    """The world's clock, and what is due by it."""

    clock: WorldClock
    agenda: Agenda
    slack: LocalSlack
    #: whether the bot runs
    running: Callable[[], bool]

    @property
    def next(self) -> Entry | None:
        """What the bot will do by itself next."""
        return self.agenda.next(now=self.clock())

    async def forward(self, seconds: float) -> None:
        """Let so many seconds pass for everybody. Raises `CannotDo`."""
        if not 0 < seconds <= FARTHEST:
            raise CannotDo("The clock goes forward only, a year at most in one go.")
        await self._quiet()
        self._pass(seconds)

    async def to_next(self) -> Entry:
        """Let time pass until the next thing is due. Raises `CannotDo`."""
        await self._quiet()
        entry = self.next
        if entry is None:
            raise CannotDo("Nothing is due by itself. Ask for something first.")
        self._pass(max(entry.at - self.clock(), 0.0))
        return entry

    def _pass(self, seconds: float) -> None:
        self.clock.forward(seconds)
        self.slack.workspace.changes.tell()

    async def _quiet(self) -> None:
        """Let arrive what is on its way: a message that leaves today is posted today."""
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                await self.slack.settled()
                while self.running() and self.agenda.is_under_way:  # noqa: ASYNC110 - another process has no event to wait for
                    await asyncio.sleep(0.03)
