"""Reminds each person of all that waits for them, in one message, however many requests that are."""

from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from bot.authority import Authority
from bot.domain.errors import StandingUnknown
from bot.domain.request import Person
from bot.ports import Clock, Store

log = structlog.get_logger()
#: until Slack is asked again about somebody, in seconds
PAUSE = 60.0


@dataclass(frozen=True, slots=True)
class Digests:
    """Works on people who are due to be reminded."""

    store: Store
    authority: Authority
    clock: Clock
    #: seconds in which nobody is reminded twice
    period: float

    async def due(self, limit: int) -> Sequence[str]:
        """Name those whose time has come."""
        return await self.store.digests_due(now=self.clock(), period=self.period, limit=limit)

    async def tell(self, person: str) -> None:
        """Owe one person the list of what waits for them; where nothing does, nothing."""
        now = self.clock()
        try:
            waits = await self.authority.addressed(Person("", person))
        except StandingUnknown:
            log.warning("not known what waits for somebody", person=person)
            await self.store.postpone_digest(person, until=now + PAUSE)
            return
        await self.store.tell_digest(person, waits=waits, period=self.period, now=now)
