"""Notices that the machine's clock was put back: nothing is to wait until it has caught up."""

from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from bot.engine.embedded import Queue
from bot.ports import Clock, Store

log = structlog.get_logger()
#: smaller steps, in seconds, are not worth a write
NOTICED = 5.0


@dataclass(slots=True)
class Timepiece:
    """Looks at the clock with every tick of the engine. Before its first look, the newest event tells the time."""

    store: Store
    clock: Clock
    #: seconds for which what is claimed is nobody else's
    lease: float
    _latest: float | None = None

    def queue(self) -> Queue:
        """Make the look one of the engine's."""
        return Queue("clock", self._look, _nothing, 1)

    async def _look(self, _limit: int) -> Sequence[None]:
        now = self.clock()
        latest = self._latest if self._latest is not None else await self.store.newest_event()
        if latest is not None and latest - now > NOTICED:
            await self.store.move_due(latest=latest, now=now, lease=self.lease)
            log.warning("clock put back", seconds=round(latest - now))
        self._latest = now
        return ()


async def _nothing(_: None) -> None:
    """Work on what is never claimed."""
