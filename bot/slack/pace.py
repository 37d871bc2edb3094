"""When may the next message be posted? Slack takes about one a second in a channel, and short bursts."""

import asyncio
from collections.abc import Awaitable, Callable

from bot.domain.errors import NotDelivered
from bot.ports import Clock

#: channels remembered before those that are free again are forgotten
ROOM = 1000
#: what one request says in a channel until it is decided and done: Slack allows "short bursts", and says no number
BURST = 5


class Pace:
    """Gives out slots: `interval` seconds apart in a channel, `burst` of them at once after a rest."""

    def __init__(
        self,
        clock: Clock,
        *,
        interval: float = 1.0,
        burst: int = BURST,
        patience: float = 8.0,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._clock, self._sleep = clock, sleep
        self._interval, self._ahead, self._patience = interval, (burst - 1) * interval, patience
        self._free_at: dict[str, float] = {}

    async def slot(self, channel: str) -> None:
        """Return when the next post in the channel may go out; if that takes long, raise `NotDelivered`."""
        now = self._clock()
        free_at = max(self._free_at.get(channel, now), now)
        if free_at > now + self._ahead + self._patience + self._interval:
            free_at = now  # given out before the clock was put back
        wait = free_at - self._ahead - now
        if wait > self._patience:
            raise NotDelivered("paced", retry_after=wait)
        self._free_at[channel] = free_at + self._interval
        if len(self._free_at) > ROOM:
            self._free_at = {one: at for one, at in self._free_at.items() if at > now}
        if wait > 0:
            await self._sleep(wait)
