"""Requests in every state, for tests of the store: the steps are the real ones."""

from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

from bot.domain import attempt, lifecycle
from bot.domain.bulk import BulkSubmission
from bot.domain.notices import Notices
from bot.domain.preview import Preview
from bot.domain.request import Action, Case, ChangeState, Choice, Contact, Message, Offer, Person, Submission
from bot.domain.roster import Row
from bot.domain.states import Timing
from bot.ports import Store
from bot.store import SqliteStore, open_store

ADA, BOB, EVE = Person("T1", "UADA"), Person("T1", "UBOB"), Person("T1", "UEVE")
BUNDLE = Offer(provider="kajabi", id="7", title="Bundle", price=4900, currency="USD", products=("Course", "Club"))
JANE = Contact(provider="kajabi", address="jane@example.com", id="c9", name="Jane", customer_id="k9")
TIMING = Timing()
NOW = 1_700_000_000.0
LEASE = 30.0


def opened(folder: Path, *, now: float = NOW, **options: Any) -> AbstractAsyncContextManager[SqliteStore]:
    options.setdefault("notices", Notices(alerts="CALERTS"))
    return open_store(f"sqlite:///{folder / 'offerdesk.db'}", clock=lambda: now, **options)


def submission(key: str = "form-1", **fields: Any) -> Submission:
    given: dict[str, Any] = {
        "action": Action.GRANT,
        "provider": "kajabi",
        "requester": ADA,
        "channel": "CSALES",
        "address": "Jane@Example.com",
        "offer_id": "7",
        "reason": "refund case 4412",
        "key": key,
    }
    return Submission(**given | fields)


def bulk_submission(key: str = "list-1", **fields: Any) -> BulkSubmission:
    given: dict[str, Any] = {
        "action": Action.GRANT,
        "provider": "kajabi",
        "requester": ADA,
        "channel": "CSALES",
        "offer_id": "7",
        "reason": "the autumn class",
        "key": key,
        "rows": (Row(line=2, customer="jane@example.com"), Row(line=3, customer="Bob@example.com")),
    }
    return BulkSubmission(**given | fields)


async def submitted(store: Store, key: str = "form-1", *, now: float = NOW, **fields: Any) -> Case:
    return await store.submit(submission(key, **fields), offer=BUNDLE, now=now)


async def pending(
    store: Store,
    key: str = "form-1",
    *,
    outside: tuple[str, ...] = (),
    earlier: tuple[str, ...] = (),
    contact: Contact = JANE,
    **fields: Any,
) -> Case:
    case = await submitted(store, key, **fields)
    return await prepared(store, case, outside=outside, earlier=earlier, contact=contact)


async def prepared(
    store: Store,
    case: Case,
    *,
    outside: tuple[str, ...] = (),
    earlier: tuple[str, ...] = (),
    contact: Contact = JANE,
) -> Case:
    preview = Preview(approvers=("UBOB",), rule="APPROVERS", outside=outside, earlier=earlier)

    def prepare(case: Case) -> Any:
        return lifecycle.prepare(
            case, preview=preview, fingerprint="f1", offer=BUNDLE, contact=contact, timing=TIMING, now=NOW
        )

    return await stepped(store, case.request.id, prepare)


async def stepped(store: Store, request_id: str, take: Any) -> Case:
    case = await store.step(request_id, take)
    assert case is not None
    return case


async def decided(store: Store, case: Case, choice: Choice = Choice.APPROVE, **fields: Any) -> Case:
    given: dict[str, Any] = {"by": BOB, "shown": case.request.version, "now": NOW} | fields
    return await stepped(store, case.request.id, lambda found: lifecycle.decide(found, choice, **given))


async def approved(store: Store, key: str = "form-1", **fields: Any) -> Case:
    return await decided(store, await pending(store, key, **fields))


async def drifted(store: Store, case: Case, *, attempt_number: int) -> Case:
    def drift(found: Case) -> Any:
        return attempt.drift(
            found,
            found.main.id,
            attempt=attempt_number,
            preview=Preview(approvers=("UBOB",)),
            fingerprint="f2",
            offer=BUNDLE,
            why="price",
            timing=TIMING,
            now=NOW,
        )

    return await stepped(store, case.request.id, drift)


async def sent(store: Store, case: Case) -> Any:
    """Claim the request's change and pass the point of no return."""
    (change,) = [
        one for one in await store.claim_changes(now=NOW, lease=LEASE, limit=100) if one.request_id == case.request.id
    ]
    return await store.send(
        case.request.id, lambda found: attempt.send(found, change.id, attempt=change.attempts, now=NOW)
    )


async def finished(store: Store, case: Case, to: ChangeState = ChangeState.SUCCEEDED) -> Case:
    running = await sent(store, case)
    assert running is not None

    def finish(found: Case) -> Any:
        return attempt.finish(found, found.main.id, attempt=running.main.attempts, to=to, now=NOW, look_again=NOW + 600)

    return await stepped(store, case.request.id, finish)


async def found(store: Store, case: Case) -> Case:
    """Read it again."""
    stored = await store.case(case.request.id)
    assert stored is not None
    return stored


async def claimed(store: Store, *, now: float = NOW, limit: int = 100) -> list[Any]:
    return list(await store.claim_messages(now=now, lease=LEASE, limit=limit))


async def shown(store: Store, message: Message, ts: str, *, channel: str = "") -> None:
    await store.delivered(message, channel=channel or message.to, ts=ts, now=NOW)


async def everything_shown(store: Store, *, now: float = NOW) -> list[Message]:
    """Deliver all that is owed, in rounds, as the engine does; the messages in the order they were delivered."""
    delivered: list[Message] = []
    while deliveries := await claimed(store, now=now):
        for delivery in deliveries:
            delivered.append(delivery.message)
            await shown(store, delivery.message, f"{len(delivered)}.000100")
    return delivered
