"""Delivers what is owed: takes messages from the outbox and has the messenger show them."""

import asyncio
from dataclasses import dataclass, replace

import structlog

from bot.domain.errors import DeliveryError, NotDelivered, StoreUnavailable, Undeliverable
from bot.domain.request import Message
from bot.ports import Clock, Delivery, Messenger, Store

log = structlog.get_logger()
#: the longest pause before a message is tried again, in seconds
PATIENCE = 60.0
#: how often a message is tried that our own program cannot draw
TRIES = 5
#: between two tries to write down that a message is shown, in seconds
BREATH = 0.2
#: until Slack shows what it was given, in seconds
SETTLED = 0.5


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
        if await self._attempt(delivery):
            await self._tidy(delivery)

    async def _attempt(self, delivery: Delivery) -> bool:
        """Return whether somebody else had taken the message over by the end of it."""
        message = delivery.message
        try:
            async with asyncio.timeout(self.lease * 0.8):
                channel, ts = await self.messenger.deliver(delivery)
        except Undeliverable as error:
            await self._give_up(delivery, error.code)
        except NotDelivered as error:
            return await self._later(delivery, error.code, error.retry_after)
        except TimeoutError:
            return await self._later(delivery, "timeout", None)
        except Exception:  # a fault of ours must not hold up what stands behind it for ever
            log.exception("message broken", request=message.request_id, kind=message.kind)
            if message.attempts < TRIES:
                return await self._later(delivery, "broken", None)
            await self._give_up(delivery, "broken")
        else:
            return await self._record(message, channel=channel, ts=ts)
        return False

    async def _tidy(self, delivery: Delivery) -> None:
        """Take away what this process, which was frozen past its lease, may have posted beside the other's message."""
        failed = 0
        for _ in range(TRIES + int(self.lease / SETTLED)):  # by then the other one's lease is over
            await asyncio.sleep(SETTLED)
            message = await self.store.message(delivery.message.key)
            if message is None or not message.ts:  # the other one is still at it
                continue
            try:
                await self.messenger.withdraw_copies(replace(delivery, message=message))
            except DeliveryError as error:
                log.warning("copies not looked for", request=message.request_id, kind=message.kind, why=error.code)
                failed += 1
                if failed == TRIES:
                    return
            else:
                return

    async def _record(self, message: Message, *, channel: str, ts: str) -> bool:
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

    async def _later(self, delivery: Delivery, code: str, retry_after: float | None) -> bool:
        message = delivery.message
        pause = retry_after if retry_after is not None else min(2.0 ** min(message.attempts, 6), PATIENCE)
        log.warning("message not delivered", request=message.request_id, kind=message.kind, why=code, pause=pause)
        now = self.clock()
        return await self.store.postpone_message(message, until=now + pause, error=code, now=now)
