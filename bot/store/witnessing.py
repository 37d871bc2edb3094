"""The audit's head, told elsewhere: so that cutting off its newest rows shows, too."""

import sqlite3

from bot.domain.request import AuditEvent, Message
from bot.store import audit, outbox
from bot.store.part import Part

#: the head is told once in so many seconds
DAY = 86_400.0
TAKE = "update duty set due = :next where name = 'head' and due <= :now"


class Witnessing(Part):
    """Owes the alerts channel what the audit's newest row is."""

    async def head_due(self, *, now: float) -> bool:
        """Whether it is time for the day's head."""
        row = await self.db.read(
            lambda sqlite: sqlite.execute("select 1 from duty where name = 'head' and due <= ?", (now,)).fetchone()
        )
        return row is not None

    async def tell_head(self, *, now: float, daily: bool) -> Message | None:
        """Owe the alerts channel the audit's head; None where there is nobody to tell, or nothing to be told."""

        def work(sqlite: sqlite3.Connection) -> Message | None:
            if daily and sqlite.execute(TAKE, {"now": now, "next": now + DAY}).rowcount == 0:
                return None  # another process was faster
            head = audit.head(sqlite)
            if head is None or head.seq is None or self.notices.alerts is None:
                return None
            if not daily and audit.is_told(sqlite, head):
                return None
            told = AuditEvent(name=audit.TOLD, at=now, data={"line": head.seq, "hash": head.hash})
            event = audit.append(sqlite, told)
            messages = list(self.notices.to_all(event))
            for message in messages:
                outbox.put(sqlite, message, now=now)
            return messages[0]

        message = await self.db.write(work)
        if message is not None:
            self.announce()
        return message
