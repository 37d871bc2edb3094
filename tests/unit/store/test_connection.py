import asyncio
import os
import sqlite3
import stat
import time
from typing import Any

import pytest

from bot.domain.errors import Misconfigured, StoreUnavailable
from bot.domain.notices import Notices
from bot.store import open_store
from tests.contract.store.world import NOW, opened, pending, submitted


def outsider(folder):
    """Another program that has the file open."""
    return sqlite3.connect(folder / "offerdesk.db", isolation_level=None, timeout=0)


async def longest_pause(stop):
    """Measure for how long at most the event loop was held up."""
    longest, last = 0.0, time.monotonic()
    while not stop.is_set():
        await asyncio.sleep(0.001)
        longest, last = max(longest, time.monotonic() - last), time.monotonic()
    return longest


async def test_a_locked_database_is_tried_again_and_holds_nobody_up(tmp_path):
    async with opened(tmp_path) as store:
        other = outsider(tmp_path)
        other.execute("begin immediate")
        stop = asyncio.Event()
        watching = asyncio.create_task(longest_pause(stop))
        writing = asyncio.create_task(submitted(store))
        await asyncio.sleep(0.4)
        assert not writing.done()
        other.execute("rollback")
        case = await writing
        stop.set()

        assert await watching < 0.3
        assert await store.case(case.request.id) == case
        other.close()


async def test_a_database_that_stays_locked_is_an_error_with_a_sentence(tmp_path):
    async with opened(tmp_path, patience=0.2) as store:
        other = outsider(tmp_path)
        other.execute("begin immediate")
        with pytest.raises(StoreUnavailable, match=r"cannot be written \(database is locked\); nothing was done"):
            await submitted(store)
        assert (await store.requests()).requests == ()  # reading goes on
        other.execute("rollback")
        other.close()
        await submitted(store)


async def test_a_full_disk_is_an_error_with_a_sentence_and_leaves_nothing_behind(tmp_path):
    async with opened(tmp_path) as store:
        before = await submitted(store)
        pages = store.db.sqlite.execute("pragma page_count").fetchone()[0]
        store.db.sqlite.execute(f"pragma max_page_count = {pages}")
        many = asyncio.gather(*(submitted(store, f"form-{number}", reason="x" * 3000) for number in range(100)))
        with pytest.raises(StoreUnavailable, match="full"):
            await many
        store.db.sqlite.execute("pragma max_page_count = 1073741823")
        after = await submitted(store, "form-after")

        assert await store.case(before.request.id) == before
        assert len(await store.history(after.request.id)) == 1
        assert store.archive().verify().broken is None


async def test_a_disk_that_became_read_only_is_an_error_with_a_sentence(tmp_path):
    async with opened(tmp_path) as store:
        await store.check_writable(now=NOW)
        store.db.sqlite.execute("pragma query_only = on")
        with pytest.raises(StoreUnavailable, match="readonly"):
            await store.check_writable(now=NOW)
        with pytest.raises(StoreUnavailable, match="readonly"):
            await submitted(store)
        store.db.sqlite.execute("pragma query_only = off")
        await store.check_writable(now=NOW)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write to everything")
async def test_a_read_only_file_is_refused_at_the_start(tmp_path):
    async with opened(tmp_path):
        pass
    (tmp_path / "offerdesk.db").chmod(0o400)

    with pytest.raises(StoreUnavailable):
        async with opened(tmp_path):
            pass


async def test_what_is_no_file_or_no_database_is_refused_at_the_start(tmp_path):
    (tmp_path / "offerdesk.db").mkdir()
    with pytest.raises(StoreUnavailable, match="directory"):
        async with opened(tmp_path):
            pass
    (tmp_path / "offerdesk.db").rmdir()
    (tmp_path / "offerdesk.db").write_text("Dear Sir or Madam,\n" * 100)
    with pytest.raises(StoreUnavailable, match="not a database"):
        async with opened(tmp_path):
            pass


async def test_only_the_owner_may_read_the_files(tmp_path):
    async with opened(tmp_path) as store:
        await submitted(store)
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}

    assert len(modes) == 4
    assert set(modes.values()) == {0o600}


@pytest.mark.parametrize("url", ["postgres://localhost/x", "sqlite://", "sqlite:///", "sqlite:///:memory:", "x.db", ""])
async def test_other_urls_are_refused_with_a_sentence(url):
    with pytest.raises(Misconfigured, match="DATABASE_URL must be sqlite:///path; Postgres is not supported"):
        async with open_store(url, notices=Notices(), clock=time.time):
            pass


async def test_a_missing_folder_is_refused_with_a_sentence(tmp_path):
    with pytest.raises(Misconfigured, match=r"DATABASE_URL: the folder .*/nowhere does not exist"):
        async with opened(tmp_path / "nowhere"):
            pass


class FailsAt:
    """A connection whose n-th statement inside a transaction is the last thing this process does."""

    def __init__(self, sqlite, statement):
        self.sqlite, self.left = sqlite, statement

    def execute(self, sql, *values):
        if not sql.startswith(("BEGIN", "ROLLBACK")):
            self.left -= 1
            if self.left < 0:
                raise InterruptedError
        return self.sqlite.execute(sql, *values)

    def __getattr__(self, name):
        return getattr(self.sqlite, name)


def contents(folder):
    with sqlite3.connect(folder / "offerdesk.db") as other:
        tables = [row[0] for row in other.execute("select name from sqlite_master where type = 'table'")]
        found = {table: other.execute(f"select * from {table}").fetchall() for table in tables}  # noqa: S608 - own names
    other.close()
    return found


async def test_a_crash_between_any_two_statements_leaves_all_as_it_was(tmp_path):
    async with opened(tmp_path) as store:
        before = contents(tmp_path)
        db: Any = store.db
        sqlite = db.sqlite
        crashes = 0
        while True:
            db.sqlite = FailsAt(sqlite, crashes)
            try:
                await submitted(store, name="Jane")
                break
            except InterruptedError:
                assert contents(tmp_path) == before
                crashes += 1
        db.sqlite = sqlite

        assert crashes > 10
        assert contents(tmp_path) != before
        await pending(store, name="Jane")
