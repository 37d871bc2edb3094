"""Keeps requests on disk. `open_store` is the door; nothing outside knows what is behind it."""

import random
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from bot.domain.errors import Misconfigured, StoreUnavailable
from bot.domain.notices import Notices
from bot.ports import Clock
from bot.store import workers
from bot.store.archive import Archive
from bot.store.connection import connect_to_read
from bot.store.database import Database
from bot.store.migrations import migrate
from bot.store.sqlite import SqliteStore

__all__ = ["Archive", "SqliteStore", "database_path", "open_archive", "open_store"]

SCHEME = "sqlite:///"
#: seconds; less than Slack gives an answer, so that who clicks meanwhile is told what is wrong
PATIENCE = 1.5


@asynccontextmanager
async def open_store(
    url: str,
    *,
    notices: Notices,
    clock: Clock,
    randomness: random.Random | None = None,
    patience: float = PATIENCE,
) -> AsyncIterator[SqliteStore]:
    """Open the database that the URL names, brought up to date.

    `patience`: how many seconds a locked file is tried again before `StoreUnavailable`.
    """
    db = Database(database_path(url), patience=patience)
    try:
        migrate(db.sqlite)
        try:
            worker = await db.write(lambda sqlite: workers.enter(sqlite, db.path, now=clock()))
        except OSError as error:
            raise StoreUnavailable(f"{db.path.parent}: {error.strerror}") from error
        try:
            yield SqliteStore(
                db=db, notices=notices, randomness=randomness or random.SystemRandom(), worker=worker.number
            )
        finally:
            await leave(db, worker, now=clock())
    finally:
        db.close()


async def leave(db: Database, worker: workers.Worker, *, now: float) -> None:
    """Give back what is leased; when that cannot be written, the next start finds this process gone."""
    try:
        await db.write(lambda sqlite: workers.release(sqlite, worker.number, now=now))
    except StoreUnavailable:
        pass
    finally:
        worker.unlock()


@contextmanager
def open_archive(url: str) -> Iterator[Archive]:
    """Open the database for `audit verify` and `audit export`, which change nothing in it."""
    sqlite = connect_to_read(database_path(url))
    try:
        yield Archive(sqlite)
    finally:
        sqlite.close()


def database_path(url: str) -> Path:
    """Return the file that DATABASE_URL names: `sqlite:///relative.db` or `sqlite:////absolute.db`."""
    path = url.removeprefix(SCHEME)
    if not url.startswith(SCHEME) or path in {"", ":memory:"}:
        raise Misconfigured("DATABASE_URL must be sqlite:///path; Postgres is not supported.")
    return Path(path)
