"""A database from before customers were told apart by their ids: two changes for one of them may be under way."""

import sqlite3
from contextlib import closing

from tests.contract.store.world import NOW, approved, found, opened, sent


async def test_two_changes_under_way_for_one_customer_do_not_keep_the_bot_from_starting(tmp_path):
    async with opened(tmp_path) as store:
        cases = [await approved(store, "form-1"), await approved(store, "form-2", address="+491701234567")]
        await sent(store, cases[0])
    with closing(sqlite3.connect(tmp_path / "offerdesk.db", isolation_level=None)) as older:
        for index in ("one_sent_to", "request_place"):
            older.execute(f"drop index {index}")
        for column in ("ids", "in_part"):
            older.execute(f"alter table change drop column {column}")
        older.execute("delete from _sqlite_migrations where name like 'm%_named'")
        older.execute("update change set sent = ?, sent_to = 'c9'", (NOW,))
    async with opened(tmp_path) as store:
        kept = [(await found(store, case)).main for case in cases]

    assert [(one.sent, one.sent_to) for one in kept] == [(NOW, "c9"), (NOW, None)]
