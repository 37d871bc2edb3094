"""The requests as they are on disk, read by somebody who is not the bot."""

import asyncio
import sqlite3
from contextlib import asynccontextmanager, closing, suppress
from time import time

#: how often somebody looks whether anything has happened, in seconds
BLINK = 0.1
UNKNOWN = """
    select change.action, contact.id, change.offer_id from change join contact on contact.ref = change.contact_ref
    where change.request_id = ? and change.state = 'unknown'"""
#: the dates of an end that nobody is at yet come nearer
PASSES = (
    """
    update change set due = :now where request_id = :end and state = 'todo' and sent is null and due > :now
        and exists (select 1 from request where id = :end and state = 'approved' and planned > :now)""",
    "update request set planned = :now, due = :now where id = :end and state = 'approved' and planned > :now",
)
PATIENCE = 30.0


class Book:
    def __init__(self, database):
        self.database = database
        #: requests by their reason, and ends by the grant that they end
        self.rows: dict[str, dict] = {}
        self.ends: dict[str, dict] = {}
        self.owed = 0
        self._sqlite: sqlite3.Connection | None = None

    @asynccontextmanager
    async def kept(self):
        # one connection that stays: the last one that closes would tidy up what a killed bot has left behind
        with closing(sqlite3.connect(f"{self.database.as_uri()}?mode=ro", uri=True)) as self._sqlite:
            self._sqlite.row_factory = sqlite3.Row
            reading = asyncio.create_task(self._read())
            try:
                yield
            finally:
                reading.cancel()

    async def nobody_is_owed_anything(self):
        while self.owed:  # noqa: ASYNC110 - another process has no event to wait for
            await asyncio.sleep(BLINK)

    def unknown(self, request):
        """What nobody can tell of a request: action, contact, offer."""
        with suppress(sqlite3.OperationalError):
            return [tuple(row) for row in self._sqlite.execute(UNKNOWN, (request,))]
        return []

    async def passes(self, end):
        """Let the time pass after which something ends by itself."""
        await asyncio.to_thread(self._passes, end)  # a frozen bot may have the file for itself

    def _passes(self, end):
        with (
            suppress(sqlite3.OperationalError),
            closing(sqlite3.connect(self.database, timeout=PATIENCE)) as sqlite,
            sqlite,
        ):
            for statement in PASSES:
                sqlite.execute(statement, {"end": end, "now": time()})

    async def _read(self):
        while True:
            with suppress(sqlite3.OperationalError):  # a bot that starts has the file for itself for a moment
                rows = [dict(row) for row in self._sqlite.execute("select * from request order by number")]
                self.rows = {row["reason"]: row for row in rows if row["planned"] is None}
                self.ends = {row["parent"]: row for row in rows if row["planned"] is not None}
                self.owed = self._sqlite.execute("select count(*) from message where due is not null").fetchone()[0]
            await asyncio.sleep(BLINK)
