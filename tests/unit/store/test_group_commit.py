import asyncio
import sqlite3

import pytest

from bot.domain.errors import RequestNotFound, StoreUnavailable
from bot.domain.request import Offer
from bot.store.database import LARGEST_GROUP
from tests.contract.store.listed import row
from tests.contract.store.world import BUNDLE, NOW, bulk_submission, opened, pending, submitted

#: as many as a school may have
LONG_LIST = bulk_submission("list-1", rows=tuple(map(row, range(2, 5_002))))


async def test_all_who_write_at_once_share_one_commit(tmp_path):
    statements: list[str] = []
    async with opened(tmp_path) as store:
        store.db.sqlite.set_trace_callback(statements.append)
        seen = await asyncio.gather(*(store.first_sight(f"Ev{number}", now=NOW) for number in range(LARGEST_GROUP)))
        store.db.sqlite.set_trace_callback(None)

    assert seen == [True] * LARGEST_GROUP
    assert (statements.count("BEGIN IMMEDIATE"), statements.count("COMMIT")) == (1, 1)


async def test_more_than_a_group_is_written_all_the_same(tmp_path):
    async with opened(tmp_path) as store:
        cases = await asyncio.gather(*(submitted(store, f"form-{number}") for number in range(3 * LARGEST_GROUP + 1)))

        assert len({case.request.id for case in cases}) == 3 * LARGEST_GROUP + 1
        assert store.archive().verify().rows == 3 * LARGEST_GROUP + 1
        assert store.archive().verify().broken is None


async def test_what_fails_undoes_itself_alone(tmp_path):
    def spoil(sqlite):
        sqlite.execute("delete from change")
        raise ZeroDivisionError

    async with opened(tmp_path) as store:
        case = await pending(store)
        outcomes = await asyncio.gather(
            submitted(store, "form-2"),
            store.db.write(spoil),
            store.step("R-NONE", lambda _: None),
            submitted(store, "form-3"),
            return_exceptions=True,
        )

        assert [type(outcome).__name__ for outcome in outcomes] == [
            "Case",
            "ZeroDivisionError",
            "RequestNotFound",
            "Case",
        ]
        assert isinstance(outcomes[2], RequestNotFound)
        assert await store.case(case.request.id) == case
        assert len((await store.requests()).requests) == 3


async def test_when_the_disk_is_full_nobody_is_told_that_it_was_written(tmp_path):
    async with opened(tmp_path) as store:
        pages = store.db.sqlite.execute("pragma page_count").fetchone()[0]
        store.db.sqlite.execute(f"pragma max_page_count = {pages + 4}")
        outcomes = await asyncio.gather(
            *(submitted(store, f"form-{number}", reason="x" * 3000) for number in range(20)), return_exceptions=True
        )
        kept = {request.id for request in (await store.requests(limit=100)).requests}

    told = {outcome.request.id for outcome in outcomes if not isinstance(outcome, BaseException)}
    assert told == kept
    assert any(isinstance(outcome, StoreUnavailable) for outcome in outcomes)


async def test_whoever_waits_for_a_lock_waits_no_longer_than_the_others(tmp_path):
    async with opened(tmp_path, patience=0.15) as store:
        other = sqlite3.connect(tmp_path / "offerdesk.db", isolation_level=None)
        other.execute("begin immediate")
        first = asyncio.create_task(submitted(store, "form-1"))
        await asyncio.sleep(0.1)
        second = asyncio.create_task(submitted(store, "form-2"))
        with pytest.raises(StoreUnavailable):
            await first
        assert not second.done()
        other.execute("rollback")
        other.close()

        await second


async def test_a_long_list_of_offers_leaves_others_their_turn(tmp_path):
    offers = [Offer(provider="kajabi", id=str(number), title=f"Course {number}") for number in range(2000)]
    async with opened(tmp_path) as store:
        refreshing = asyncio.create_task(store.remember_offers("kajabi", offers, now=NOW, whole=True))
        turns = 0
        while not refreshing.done():
            await submitted(store, f"form-{turns}")
            turns += 1

        assert turns > 5
        assert len(await store.suggest("kajabi", "course", limit=5000)) == 2000


async def test_others_are_served_while_a_long_list_of_customers_is_stored(tmp_path):
    async with opened(tmp_path) as store:
        other = await submitted(store, "form-1")
        storing = asyncio.create_task(store.submit_bulk([(LONG_LIST, BUNDLE)], now=NOW))
        turns = 0
        while not storing.done():
            assert await store.case(other.request.id) == other
            await asyncio.sleep(0)
            turns += 1
        ((case,), again) = await storing, await store.submit_bulk([(LONG_LIST, BUNDLE)], now=NOW)

        assert turns > 10
        assert [one.request.id for one in again] == [case.request.id]
        assert sum(case.counts.values()) == case.request.size == 5_000
        assert store.archive().verify().broken is None


async def test_a_long_list_that_gets_no_turn_is_not_stored_in_part(tmp_path):
    async with opened(tmp_path, patience=0.15) as store:
        other = sqlite3.connect(tmp_path / "offerdesk.db", isolation_level=None)
        other.execute("begin immediate")
        with pytest.raises(StoreUnavailable):
            await store.submit_bulk([(LONG_LIST, BUNDLE)], now=NOW)
        other.execute("rollback")
        other.close()

        assert (await store.requests()).requests == ()


async def test_whoever_went_away_is_not_written_for(tmp_path):
    async with opened(tmp_path) as store:
        other = sqlite3.connect(tmp_path / "offerdesk.db", isolation_level=None)
        other.execute("begin immediate")
        gone = asyncio.create_task(submitted(store, "form-1"))
        await asyncio.sleep(0.02)
        gone.cancel()
        other.execute("rollback")
        other.close()
        await submitted(store, "form-2")

        assert [request.submitted_key for request in (await store.requests()).requests] == ["form-2"]
