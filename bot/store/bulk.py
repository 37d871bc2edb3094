"""The store's methods about requests for many customers."""

import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.domain.bulk import BulkSubmission, Looked
from bot.domain.draft import normal
from bot.domain.notices import card_key
from bot.domain.outcome_file import Outcome
from bot.domain.request import DO, UNNEEDED, AuditEvent, Case, Change, Message, MessageKind, Offer, Request, State
from bot.store import audit, cases, lists, outbox
from bot.store.ids import new_id
from bot.store.part import Part
from bot.store.requests import ASKED_FOR
from bot.store.rows import change_from, request_from, request_values, storable, to_json
from bot.store.submitting import INSERT_REQUEST, asked_for, free_moment

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
        receipt, error, line)
    select :id, :action, :provider, ref, :offer, :welcome, '', 'todo', null, 0, 0, '', '', :line
    from contact where provider = :provider and address = :address and address <> ''"""

UNLOOKED = "change.request_id = :id and change.line > 0 and change.state = 'todo' and change.plan = ''"
UNSENT = "change.request_id = :id and change.line > 0 and change.state = 'todo' and change.sent is null"
#: what met trouble comes last
SOME = f"{cases.CHANGES} where {{}} order by change.troubled is not null, change.line limit :limit"
#: sent, and nobody looks at it singly
SENT = """
    change.request_id = :id and change.line > 0 and change.state = 'todo' and change.sent is not null
    and change.due is null"""
TAKE = "update change set attempts = attempts + 1 where id = ? returning attempts"
ASKED_AT_MOST = """
    select other.contact_ref as ref from change as other join request on request.id = other.request_id
    where other.contact_ref in (select contact_ref from change where request_id = :id and line > 0)
        and request.id <> :id and request.created >= :since and other.action <> 'create' and request.planned is null
        and request.state not in ('denied', 'expired', 'cancelled', 'failed', 'unneeded')
    group by other.contact_ref order by count(distinct request.id) desc limit 1"""
LOOKED = """
    update change set plan = :plan, fingerprint = :fingerprint, state = :state, error = :error
    where id = :id and plan = '' and state = 'todo'"""
IDENTIFY = """
    update contact set id = :contact, customer_id = :customer, name = iif(address = '', name, :name)
    where ref = (select contact_ref from change where id = :id)"""


class Bulk(Part):
    """Takes lists in, gives out their rows, and keeps what was found about them."""

    async def submit_bulk(self, submission: BulkSubmission, *, offer: Offer, now: float) -> Case:
        """Store a new request with all its rows, due to be looked at. The same key again returns the one it made."""

        def work(sqlite: sqlite3.Connection) -> Case:
            known = sqlite.execute(
                "select id from request where submitted_key = ? and submitted_key <> ''", (submission.key,)
            ).fetchone()
            if known:
                return cases.found(sqlite, known["id"])
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

        case = await self.db.write(work)
        self.announce()
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

    async def asked_at_most(self, request_id: str, since: float) -> Sequence[Request]:
        """List what else was asked since then for that customer of a list for whom most was asked."""
        asked = {"id": request_id, "but": request_id, "since": since}

        def work(sqlite: sqlite3.Connection) -> list[Request]:
            row = sqlite.execute(ASKED_AT_MOST, asked).fetchone()
            if row is None:
                return []
            return [request_from(one) for one in sqlite.execute(ASKED_FOR, asked | {"ref": row["ref"]})]

        return await self.db.read(work)

    async def looked(self, request_id: str, found: Sequence[Looked], *, effects: Mapping[str, int]) -> None:
        """Keep what was found about rows that nobody had looked at; what is not to be done is at its end.

        `effects`: for how many of these customers each of them is said.
        """

        def work(sqlite: sqlite3.Connection) -> None:
            request = cases.found(sqlite, request_id).request
            if request.state is not State.PREPARING:
                return
            shown = dict(request.preview)
            shown["effects"] = dict(Counter(shown.get("effects", {})) + Counter(effects))
            shown["looked"] = shown.get("looked", 0) + len(found)
            sqlite.execute("update request set preview = ? where id = ?", (to_json(shown), request_id))
            sqlite.executemany(LOOKED, (_found(one) for one in found))
            sqlite.executemany(
                IDENTIFY,
                (
                    {
                        "id": one.change_id,
                        "contact": one.contact_id,
                        "customer": one.customer_id,
                        "name": storable(one.name),
                    }
                    for one in found
                    if one.contact_id is not None
                ),
            )

        await self.db.write(work)

    async def planned(self, request_id: str) -> tuple[dict[str, int], list[str]]:
        """Count rows by what was found, and list what an approval signs of those that are to be done."""

        def work(sqlite: sqlite3.Connection) -> tuple[dict[str, int], list[str]]:
            counts = sqlite.execute(
                "select plan, count(*) as count from change where request_id = ? and line > 0 group by plan",
                (request_id,),
            )
            rows = sqlite.execute(
                "select fingerprint from change where request_id = ? and line > 0 and plan = ?", (request_id, DO)
            )
            return {row["plan"]: row["count"] for row in counts}, [row["fingerprint"] for row in rows]

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
            title = cases.found(sqlite, request_id).request.offer.title
            return lists.page(sqlite, request_id, title, after=after, limit=limit)

        return await self.db.read(work)

    async def brought_about(self, request_id: str) -> Sequence[tuple[int, str]]:
        """Name the customers, by line and address, for whom a list has brought something about."""
        query = f"{cases.CHANGES} where request_id = ? and line > 0 and state = 'succeeded' and receipt <> 'settled'"

        def work(sqlite: sqlite3.Connection) -> list[tuple[int, str]]:
            rows = sqlite.execute(f"{query} and address <> '' order by line", (request_id,))
            return [(row["line"], row["address"]) for row in rows]

        return await self.db.read(work)


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
        yield every | {"line": row.line, "address": normal(storable(row.customer))}


def _submitted(case: Case, *, now: float) -> AuditEvent:
    request = case.request
    data = {"action": request.action.value, "offer": request.offer.id, "customers": request.size, "bad": request.bad}
    return AuditEvent(name="request.submitted", at=now, request_id=request.id, actor=request.requester, data=data)


def _found(one: Looked) -> dict[str, Any]:
    state = {DO: "todo", UNNEEDED: "unneeded"}.get(one.plan, "cancelled")
    error = one.plan if state == "cancelled" else ""
    return {
        "id": one.change_id,
        "plan": one.plan.partition(": ")[0],
        "fingerprint": one.fingerprint,
        "state": state,
        "error": storable(error),
    }
