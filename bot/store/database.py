"""The database as one process uses it: one connection, one commit for all who wait, no waiting inside the event loop.

A commit costs a flush of the disk, however much is in it. So all that is to be written in the same turn of the event
loop goes into one transaction, each piece in a savepoint of its own: what one of them raises undoes that one alone.
"""

import asyncio
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from bot.domain.errors import StoreUnavailable
from bot.store.connection import as_ours, connect, errors_as_ours, is_locked, sqlite_waits, transaction

T = TypeVar("T")
#: what happens inside one transaction: it awaits nothing, and may run again when the database was locked
Work = Callable[[sqlite3.Connection], T]

#: between two tries everything else goes on
FIRST_PAUSE = 0.005
LONGEST_PAUSE = 0.2
#: so that a turn of the event loop does not become a long one
LARGEST_GROUP = 64


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Waiting:
    """A piece of work on its way to the disk."""

    work: Work[Any]
    done: "asyncio.Future[Any]"
    give_up: float

    def answer(self, result: object, error: Exception | None) -> None:
        if self.done.done():  # whoever waited has gone
            return
        if error is None:
            self.done.set_result(result)
        else:
            self.done.set_exception(as_ours(error))


class Database:
    """One file. `patience`: for how many seconds a lock that somebody else holds is waited out."""

    def __init__(self, path: Path, *, patience: float) -> None:
        self.path = path
        self.patience = patience
        self.sqlite = connect(path)
        #: while there is anybody in it, a commit is scheduled
        self.waiting: list[Waiting] = []
        self.pause = FIRST_PAUSE

    async def write(self, work: Work[T]) -> T:
        """Run `work` in a transaction that is on disk when this returns.

        Raises what `work` raises, or `StoreUnavailable`; then nothing of it was written.
        """
        loop = asyncio.get_running_loop()
        done: asyncio.Future[T] = loop.create_future()
        self.waiting.append(Waiting(work=work, done=done, give_up=time.monotonic() + self.patience))
        if len(self.waiting) == 1:
            loop.call_soon(self.commit)
        return await done

    async def write_apart(self, work: Work[T]) -> T:
        """Do as `write` with what takes long: in a thread of its own, while the event loop goes on."""
        return await asyncio.to_thread(self.run_apart, work)

    def run_apart(self, work: Work[T]) -> T:
        """Run `work` in a transaction on a connection of its own."""
        sqlite = connect(self.path)
        try:
            with errors_as_ours(), sqlite_waits(sqlite, seconds=self.patience), transaction(sqlite):
                return work(sqlite)
        finally:
            sqlite.close()

    def commit(self) -> None:
        """Run what waits and answer those who wait."""
        self.waiting = [one for one in self.waiting if not one.done.done()]
        group = self.waiting[:LARGEST_GROUP]
        try:
            outcomes = run_together(self.sqlite, [one.work for one in group])
        except Exception as error:  # noqa: BLE001 - it belongs to those who wait, not to the event loop
            if is_locked(error):
                self.try_again(error)
                return
            outcomes = [(None, error)] * len(group)
        self.pause = FIRST_PAUSE
        self.waiting = self.waiting[LARGEST_GROUP:]
        for one, (result, failed) in zip(group, outcomes, strict=True):
            one.answer(result, failed)
        if self.waiting:
            asyncio.get_running_loop().call_soon(self.commit)

    def try_again(self, error: Exception) -> None:
        """Wait for the lock, with those whose patience is not at its end."""
        until = time.monotonic() + self.pause
        for one in self.waiting:
            if one.give_up < until:
                one.answer(None, error)
        self.waiting = [one for one in self.waiting if not one.done.done()]
        if self.waiting:
            asyncio.get_running_loop().call_later(self.pause, self.commit)
        self.pause = min(self.pause * 2, LONGEST_PAUSE)

    async def read(self, work: Work[T]) -> T:
        """Run `work` on one snapshot of the database. Writers do not lock readers out, but a recovery may."""
        pause, give_up = FIRST_PAUSE, time.monotonic() + self.patience
        while True:
            try:
                with errors_as_ours(), transaction(self.sqlite, "BEGIN"):
                    return work(self.sqlite)
            except StoreUnavailable as error:
                if not is_locked(error.__cause__) or time.monotonic() + pause > give_up:
                    raise
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    def checkpoint(self) -> None:
        """Fold the log into the file, as far as no other process is using it."""
        with suppress(sqlite3.OperationalError):
            self.sqlite.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        self.sqlite.close()


def run_together(sqlite: sqlite3.Connection, works: Sequence[Work[Any]]) -> list[tuple[Any, Exception | None]]:
    """Commit all of them at once; return what each returned or raised."""
    with transaction(sqlite):
        if len(works) == 1:
            return [(works[0](sqlite), None)]
        return [run_beside(sqlite, work) for work in works]


def run_beside(sqlite: sqlite3.Connection, work: Work[Any]) -> tuple[Any, Exception | None]:
    sqlite.execute("SAVEPOINT apart")
    try:
        result = work(sqlite)
    except Exception as error:
        if not sqlite.in_transaction:  # a full disk: SQLite has undone what the others wrote, too
            raise
        sqlite.execute("ROLLBACK TO apart")
        sqlite.execute("RELEASE apart")
        return None, error
    sqlite.execute("RELEASE apart")
    return result, None
