"""What time does to a request that waits for a decision: one reminder, then the end."""

from dataclasses import dataclass
from functools import partial

from bot.domain import lifecycle
from bot.domain.request import Case
from bot.ports import Clock, Store


@dataclass(frozen=True, slots=True)
class Timekeeper:
    """Works on pending requests whose date has come."""

    store: Store
    clock: Clock

    async def keep(self, case: Case) -> None:
        """Remind the approvers, or expire the request."""
        now = self.clock()
        expires = case.request.expires
        over = expires is not None and now >= expires
        await self.store.step(case.request.id, partial(lifecycle.expire if over else lifecycle.remind, now=now))
