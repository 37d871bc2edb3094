"""What all processes share by the clock: slots of rate-limited APIs, and which of Slack's events were seen."""

import math
import sqlite3

from bot.store.part import Part

#: Slack delivers an event again for a day
REMEMBER = 2 * 24 * 3600
#: a hold further away than any API asks for was set before the clock stepped back
LONGEST_HOLD = 3600.0


class Pace(Part):
    """Gives out slots, and remembers events."""

    async def next_slot(
        self, name: str, *, now: float, interval: float, burst: int, patience: float = math.inf
    ) -> float:
        """Reserve the next call of a rate-limited API for all processes; return how long to wait for it.

        This is GCRA: `next_free` is when the calls so far would have been made at an even pace, and `burst` of them
        may run ahead of it. A slot further away than `patience` is not reserved: nobody will use it. One that lies
        further ahead than slots are given out was given out before the clock stepped back, and counts no more.
        """
        ahead = (burst - 1) * interval

        def work(sqlite: sqlite3.Connection) -> float:
            row = sqlite.execute("select next_free, held from pace where name = ?", (name,)).fetchone()
            next_free, held = (row["next_free"], row["held"]) if row else (0.0, 0.0)
            next_free = next_free if next_free <= now + ahead + patience + interval else 0.0
            held = held if held <= now + LONGEST_HOLD else 0.0
            # no burst when a hold ends: the API has just complained
            next_free = max(next_free, held + ahead, now)
            delay = max(0.0, float(next_free) - ahead - now)
            if delay <= patience:
                sqlite.execute(
                    """
                    insert into pace (name, next_free, held) values (:name, :next_free, 0)
                    on conflict (name) do update set next_free = :next_free""",
                    {"name": name, "next_free": next_free + interval},
                )
            return delay

        return await self.db.write(work)

    async def hold_slots(self, name: str, *, until: float) -> None:
        """Give out no slot before `until`: the API said so."""

        def work(sqlite: sqlite3.Connection) -> None:
            sqlite.execute(
                """
                insert into pace (name, next_free, held) values (:name, 0, :until)
                on conflict (name) do update set held = max(held, :until)""",
                {"name": name, "until": until},
            )

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
