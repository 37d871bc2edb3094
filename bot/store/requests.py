"""The store's methods about requests and their changes."""

import sqlite3
from collections.abc import Callable, Sequence

from bot.domain import ends as domain_ends
from bot.domain.ends import EndUnderWay
from bot.domain.request import AuditEvent, Case, Change, Contact, Offer, Request, State, Submission
from bot.domain.states import Step
from bot.ports import Page, Rewrite, Take
from bot.store import audit, cases, contacts, ends, lists, outbox, pausing, repeating, searching
from bot.store.database import Work
from bot.store.ids import new_id
from bot.store.part import Part
from bot.store.rows import change_from, request_from
from bot.store.submitting import insert_changes, insert_request

CLAIM_REQUESTS = """
    update request set due = :until, attempts = attempts + 1, worker = :worker
    where number in (select number from request where due <= :now and (size = 0 or state = 'pending')
        order by due limit :limit)
    returning id"""

# What is not sent waits while the stop switch is on, and after it for its turn. What ends by itself, which may be as
# many as a list had customers, comes last: nobody waits for it.
DUE_CHANGES = f"""
    select change.id from change cross join request on request.id = change.request_id
    where change.due <= :now and (request.planned is not null and request.version = 1) = :ends
        and (sent is not null or not exists (select 1 from pause where one = 1))
        and (sent is not null or queued is null or queued <= ({pausing.FIRST}))
    order by change.due, change.id limit :limit"""  # noqa: S608 - both texts are ours

CLAIM_CHANGES = """
    update change set due = :until, attempts = attempts + 1, worker = :worker where id = :id"""

RIVALS = """
    select distinct request.id from change join request on request.id = change.request_id
    where change.contact_ref = ? and change.offer_id = ? and request.id <> ?
        and request.state in ('preparing', 'pending', 'approved', 'executing', 'unknown')
        and not (request.state = 'approved' and request.planned is not null and request.version = 1)
    order by request.number"""

GIVEN = """
    select request_id, max(id) as newest from change
    where contact_ref = ? and provider = ? and action <> 'create' and (sent is not null or in_part <> '')
    group by request_id order by newest desc limit ?"""

LAST_PROVIDER = """
    select provider from request
    where coalesce(asked_in, channel) = ? and planned is null order by created desc limit 1"""

ASKED_BY = """
    select * from request
    where requester = :requester and created >= :since and id <> :but and submitted_key <> :but
        and planned is null order by created"""
ASKED_FOR = """
    select * from request
    where id in (select request_id from change where contact_ref = :ref and action <> 'create')
        and created >= :since and id <> :but and submitted_key <> :but and planned is null order by created"""


class Requests(Part):
    """Takes requests in, moves them by steps, and lists them."""

    async def submit(self, submission: Submission, *, offer: Offer, now: float) -> Case:
        """Store a new request, due to be prepared. The same `submission.key` again returns the one it made."""

        def work(sqlite: sqlite3.Connection) -> Case:
            if (known := repeating.stored_before(sqlite, submission, offer)) is not None:
                return known
            request_id = new_id(sqlite, self.randomness)
            insert_request(sqlite, request_id, submission, offer=offer, now=now)
            ref = contacts.contact_ref(sqlite, provider=submission.provider, address=submission.address)
            insert_changes(sqlite, request_id, submission, ref=ref)
            case = cases.found(sqlite, request_id)
            event = audit.append(sqlite, submitted(case, ref=ref, now=now))
            outbox.owe(sqlite, event, case, self.notices)
            return case

        case = await self.db.write(work)
        self.announce()
        return case

    async def step(self, request_id: str, take: Take, *, changes: Sequence[int] = ()) -> Case | None:
        """Run a step on what is on disk and write what it returns; None when it had nothing to do."""
        try:
            return await self._step(
                lambda sqlite: cases.step(sqlite, request_id, take, self.notices, changes=changes, then=self._follow)
            )
        except EndUnderWay:
            return None

    def _follow(self, sqlite: sqlite3.Connection, before: Case, step: Step, swept: Sequence[int]) -> None:
        done = [*domain_ends.done_by(before, step.case), *cases.some(sqlite, swept)]
        ends.follow(sqlite, step, done, notices=self.notices, randomness=self.randomness)

    async def edit(self, request_id: str, take: Rewrite, *, address: str) -> Case | None:
        """Do as `step`, with what is asked for this address from now on: `take` gets its contact as well."""

        def work(sqlite: sqlite3.Connection) -> Case | None:
            provider = cases.found(sqlite, request_id).request.provider
            contact = contacts.named(sqlite, contacts.contact_ref(sqlite, provider=provider, address=address))
            return cases.edit(sqlite, request_id, lambda case: take(case, contact), self.notices)

        return await self._step(work)

    async def send(self, request_id: str, take: Take, *, changes: Sequence[int] = ()) -> Case | None:
        """Do as `step`, but return None also while another change of the same contact and offer is under way.

        The end of a timed grant waits for a newer grant that is approved and not at its ending, too.
        """

        def work(sqlite: sqlite3.Connection) -> Case | None:
            pausing.demand_going(sqlite)
            pausing.demand_turn(sqlite, request_id)
            if ends.must_wait(sqlite, request_id):
                return None
            return cases.step(sqlite, request_id, take, self.notices, changes=changes)

        try:
            return await self._step(work)
        except sqlite3.IntegrityError as error:
            if is_one_sent(error):
                return None
            raise

    async def _step(self, work: Work[Case | None]) -> Case | None:
        case = await self.db.write(work)
        if case is not None:
            self.announce()
        return case

    async def case(self, request_id: str, *, changes: Sequence[int] = ()) -> Case | None:
        """Read one request with its changes and decisions; of one for a list with none but these changes."""

        def work(sqlite: sqlite3.Connection) -> Case | None:
            case = cases.load(sqlite, request_id, changes)
            return lists.in_full(sqlite, case) if case is not None else None

        return await self.db.read(work)

    async def claim_requests(self, *, now: float, lease: float, limit: int) -> Sequence[Case]:
        """Take requests that are due: nobody else gets them for `lease` seconds."""
        claim = {"now": now, "until": now + lease, "limit": limit, "worker": self.worker}

        def work(sqlite: sqlite3.Connection) -> list[Case]:
            rows = sqlite.execute(CLAIM_REQUESTS, claim).fetchall()
            return [cases.found(sqlite, row["id"]) for row in rows]

        return await self.db.write(work)

    async def claim_changes(self, *, now: float, lease: float, limit: int) -> Sequence[Change]:
        """Take changes that are due; each attempt is counted, and its number is what later steps must show."""

        def work(sqlite: sqlite3.Connection) -> list[Change]:
            ids: list[int] = []
            for by_itself in (False, True):
                left = {"now": now, "ends": by_itself, "limit": limit - len(ids)}
                ids += [row["id"] for row in sqlite.execute(DUE_CHANGES, left)]
            taken = {"until": now + lease, "worker": self.worker}
            sqlite.executemany(CLAIM_CHANGES, [taken | {"id": change_id} for change_id in ids])
            rows = [sqlite.execute(f"{cases.CHANGES} where change.id = ?", (one,)).fetchone() for one in ids]
            return [change_from(row) for row in rows]

        return await self.db.write(work)

    async def rivals(self, contact: Contact, offer_id: str, *, but: str = "") -> Sequence[str]:
        """Name the open requests for a contact and an offer, but for one."""

        def work(sqlite: sqlite3.Connection) -> list[str]:
            found = [
                row["id"]
                for ref in contacts.refs(sqlite, contact)
                for row in sqlite.execute(RIVALS, (ref, offer_id, but))
            ]
            return list(dict.fromkeys(found))

        return await self.db.read(work)

    async def history(self, request_id: str) -> Sequence[AuditEvent]:
        """All that happened to a request, oldest first."""
        return await self.db.read(lambda sqlite: audit.history(sqlite, request_id))

    async def requests(
        self,
        *,
        states: frozenset[State] | None = None,
        requester: str | None = None,
        customers: Sequence[Contact] | None = None,
        since: float | None = None,
        wanted: Callable[[Request], bool] | None = None,
        before: float | None = None,
        limit: int = 10,
    ) -> Page:
        """List requests, newest first, by keyset."""
        return await self.db.read(
            lambda sqlite: searching.page(
                sqlite,
                states=states,
                requester=requester,
                customers=customers,
                since=since,
                wanted=wanted,
                before=before,
                limit=limit,
            )
        )

    async def given(self, provider: str, contact: Contact, *, limit: int = 20) -> Sequence[Case]:
        """List what this bot did for a contact, newest first: who asked, who approved, why."""

        def work(sqlite: sqlite3.Connection) -> list[Case]:
            newest: dict[str, int] = {}
            for ref in contacts.refs(sqlite, contact):
                for row in sqlite.execute(GIVEN, (ref, provider, limit)):
                    newest[row["request_id"]] = max(row["newest"], newest.get(row["request_id"], 0))
            ids = sorted(newest, key=lambda request_id: newest[request_id], reverse=True)[:limit]
            return [cases.found(sqlite, request_id, (newest[request_id],)) for request_id in ids]

        return await self.db.read(work)

    async def last_provider(self, place: str) -> str | None:
        """Name the provider of what was asked last in a channel."""

        def work(sqlite: sqlite3.Connection) -> str | None:
            row = sqlite.execute(LAST_PROVIDER, (place,)).fetchone()
            return str(row["provider"]) if row is not None else None

        return await self.db.read(work)

    async def asked_since(
        self, since: float, *, requester: str = "", contact: Contact | None = None, but: str = ""
    ) -> Sequence[Request]:
        """List what somebody asked for, or what was asked for a contact, since then, but for one (id or form's key)."""

        def work(sqlite: sqlite3.Connection) -> list[Request]:
            given = {"requester": requester, "since": since, "but": but}
            if contact is None:
                return [request_from(row) for row in sqlite.execute(ASKED_BY, given)]
            refs = contacts.refs(sqlite, contact)
            return [request_from(row) for ref in refs for row in sqlite.execute(ASKED_FOR, given | {"ref": ref})]

        return await self.db.read(work)


def submitted(case: Case, *, ref: int, now: float) -> AuditEvent:
    request = case.request
    data = {"action": request.action.value, "offer": request.offer.id, "contact_ref": ref}
    return AuditEvent(name="request.submitted", at=now, request_id=request.id, actor=request.requester, data=data)


def is_one_sent(error: sqlite3.IntegrityError) -> bool:
    """Tell whether `one_sent` or `one_sent_to` refused; SQLite names the columns of an index."""
    told = str(error)
    return any(
        f"change.provider, change.{customer}, change.offer_id" in told for customer in ("contact_ref", "sent_to")
    )
