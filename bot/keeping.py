"""Long work on one request: what was claimed stays ours as long as it goes on, and its card follows it."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field, replace

from bot.domain.request import Case, State
from bot.ports import Clock, Store


class TakenOver(Exception):
    """Somebody else works on it by now: we took too long."""


@dataclass(slots=True)
class Keeper:
    """Renews the lease of a list that was claimed."""

    store: Store
    case: Case
    clock: Clock
    lease: float
    #: seconds between two looks of its card, and when it was shown last
    every: float
    shown: float
    _renewing: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def deadline(self) -> float:
        """Until when something may be sent."""
        return (self.case.request.due or 0.0) - self.lease * 0.3

    async def prolonged(self) -> float:
        """Return the deadline, after keeping it ours for longer where that is needed."""
        with suppress(TakenOver):  # then it ends when it was to end
            await self.keep()
        return self.deadline

    async def told(self, made: int, expected: int) -> None:
        """Hear of a call that was made to look at many rows."""
        await self.keep()
        await self.show(calls=(made, expected))

    async def show(self, *, calls: tuple[int, int] | None = None) -> None:
        """Have the card follow what was done, or how many of how many calls were made to look at the rows."""
        now = self.clock()
        if now - self.shown >= self.every:
            self.shown = now
            await self.store.show_progress(self.case.request.id, calls=calls, now=now)

    async def keep(self) -> None:
        """Renew the lease when half of it is over. Raises `TakenOver`.

        What is prepared is renewed every few seconds: whoever looks finds as soon that nobody wants it any more.
        """
        async with self._renewing:
            until, preparing = self.clock() + self.lease, self.case.request.state is State.PREPARING
            often = min(self.every, self.lease / 2) if preparing else self.lease / 2
            if until - (self.case.request.due or 0.0) < often:
                return
            if not await self.store.renew_list(self.case, until=until):
                raise TakenOver
            self.case = replace(self.case, request=replace(self.case.request, due=until))
