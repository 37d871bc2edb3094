"""Random kills.

Many requests while processes die and freeze and Kajabi and Slack misbehave, all by a seed: at the end all agrees.
`SOAK_REQUESTS` makes it longer, `SOAK_SEED` another one; a failure prints both.
"""

import asyncio
import os
import random
from contextlib import asynccontextmanager

from bot.sandbox.local_world import local_world
from bot.sandbox.town import furnish
from tests.faults.crowd import INTENTIONS, Book, Crowd, Errand
from tests.faults.evidence import gathered, held
from tests.faults.mischief import Mischief, planned
from tests.faults.reckoning import disagreements
from tests.process.world import database

SEED = int(os.environ.get("SOAK_SEED", "1711"))
REQUESTS = int(os.environ.get("SOAK_REQUESTS", "120"))
#: for one misfortune so many requests
PER_MISFORTUNE = 5
#: every fifth request is about one of so few customers
EVERY, CROWDED = 5, 8
OFFERS = ("Everything Bundle", "Sourdough Deep Dive", "Gluten-free Kitchen", "Open a Bakery")
ASKS = ("Ada", "Olga")
BOT = {
    "LEASE_SECONDS": "1",
    "SLACK_POST_RATE": "100",
    "KAJABI_RATE": "100",
    "EXPIRY_DAYS": str(15 / 86_400),
    "REMINDER_HOURS": str(8 / 3_600),
    "GIVE_UP_MINUTES": "0.3",
}


def planned_errands(*, seed):
    chance = random.Random(seed)
    return [
        Errand(
            number,
            chance.choice(ASKS),
            chance.choice(("grant", "grant", "revoke")),
            address(number if number % EVERY else number % CROWDED),
            OFFERS[number % len(OFFERS)] if number % EVERY else OFFERS[0],
            chance.choice(INTENTIONS),
        )
        for number in range(REQUESTS)
    ]


def address(number):
    return f"customer.{number:04}@example.com"


def furnished_for(errands):
    """Who is to lose something has it."""

    def furnished(kajabi):
        furnish(kajabi)
        offers = {offer.title: offer for offer in kajabi.books.offers.values()}
        for one in sorted({errand.address for errand in errands}):
            kajabi.add_contact(one, f"Customer {one[9:13]}")
        for errand in errands:
            if errand.action == "revoke":
                kajabi.grant(errand.address, offers[errand.offer])

    return furnished


@asynccontextmanager
async def peopled(errands):
    """The world before anything goes wrong, and all who act in it."""
    async with local_world(http=True, extra=BOT, seed=furnished_for(errands), limits=False) as world:
        book = Book(database(world))
        async with book.kept():
            yield world, book, Crowd(world, book, errands, seed=SEED), Mischief(world, seed=SEED)


async def test_after_any_mixture_of_faults_everything_agrees_to_the_letter(record):
    print(f"SOAK_SEED={SEED} SOAK_REQUESTS={REQUESTS}")  # noqa: T201 - shown when it fails
    errands, plan = planned_errands(seed=SEED), planned(REQUESTS // PER_MISFORTUNE, seed=SEED)
    async with peopled(errands) as (world, book, crowd, mischief):
        before = held(world.kajabi)
        async with asyncio.timeout(120 + REQUESTS * 2), asyncio.TaskGroup() as group:
            acting = group.create_task(crowd.do_all())
            await mischief.do_all(plan, meanwhile=crowd.hurries)
            mischief.calm()
            crowd.calm = True
            await acting
            await book.nobody_is_owed_anything()
        assert await world.bot.stop() == 0
        evidence = gathered(world.town, world.kajabi, database(world), before=before)
        assert disagreements(evidence, database(world)) == []
    assert sorted(one["reason"] for one in evidence.requests) == [one.reason for one in errands]
    counted = {name: plan.count(name) for name in ("kill", "freeze", "lie", "blank", "mood", "outage")}
    record(
        "Kills, freezes longer than the lease, a second process that comes and goes, HTTP and Socket Mode in turn, "
        "and troubles of Kajabi and Slack, at random and at once",
        "what Kajabi did, what is on disk and what each card, thread and direct message says agree to the letter",
        f"{REQUESTS} requests with {counted['kill']} kills, {counted['freeze']} freezes, "
        f"{counted['lie'] + counted['blank']} troubles of Kajabi and {counted['mood'] + counted['outage']} of Slack: "
        "0 disagreements",
        sized=True,
    )
