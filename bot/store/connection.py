"""How a file is opened, what a transaction is, and whose fault an error of SQLite was."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.domain.errors import Misconfigured, StoreUnavailable

OLDEST_SQLITE = (3, 35)
#: SQLite itself waits this long for a lock, and the whole event loop with it
BUSY_MILLISECONDS = 5

LOCKED = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL})
UNWRITABLE = frozenset(
    {
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_READONLY,
    }
)


@contextmanager
def transaction(sqlite: sqlite3.Connection, begin: str = "BEGIN IMMEDIATE") -> Iterator[None]:
    """All or nothing. Nothing is awaited inside: another transaction on this connection would become part of it."""
    sqlite.execute(begin)
    try:
        yield
        sqlite.execute("COMMIT")
    except BaseException:
        if sqlite.in_transaction:  # a full disk has rolled back by itself
            sqlite.execute("ROLLBACK")
        raise


def connect(path: Path) -> sqlite3.Connection:
    """Open the file, or create it for its owner alone."""
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise Misconfigured(
            f"This Python brings SQLite {sqlite3.sqlite_version}; Offerdesk needs 3.35 or newer. Use a newer Python."
        )
    if not path.parent.is_dir():
        raise Misconfigured(f"DATABASE_URL: the folder {path.parent} does not exist. Create it first.")
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise StoreUnavailable(f"{path}: {error.strerror}") from error
    sqlite = sqlite3.connect(path, isolation_level=None, timeout=BUSY_MILLISECONDS / 1000)
    sqlite.row_factory = sqlite3.Row
    try:
        with errors_as_ours():
            prepare(sqlite)
    except BaseException:
        sqlite.close()
        raise
    return sqlite


def prepare(sqlite: sqlite3.Connection) -> None:
    """Set what SQLite does not remember in the file."""
    sqlite.execute("PRAGMA foreign_keys = ON")
    sqlite.execute("PRAGMA recursive_triggers = ON")  # or REPLACE would delete audit rows behind their trigger
    sqlite.execute("PRAGMA secure_delete = ON")  # a forgotten address is not to linger in free pages
    sqlite.execute("PRAGMA synchronous = FULL")
    if sqlite.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        with sqlite_waits(sqlite):
            sqlite.execute("PRAGMA journal_mode = WAL")


def connect_to_read(path: Path) -> sqlite3.Connection:
    """Open a file that is there, and change nothing in it."""
    try:
        sqlite = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None)
        sqlite.row_factory = sqlite3.Row
        sqlite.execute("PRAGMA query_only = ON")
        sqlite.execute("select count(*) from sqlite_master")
    except sqlite3.DatabaseError as error:
        raise Misconfigured(f"DATABASE_URL: {path} cannot be read ({error}).") from error
    return sqlite


@contextmanager
def sqlite_waits(sqlite: sqlite3.Connection, *, seconds: float = 5) -> Iterator[None]:
    """Let SQLite itself wait for locks: only while nothing else runs, at the start and at the end."""
    sqlite.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")
    try:
        yield
    finally:
        sqlite.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")


def primary_code(error: BaseException | None) -> int:
    """Return SQLite's error code without its refinement, which is in the higher bits."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def is_locked(error: BaseException | None) -> bool:
    return primary_code(error) in LOCKED


def as_ours(error: Exception) -> Exception:
    """Turn what the disk or another process did into `StoreUnavailable`; a fault of our own stays what it is."""
    if primary_code(error) in LOCKED | UNWRITABLE:
        unavailable = StoreUnavailable(str(error))
        unavailable.__cause__ = error
        return unavailable
    return error


@contextmanager
def errors_as_ours() -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        ours = as_ours(error)
        raise ours from ours.__cause__
