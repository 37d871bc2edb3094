"""The database before the load comes: offers to type ahead among, and requests that wait to be approved."""

import asyncio
from collections.abc import Sequence
from functools import partial
from itertools import islice, product
from time import time

from bot.domain import lifecycle
from bot.domain.notices import Notices
from bot.domain.preview import Preview
from bot.domain.request import Action, Case, Contact, Offer, Person, Submission
from bot.domain.states import Timing
from bot.ports import Delivery
from bot.sandbox.town import APPROVERS, SUPPORT, Town
from bot.store import SqliteStore, open_store

KINDS = ("Advanced", "Baking", "Beginners’", "Complete", "Evening", "Family", "Holiday", "Master", "Summer", "Weekend")
SUBJECTS = ("Bagels", "Bread", "Cakes", "Croissants", "Pastry", "Pies", "Pizza", "Sourdough", "Tarts", "Waffles")
SHAPES = ("Bundle", "Circle", "Class", "Course", "Diploma", "Guide", "Live", "Starter", "Workshop", "Yearly")
#: what is written to disk together, so that building takes little time
TOGETHER = 64


def offers(count: int) -> Sequence[Offer]:
    """Name so many offers as a large school would."""
    titles = product(range(1 + count // 1000), KINDS, SUBJECTS, SHAPES)
    return [
        Offer(
            provider="kajabi",
            id=str(2_150_000_000 + number),
            title=f"{kind} {subject} {shape} {2026 - year}",
            internal_title=f"{subject.lower()}-{number}",
            price=1900 + number % 40 * 500,
            currency="USD",
        )
        for number, (year, kind, subject, shape) in enumerate(islice(titles, count))
    ]


def typed() -> Sequence[str]:
    """Type some titles, character by character, as far as one types until one sees what one wants."""
    wanted = [f"{subject} {shape}" for subject, shape in zip(SUBJECTS, SHAPES, strict=True)]
    return ["", *(title[:length].lower() for title in wanted for length in range(1, 9))]


async def fill(url: str, *, town: Town, waiting: int, listed: int) -> Sequence[Case]:
    """Write offers and requests; return the requests, each shown and waiting for a decision."""
    async with open_store(url, notices=Notices(), clock=time) as store:
        known = offers(listed)
        await store.remember_offers("kajabi", known, now=time(), whole=True)
        cases: list[Case] = []
        for start in range(0, waiting, TOGETHER):
            numbers = range(start, min(start + TOGETHER, waiting))
            cases += await asyncio.gather(*(ask(store, town, known[number % listed], number) for number in numbers))
            await show(store)
        store.db.checkpoint()
        return cases


async def ask(store: SqliteStore, town: Town, offer: Offer, number: int) -> Case:
    """Ask for a grant and prepare it, as the bot does."""
    submission = Submission(
        action=Action.GRANT,
        provider="kajabi",
        requester=Person(town.workspace.team_id, town.ada.id),
        channel=SUPPORT,
        address=f"customer{number}@example.com",
        offer_id=offer.id,
        reason=f"refund case {number}",
        key=f"bench-{number}",
    )
    now = time()
    case = await store.submit(submission, offer=offer, now=now)
    step = partial(
        lifecycle.prepare,
        preview=Preview(approvers=(APPROVERS,), rule="APPROVERS", effects=("Kajabi is told not to send its mail.",)),
        fingerprint=f"{number:064x}",
        offer=offer,
        contact=Contact(provider="kajabi", address=submission.address, id=str(number), name=f"Customer {number}"),
        timing=Timing(),
        now=now,
    )
    shown = await store.step(case.request.id, step)
    assert shown is not None
    return shown


async def show(store: SqliteStore) -> None:
    """Record that all messages are on the screen: an approval then changes the card and closes the question."""
    while due := await store.claim_messages(now=time(), lease=60, limit=TOGETHER):
        await asyncio.gather(*(shown(store, delivery) for delivery in due))


async def shown(store: SqliteStore, delivery: Delivery) -> None:
    ts = f"1700000000.{hash(delivery.message.key) % 1_000_000:06d}"
    await store.delivered(delivery.message, channel=SUPPORT, ts=ts, now=time())
