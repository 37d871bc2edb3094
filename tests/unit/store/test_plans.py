"""Every statement of daily work goes along an index, so that it costs the same in a year."""

import sqlite3
import time
from collections.abc import Iterator
from typing import Any

import pytest

from bot.domain.request import Action, Choice, State
from tests.contract.store.world import (
    BUNDLE,
    EVE,
    JANE,
    LEASE,
    NOW,
    approved,
    claimed,
    decided,
    everything_shown,
    finished,
    opened,
    pending,
    submitted,
)

WORK = ("select", "insert", "update", "delete", "with")
#: what is read along, is so by its nature: hits of a search, and rows that the statement itself has made
READ_ALONG = {"offer_words", "waiting", "CONSTANT", "customer", "known", "mine"}


def scanned(sqlite: sqlite3.Connection, statement: str) -> Iterator[str]:
    for row in sqlite.execute(f"explain query plan {statement}").fetchall():
        words = row["detail"].split()
        if words[0] == "SCAN" and words[1] not in READ_ALONG:
            yield row["detail"]


async def daily_work(store: Any) -> None:
    done = await finished(store, await approved(store))
    await everything_shown(store)
    waiting = await pending(store, "form-2", outside=("UEVE",))
    (card, *_) = await claimed(store)
    await store.postpone_message(card.message, until=NOW, error="ratelimited", now=NOW)
    (card, *_) = await claimed(store)
    await store.give_up_message(card.message, error="is_archived", now=NOW)
    await decided(store, waiting, Choice.DENY)
    await store.rivals(JANE, done.request.offer.id)
    await store.given("kajabi", JANE)
    await store.asked_since(0, requester="UADA", but=done.request.id)
    await store.asked_since(0, contact=JANE)
    await store.asked_for_each(done.request.id, 0)
    await store.brought_about(done.request.id)
    await finished(store, await approved(store, "form-3", action=Action.REVOKE, parent=done.request.id))
    await store.history(done.request.id)
    await store.requests()
    await store.requests(requester="UADA", before=NOW)
    await store.requests(states=frozenset({State.PENDING}), requester="UADA")
    await store.requests(states=frozenset(State), before=NOW)
    await store.requests(customers=[JANE], requester="UADA", wanted=lambda _: True, since=0)
    await store.last_provider("CSALES")
    await store.in_thread("CSALES", "1.000100")
    await store.asked_before(done.request.id, channel="CSALES", ts="2.0")
    await store.first_sight("Ev1", now=NOW)
    await store.remember_offers("kajabi", [BUNDLE], now=NOW, whole=True)
    await store.remember_offers("kajabi", [BUNDLE], now=NOW, whole=False)
    await store.suggest("kajabi", "bun", limit=5)
    await store.suggest("kajabi", "", limit=5)
    await store.cached_offer("kajabi", "7")
    await store.offers_age("kajabi", now=NOW)
    await store.next_slots("kajabi", now=NOW, interval=1, burst=1)
    await store.hold_slots("kajabi", until=NOW)
    await store.slow_down("kajabi", now=NOW, until=NOW, interval=1)
    await store.claim_requests(now=NOW, lease=LEASE, limit=10)
    await store.check_writable(now=NOW)


#: of SQLite's full-text index, which reads a handful of settings once in a while
OWN = "offer_words_config"


async def test_no_statement_of_daily_work_reads_a_whole_table(tmp_path):
    statements: list[str] = []
    async with opened(tmp_path) as store:
        store.db.sqlite.set_trace_callback(statements.append)
        await daily_work(store)
        store.db.sqlite.set_trace_callback(None)
        work = {one.strip() for one in statements if one.strip().lower().startswith(WORK) and OWN not in one}
        slow = {one: found for one in work if (found := list(scanned(store.db.sqlite, one)))}

    assert len(work) > 80
    assert slow == {}


async def test_no_statement_sorts_more_than_it_returns(tmp_path):
    statements: list[str] = []
    async with opened(tmp_path) as store:
        await pending(store)
        store.db.sqlite.set_trace_callback(statements.append)
        await store.requests(limit=3)
        await store.requests(requester="UADA", limit=3)
        await store.requests(states=frozenset({State.PENDING}), limit=3)
        await store.claim_requests(now=NOW, lease=LEASE, limit=3)
        await store.claim_changes(now=NOW, lease=LEASE, limit=3)
        await store.claim_messages(now=NOW, lease=LEASE, limit=3)
        await store.suggest("kajabi", "x", limit=3)
        await store.last_provider("CSALES")
        store.db.sqlite.set_trace_callback(None)
        limited = [one for one in statements if " limit " in one]
        plans = [row["detail"] for one in limited for row in store.db.sqlite.execute(f"explain query plan {one}")]

    assert len(limited) >= 6
    assert [plan for plan in plans if "TEMP B-TREE" in plan] == []


async def test_what_was_queued_is_claimed_without_comparing_each_with_all(tmp_path):
    statements: list[str] = []
    async with opened(tmp_path) as store:
        store.db.sqlite.set_trace_callback(statements.append)
        await store.claim_changes(now=NOW, lease=LEASE, limit=3)
        store.db.sqlite.set_trace_callback(None)
        claims = [one for one in statements if " limit " in one]
        plans = [[row["detail"] for row in store.db.sqlite.execute(f"explain query plan {one}")] for one in claims]

    assert len(plans) == 2, "what ends by itself comes after what somebody waits for"
    assert all("SEARCH change USING INDEX change_queued (queued>?)" in plan for plan in plans)
    assert [step for plan in plans for step in plan if "CORRELATED" in step] == []


MULTIPLY = """
    with recursive n (i) as (select 1 union all select i + 1 from n where i < ?)
    insert into request select
        number + i, 'X-' || i, action, provider, state, team, requester, channel, offer, reason, created - i, version,
        fingerprint, preview, welcome_email, creates_contact, parent, 'x' || i, updated, decided, expires, reminded,
        troubled, left_so, due, attempts, note, worker, editors, asked_in, term, planned, size, file_name, bad,
        repeated, held
    from n, (select * from request limit 1)"""


@pytest.mark.parametrize("method", ["page", "waiting", "claim"])
async def test_a_hundred_thousand_requests_cost_no_more_than_a_few(tmp_path, method):
    async def once(store: Any) -> float:
        start = time.perf_counter()
        if method == "page":
            await store.requests(before=NOW - 50, limit=10)
        elif method == "waiting":
            await store.requests(states=frozenset({State.DENIED}), limit=10)
        else:
            await store.claim_requests(now=NOW - 1, lease=LEASE, limit=10)
        return time.perf_counter() - start

    async with opened(tmp_path) as store:
        await submitted(store, requester=EVE)
        store.db.sqlite.execute(MULTIPLY, (100,))
        few = min([await once(store) for _ in range(20)])
        store.db.sqlite.execute("delete from request where id like 'X-%'")
        store.db.sqlite.execute(MULTIPLY, (100_000,))
        many = min([await once(store) for _ in range(20)])

    assert many < few * 3 + 0.001


async def test_a_page_of_what_is_rare_looks_at_so_many_and_goes_on_there(tmp_path):
    async with opened(tmp_path) as store:
        await submitted(store, requester=EVE)
        store.db.sqlite.execute(MULTIPLY, (5000,))
        pages = [await store.requests(wanted=lambda one: one.id == "X-4990")]
        while pages[-1].next is not None:
            pages.append(await store.requests(wanted=lambda one: one.id == "X-4990", before=pages[-1].next))

    assert [[one.id for one in page.requests] for page in pages] == [[], [], ["X-4990"]]
