import asyncio
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.contract.store.world import LEASE, NOW, approved, claimed, decided, opened, pending, submitted

ROOT = Path(__file__).parents[3]
CLAIM_AND_HANG = """
import asyncio, sys, time
from pathlib import Path
from tests.contract.store.world import LEASE, NOW, opened

async def main():
    async with opened(Path(sys.argv[1])) as store:
        await store.claim_changes(now=NOW, lease=LEASE, limit=10)
        await store.claim_requests(now=NOW, lease=LEASE, limit=10)
        await store.claim_messages(now=NOW, lease=LEASE, limit=10)
        print("claimed", flush=True)
        time.sleep(60)

asyncio.run(main())
"""
DECIDE = """
import asyncio, sys
from pathlib import Path
from bot.domain.errors import AlreadyDecided
from bot.domain.request import Person
from tests.contract.store.world import LEASE, NOW, claimed, decided, opened

async def main():
    async with opened(Path(sys.argv[1])) as store:
        sys.stdin.readline()
        won = 0
        for request in (await store.requests(limit=1000)).requests:
            case = await store.case(request.id)
            try:
                await decided(store, case, by=Person("T1", sys.argv[2]), shown=1)
                won += 1
            except AlreadyDecided:
                pass
        changes = await store.claim_changes(now=NOW, lease=LEASE, limit=1000)
        print(won, len(changes), flush=True)

asyncio.run(main())
"""


def started(code, *arguments):
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


async def take_all(store):
    return [
        *await store.claim_requests(now=NOW, lease=LEASE, limit=10),
        *await store.claim_changes(now=NOW, lease=LEASE, limit=10),
        *await claimed(store),
    ]


async def something_due(store):
    await approved(store)
    await submitted(store, "form-2")


async def test_the_leases_of_a_killed_process_end_at_once(tmp_path):
    async with opened(tmp_path) as store:
        await something_due(store)
    with started(CLAIM_AND_HANG, tmp_path) as hung:
        assert hung.stdout.readline() == "claimed\n"
        async with opened(tmp_path) as beside:
            assert await take_all(beside) == []
        hung.kill()
        hung.wait()
        async with opened(tmp_path) as after:
            taken = await take_all(after)

    assert len(taken) == 4
    assert [file.name for file in tmp_path.iterdir()] == ["offerdesk.db"]


async def test_a_live_process_keeps_its_leases(tmp_path):
    async with opened(tmp_path) as first:
        await something_due(first)
        assert len(await take_all(first)) == 4
        async with opened(tmp_path) as second:
            assert await take_all(second) == []
            assert len(list(tmp_path.glob("*.worker-*"))) == 2


async def test_a_process_that_ends_gives_back_what_it_had_taken_and_leaves_no_file(tmp_path):
    async with opened(tmp_path) as staying:
        async with opened(tmp_path) as leaving:
            await something_due(leaving)
            assert len(await take_all(leaving)) == 4
        assert len(await take_all(staying)) == 4
    assert [file.name for file in tmp_path.iterdir()] == ["offerdesk.db"]


async def test_what_waits_for_its_time_is_not_hurried_by_a_restart(tmp_path):
    async with opened(tmp_path) as store:
        await pending(store)
        (card,) = await claimed(store)
        await store.postpone_message(card.message, until=NOW + 60, error="ratelimited", now=NOW)
    async with opened(tmp_path) as store:
        assert await take_all(store) == []


async def test_a_question_that_a_dead_process_may_have_posted_is_shown_without_buttons(tmp_path):
    async with opened(tmp_path) as store:
        case = await pending(store, outside=("UEVE",))
        await claimed(store)
    async with opened(tmp_path) as store:
        await decided(store, case)
        asked = [one.message for one in await claimed(store) if one.message.to == "UEVE"]

    assert [(one.version, one.shown) for one in asked] == [(2, 0)]


async def test_a_file_left_by_a_process_killed_while_leaving_is_swept_away(tmp_path):
    async with opened(tmp_path):
        pass
    (tmp_path / "offerdesk.db.worker-77").touch()
    (tmp_path / "offerdesk.db.worker-notes").touch()
    async with opened(tmp_path):
        pass

    assert sorted(file.name for file in tmp_path.iterdir()) == ["offerdesk.db", "offerdesk.db.worker-notes"]


async def test_a_database_that_cannot_be_written_at_the_end_is_closed_all_the_same(tmp_path):
    other = None
    async with opened(tmp_path, patience=0.1) as store:
        await something_due(store)
        await take_all(store)
        other = sqlite3.connect(tmp_path / "offerdesk.db", isolation_level=None)
        other.execute("begin immediate")
    other.close()

    async with opened(tmp_path) as store:
        assert len(await take_all(store)) == 4


@pytest.mark.parametrize("processes", [4])
async def test_processes_that_race_decide_and_claim_everything_once(tmp_path, processes):
    async with opened(tmp_path) as store:
        for number in range(25):
            await pending(store, f"form-{number}", address=f"{number}@example.com")
        racers = [started(DECIDE, tmp_path, f"UBOSS{number}") for number in range(processes)]
        for racer in racers:
            racer.stdin.write("go\n")
            racer.stdin.flush()
        answers = [await asyncio.to_thread(racer.communicate) for racer in racers]
        results = [tuple(map(int, answer[0].split())) for answer in answers]
        requests = (await store.requests(limit=100)).requests
        decisions = [case.decisions for request in requests if (case := await store.case(request.id))]

    assert sum(won for won, _ in results) == 25
    assert sum(taken for _, taken in results) >= 25
    assert [len(made) for made in decisions] == [1] * 25


async def test_stores_in_one_process_race_without_sharing_a_row(tmp_path):
    async with opened(tmp_path) as first, opened(tmp_path) as second:
        for number in range(40):
            await approved(first, f"form-{number}", address=f"{number}@example.com")
        rounds = [store.claim_changes(now=NOW, lease=LEASE, limit=3) for _ in range(20) for store in (first, second)]
        taken = [change.id for changes in await asyncio.gather(*rounds) for change in changes]

    assert len(taken) == len(set(taken)) == 40
