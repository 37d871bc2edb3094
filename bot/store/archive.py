"""The audit, opened for reading alone: beside a running bot, or a copy of its database."""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.domain.pause import Pause
from bot.domain.request import AuditEvent
from bot.store import audit, pausing
from bot.store.audit import Head, Proof


@dataclass(frozen=True)
class Archive:
    """What `audit verify` and `audit export` read."""

    sqlite: sqlite3.Connection

    def verify(self, *, heads: Sequence[Head] = ()) -> Proof:
        """Follow the chain from its first row to its last, and look for heads that were told elsewhere."""
        return audit.verify(self.sqlite, heads=heads)

    def paused(self) -> Pause | None:
        """Return the pause that stands; a database that no newer release has opened yet has none."""
        known = self.sqlite.execute("select 1 from sqlite_master where type = 'table' and name = 'pause'").fetchone()
        return pausing.current(self.sqlite) if known else None

    def export(self, *, after: int = 0) -> Iterator[tuple[AuditEvent, str]]:
        """Yield every event after a position, with its hash; without what people wrote."""
        return audit.export(self.sqlite, after=after)
