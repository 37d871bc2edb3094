import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from bot.domain.errors import StoreUnavailable
from bot.engine.embedded import Embedded, Queue
from bot.ports import Engine

#: a tick that no test waits for, and one that every test can wait for
NEVER, SOON = 60.0, 0.01


@asynccontextmanager
async def embedded(queues: Sequence[Queue], tick: float) -> AsyncIterator[Engine]:
    engine = Embedded(queues, tick=tick)
    engine.start()
    yield engine
    await engine.stop(within=0)


ENGINES = {"embedded": embedded}


@dataclass
class Rows:
    """One kind of due row: what is claimed is due no more, and is put back when working on it failed."""

    due: list = field(default_factory=list)
    done: list = field(default_factory=list)
    claims: int = 0
    running: int = 0
    most: int = 0
    #: raised by the next claims
    troubles: list = field(default_factory=list)
    #: work waits for it
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    def __post_init__(self) -> None:
        self.gate.set()

    async def claim(self, limit: int) -> Sequence:
        await asyncio.sleep(0)
        self.claims += 1
        if self.troubles:
            raise self.troubles.pop(0)
        taken, self.due = self.due[:limit], self.due[limit:]
        return taken

    async def work(self, row: str) -> None:
        self.running += 1
        self.most = max(self.most, self.running)
        await self._tell()
        try:
            await self.gate.wait()
            if row.startswith("broken"):
                raise RuntimeError(row)
            self.done.append(row)
        finally:
            self.running -= 1
        await self._tell()

    async def until(self, so: Callable[[], bool]) -> None:
        async with asyncio.timeout(5), self.changed:
            await self.changed.wait_for(so)

    async def _tell(self) -> None:
        async with self.changed:
            self.changed.notify_all()

    def queue(self, name: str = "rows", at_once: int = 8) -> Queue:
        return Queue(name, self.claim, self.work, at_once)


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Callable:
    return ENGINES[request.param]


async def settled() -> None:
    """Let everything run that can run now."""
    for _ in range(30):
        await asyncio.sleep(0)


async def test_what_is_due_at_the_start_is_worked_on(engine):
    rows = Rows(due=["a", "b"])

    async with engine([rows.queue()], NEVER):
        await rows.until(lambda: sorted(rows.done) == ["a", "b"])


async def test_a_wake_has_it_look_now_rather_than_at_the_next_tick(engine):
    rows = Rows()
    async with engine([rows.queue()], NEVER) as running:
        await settled()
        rows.due.append("a")
        await settled()
        assert rows.done == []

        running.wake()

        await rows.until(lambda: rows.done == ["a"])


async def test_a_lost_wake_up_costs_one_tick(engine):
    rows = Rows()
    async with engine([rows.queue()], SOON):
        await settled()
        rows.due.append("a")

        await rows.until(lambda: rows.done == ["a"])


async def test_a_wake_in_the_middle_of_a_look_is_not_lost(engine):
    rows, claiming, goes_on = Rows(), asyncio.Event(), asyncio.Event()

    async def slowly(limit):
        found = await rows.claim(limit)
        if rows.claims == 1:
            claiming.set()
            await goes_on.wait()
        return found

    async with engine([Queue("rows", slowly, rows.work)], NEVER) as running:
        await claiming.wait()
        rows.due.append("a")
        running.wake()
        goes_on.set()

        await rows.until(lambda: rows.done == ["a"])


async def test_nothing_due_is_looked_for_once_a_tick_and_no_more(engine):
    rows = Rows()
    async with engine([rows.queue()], NEVER) as running:
        await settled()
        assert rows.claims == 1
        running.wake()
        await settled()
        assert rows.claims == 2


async def test_only_so_many_are_worked_on_at_once_and_the_rest_follows_by_itself(engine):
    rows = Rows(due=[f"row {number}" for number in range(10)])
    rows.gate.clear()
    async with engine([rows.queue(at_once=3)], NEVER):
        await rows.until(lambda: rows.running == 3)
        await settled()
        assert (rows.most, len(rows.due)) == (3, 7)

        rows.gate.set()

        await rows.until(lambda: len(rows.done) == 10)
    assert rows.most == 3


async def test_a_place_that_is_free_again_is_filled_while_others_still_work(engine):
    rows, gates = Rows(due=["slow", "quick", "next"]), {"slow": asyncio.Event()}

    async def work(row):
        if row in gates:
            await gates[row].wait()
        await rows.work(row)

    async with engine([Queue("rows", rows.claim, work, 2)], NEVER):
        await rows.until(lambda: rows.done == ["quick", "next"])
        gates["slow"].set()
        await rows.until(lambda: rows.done == ["quick", "next", "slow"])


async def test_a_row_that_raises_holds_nothing_up(engine, capsys):
    rows = Rows(due=["broken", "a"])

    async with engine([rows.queue(at_once=2)], NEVER):
        await rows.until(lambda: rows.done == ["a"])
        rows.due.append("b")

    assert "work failed" in capsys.readouterr().out


async def test_rows_that_raise_give_their_places_back(engine):
    rows = Rows(due=[f"broken {number}" for number in range(5)])

    async with engine([rows.queue(at_once=2)], SOON) as running:
        await settled()
        rows.due.append("a")
        running.wake()
        await rows.until(lambda: rows.done == ["a"])


async def test_what_fails_and_stays_due_is_tried_once_a_tick_and_no_more(engine):
    rows = Rows()

    async def claim(_):
        rows.claims += 1
        return ["broken"]

    async with engine([Queue("rows", claim, rows.work, 1)], NEVER) as running:
        await settled()
        running.wake()
        await settled()
        assert rows.claims == 1
    async with engine([Queue("rows", claim, rows.work, 1)], SOON):
        await rows.until(lambda: rows.claims >= 4)


async def test_a_store_that_cannot_be_written_is_asked_again_at_the_next_tick(engine, capsys):
    rows = Rows(due=["a"], troubles=[StoreUnavailable("locked"), StoreUnavailable("full")])

    async with engine([rows.queue()], SOON):
        await rows.until(lambda: rows.done == ["a"])

    assert rows.claims >= 3
    assert "claiming failed" in capsys.readouterr().out


async def test_a_full_queue_starves_no_other(engine):
    slow, quick = Rows(due=[f"row {number}" for number in range(20)]), Rows()
    slow.gate.clear()
    async with engine([slow.queue("slow", at_once=2), quick.queue("quick")], NEVER) as running:
        await slow.until(lambda: slow.running == 2)
        quick.due += ["a", "b"]
        running.wake()

        await quick.until(lambda: quick.done == ["a", "b"])

    assert slow.done == []


async def test_a_queue_that_cannot_be_claimed_stops_no_other(engine, capsys):
    broken, rows = Rows(troubles=[StoreUnavailable("locked")] * 1000), Rows(due=["a"])

    async with engine([broken.queue("broken"), rows.queue()], NEVER):
        await rows.until(lambda: rows.done == ["a"])

    assert "claiming failed" in capsys.readouterr().out


async def test_stopping_finishes_what_runs_and_leaves_the_rest(engine):
    rows = Rows(due=["a", "b", "c"])
    rows.gate.clear()
    async with engine([rows.queue(at_once=2)], SOON) as running:
        await rows.until(lambda: rows.running == 2)

        stopping = asyncio.create_task(running.stop(within=5))
        await settled()
        rows.gate.set()
        await stopping

    assert (sorted(rows.done), rows.due) == (["a", "b"], ["c"])


async def test_stopping_takes_no_longer_than_it_may(engine):
    rows = Rows(due=["a", "b"])
    rows.gate.clear()
    async with engine([rows.queue()], SOON) as running:
        await rows.until(lambda: rows.running == 2)
        began = time.monotonic()

        await running.stop(within=0.05)

        assert time.monotonic() - began < 2
    assert (rows.running, rows.done) == (0, [])


async def test_after_stopping_nothing_is_looked_for(engine):
    rows = Rows()
    async with engine([rows.queue()], SOON) as running:
        await settled()
        await running.stop(within=1)
        rows.due.append("a")
        running.wake()
        await asyncio.sleep(SOON * 5)

    assert (rows.due, rows.done) == (["a"], [])
