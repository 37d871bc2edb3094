"""The store's methods about requests for many customers."""

import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import replace
from typing import Any

from bot.domain import bulk
from bot.domain.bulk import Brought, BulkSubmission, Looked, Planned
from bot.domain.draft import normal
from bot.domain.notices import card_key
from bot.domain.outcome_file import Outcome
from bot.domain.policy import Precedent
from bot.domain.request import UNNEEDED, WANTED, AuditEvent, Case, Change, Message, MessageKind, Offer, Request, State
from bot.domain.roster import Row
from bot.store import audit, cases, lists, outbox, precedents, repeating, undoing
from bot.store.ids import new_id
from bot.store.part import Part
from bot.store.rows import change_from, request_values, storable, term_from, term_text, to_json
from bot.store.submitting import INSERT_REQUEST, asked_for, free_moment

#: so many rows that others would feel it if they had to wait until all of them are written
LONG = 500

CLAIM = """
    update request set due = :until, attempts = attempts + 1, worker = :worker
    where number in (
        select number from request
        where due <= :now and size > 0 and state in ('preparing', 'approved', 'executing') order by due limit :limit)
    returning id"""
RENEW = "update request set due = :until where id = :id and due = :due and worker = :worker"

KNOW = """
    insert or ignore into contact (provider, address, name) values (:provider, :address, '')"""
ASK = """
    insert into change (
        request_id, action, provider, contact_ref, offer_id, welcome_email, new_name, state, after, attempts, reads,
        receipt, error, line, term, reason)
    select :id, :action, :provider, ref, :offer, :welcome, '', 'todo', null, 0, 0, '', '', :line, :term, :reason
    from contact where provider = :provider and address = :address and address <> ''"""

ASKED = """
    select change.id, change.line, change.term, change.reason, contact.address
    from change join contact on contact.ref = change.contact_ref
    where change.request_id = :id and change.line > 0 and contact.address <> ''
        and (change.line, change.id) > (:line, :after)
    order by change.line, change.id limit :limit"""

UNLOOKED = "change.request_id = :id and change.line > 0 and change.state = 'todo' and change.plan = ''"
UNSENT = "change.request_id = :id and change.line > 0 and change.state = 'todo' and change.sent is null"
#: what met trouble comes last
SOME = f"{cases.CHANGES} where {{}} order by change.troubled is not null, change.line limit :limit"
#: sent, and nobody looks at it singly
SENT = """
    change.request_id = :id and change.line > 0 and change.state = 'todo' and change.sent is not null
    and change.due is null"""
TAKE = "update change set attempts = attempts + 1 where id = ? returning attempts"
#: of the rows that an approval is for
WANTED_ROWS = "request_id = ? and line > 0 and plan in ('do', 'extend')"
SIGNED = f"select fingerprint from change where {WANTED_ROWS}"  # noqa: S608 - both texts are ours
TERMS = f"select term, count(*) as count from change where {WANTED_ROWS} group by term"  # noqa: S608 - as above
REASONS = f"select count(*) as count from change where {WANTED_ROWS} and reason <> ''"  # noqa: S608 - as above
LOOKED = """
    update change set plan = :plan, fingerprint = :fingerprint, state = :state, error = :error
    where id = :id and plan = '' and state = 'todo'"""
#: what went on for a while has not gone on for too long
PROGRESSED = "update request set preview = :preview, troubled = iif(:new, null, troubled) where id = :id"
IDENTIFY = """
    update contact set id = :contact, customer_id = :customer, name = iif(address = '', name, :name)
    where ref = (select contact_ref from change where id = :id)"""


class Bulk(Part):
    """Takes lists in, gives out their rows, and keeps what was found about them."""

    async def submit_bulk(self, lists: Sequence[tuple[BulkSubmission, Offer]], *, now: float) -> Sequence[Case]:
        """Store new requests with all their rows, due to be looked at. The same key again returns the one it made."""

        def work(sqlite: sqlite3.Connection) -> list[Case]:
            return [self._submit_bulk(sqlite, submission, offer, now=now) for submission, offer in lists]

        long = sum(len(submission.rows) for submission, _ in lists) > LONG
        stored = await (self.db.write_apart(work) if long else self.db.write(work))
        self.announce()
        return stored

    def _submit_bulk(self, sqlite: sqlite3.Connection, submission: BulkSubmission, offer: Offer, *, now: float) -> Case:
        if (known := repeating.stored_before(sqlite, submission, offer)) is not None:
            return known
        request_id = new_id(sqlite, self.randomness)
        created = free_moment(sqlite, now)
        asked = _request(submission, request_id, offer=offer, created=created, now=now)
        sqlite.execute(INSERT_REQUEST, request_values(asked))
        rows = list(_rows(submission, request_id))
        sqlite.executemany(KNOW, rows)
        sqlite.executemany(ASK, rows)
        sqlite.executemany(
            "insert into bad_row (request_id, line, text, why) values (?, ?, ?, ?)",
            ((request_id, one.line, storable(one.text), storable(one.why)) for one in submission.bad),
        )
        case = cases.found(sqlite, request_id)
        told = audit.append(sqlite, _submitted(case, now=now))
        outbox.owe(sqlite, told, case, self.notices)
        return case

    async def claim_lists(self, *, now: float, lease: float, limit: int) -> Sequence[Case]:
        """Take lists that are due: nobody else works on them for `lease` seconds."""
        claim = {"now": now, "until": now + lease, "limit": limit, "worker": self.worker}

        def work(sqlite: sqlite3.Connection) -> list[Case]:
            return [cases.found(sqlite, row["id"]) for row in sqlite.execute(CLAIM, claim).fetchall()]

        return await self.db.write(work)

    async def renew_list(self, case: Case, *, until: float) -> bool:
        """Keep a list that was claimed; False when it is somebody else's by now."""
        claim = {"id": case.request.id, "due": case.request.due, "until": until, "worker": self.worker}
        return await self.db.write(lambda sqlite: sqlite.execute(RENEW, claim).rowcount == 1)

    async def rows(self, request_id: str, *, looked: bool, limit: int) -> Sequence[Change]:
        """Read rows that are not sent: those that are not looked at yet, or those that are to be done."""
        query, asked = SOME.format(UNSENT if looked else UNLOOKED), {"id": request_id, "limit": limit}
        return await self.db.read(lambda sqlite: [change_from(row) for row in sqlite.execute(query, asked)])

    async def claim_rows(self, request_id: str, *, sent: bool, limit: int) -> Sequence[Change]:
        """Take rows of a list that is ours: such as are sent and not read back, or such as are to be sent."""
        query, asked = SOME.format(SENT if sent else UNSENT), {"id": request_id, "limit": limit}

        def work(sqlite: sqlite3.Connection) -> list[Change]:
            ids = [row["id"] for row in sqlite.execute(query, asked).fetchall()]
            for one in ids:
                sqlite.execute(TAKE, (one,))
            return list(cases.some(sqlite, ids))

        return await self.db.write(work)

    async def asked_for_each(self, request_id: str, since: float) -> Sequence[tuple[Precedent, ...]]:
        """List what else was asked since then for each customer of a list; what is the same for several is there once.

        Those for whom nothing is to be done, or was asked, are left out.
        """
        return await self.db.read(lambda sqlite: precedents.for_each(sqlite, request_id, since=since))

    async def looked(self, request_id: str, found: Sequence[Looked], *, offer: Offer) -> bool:
        """Keep what was found about rows that nobody had looked at; what is not to be done is at its end.

        False, and nothing is kept, where others were looked at while the `offer` was another, or nobody has to be.
        """

        def work(sqlite: sqlite3.Connection) -> bool:
            request = cases.found(sqlite, request_id).request
            if request.state is not State.PREPARING or bulk.looked_otherwise(request, offer):
                return False
            new = [one for one in found if sqlite.execute(LOOKED, _found(one)).rowcount]
            sqlite.executemany(IDENTIFY, (_contact(one) for one in new if one.contact_id is not None))
            shown = dict(request.preview) | {bulk.LOOKED_WITH: bulk.looked_with(offer)}
            said = Counter[str](shown.get("effects", {}))
            said.update(effect for one in new for effect in one.effects)
            shown |= {"effects": dict(said), "looked": shown.get("looked", 0) + len(new)}
            sqlite.execute(PROGRESSED, {"id": request_id, "preview": to_json(shown), "new": len(new)})
            return True

        return await self.db.write(work)

    async def planned(self, request_id: str) -> Planned:
        """Sum up what was found for the rows of a list."""

        def work(sqlite: sqlite3.Connection) -> Planned:
            plans = sqlite.execute(
                "select plan, count(*) as count from change where request_id = ? and line > 0 group by plan",
                (request_id,),
            )
            return Planned(
                plans={row["plan"]: row["count"] for row in plans},
                signed=[row["fingerprint"] for row in sqlite.execute(SIGNED, (request_id,))],
                terms=[(term_from(row["term"]), row["count"]) for row in sqlite.execute(TERMS, (request_id,))],
                reasons=sqlite.execute(REASONS, (request_id,)).fetchone()["count"],
            )

        return await self.db.read(work)

    async def show_progress(self, request_id: str, *, calls: tuple[int, int] | None = None, now: float) -> None:
        """Have the card shown anew. `calls`: how many of how many were made to look at the rows."""

        def work(sqlite: sqlite3.Connection) -> None:
            case = cases.found(sqlite, request_id)
            if calls is not None:
                shown = dict(case.request.preview) | {"calls": list(calls)}
                sqlite.execute(
                    "update request set preview = ? where id = ? and state = 'preparing'", (to_json(shown), request_id)
                )
            key, channel = card_key(request_id), case.request.channel
            outbox.put(sqlite, Message(key=key, request_id=request_id, kind=MessageKind.CARD, to=channel), now=now)

        await self.db.write(work)
        self.announce()

    async def outcomes(self, request_id: str) -> AsyncIterator[Outcome]:
        """Say what became of each row of a list, in its order, those that cannot be used among them."""
        after = -1
        while page := await self._outcomes(request_id, after=after):
            for outcome in page:
                yield outcome
            after = page[-1].line

    async def _outcomes(self, request_id: str, *, after: int, limit: int = 500) -> Sequence[Outcome]:
        """Read the next ones behind a line; a line is not torn apart."""

        def work(sqlite: sqlite3.Connection) -> list[Outcome]:
            return lists.page(sqlite, cases.found(sqlite, request_id).request, after=after, limit=limit)

        return await self.db.read(work)

    async def asked_rows(self, request_id: str) -> AsyncIterator[Row]:
        """Read what the rows of a list ask for, in its order, without customers who are forgotten."""
        asked: dict[str, Any] = {"id": request_id, "line": 0, "after": 0, "limit": LONG}

        def work(sqlite: sqlite3.Connection) -> list[sqlite3.Row]:
            return sqlite.execute(ASKED, asked).fetchall()

        while page := await self.db.read(work):
            for row in page:
                term = term_from(row["term"])
                yield Row(line=row["line"], customer=row["address"], term=term, reason=row["reason"])
            asked |= {"line": page[-1]["line"], "after": page[-1]["id"]}

    async def brought_about(self, request_id: str) -> Sequence[Brought]:
        """Name the customers for whom a list has brought something about."""
        return await self.db.read(lambda sqlite: undoing.brought_about(sqlite, request_id))


def _request(submission: BulkSubmission, request_id: str, *, offer: Offer, created: float, now: float) -> Request:
    return replace(
        asked_for(submission, request_id, offer=offer, created=created, now=now),
        size=len(submission.rows),
        file_name=storable(submission.file_name),
        bad=len(submission.bad),
        repeated=submission.repeated,
    )


def _rows(submission: BulkSubmission, request_id: str) -> Iterable[dict[str, Any]]:
    every = {
        "id": request_id,
        "action": submission.action.value,
        "provider": submission.provider,
        "offer": submission.offer_id,
        "welcome": int(submission.welcome_email),
    }
    for row in submission.rows:
        yield every | {
            "line": row.line,
            "address": normal(storable(row.customer)),
            "term": term_text(row.term),
            "reason": storable(row.reason.strip()),
        }


def _submitted(case: Case, *, now: float) -> AuditEvent:
    request = case.request
    data = {"action": request.action.value, "offer": request.offer.id, "customers": request.size, "bad": request.bad}
    return AuditEvent(name="request.submitted", at=now, request_id=request.id, actor=request.requester, data=data)


def _contact(one: Looked) -> dict[str, Any]:
    return {
        "id": one.change_id,
        "contact": one.contact_id,
        "customer": one.customer_id,
        "name": storable(one.name),
    }


def _found(one: Looked) -> dict[str, Any]:
    state = "todo" if one.plan in WANTED else "unneeded" if one.plan == UNNEEDED else "cancelled"
    error = one.plan if state == "cancelled" else ""
    return {
        "id": one.change_id,
        "plan": one.plan.partition(": ")[0],
        "fingerprint": one.fingerprint,
        "state": state,
        "error": storable(error),
    }
