import asyncio
from dataclasses import replace

import pytest

from bot.catalogue import Catalogue
from bot.courier import Courier
from bot.digests import Digests
from bot.domain.request import State
from bot.engine.embedded import Embedded
from bot.engine.queues import Workers
from bot.homekeeper import Homekeeper
from bot.list_executor import ListExecutor
from bot.list_preparer import ListPreparer
from bot.timekeeper import Timekeeper
from bot.witness import Witness
from tests.unit.core.test_courier import Screen
from tests.unit.core.test_homekeeper import Wall
from tests.unit.core.world import ADA, JANE, LEASE, TIMING


@pytest.fixture
def workers(core):
    courier = Courier(core.store, Screen(), core.clock, LEASE)
    return Workers(
        store=core.store,
        preparer=core.preparer,
        timekeeper=Timekeeper(core.store, core.authority, core.town, core.clock),
        executor=core.executor,
        list_preparer=ListPreparer(core.preparer),
        list_executor=ListExecutor(
            core.store,
            {"kajabi": core.booth},
            core.executor.comparison,
            core.executor.readings,
            core.clock,
            TIMING,
            LEASE,
        ),
        courier=courier,
        homekeeper=Homekeeper(core.store, core.lookups, Wall(), core.clock, LEASE),
        digests=Digests(core.store, core.authority, core.clock, TIMING.reminder),
        witness=Witness(core.store, courier, core.clock, LEASE),
        catalogue=Catalogue(core.store, {"kajabi": core.booth}, core.clock, 900),
        clock=core.clock,
        lease=LEASE,
    )


@pytest.fixture
def queues(workers):
    return {queue.name: queue for queue in workers.queues()}


async def once(queue):
    """Work once on what is due; say how much that was."""
    claimed = await queue.claim(queue.at_once)
    for item in claimed:
        await queue.work(item)
    return len(claimed)


async def test_a_new_request_is_prepared_and_a_pending_one_is_kept_in_time(core, queues):
    case = await core.asks()

    assert await once(queues["requests"]) == 1
    assert (await core.again(case)).request.state is State.PENDING

    core.clock.passes(TIMING.reminder)
    assert await once(queues["requests"]) == 1
    assert (await core.again(case)).request.reminded == core.clock()
    core.clock.passes(TIMING.expiry)
    await once(queues["requests"])
    assert (await core.again(case)).request.state is State.EXPIRED


async def test_due_changes_are_performed(core, queues):
    await core.approved()
    await core.approved(address="new@example.com", name="New")

    assert await once(queues["changes"]) == 2

    assert sorted(core.booth.written) == ["write create", "write grant"]


async def test_changes_of_one_request_are_worked_on_together(core, workers):
    (first,) = (await core.approved()).changes
    (second,) = (await core.approved(key="form-2")).changes
    mixed = [first, second, replace(first, id=91), replace(second, id=92)]

    class Claims:
        async def claim_changes(self, **_):
            return mixed

    queue = next(one for one in replace(workers, store=Claims()).queues() if one.name == "changes")
    claimed = {changes[0].request_id: [one.id for one in changes] for changes in await queue.claim(10)}

    assert claimed == {first.request_id: [first.id, 91], second.request_id: [second.id, 92]}


async def test_what_is_claimed_is_nobody_elses_for_a_lease(core, queues):
    await core.approved()

    assert len(await queues["changes"].claim(10)) == 1
    core.clock.passes(LEASE - 1)
    assert await queues["changes"].claim(10) == []
    core.clock.passes(1)
    assert len(await queues["changes"].claim(10)) == 1


@pytest.mark.parametrize("name", ["requests", "changes", "messages"])
async def test_no_more_is_claimed_than_there_is_room_for(core, queues, name):
    for number in range(3):
        await core.asks(key=f"form-{number}", address=f"new{number}@example.com", name="New")
    if name != "requests":
        await core.prepares()
    if name == "changes":
        for request in (await core.store.requests()).requests:
            await core.decides(await core.store.case(request.id))

    assert len(await queues[name].claim(2)) == 2


async def test_messages_are_delivered_and_offers_refreshed(core, queues):
    await core.asked()

    assert await once(queues["messages"]) == 1
    assert await once(queues["offers"]) == 1
    assert await core.store.suggest("kajabi", "gold", limit=1) != []
    assert await once(queues["offers"]) == 0


async def test_from_the_form_to_the_result_nothing_waits_for_a_tick(core, workers):
    engine, committed = Embedded(workers.queues(), tick=60), asyncio.Event()
    core.store.subscribe(engine.wake)
    core.store.subscribe(committed.set)
    engine.start()

    async def something_new():
        await asyncio.wait_for(committed.wait(), 5)
        committed.clear()

    async def until(state):
        while (await core.again(case)).request.state is not state:
            await something_new()

    case = await core.asks(requester=ADA)
    await until(State.PENDING)
    await core.decides(case)
    await until(State.SUCCEEDED)
    while not any("result" in key for key in workers.courier.messenger.shown):
        await something_new()
    await engine.stop(within=5)

    assert set(core.booth.held[JANE.address]) == {"7"}
