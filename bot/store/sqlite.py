"""The store on SQLite: one file, one process and one connection; more processes on the same host get along."""

import sqlite3
from dataclasses import dataclass

from bot.store.archive import Archive
from bot.store.bulk import Bulk
from bot.store.catalogue import Catalogue
from bot.store.contacts import Contacts
from bot.store.digests import Digests
from bot.store.ends import Ends
from bot.store.figures import Watch
from bot.store.homes import Homes
from bot.store.messages import Messages
from bot.store.moving import Moving
from bot.store.pace import Pace
from bot.store.pausing import Pausing
from bot.store.requests import Requests
from bot.store.rulebook import Rulebook
from bot.store.spending import Spendings
from bot.store.witnessing import Witnessing


@dataclass(kw_only=True)
class SqliteStore(
    Requests,
    Bulk,
    Ends,
    Messages,
    Digests,
    Homes,
    Pausing,
    Rulebook,
    Spendings,
    Contacts,
    Catalogue,
    Pace,
    Moving,
    Watch,
    Witnessing,
):
    """All of `bot.ports.Store`, and what administration needs."""

    async def check_writable(self, *, now: float) -> None:
        """Raise `StoreUnavailable` unless a commit reaches the disk now."""

        def work(sqlite: sqlite3.Connection) -> None:
            sqlite.execute("update worker set seen = ? where id = ?", (now, self.worker))

        await self.db.write(work)

    def archive(self) -> Archive:
        """Give the audit to read. Reading all of it takes its time, which the bot itself must not spend."""
        return Archive(self.db.sqlite)
