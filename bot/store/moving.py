"""What a clock that was put back means for the rows."""

import sqlite3

from bot.store.part import Part

# What was due by the old time is due now, and what was to wait goes on waiting for as long as it would have. What is
# on its way is left to its holder, for a lease at most where the holder is not known by its due date; and the dates
# that people were told, of reminders, of expiry and of what ends by itself, stand as they are.
MOVED = (
    """
    update request set due = iif(worker is null, :now + max(due - :latest, 0), min(due, :now + :lease))
    where due > :now and (state = 'preparing' or (size > 0 and state in ('approved', 'executing')))""",
    """
    update change set due = iif(worker is null, :now + max(due - :latest, 0), min(due, :now + :lease))
    where due > :now
        and due <> coalesce((select planned from request where request.id = change.request_id), -1)""",
    "update message set due = :now + max(due - :latest, 0) where due > :now and worker is null",
    "update home set due = :now + max(due - :latest, 0) where due > :now and worker is null",
    "update duty set due = :now + max(due - :latest, 0) where due > :now",
    "update catalogue set read_at = 0 where read_at > :now",  # of what age it is, nobody knows
    """
    update digest set due = :now + max(due - :latest, 0), told = min(told, :now) where due > :now or told > :now""",
    """
    update pace set next_free = min(next_free, :now + max(next_free - :latest, 0)),
        held = min(held, :now + max(held - :latest, 0))""",
)


class Moving(Part):
    """Moves what is due along with the clock."""

    async def newest_event(self) -> float | None:
        """Return when the last thing happened."""
        row = await self.db.read(
            lambda sqlite: sqlite.execute("select at from event order by seq desc limit 1").fetchone()
        )
        return float(row["at"]) if row else None

    async def move_due(self, *, latest: float, now: float, lease: float) -> None:
        """Make due by the time of now what was due by the time that was shown as `latest`."""

        def work(sqlite: sqlite3.Connection) -> None:
            for statement in MOVED:
                sqlite.execute(statement, {"latest": latest, "now": now, "lease": lease})

        await self.db.write(work)
        self.announce()
