"""The audit, opened for reading alone: beside a running bot, or a copy of its database."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.request import AuditEvent
from bot.store import audit
from bot.store.audit import Proof


@dataclass(frozen=True)
class Archive:
    """What `audit verify` and `audit export` read."""

    sqlite: sqlite3.Connection

    def verify(self) -> Proof:
        """Follow the chain from its first row to its last."""
        return audit.verify(self.sqlite)

    def export(self, *, after: int = 0) -> Iterator[tuple[AuditEvent, str]]:
        """Yield every event after a position, with its hash; without what people wrote."""
        return audit.export(self.sqlite, after=after)
