"""What all processes share by the clock: slots of rate-limited APIs, and which of Slack's events were seen."""

import math
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict

from bot.domain.pace import Pace as Remembered
from bot.store.part import Part

#: Slack delivers an event again for a day
REMEMBER = 2 * 24 * 3600


class Pace(Part):
    """Gives out slots, and remembers events."""

    async def next_slots(
        self,
        name: str,
        count: int = 1,
        *,
        now: float,
        interval: float,
        burst: int,
        patience: float = math.inf,
        calm: bool = False,
    ) -> Sequence[float]:
        """Reserve the next calls of a rate-limited API for all processes; return how long to wait for each.

        A first one of more than `patience` means that nothing was reserved, and for who is calm any wait that is
        worth the name.
        """

        def work(sqlite: sqlite3.Connection) -> Sequence[float]:
            before = pace_of(sqlite, name)
            after, delays = before.slots(count, now, interval=interval, burst=burst, patience=patience, calm=calm)
            if after is not before:
                keep(sqlite, name, after)
            return delays

        return await self.db.write(work)

    async def hold_slots(self, name: str, *, until: float) -> None:
        """Give out no slot before `until`: the API said so."""

        def work(sqlite: sqlite3.Connection) -> None:
            keep(sqlite, name, pace_of(sqlite, name).hold(until))

        await self.db.write(work)

    async def slow_down(self, name: str, *, now: float, until: float, interval: float) -> None:
        """Do as `hold_slots`, and give out fewer slots a second from then on: the API was called too often."""

        def work(sqlite: sqlite3.Connection) -> None:
            keep(sqlite, name, pace_of(sqlite, name).slower(now, until=until, setting=1 / interval))

        await self.db.write(work)

    async def first_sight(self, event_id: str, *, now: float) -> bool:
        """Remember one of Slack's events; False when it was seen before."""

        def work(sqlite: sqlite3.Connection) -> bool:
            sqlite.execute("delete from seen where at < ?", (now - REMEMBER,))
            added = sqlite.execute(
                "insert into seen (event_id, at) values (?, ?) on conflict do nothing", (event_id, now)
            )
            return added.rowcount == 1

        return await self.db.write(work)


def pace_of(sqlite: sqlite3.Connection, name: str) -> Remembered:
    row = sqlite.execute("select next_free, held, rate, refused, since from pace where name = ?", (name,)).fetchone()
    return Remembered(**dict(row)) if row else Remembered()


def keep(sqlite: sqlite3.Connection, name: str, pace: Remembered) -> None:
    sqlite.execute(
        """
        insert into pace (name, next_free, held, rate, refused, since)
        values (:name, :next_free, :held, :rate, :refused, :since)
        on conflict (name) do update set
            next_free = :next_free, held = :held, rate = :rate, refused = :refused, since = :since""",
        {"name": name, **asdict(pace)},
    )
