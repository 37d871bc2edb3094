"""The store's methods about messages."""

import sqlite3
from collections.abc import Iterable, Sequence

from bot.domain.home import Entry
from bot.domain.request import AuditEvent, Case, Message, MessageKind
from bot.ports import Delivery
from bot.store import audit, cases, leaves, lists, outbox, pausing, redrawing
from bot.store.part import Part
from bot.store.rows import message_from

# Within one place (a thread, or the direct messages about one request) they go in the order in which they were owed.
# A newer version of what is on the screen already changes no order, and waits for nothing.
CLAIM = """
    select message.number from message
    where due <= :now and key = coalesce(:key, key)
        and (parent is null
            or exists (select 1 from message as above where above.key = message.parent and above.shown > 0))
        and (shown > 0
            or not exists (
                select 1 from message as earlier
                where earlier.request_id is message.request_id and earlier.number < message.number
                    and earlier.recipient = message.recipient and earlier.parent is message.parent
                    and earlier.shown = 0 and earlier.due is not null))
    order by due, number limit :limit"""

TAKE = """
    update message set due = :due, attempts = attempts + 1, worker = :worker where number = :number returning *"""

DELIVERED = """
    update message set
        shown = :version, channel = :channel, ts = :ts, attempts = 0, error = '', worker = null, gave_up = null,
        due = iif(version > :version, :now, null)
    where key = :key"""

# Whoever was frozen past the lease has just put an old version over what others had shown meanwhile.
OVERWRITTEN = """
    update message set version = version + 1, due = iif(worker is null or due is null, :now, due)
    where key = :key and shown > 0"""


class Messages(Part):
    """Gives out what is owed and records what became of it."""

    async def claim_messages(
        self, *, now: float, lease: float, limit: int, key: str | None = None
    ) -> Sequence[Delivery]:
        """Take messages that are due, whose parent is on the screen, and in a thread only the oldest."""

        def work(sqlite: sqlite3.Connection) -> list[Delivery]:
            due = sqlite.execute(CLAIM, {"now": now, "limit": limit, "key": key}).fetchall()
            taken = [
                message_from(
                    sqlite.execute(
                        TAKE, {"number": row["number"], "due": now + lease, "worker": self.worker}
                    ).fetchone()
                )
                for row in due
            ]
            return deliveries(sqlite, taken)

        return await self.db.write(work)

    async def delivered(self, message: Message, *, channel: str, ts: str, now: float) -> bool:
        """Record that this version is on the screen; it stays due when a newer one is wanted.

        Returns whether somebody else had taken the message over: then it is only shown once more, as it should be.
        """

        def work(sqlite: sqlite3.Connection) -> bool:
            held = outbox.is_held(sqlite, message) is not None
            if held:
                place = {"channel": channel, "ts": ts, "now": now}
                sqlite.execute(DELIVERED, {"key": message.key, "version": message.version} | place)
                if message.kind is MessageKind.CARD and not message.shown:  # Homes link to it
                    redrawing.concerned_by(sqlite, str(message.request_id), now=now)
            else:
                sqlite.execute(OVERWRITTEN, {"key": message.key, "now": now})
            return not held

        taken_over = await self.db.write(work)
        self.announce()
        return taken_over

    async def postpone_message(self, message: Message, *, until: float, error: str, now: float) -> bool:
        """Try again later. Returns as `delivered`: what was tried may be on the screen all the same."""

        def work(sqlite: sqlite3.Connection) -> bool:
            held = outbox.is_held(sqlite, message) is not None
            if held:
                sqlite.execute(
                    "update message set due = ?, error = ?, worker = null where key = ?", (until, error, message.key)
                )
            else:
                sqlite.execute(OVERWRITTEN, {"key": message.key, "now": now})
            return not held

        taken_over = await self.db.write(work)
        if taken_over:
            self.announce()
        return taken_over

    async def message(self, key: str) -> Message | None:
        """Read one message, with the place where it stands."""
        return await self.db.read(lambda sqlite: by_key(sqlite, key))

    async def give_up_message(self, message: Message, *, error: str, now: float) -> None:
        """End a message, and all that waits for it, as undeliverable; the event is told to the requester."""

        def work(sqlite: sqlite3.Connection) -> None:
            held = outbox.is_held(sqlite, message)
            if held is None:
                return
            known = outbox.is_known_to_fail(sqlite, message, error=error)
            outbox.end(sqlite, message, error=error, now=now)
            event = audit.append(sqlite, undeliverable(message, error=error, now=now))
            if message.request_id is None:  # nobody asked for it, and it was for the alerts channel itself
                return
            case = cases.found(sqlite, message.request_id)
            told = audit.event_at(sqlite, message.event)
            is_news = not known and held["gave_up"] is None and (told is None or told.name != event.name)
            if is_news:
                outbox.owe_bad_news(sqlite, event, case, about=message, notices=self.notices)

        await self.db.write(work)
        self.announce()

    async def in_thread(self, channel: str, thread_ts: str) -> str | None:
        """Name the request whose card, or whose direct question, stands there."""
        row = await self.db.read(
            lambda sqlite: sqlite.execute(
                """
                select request_id from message
                where channel = ? and ts = ? and ts <> '' and parent is null and kind in ('card', 'ask')""",
                (channel, thread_ts),
            ).fetchone()
        )
        return row["request_id"] if row else None

    async def asked_before(self, request_id: str, *, channel: str, ts: str) -> int | None:
        """Return the newest version that was asked about in this thread before the message at `ts`."""
        row = await self.db.read(
            lambda sqlite: sqlite.execute(
                """
                select max(asks) as version from message
                where request_id = ? and kind = 'ask' and shown > 0 and channel = ?
                    and cast(ts as real) < cast(? as real)""",
                (request_id, channel, ts),
            ).fetchone()
        )
        return row["version"] if row else None


def deliveries(sqlite: sqlite3.Connection, messages: Iterable[Message]) -> list[Delivery]:
    """Add what their texts are made from."""
    read: dict[str | None, Case | None] = {None: None}
    pause = pausing.current(sqlite)
    found = []
    for message in messages:
        if message.request_id is not None and message.request_id not in read:
            read[message.request_id] = lists.in_full(sqlite, cases.found(sqlite, message.request_id))
        found.append(
            Delivery(
                message=message,
                case=read[message.request_id],
                event=audit.event_at(sqlite, message.event),
                tried_again=audit.is_followed_by(sqlite, message.event, "request.retried"),
                thread=by_key(sqlite, message.parent),
                pause=pause,
                entries=listed(sqlite, message),
            )
        )
    return found


def listed(sqlite: sqlite3.Connection, message: Message) -> tuple[Entry, ...]:
    """Read the requests that a digest lists, as they are now."""
    event = audit.event_at(sqlite, message.event) if message.kind is MessageKind.DIGEST else None
    return tuple(leaves.entry(sqlite, one) for one in event.data["requests"]) if event is not None else ()


def by_key(sqlite: sqlite3.Connection, key: str | None) -> Message | None:
    row = sqlite.execute("select * from message where key = ?", (key,)).fetchone()
    return message_from(row) if row else None


def undeliverable(message: Message, *, error: str, now: float) -> AuditEvent:
    data = {"kind": message.kind.value, "to": message.to, "error": error}
    return AuditEvent(name="message.undeliverable", at=now, request_id=message.request_id, data=data)
