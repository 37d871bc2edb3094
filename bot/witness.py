"""Lets the audit's head be seen elsewhere, once a day and at the end: so that newest rows cut off show, too."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from bot.courier import Courier
from bot.domain.errors import StoreUnavailable
from bot.ports import Clock, Store


@dataclass(frozen=True, slots=True)
class Witness:
    """Has the head told where failures are told."""

    store: Store
    courier: Courier
    clock: Clock
    #: seconds for which a message is nobody else's
    lease: float

    async def due(self) -> Sequence[float]:
        """Say since when the day's head is to be told; empty while it is not."""
        now = self.clock()
        return [now] if await self.store.head_due(now=now) else []

    async def tell(self, now: float) -> None:
        """Owe it; the outbox does the rest."""
        await self.store.tell_head(now=now, daily=True)

    async def close(self, *, within: float) -> None:
        """Tell what is new before the end, if that can be done in time; what cannot is told at the next start."""
        try:
            message = await self.store.tell_head(now=self.clock(), daily=False)
            if message is None:
                return
            async with asyncio.timeout(within):
                for one in await self.store.claim_messages(
                    now=self.clock(), lease=self.lease, limit=1, key=message.key
                ):
                    await self.courier.deliver(one)
        except (StoreUnavailable, TimeoutError):
            return
