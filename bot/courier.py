"""Delivers what is owed: takes messages from the outbox and has the messenger show them."""

import asyncio
from dataclasses import dataclass

import structlog

from bot.domain.errors import NotDelivered, StoreUnavailable, Undeliverable
from bot.domain.request import Message
from bot.ports import Clock, Delivery, Messenger, Store

log = structlog.get_logger()
#: the longest pause before a message is tried again, in seconds
PATIENCE = 60.0
#: how often a message is tried that our own program cannot draw
TRIES = 5
#: between two tries to write down that a message is shown, in seconds
BREATH = 0.2


@dataclass(frozen=True, slots=True)
class Courier:
    """One message at a time; which comes first, and what waits for what, is the store's knowledge."""

    store: Store
    messenger: Messenger
    clock: Clock
    #: seconds after which somebody else may take the message over
    lease: float

    async def deliver(self, delivery: Delivery) -> None:
        """Show one message and record it; or say when to try again, or that it cannot be."""
        message = delivery.message
        try:
            async with asyncio.timeout(self.lease * 0.8):
                channel, ts = await self.messenger.deliver(delivery)
        except Undeliverable as error:
            await self._give_up(delivery, error.code)
        except NotDelivered as error:
            await self._later(delivery, error.code, error.retry_after)
        except TimeoutError:
            await self._later(delivery, "timeout", None)
        except Exception:  # a fault of ours must not hold up what stands behind it for ever
            log.exception("message broken", request=message.request_id, kind=message.kind)
            if message.attempts < TRIES:
                await self._later(delivery, "broken", None)
            else:
                await self._give_up(delivery, "broken")
        else:
            await self._record(message, channel=channel, ts=ts)

    async def _record(self, message: Message, *, channel: str, ts: str) -> None:
        """Write down that it is shown; as long as that is not on disk it would be shown again."""
        until = self.clock() + self.lease * 0.5
        while True:
            try:
                return await self.store.delivered(message, channel=channel, ts=ts, now=self.clock())
            except StoreUnavailable:
                if self.clock() > until:
                    raise
                await asyncio.sleep(BREATH)

    async def _give_up(self, delivery: Delivery, code: str) -> None:
        message = delivery.message
        log.warning("message undeliverable", request=message.request_id, kind=message.kind, why=code)
        await self.store.give_up_message(message, error=code, now=self.clock())

    async def _later(self, delivery: Delivery, code: str, retry_after: float | None) -> None:
        message = delivery.message
        pause = retry_after if retry_after is not None else min(2.0 ** min(message.attempts, 6), PATIENCE)
        log.warning("message not delivered", request=message.request_id, kind=message.kind, why=code, pause=pause)
        await self.store.postpone_message(message, until=self.clock() + pause, error=code)
