"""A database from before budgets: what was granted in it counts."""

import sqlite3
from contextlib import closing
from typing import Any

from bot.domain.policy import Scope
from bot.domain.request import Action, ChangeState
from tests.contract.store.listed import approved_list, ended, row
from tests.contract.store.world import NOW, approved, finished, opened, pending


async def test_what_was_granted_before_there_were_budgets_counts(tmp_path):
    async with opened(tmp_path) as store:
        await finished(store, await approved(store, "form-1"))
        await finished(store, await approved(store, "form-2", offer_id="8"), ChangeState.FAILED)
        await pending(store, "form-3", offer_id="9")
    with closing(sqlite3.connect(tmp_path / "offerdesk.db", isolation_level=None)) as older:
        older.execute("drop table spending")
        older.execute("delete from _sqlite_migrations where name in ('m011_spending', 'm025_given_back')")
    async with opened(tmp_path) as store:
        used = await store.used(Scope(requesters=frozenset({"UADA"}), since=NOW, until=NOW + 1))

    assert (used.requests, used.values) == (1, {"USD": 4900})


async def test_what_was_given_back_of_lists_is_counted_customer_by_customer(tmp_path):
    async with opened(tmp_path) as store:
        grant = await approved_list(store, "list-1", count=3)
        await ended(store, grant, *[ChangeState.SUCCEEDED] * 3)
        undo: dict[str, Any] = {"action": Action.REVOKE, "parent": grant.request.id}
        await ended(store, await approved_list(store, "undo-1", rows=(row(2),), **undo), ChangeState.SUCCEEDED)
    with closing(sqlite3.connect(tmp_path / "offerdesk.db", isolation_level=None)) as older:
        older.execute("update spending set undone = 1")
        older.execute("alter table spending drop column customers")
        older.execute("delete from _sqlite_migrations where name = 'm025_given_back'")
    async with opened(tmp_path) as store:
        used = await store.used(Scope(requesters=frozenset({"UADA"}), since=NOW, until=NOW + 1))

    assert (used.requests, used.values) == (1, {"USD": 2 * 4900})
