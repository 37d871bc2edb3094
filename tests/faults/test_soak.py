"""Random kills.

Many requests while processes die and freeze and Kajabi and Slack misbehave, all by a seed: at the end all agrees.
`SOAK_REQUESTS` makes it longer, `SOAK_SEED` another one; a failure prints both.
"""

import asyncio
import os
from contextlib import asynccontextmanager

from bot.sandbox.local_world import local_world
from tests.faults.book import Book
from tests.faults.crowd import Crowd
from tests.faults.errands import planned_errands, program_for, school_for
from tests.faults.evidence import gathered, held, issued
from tests.faults.mischief import Mischief, planned
from tests.faults.reckoning import disagreements
from tests.process.world import database

SEED = int(os.environ.get("SOAK_SEED", "1711"))
REQUESTS = int(os.environ.get("SOAK_REQUESTS", "100"))
#: for one misfortune so many requests
PER_MISFORTUNE = 5
BOT = {
    "LEASE_SECONDS": "1",
    "SLACK_POST_RATE": "100",
    "KAJABI_RATE": "100",
    "CAPILLARY_BATCH": "100",
    "EXPIRY_DAYS": str(15 / 86_400),
    "REMINDER_HOURS": str(8 / 3_600),
    "GIVE_UP_MINUTES": "0.3",
}


@asynccontextmanager
async def peopled(errands):
    """The world before anything goes wrong, and all who act in it."""
    providers = {"seed": school_for(errands), "rewards": program_for(errands)}
    async with local_world(http=True, extra=BOT, limits=False, **providers) as world:
        book, mischief = Book(database(world)), Mischief(world, seed=SEED)
        async with book.kept():
            try:
                yield world, book, Crowd(world, book, errands, seed=SEED), mischief
            finally:
                await mischief.ends()


async def test_after_any_mixture_of_faults_everything_agrees_to_the_letter(record):
    print(f"SOAK_SEED={SEED} SOAK_REQUESTS={REQUESTS}")  # noqa: T201 - shown when it fails
    errands, plan = planned_errands(REQUESTS, seed=SEED), planned(REQUESTS // PER_MISFORTUNE, seed=SEED)
    async with peopled(errands) as (world, book, crowd, mischief):
        before, issued_before = held(world.kajabi, world.capillary), issued(world.capillary)
        async with asyncio.timeout(300 + REQUESTS * 4), asyncio.TaskGroup() as group:
            acting = group.create_task(crowd.do_all())
            await mischief.do_all(plan, meanwhile=crowd.hurries)
            mischief.calm()
            crowd.calm = True
            await acting
            await book.nobody_is_owed_anything()
        assert await world.bot.stop() == 0
        known = {"before": before, "capillary": world.capillary, "issued_before": issued_before}
        evidence = gathered(world.town, world.kajabi, database(world), **known)
        assert disagreements(evidence, database(world)) == []
    asked = [one for one in evidence.requests if one["planned"] is None]
    assert sorted(one["reason"] for one in asked) == [one.reason for one in errands]
    counted = {name: plan.count(name) for name in ("kill", "freeze", "lie", "blank", "mood", "outage")}
    record(
        "Kills, freezes longer than the lease, a second process that comes and goes, HTTP and Socket Mode in turn, "
        "and troubles of Kajabi, Capillary and Slack, at random and at once, under requests for one and for many, for "
        "good and for a time",
        "what providers did, what is on disk and what each card, thread and direct message says agree to the letter",
        f"{REQUESTS} requests with {counted['kill']} kills, {counted['freeze']} freezes, "
        f"{counted['lie'] + counted['blank']} troubles of providers and {counted['mood'] + counted['outage']} of "
        "Slack: 0 disagreements",
        sized=True,
    )
