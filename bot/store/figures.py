"""Figures for whoever watches the bot from outside."""

import sqlite3

from bot.ports import Figures
from bot.store import pausing
from bot.store.part import Part

OPEN_STATES = ("preparing", "pending", "approved", "executing", "unknown")
DUE = {"requests": "request", "changes": "change", "messages": "message"}


class Watch(Part):
    """Counts what has happened and what is late; each question is answered by an index."""

    async def figures(self, *, after: int | None, now: float) -> Figures:
        """Count events after a position (None: none of them), open requests, and how late the oldest due row is."""

        def work(sqlite: sqlite3.Connection) -> Figures:
            last = int(sqlite.execute("select coalesce(max(seq), 0) from event").fetchone()[0])
            counted = sqlite.execute(
                "select name, count(*) from event where seq > ? group by name", (last if after is None else after,)
            )
            events = {str(name): int(count) for name, count in counted}
            waiting = {
                state: int(sqlite.execute("select count(*) from request where state = ?", (state,)).fetchone()[0])
                for state in OPEN_STATES
            }
            paused = pausing.current(sqlite) is not None
            held_back = {"change": " and sent is not null"} if paused else {}
            oldest = {
                kind: sqlite.execute(
                    f"select min(due) from {table} where due is not null{held_back.get(table, '')}"  # noqa: S608 - constants
                ).fetchone()[0]
                for kind, table in DUE.items()
            }
            late = {kind: max(now - due, 0.0) if due is not None else 0.0 for kind, due in oldest.items()}
            return Figures(last=last, events=events, waiting=waiting, late=late, paused=paused)

        return await self.db.read(work)
