"""What does it gain that all who wait at the same time share one commit?"""

import asyncio
import sqlite3
from pathlib import Path
from time import perf_counter, time

from bot.domain.notices import Notices
from bot.store import SqliteStore, open_store
from bot.store.connection import connect
from tests.bench.turns import Row, Size

ONE_ROW = "insert into seen (event_id, at) values (?, ?)"


async def commits(folder: Path, size: Size) -> list[Row]:
    """Compare the store with SQLite alone, which commits each row by itself: the same rows, tables and safety."""
    path = folder / "commits.db"
    together, alone = [], []
    async with open_store(f"sqlite:///{path}", notices=Notices(), clock=time) as store:
        sqlite = connect(path)
        for turn in range(size.rounds):
            floor = one_by_one(sqlite, size.commits, name=f"raw-{turn}")
            together.append(await in_a_crowd(store, size.commits, clients=size.clients, name=f"crowd-{turn}") / floor)
            alone.append(await in_a_crowd(store, size.commits, clients=1, name=f"alone-{turn}") / floor)
        sqlite.close()
    floor_name = "sqlite3, one transaction each"
    return [
        Row(f"commits in a second at {size.clients} clients", floor_name, together, at_least=8),
        Row("commits in a second at 1 client", floor_name, alone),
    ]


def one_by_one(sqlite: sqlite3.Connection, count: int, *, name: str) -> float:
    started = perf_counter()
    for number in range(count):
        sqlite.execute("BEGIN IMMEDIATE")
        sqlite.execute(ONE_ROW, (f"{name}-{number}", 0.0))
        sqlite.execute("COMMIT")
    return count / (perf_counter() - started)


async def in_a_crowd(store: SqliteStore, count: int, *, clients: int, name: str) -> float:
    numbers = iter(range(count))

    async def client() -> None:
        for number in numbers:
            assert await store.first_sight(f"{name}-{number}", now=0.0)

    started = perf_counter()
    await asyncio.gather(*(client() for _ in range(clients)))
    return count / (perf_counter() - started)
