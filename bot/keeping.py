"""Long work on one request: what was claimed stays ours as long as it goes on, and its card follows it."""

from dataclasses import dataclass, replace

from bot.domain.request import Case
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

    @property
    def deadline(self) -> float:
        """Until when something may be sent."""
        return (self.case.request.due or 0.0) - self.lease * 0.3

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
        """Renew the lease when half of it is over. Raises `TakenOver`."""
        until = self.clock() + self.lease
        if until - (self.case.request.due or 0.0) < self.lease / 2:
            return
        if not await self.store.renew_list(self.case, until=until):
            raise TakenOver
        self.case = replace(self.case, request=replace(self.case.request, due=until))
