"""A database from before budgets: what was granted in it counts."""

import sqlite3
from contextlib import closing

from bot.domain.policy import Scope
from bot.domain.request import ChangeState
from tests.contract.store.world import NOW, approved, finished, opened, pending


async def test_what_was_granted_before_there_were_budgets_counts(tmp_path):
    async with opened(tmp_path) as store:
        await finished(store, await approved(store, "form-1"))
        await finished(store, await approved(store, "form-2", offer_id="8"), ChangeState.FAILED)
        await pending(store, "form-3", offer_id="9")
    with closing(sqlite3.connect(tmp_path / "offerdesk.db", isolation_level=None)) as older:
        older.execute("drop table spending")
        older.execute("delete from _sqlite_migrations where name = 'm011_spending'")
    async with opened(tmp_path) as store:
        used = await store.used(Scope(requesters=frozenset({"UADA"}), since=NOW, until=NOW + 1))

    assert (used.requests, used.values) == (1, {"USD": 4900})
