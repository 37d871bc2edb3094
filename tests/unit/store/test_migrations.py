import re
import sqlite3

import pytest

from bot.domain.errors import Misconfigured
from bot.store.connection import transaction
from bot.store.migrations import migrate, offerdesk
from tests.contract.store.world import opened, submitted


def applied(path):
    with sqlite3.connect(path) as other:
        names = [row[0] for row in other.execute("select name from _sqlite_migrations order by id")]
    other.close()
    return names


async def test_a_database_opened_again_keeps_all_and_migrates_once(tmp_path):
    async with opened(tmp_path) as store:
        case = await submitted(store)
    names = applied(tmp_path / "offerdesk.db")
    async with opened(tmp_path) as store:
        assert await store.case(case.request.id) == case

    assert applied(tmp_path / "offerdesk.db") == names
    assert names[0] == "m001_requests"


async def test_a_database_from_a_newer_release_is_refused_untouched(tmp_path):
    async with opened(tmp_path):
        pass
    path = tmp_path / "offerdesk.db"
    with sqlite3.connect(path) as newer:
        newer.execute("insert into _sqlite_migrations (migration_set, name) values ('offerdesk', 'm999_wonders')")
    newer.close()
    before = path.read_bytes()

    with pytest.raises(Misconfigured, match=r"changed by a newer release \(m999_wonders\)"):
        async with opened(tmp_path):
            pass
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_an_upgrade_that_breaks_off_leaves_the_old_schema(tmp_path):
    sqlite = sqlite3.connect(tmp_path / "x.db", isolation_level=None)
    sqlite.execute("create table pace (in_the_way)")  # the last migration stumbles over it
    with pytest.raises(sqlite3.OperationalError, match="already exists"):
        migrate(sqlite)
    tables = [row[0] for row in sqlite.execute("select name from sqlite_master where type = 'table'")]
    sqlite.close()

    assert tables == ["pace"]


def test_every_migration_runs_in_its_transaction(tmp_path):
    sqlite = sqlite3.connect(tmp_path / "x.db", isolation_level=None)
    statements: list[str] = []
    sqlite.set_trace_callback(statements.append)
    migrate(sqlite)
    sqlite.close()
    begun = next(index for index, statement in enumerate(statements) if statement.startswith("BEGIN"))
    made = [index for index, statement in enumerate(statements) if statement.strip().startswith("create ")]

    assert min(made) > begun
    assert statements[max(made) :].count("COMMIT") == 1
    assert "COMMIT" not in statements[begun : max(made)]


def test_a_transaction_that_raises_is_undone_even_by_an_interrupt(tmp_path):
    sqlite = sqlite3.connect(tmp_path / "x.db", isolation_level=None)
    sqlite.execute("create table t (x)")

    def interrupted():
        with transaction(sqlite):
            sqlite.execute("insert into t values (1)")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()

    assert sqlite.execute("select * from t").fetchall() == []
    assert not sqlite.in_transaction
    sqlite.close()


def test_the_migrations_are_a_list_in_order():
    sqlite = sqlite3.connect(":memory:", isolation_level=None)
    migrate(sqlite)
    names = [row[0] for row in sqlite.execute("select name from _sqlite_migrations order by id")]
    sqlite.close()

    assert names == sorted(names)
    assert len({name[:4] for name in names}) == len(names)
    assert all(re.fullmatch(r"m\d{3}_[a-z_]+", name) for name in names)
    assert offerdesk.name == "offerdesk"
