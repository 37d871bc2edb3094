"""The store's methods about digests: who is to be reminded of all that waits for them, and when that was done last."""

import sqlite3
from collections.abc import Callable, Sequence

from bot.domain.request import AuditEvent, Message, Request
from bot.store import audit, outbox
from bot.store.part import Part
from bot.store.rows import request_from

DUE = """
    select person from digest
    where due <= :now and (told is null or told <= :now - :period) order by due limit :limit"""

TAKE = """
    update digest set due = null where person = :person and due <= :now and (told is null or told <= :now - :period)"""

WAITING = "select * from request where state = 'pending' and expires > :now order by created"


class Digests(Part):
    """Gives out who is due, and owes them the list: once, whoever was faster."""

    async def digests_due(self, *, now: float, period: float, limit: int) -> Sequence[str]:
        """Name people who are to be reminded and were not within the last `period` seconds."""
        given = {"now": now, "period": period, "limit": limit}
        return await self.db.read(lambda sqlite: [row["person"] for row in sqlite.execute(DUE, given)])

    async def tell_digest(
        self, person: str, *, waits: Callable[[Request], bool], period: float, now: float
    ) -> Message | None:
        """Owe a person the list of what waits for them; None where nothing does, or somebody else was faster."""

        def work(sqlite: sqlite3.Connection) -> Message | None:
            if sqlite.execute(TAKE, {"person": person, "now": now, "period": period}).rowcount == 0:
                return None
            rows = sqlite.execute(WAITING, {"now": now})
            waiting = [request.id for request in map(request_from, rows) if waits(request)]
            if not waiting:
                return None
            sqlite.execute("update digest set told = ? where person = ?", (now, person))
            data = {"person": person, "requests": waiting}
            event = audit.append(sqlite, AuditEvent(name="approver.reminded", at=now, data=data))
            message = self.notices.digest(event)
            outbox.put(sqlite, message, now=now)
            return message

        message = await self.db.write(work)
        if message is not None:
            self.announce()
        return message

    async def postpone_digest(self, person: str, *, until: float) -> None:
        """Try again later."""
        await self.db.write(
            lambda sqlite: sqlite.execute(
                "update digest set due = ? where person = ? and due is not null", (until, person)
            )
        )
