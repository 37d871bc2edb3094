"""Keeps the Home of everybody who opened theirs up to date."""

import asyncio
from dataclasses import dataclass

import structlog

from bot.domain.errors import NotDelivered, StandingUnknown, Undeliverable
from bot.domain.home import Home
from bot.lookups import Lookups
from bot.ports import Clock, Screen, Store

log = structlog.get_logger()
#: the longest pause before a Home is tried again, in seconds
PATIENCE = 60.0
#: how often a Home is tried that our own program cannot draw
TRIES = 5


@dataclass(frozen=True, slots=True)
class Homekeeper:
    """One Home at a time. What it shows is read when it is drawn, so any number of changes costs one drawing."""

    store: Store
    lookups: Lookups
    screen: Screen
    clock: Clock
    #: seconds after which somebody else may take the Home over
    lease: float

    async def refresh(self, home: Home) -> None:
        """Show one Home and record it; or say when to try again, or that it cannot be."""
        try:
            async with asyncio.timeout(self.lease * 0.8):
                overview = await self.lookups.overview(home)
                digest = await self.screen.show(home, overview)
        except Undeliverable as error:
            await self._give_up(home, error.code)
        except NotDelivered as error:
            await self._later(home, error.code, error.retry_after)
        except (StandingUnknown, TimeoutError) as error:
            await self._later(home, type(error).__name__, None)
        except Exception:  # a fault of ours must not be repeated for ever
            log.exception("home broken")
            await (self._later(home, "broken", None) if home.attempts < TRIES else self._give_up(home, "broken"))
        else:
            await self.store.home_shown(home, digest=digest, oversees=overview.oversees, now=self.clock())

    async def _give_up(self, home: Home, code: str) -> None:
        log.warning("home undeliverable", why=code)
        await self.store.give_up_home(home, error=code)

    async def _later(self, home: Home, code: str, retry_after: float | None) -> None:
        pause = retry_after if retry_after is not None else min(2.0 ** min(home.attempts, 6), PATIENCE)
        log.warning("home not shown", why=code, pause=pause)
        await self.store.postpone_home(home, until=self.clock() + pause, error=code)
