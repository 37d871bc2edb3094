"""The ends of timed grants on disk: planned, or given up, in the very transaction that calls for it."""

import random
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.domain import ends
from bot.domain.home import Entry
from bot.domain.notices import Notices
from bot.domain.request import Case, Change, Contact, Request
from bot.domain.states import Step
from bot.store import cases, contacts, leaves
from bot.store.ids import new_id
from bot.store.part import Part
from bot.store.rows import request_from, request_values
from bot.store.submitting import INSERT_REQUEST, free_moment

#: those that can still be carried out by themselves, of a customer and an offer
STANDING = """
    select distinct request.* from change join request on request.id = change.request_id
    where change.contact_ref = ? and change.offer_id = ? and request.planned is not null and request.version = 1
        and request.state in ('approved', 'executing', 'unknown', 'failed') and request.left_so = 0
    order by request.number"""

PLAN_CHANGE = """
    insert into change (
        request_id, action, provider, contact_ref, offer_id, welcome_email, new_name, state, after, attempts, reads,
        receipt, error, due, sent_to)
    values (:request, 'revoke', :provider, :ref, :offer, 0, '', 'todo', null, 0, 0, '', '', :due, :contact)"""

#: grants that are approved, and whose ending is still to come
GRANTED_ANEW = """
    select 1 from change join request on request.id = change.request_id
    where change.contact_ref = ? and change.offer_id = ? and change.action = 'grant'
        and change.state in ('todo', 'unknown') and request.state in ('approved', 'executing', 'unknown')"""

ENDING = """
    select id from request indexed by request_ending
    where planned is not null and state in ('approved', 'executing', 'failed') and version = 1 and left_so = 0
        and planned <= :until and (:requester is null or requester = :requester)
    order by planned, number limit :limit"""


def standing(sqlite: sqlite3.Connection, contact: Contact, offer_id: str) -> list[Request]:
    """Name the ends that stand for a customer and an offer; after every transaction that is one at most."""
    found: dict[str, Request] = {}
    for ref in contacts.refs(sqlite, contact):
        found |= {row["id"]: request_from(row) for row in sqlite.execute(STANDING, (ref, offer_id))}
    return list(found.values())


def follow(
    sqlite: sqlite3.Connection,
    step: Step,
    done: Iterable[Change],
    *,
    notices: Notices,
    randomness: random.Random,
) -> None:
    """Plan the end of what was granted for a time, and give up those that it puts out of place."""
    after = step.case
    for change in done:
        now = step.events[-1].at
        stand = [cases.found(sqlite, one.id) for one in standing(sqlite, change.contact, change.offer_id)]
        consequence = ends.follows(after, change, stand, now=now)
        for one in consequence.void:
            cases.write(sqlite, one, ends.void(one, instead=after.request, now=now), notices)
        if consequence.planned is not None:
            end = ends.born(
                after,
                change,
                request_id=new_id(sqlite, randomness),
                created=free_moment(sqlite, now),
                planned=consequence.planned,
                now=now,
            )
            plan(sqlite, end, after, change, notices=notices)


def plan(sqlite: sqlite3.Connection, request: Request, grant: Case, change: Change, *, notices: Notices) -> None:
    """Write the end as a request of its own, with the approvals of the grant."""
    sqlite.execute(INSERT_REQUEST, request_values(request))
    target: Mapping[str, Any] = {
        "request": request.id,
        "provider": request.provider,
        "ref": change.contact.ref,
        "offer": change.offer_id,
        "due": request.planned,
        "contact": change.sent_to or change.contact.id,
    }
    sqlite.execute(PLAN_CHANGE, target)
    for approval in grant.approvals:
        cases.write_decision(sqlite, ends.inherited(approval, request))
    case = cases.found(sqlite, request.id)
    cases.write(sqlite, case, ends.plan(case, now=request.updated), notices)


def must_wait(sqlite: sqlite3.Connection, request_id: str) -> bool:
    """Whether an end must not be sent yet: the same was granted anew, and is on its way."""
    row = sqlite.execute("select planned, version from request where id = ?", (request_id,)).fetchone()
    if row is None or row["planned"] is None or row["version"] != 1:
        return False
    change = cases.found(sqlite, request_id).main
    return any(
        sqlite.execute(GRANTED_ANEW, (ref, change.offer_id)).fetchone() is not None
        for ref in contacts.refs(sqlite, change.contact)
    )


class Ends(Part):
    """What ends by itself."""

    async def end_of(self, contact: Contact, offer_id: str) -> Request | None:
        """Return the end that is planned for a customer and an offer."""
        found = await self.db.read(lambda sqlite: standing(sqlite, contact, offer_id))
        return found[-1] if found else None

    async def ends_of(self, held: Mapping[int, Contact], offer_id: str) -> Mapping[int, float]:
        """Say when what these customers hold is taken back by itself, under the keys they came with."""

        def work(sqlite: sqlite3.Connection) -> dict[int, float]:
            found = {key: standing(sqlite, contact, offer_id) for key, contact in held.items()}
            return {key: some[-1].planned for key, some in found.items() if some and some[-1].planned is not None}

        return await self.db.read(work)

    async def ending(self, *, until: float, requester: str | None, limit: int) -> Sequence[Entry]:
        """List what ends by itself until then, the earliest first; of one requester, or of all."""
        wanted = {"until": until, "requester": requester, "limit": limit}

        def work(sqlite: sqlite3.Connection) -> list[Entry]:
            return [leaves.entry(sqlite, row["id"]) for row in sqlite.execute(ENDING, wanted).fetchall()]

        return await self.db.read(work)
