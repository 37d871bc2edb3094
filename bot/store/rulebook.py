"""Which content of the rules is followed: a change of it is an event."""

import sqlite3

from bot.domain.request import AuditEvent
from bot.store import audit, outbox, redrawing
from bot.store.part import Part


class Rulebook(Part):
    """Remembers the rules by their hash."""

    async def follow_policy(self, digest: str, *, source: str, now: float) -> AuditEvent | None:
        """Remember which rules are followed from now on, and tell of a change; None where there is none.

        The very first rules change nothing. Each question that is asked by them names their hash.
        """

        def work(sqlite: sqlite3.Connection) -> AuditEvent | None:
            row = sqlite.execute("select digest from rulebook").fetchone()
            if row is not None and row["digest"] == digest:
                return None
            sqlite.execute("insert or replace into rulebook (one, digest) values (1, ?)", (digest,))
            if row is None:
                return None
            data = {"from": row["digest"], "to": digest, "source": source}
            event = self._told(sqlite, AuditEvent(name="policy.changed", at=now, data=data))
            redrawing.everybodys(sqlite, now=now)
            return event

        event = await self.db.write(work)
        if event is not None:
            self.announce()
        return event

    async def refuse_policy(self, why: str, *, source: str, now: float) -> AuditEvent:
        """Tell that new rules could not be read, so that the old ones stay."""
        refused = AuditEvent(name="policy.refused", at=now, text=why, data={"source": source})
        event = await self.db.write(lambda sqlite: self._told(sqlite, refused))
        self.announce()
        return event

    def _told(self, sqlite: sqlite3.Connection, event: AuditEvent) -> AuditEvent:
        event = audit.append(sqlite, event)
        for message in self.notices.to_all(event):
            outbox.put(sqlite, message, now=event.at)
        return event
