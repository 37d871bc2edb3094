import shutil
import sqlite3

import pytest

from bot.domain.errors import Misconfigured
from bot.store import open_archive
from tests.contract.store.world import approved, decided, everything_shown, finished, opened, pending, submitted


@pytest.fixture
async def database(tmp_path):
    async with opened(tmp_path) as store:
        await finished(store, await approved(store))
        await everything_shown(store)
        await decided(store, await pending(store, "form-2"), note="looks right")
    return tmp_path / "offerdesk.db"


def proof(path):
    with open_archive(f"sqlite:///{path}") as archive:
        return archive.verify()


def forged(path, *statements):
    """Change the audit as somebody would who has the file and knows SQLite."""
    with sqlite3.connect(path) as forger:
        for trigger in ("event_stays", "event_unchanged", "event_next"):
            forger.execute(f"drop trigger {trigger}")
        for statement in statements:
            forger.execute(statement)
    forger.close()
    return proof(path)


def test_an_untouched_chain_holds(database):
    found = proof(database)

    assert found.broken is None
    assert found.rows == 9


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("update event set person = 'UADA' where seq = 3", 3),
        ("update event set team = 'T2' where seq = 3", 3),
        ("update event set at = at + 0.001 where seq = 2", 2),
        ("update event set name = 'request.denied' where seq = 3", 3),
        ("update event set data = replace(data, '\"7\"', '\"8\"') where seq = 1", 1),
        ("update event set request_id = null where seq = 4", 4),
        ("update event set hash = upper(hash) where seq = 5", 5),
        ("delete from event where seq = 1", 1),
        ("delete from event where seq = 4", 4),
        ("delete from event where seq = 9", 9),
        ("delete from event", 1),
        ("insert into event select 10, name, at, request_id, team, person, data, hash from event where seq = 9", 10),
    ],
)
def test_a_changed_removed_or_added_row_is_found(database, statement, broken):
    assert forged(database, "delete from note", statement).broken == broken


def test_a_row_taken_out_and_the_rest_moved_up_is_found(database):
    found = forged(
        database, "delete from note", "delete from event where seq = 4", "update event set seq = seq - 1 where seq > 4"
    )

    assert found.broken == 4


def test_two_rows_that_changed_places_are_found(database):
    swap = (
        "update event set seq = 100 where seq = 2",
        "update event set seq = 2 where seq = 3",
        "update event set seq = 3 where seq = 100",
    )
    assert forged(database, "delete from note", *swap).broken == 2


@pytest.mark.parametrize(
    "statement",
    [
        "update event set name = 'x' where seq = 1",
        "delete from event where seq = 8",
        "insert or replace into event values (3, 'x', 0, null, null, null, '{}', '')",
        "insert into event values (20, 'x', 0, null, null, null, '{}', '')",
    ],
)
def test_the_database_itself_refuses_to_change_what_has_happened(database, statement):
    with sqlite3.connect(database) as other, pytest.raises(sqlite3.IntegrityError, match="append-only"):
        other.execute(statement)
    other.close()


def test_the_export_has_every_line_and_nothing_people_wrote(database):
    with open_archive(f"sqlite:///{database}") as archive:
        lines = list(archive.export())
        rest = list(archive.export(after=6))

    assert [event.seq for event, _ in lines] == list(range(1, 10))
    assert rest == lines[6:]
    assert lines[2][0].name == "request.approved"
    assert all(len(digest) == 64 for _, digest in lines)
    assert "looks right" not in repr(lines)
    assert "jane@example.com" not in repr(lines).casefold()


async def test_the_audit_is_read_beside_a_running_bot_and_changes_nothing(tmp_path):
    async with opened(tmp_path) as store:
        await submitted(store)
        with open_archive(f"sqlite:///{tmp_path / 'offerdesk.db'}") as archive:
            lines = archive.export()
            next(lines)
            await submitted(store, "form-2")
            assert archive.verify().rows == 2
            with pytest.raises(sqlite3.OperationalError, match="readonly"):
                archive.sqlite.execute("delete from note")


def test_a_missing_database_is_not_made_by_looking_for_it(tmp_path):
    with pytest.raises(Misconfigured, match="cannot be read"), open_archive(f"sqlite:///{tmp_path / 'none.db'}"):
        pass
    assert list(tmp_path.iterdir()) == []


async def test_the_files_copied_at_any_moment_open_and_verify(tmp_path):
    moments = []

    def copy(statement):
        moments.append(statement)
        folder = tmp_path / f"moment-{len(moments)}"
        folder.mkdir()
        for name in ("offerdesk.db", "offerdesk.db-wal"):
            shutil.copy(tmp_path / name, folder / name)

    async with opened(tmp_path) as store:
        await submitted(store)
        store.db.sqlite.set_trace_callback(copy)
        case = await approved(store, "form-2")
        store.db.sqlite.set_trace_callback(None)

    assert len(moments) > 30
    for number in range(1, len(moments) + 1):
        folder = tmp_path / f"moment-{number}"
        assert proof(folder / "offerdesk.db").broken is None
        async with opened(folder) as store:
            found = await store.case(case.request.id)
            told = await store.history(case.request.id)
        assert len(told) == (0 if found is None else {"preparing": 1, "pending": 2, "approved": 3}[found.request.state])
