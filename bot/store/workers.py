"""Which processes live: each holds a lock on a file beside the database, which ends with it, however it ends.

So a restarted process need not wait for the leases of a predecessor: where the lock can be had, nobody is left.
"""

import fcntl
import os
import sqlite3
from contextlib import suppress
from pathlib import Path


class Worker:
    """This process in the database."""

    def __init__(self, number: int, file: Path, lock: int) -> None:
        self.number, self.file, self.lock = number, file, lock

    def unlock(self) -> None:
        """Take the file away and end the lock, in this order: nobody may lock a file that is about to go."""
        self.file.unlink(missing_ok=True)
        os.close(self.lock)


def file_of(path: Path, number: int) -> Path:
    return path.with_name(f"{path.name}.worker-{number}")


def enter(sqlite: sqlite3.Connection, path: Path, *, now: float) -> Worker:
    """Register this process and clear up after dead ones.

    Inside one transaction, so that no other process can take this one for dead before its file is locked.
    """
    number = int(sqlite.execute("insert into worker (seen) values (?) returning id", (now,)).fetchone()["id"])
    for other in others(sqlite, path) - {number}:
        bury(sqlite, path, other, now=now)
    file = file_of(path, number)
    lock = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return Worker(number, file, lock)


def others(sqlite: sqlite3.Connection, path: Path) -> set[int]:
    """Number all who have entered and not left, by their rows and, where one was killed while leaving, their files."""
    rows = {row["id"] for row in sqlite.execute("select id from worker")}
    prefix = file_of(path, 0).name.removesuffix("0")
    files = (file.name.removeprefix(prefix) for file in path.parent.iterdir() if file.name.startswith(prefix))
    return rows | {int(number) for number in files if number.isdecimal()}


def bury(sqlite: sqlite3.Connection, path: Path, number: int, *, now: float) -> None:
    """Make due what a dead process had taken; a live one holds its lock, and is left alone."""
    file = file_of(path, number)
    try:
        lock = os.open(file, os.O_RDWR)
    except FileNotFoundError:  # a copy of the database elsewhere, or a folder that was cleaned
        release(sqlite, number, now=now)
        return
    try:
        with suppress(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            release(sqlite, number, now=now)
            file.unlink(missing_ok=True)
    finally:
        os.close(lock)


def release(sqlite: sqlite3.Connection, number: int, *, now: float) -> None:
    """Make due what a process had taken. Its number stays in the rows: what it was doing may have been done."""
    for statement in (
        "update request set due = :now where due > :now and worker = :number",
        "update change set due = :now where due > :now and worker = :number",
        "update message set due = :now where due > :now and worker = :number",
        "update home set due = :now where due > :now and worker = :number",
        "delete from worker where id = :number",
    ):
        sqlite.execute(statement, {"now": now, "number": number})
