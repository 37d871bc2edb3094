"""The stop switch on disk: one row, which every process finds there in the very transaction that would send."""

import sqlite3

from bot.domain.errors import NotPaused, OutOfTurn, Paused
from bot.domain.pause import Pause
from bot.domain.request import AuditEvent, Person
from bot.store import audit, cases, outbox, redrawing
from bot.store.part import Part
from bot.store.rows import storable

#: what would be sent now; what waits for another change has no date yet, and what ends by itself has a later one
WAITING = """
    select distinct request_id from change join request on request.id = change.request_id
    where change.due is not null and change.state = 'todo' and change.sent is null
        and (request.planned is null or request.planned <= :now)
    union select id from request
    where size > 0 and held is null and state in ('approved', 'executing') and exists (
        select 1 from change where request_id = request.id and line > 0 and state = 'todo' and sent is null)
    order by request_id"""

#: the oldest approval first; what had met trouble begins anew, for the time of the pause is not the provider's. What
#: somebody still works on gets its place as well, and stays theirs
QUEUE = """
    with waiting as (
        select change.id as id, row_number() over (order by request.decided, change.id) as place,
            change.worker is null or change.due <= :now as idle
        from change join request on request.id = change.request_id
        where change.due is not null and change.state = 'todo' and change.sent is null
            and (request.planned is null or request.planned <= :now))
    update change set
        queued = :now + waiting.place * 1e-6, troubled = null, error = '',
        due = iif(waiting.idle, :now, due), worker = iif(waiting.idle, null, worker)
    from waiting where change.id = waiting.id"""

LISTS = """
    update request set due = iif(worker is null, :now, due), updated = :now
    where size > 0 and state in ('approved', 'executing')"""
#: whose turn it is: the first one, until it is sent. What meets trouble leaves the queue (`cases.UPDATE_CHANGE`), so
#: that it holds up nobody. It is looked for once, however many wait
FIRST = """
    select queued from change where queued is not null and state = 'todo' and sent is null order by queued limit 1"""
OUT_OF_TURN = f"""
    select 1 from change
    where request_id = ? and state = 'todo' and sent is null and queued > ({FIRST})"""  # noqa: S608 - both texts are ours


class Pausing(Part):
    """Stops and resumes all sending."""

    async def pause(self, *, by: Person, why: str, now: float) -> AuditEvent:
        """Let nothing be sent any more, in any process; raises `Paused` where that is so already."""

        def work(sqlite: sqlite3.Connection) -> AuditEvent:
            demand_going(sqlite)
            kept = storable(why)
            sqlite.execute("insert into pause values (1, ?, ?, ?, ?)", (by.team, by.id, now, kept))
            return self._tell(sqlite, "execution.paused", by=by, now=now, text=kept)

        event = await self.db.write(work)
        self.announce()
        return event

    async def resume(self, *, by: Person, now: float) -> AuditEvent:
        """Make due what waits, the oldest approval first and one after the other; raises `NotPaused`."""

        def work(sqlite: sqlite3.Connection) -> AuditEvent:
            ended = current(sqlite)
            if ended is None:
                raise NotPaused
            sqlite.execute("delete from pause")
            event = self._tell(sqlite, "execution.resumed", by=by, now=now, since=ended.at)
            sqlite.execute(QUEUE, {"now": now})
            sqlite.execute(LISTS, {"now": now})
            return event

        event = await self.db.write(work)
        self.announce()
        return event

    async def paused(self) -> Pause | None:
        """Return the pause that stands."""
        return await self.db.read(current)

    def _tell(
        self, sqlite: sqlite3.Connection, name: str, *, by: Person, now: float, text: str = "", **data: float
    ) -> AuditEvent:
        """Write the event down and have it told, everywhere where something waits."""
        waiting = [row["request_id"] for row in sqlite.execute(WAITING, {"now": now})]
        facts = data | {"waiting": len(waiting)}
        event = audit.append(sqlite, AuditEvent(name=name, at=now, actor=by, text=text, data=facts))
        for message in self.notices.to_all(event):
            outbox.put(sqlite, message, now=now)
        for request_id in waiting:
            for message in self.notices.halted(event, cases.found(sqlite, request_id)):
                if message.parent is None or outbox.is_known(sqlite, message.parent):
                    outbox.put(sqlite, message, now=now)
        redrawing.everybodys(sqlite, now=now)
        return event


def current(sqlite: sqlite3.Connection) -> Pause | None:
    row = sqlite.execute("select team, person, at, why from pause where one = 1").fetchone()
    return Pause(by=Person(row["team"], row["person"]), at=row["at"], why=row["why"]) if row else None


def demand_going(sqlite: sqlite3.Connection) -> None:
    """Raise `Paused` while nothing may be sent."""
    standing = current(sqlite)
    if standing is not None:
        raise Paused(standing)


def demand_turn(sqlite: sqlite3.Connection, request_id: str) -> None:
    """Raise `OutOfTurn` while something goes first that waited for the end of the same pause."""
    if sqlite.execute(OUT_OF_TURN, (request_id,)).fetchone() is not None:
        raise OutOfTurn
