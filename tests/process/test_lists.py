"""Lists in a process of its own: killed wherever it is, and watched for its memory."""

import asyncio
import random
from contextlib import asynccontextmanager
from pathlib import Path
from time import time

import pytest

from bot.domain import lifecycle
from bot.domain.bulk import BulkSubmission
from bot.domain.notices import Notices
from bot.domain.request import Action, ChangeState, Choice, Offer, Person, State
from bot.domain.roster import Row
from bot.sandbox.local_world import local_world
from bot.sandbox.town import SUPPORT
from bot.store import open_store
from tests.process.world import altered, database, rows

ADA, GRACE = Person("T0SANDBOX", "U0ADA"), Person("T0SANDBOX", "U0GRACE")
#: what a list of ten thousand may take beyond what the idle bot takes, in bytes
ROOM = 60_000_000


@asynccontextmanager
async def beside(world):
    """Work on the bot's own database, as a second process would."""
    async with open_store(f"sqlite:///{database(world)}", notices=Notices(), clock=time) as store:
        yield store


def people(world, count):
    addresses = [f"p{number}@example.com" for number in range(count)]
    for address in addresses:
        world.kajabi.add_contact(address, address.partition("@")[0])
    return addresses


def pastry(world):
    return next(one for one in world.kajabi.books.offers.values() if one.title == "Pastry Basics")


async def submitted(store, world, addresses):
    offer = pastry(world)
    asked = BulkSubmission(
        action=Action.GRANT,
        provider="kajabi",
        requester=ADA,
        channel=SUPPORT,
        offer_id=offer.id,
        reason="the autumn class",
        key="list-1",
        rows=tuple(Row(line=line, customer=address) for line, address in enumerate(addresses, start=2)),
    )
    known = Offer(provider="kajabi", id=offer.id, title=offer.title, price=5900, currency="USD")
    (case,) = await store.submit_bulk([(asked, known)], now=time())
    return case


async def until(store, request_id, reached, *, within=60):
    async with asyncio.timeout(within):
        while not reached(case := await store.case(request_id)):  # noqa: ASYNC110 - it has no way to tell
            await asyncio.sleep(0.05)
        return case


async def approved(store, request_id):
    case = await until(store, request_id, lambda case: case.request.state is State.PENDING)

    def decide(found):
        return lifecycle.decide(found, Choice.APPROVE, by=GRACE, shown=case.request.version, now=time())

    await store.step(request_id, decide)


def effects(world, addresses):
    """How often each of them was given something."""
    ids = {world.kajabi.contact(address).id: address for address in addresses}
    given = dict.fromkeys(addresses, 0)
    for footprint, count in world.kajabi.books.effects.items():
        if footprint[1] in ids:
            given[ids[footprint[1]]] += count
    return given


@pytest.mark.parametrize("seed", [1, 2])
async def test_killed_again_and_again_it_does_everybody_once_and_forgets_nobody(world, seed):
    chance = random.Random(seed)
    addresses = people(world, 300)
    with altered(world.bot, KAJABI_RATE="60", LEASE_SECONDS="10"):
        await world.bot.kill()
        await world.bot.start()
        async with beside(world) as store:
            case = await submitted(store, world, addresses)
            await asyncio.sleep(chance.uniform(0.0, 0.2))
            await world.bot.kill()  # while it looks at them
            await world.bot.start()
            await approved(store, case.request.id)
            midway = 0
            for _ in range(5):
                await asyncio.sleep(chance.uniform(0.2, 1.0))
                await world.bot.kill()
                midway += 0 < sum(effects(world, addresses).values()) < 300
                await world.bot.start()
            ended = await until(
                store, case.request.id, lambda case: case.request.state not in {State.APPROVED, State.EXECUTING}
            )

    assert midway >= 3, "it was not killed while it carried the list out"
    assert effects(world, addresses) == dict.fromkeys(addresses, 1)
    assert (ended.request.state, ended.counts[ChangeState.SUCCEEDED]) == (State.SUCCEEDED, 300)
    assert rows(world, "select count(*) from request") == [(1,)]


def memory(world, name):
    """What the bot's process holds (VmRSS), or held at most (VmHWM), in bytes."""
    status = Path(f"/proc/{world.bot.pid}/status").read_text()
    return int(status.partition(f"{name}:")[2].split()[0]) * 1024


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells")
async def test_a_list_of_ten_thousand_takes_little_memory():
    async with local_world(http=False) as world:
        await assert_frugal(world)


async def assert_frugal(world):
    addresses = people(world, 10_000)
    with altered(world.bot, KAJABI_RATE="100"):
        await world.bot.kill()
        await world.bot.start()
        idle = memory(world, "VmRSS")
        async with beside(world) as store:
            case = await submitted(store, world, addresses)
            case = await until(store, case.request.id, lambda case: case.request.state is State.PENDING, within=240)
            assert dict(case.request.preview["rows"]) == {"do": 10_000}
            await approved(store, case.request.id)
            await until(store, case.request.id, lambda case: case.unsent <= 9_500, within=240)
    assert memory(world, "VmHWM") - idle <= ROOM
