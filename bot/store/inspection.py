"""Is the database in order? Asked without creating, migrating or changing it."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlite_utils import Database

from bot.domain.errors import Misconfigured, StoreUnavailable
from bot.ports import Check
from bot.store.connection import connect_to_read, errors_as_ours, transaction
from bot.store.migrations import offerdesk, refuse_newer

NAME = "DATABASE_URL"


def inspect(path: Path) -> Check:
    """Say whether a start could work with this file, or could make it."""
    try:
        says = _existing(path) if path.exists() else _missing(path)
    except (Misconfigured, StoreUnavailable) as problem:
        return Check(name=NAME, ok=False, says=str(problem).removeprefix(f"{NAME}: "))
    return Check(name=NAME, ok=True, says=says)


def demand_existing(path: Path) -> None:
    """Raise `Misconfigured` unless there is a database of Offerdesk's."""
    if not path.exists():
        raise Misconfigured(
            f"{NAME}: there is no {path.absolute()}: name the bot's database, or run this in the folder where it runs."
        )
    with closing(connect_to_read(path)) as sqlite, errors_as_ours():
        _demand_ours(sqlite, path)


def _missing(path: Path) -> str:
    folder = path.absolute().parent
    if not folder.is_dir():
        raise Misconfigured(f"the folder {folder} does not exist: create it, for the bot's user.")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise Misconfigured(f"the folder {folder} cannot be written: give it to the bot's user.")
    return f"{path} is not there yet; the first start creates it."


def _existing(path: Path) -> str:
    for one in (path.absolute().parent, path):
        if not os.access(one, os.W_OK):
            raise Misconfigured(f"{one} cannot be written: give it to the bot's user.")
    if path.stat().st_size == 0:
        return f"{path} is empty; the first start fills it."
    with closing(connect_to_read(path)) as sqlite, errors_as_ours():
        _demand_ours(sqlite, path)
        db = Database(sqlite)
        refuse_newer(db)
        waiting = len(offerdesk.pending(db))
        _demand_writable(sqlite)
    level = f"the next start makes {waiting} migrations" if waiting else "up to date"
    return f"{path} can be written; {level}."


def _demand_ours(sqlite: sqlite3.Connection, path: Path) -> None:
    if not offerdesk.applied(Database(sqlite)):
        raise Misconfigured(f"{NAME}: {path} is not a database of Offerdesk's: name another file.")


def _demand_writable(sqlite: sqlite3.Connection) -> None:
    """Commit a page as it is: that nothing is refused beforehand does not prove that there is room for it."""
    sqlite.execute("PRAGMA query_only = OFF")
    version = int(sqlite.execute("PRAGMA user_version").fetchone()[0])
    with transaction(sqlite):
        sqlite.execute(f"PRAGMA user_version = {version}")
