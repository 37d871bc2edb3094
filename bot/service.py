"""What people do: submit, edit, decide, cancel, retry, settle, undo, extend, end, pause, resume.

Each method checks who asks, takes one step of the lifecycle in one transaction, and has it on disk when it returns.
What follows from the step, a call to the provider or a message, is a row with a due date by then; nothing here waits
for anybody. Every method raises a `Refusal` that says why not.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import structlog

from bot.authority import Authority
from bot.domain import approvals, bulk, editing, ends, lifecycle, mixed
from bot.domain import draft as drafts
from bot.domain.bulk import BulkSubmission
from bot.domain.draft import Draft
from bot.domain.errors import (
    EndApproved,
    FormOutdated,
    IdsNotTaken,
    NotBroughtAbout,
    NotEditable,
    NothingToUndo,
    NotRequester,
    OlderVersion,
    Overdrawn,
    Refusal,
    RequestNotFound,
    StandingUnknown,
)
from bot.domain.pause import WHY_LIMIT
from bot.domain.policy import Verdict
from bot.domain.request import (
    Action,
    AuditEvent,
    Case,
    ChangeState,
    Choice,
    Contact,
    Offer,
    Person,
    Request,
    State,
    Submission,
)
from bot.domain.roster import Roster
from bot.domain.spending import counted_at, with_room
from bot.domain.states import Step
from bot.domain.term import Term
from bot.ports import Clock, Provider, Store, Take, TakesIds

log = structlog.get_logger()


class _Overtaken(Exception):
    """Somebody has approved in between. Never leaves this module."""


@dataclass(frozen=True, slots=True)
class Service:
    """The verbs of Offerdesk. It knows neither Slack nor any provider's ways."""

    store: Store
    authority: Authority
    providers: Mapping[str, Provider]
    clock: Clock

    async def submit(self, submission: Submission) -> Case:
        """Store a request; its preview is prepared in the background. The same form again is the same request."""
        submission = replace(submission, editors=await self._authors(submission))
        submission, offer = await self._checked(submission)
        await self.authority.demand_submission(submission, offer, now=self.clock())
        return await self.store.submit(submission, offer=offer, now=self.clock())

    async def submit_bulk(self, submission: BulkSubmission) -> Case:
        """Store a request for the customers of a list; they are looked at in the background."""
        stored, _ = await self.submit_lists([submission])
        return stored[0]

    async def submit_lists(
        self, parts: Sequence[BulkSubmission]
    ) -> tuple[Sequence[Case], Sequence[tuple[BulkSubmission, Refusal]]]:
        """Store what a list asks for, all of it at once; what is refused is returned with the reason.

        Raises it where all is refused.
        """
        lists: list[tuple[BulkSubmission, Offer]] = []
        refused: list[tuple[BulkSubmission, Refusal]] = []
        for part in parts:
            try:
                lists.append(await self._checked_list(part))
            except StandingUnknown:
                raise
            except Refusal as refusal:
                refused.append((part, refusal))
        if refused and not lists:
            raise refused[0][1]
        if refused and (lost := refused[0][0]) is parts[0]:  # what cannot be used is told with the first one
            first, offer = lists[0]
            lists[0] = replace(first, bad=(*lost.bad, *first.bad), repeated=first.repeated + lost.repeated), offer
        return await self.store.submit_bulk(lists, now=self.clock()), refused

    async def _checked_list(self, submission: BulkSubmission) -> tuple[BulkSubmission, Offer]:
        """Tidy a list and find its offer; raise what can be seen to be wrong with it."""
        zone = ""
        if any(term is not None and term.day is not None for term in submission.terms):
            zone = (await self.authority.people.profile(submission.requester)).zone
        submission = mixed.with_terms(submission, zone=zone, now=self.clock())
        drafts.check_term(submission.term, now=self.clock())
        offer = await self.store.cached_offer(submission.provider, submission.offer_id)
        provider = self.providers.get(submission.provider)
        kinds = provider.addresses if provider is not None else frozenset(drafts.AddressKind)
        submission = bulk.tidied(submission, offer, kinds)
        assert offer is not None  # noqa: S101 - `tidied` has refused it
        await self.authority.demand_submission(submission, offer, now=self.clock())
        return submission, offer

    async def hold_bulk(self, request_id: str, *, by: Person) -> Case:
        """Send nothing more of one list for now."""
        judge = await self._may_hold(request_id, by)

        def step(case: Case) -> Step:
            judge(case).demand()
            return bulk.hold(case, by=by, now=self.clock())

        return await self._step(request_id, step)

    async def resume_bulk(self, request_id: str, *, by: Person) -> Case:
        """Send what is left of it."""
        judge = await self._may_hold(request_id, by)

        def step(case: Case) -> Step:
            judge(case).demand()
            return bulk.go_on(case, by=by, now=self.clock())

        return await self._step(request_id, step)

    async def undo_bulk(
        self, request_id: str, *, by: Person, reason: str, key: str, chosen: Roster | None = None
    ) -> Case:
        """Ask to take back what a list has brought about: a request of its own, decided by the same rules.

        `chosen`: for whom alone. Who got nothing by it, or got it from another request since, is left out and told so.
        """
        case = await self.case(request_id)
        done = await self.store.brought_about(request_id) if case.request.bulk else ()
        if not done:
            raise NothingToUndo
        request = case.request
        rows, bad = mixed.to_undo(done, chosen, request.action)
        if not rows:
            raise NotBroughtAbout(request_id)
        return await self.submit_bulk(
            BulkSubmission(
                action=drafts.undo_of(case),
                provider=request.provider,
                requester=by,
                channel=request.channel,
                offer_id=request.offer.id,
                reason=reason,
                key=key,
                rows=rows,
                bad=bad,
                repeated=sum(len(one.again) for one in chosen.merged) if chosen is not None else 0,
                file_name=request.file_name,
                parent=request.id,
                editors=_others_of(request),
            )
        )

    async def edit(self, request_id: str, submission: Submission, *, by: Person, shown: int) -> Case:
        """Ask for something else instead, as long as nobody has decided; the rules apply to it as to a new request."""
        found = await self.case(request_id)
        judge, request = await self._may_edit(found, by), found.request
        if request.bulk or (submission.action, submission.provider) != (request.action, request.provider):
            raise FormOutdated
        if request.creates_contact:
            drafts.check_name(submission.name)
        editors = tuple(dict.fromkeys((*request.editors, by)))
        asked = replace(submission, key=request.id, channel=request.channel, asked_in=request.asked_in)
        asked, offer = await self._checked(asked, whose=request.requester)
        if by != request.requester:  # who counts as a requester needs to be allowed what a requester is
            await self.authority.demand_allowed(replace(asked, requester=by), offer, now=request.created)
        asked = replace(asked, requester=request.requester, editors=editors)
        await self.authority.demand_submission(asked, offer, now=request.created)

        def step(case: Case, contact: Contact) -> Step | None:
            judge(case).demand()
            now = self.clock()
            return editing.edit(case, asked, offer=offer, contact=contact, by=by, shown=shown, now=now)

        return await self.store.edit(request_id, step, address=asked.address) or await self.case(request_id)

    async def to_edit(self, request_id: str, *, by: Person) -> Draft:
        """Fill a form with what is asked, so that it can be changed."""
        case = await self.case(request_id)
        (await self._may_edit(case, by))(case).demand()
        if case.request.bulk:
            raise NotEditable(case.request.state)
        editing.demand_editable(case, now=self.clock())
        request = case.request
        return replace(
            _refilled(case), edits=request.id, shown=request.version, creates_contact=request.creates_contact
        )

    async def decide(
        self, request_id: str, choice: Choice, *, by: Person, shown: int, note: str = "", said: float | None = None
    ) -> Case:
        """Approve or deny the version that was shown. A denial says why. `said`: when it was written, where it was."""
        found = await self.case(request_id)
        judge = await self.authority.judge(found, by, approving=choice is Choice.APPROVE)
        count = await self.authority.counting(found)
        within = await self.authority.caps(found) if choice is Choice.APPROVE else ()
        if choice is Choice.DENY:
            drafts.check_reason(note)
        doubted = await self.authority.lookalikes(found, by) if choice is Choice.APPROVE else frozenset[str]()

        def step(case: Case) -> Step:
            if not set(case.approvals) <= set(found.approvals):
                raise _Overtaken
            judge(case).demand()
            now = self.clock()
            return lifecycle.decide(
                case,
                choice,
                by=by,
                shown=shown,
                note=note.strip(),
                now=now,
                doubted=doubted,
                count=count,
                said=said,
                within=within,
            )

        try:
            case = await self._step(request_id, step)
        except _Overtaken:  # somebody has approved since whose account was not looked at
            return await self.decide(request_id, choice, by=by, shown=shown, note=note, said=said)
        except Overdrawn:  # less is left of a budget than was shown
            return await self._step(request_id, partial(lifecycle.overtake, by=by, shown=shown, now=self.clock()))
        for one in sorted(doubted):
            log.warning("two accounts look like the same mailbox", request=request_id, account=one, approver=by.id)
        return case

    async def decide_in_thread(
        self, choice: Choice, *, channel: str, thread_ts: str, ts: str, by: Person, note: str = ""
    ) -> Case:
        """Decide by a message in the thread (or under a direct question): it counts for the version asked before it."""
        request_id, shown = await self._asked_in_thread(channel, thread_ts, ts)
        return await self.decide(request_id, choice, by=by, shown=shown, note=note, said=float(ts))

    async def withdraw(self, request_id: str, *, by: Person, shown: int, said: float | None = None) -> Case:
        """Take one's own approval back, as long as others are still needed. `said`: as in `decide`."""
        await self.authority.take_part(by)
        count = await self.authority.counting(await self.case(request_id))

        def step(case: Case) -> Step:
            return approvals.withdraw(case, by=by, shown=shown, count=count, said=said, now=self.clock())

        return await self._step(request_id, step)

    async def withdraw_in_thread(self, *, channel: str, thread_ts: str, ts: str, by: Person) -> Case:
        """Do the same by a message in the thread."""
        request_id, shown = await self._asked_in_thread(channel, thread_ts, ts)
        return await self.withdraw(request_id, by=by, shown=shown, said=float(ts))

    async def cancel(self, request_id: str, *, by: Person) -> Case:
        """Take back what is not yet sent; after a failure, leave it as it is."""
        await self.authority.take_part(by)
        case = await self.case(request_id)
        ends_something = case.request.planned is not None  # also where people are asked about it once more
        if ends_something:
            await self.authority.demand_keeping(case, by)
        return await self._step(request_id, partial(lifecycle.cancel, by=by, now=self.clock(), entitled=ends_something))

    async def retry(self, request_id: str, *, by: Person) -> Case:
        """Try again what failed, and look again at what is unknown."""
        await self.authority.take_part(by)
        found = await self.case(request_id)
        judge = await self.authority.judge(found, by, approving=False)
        within = await self.authority.caps(found, at=counted_at(found, now=self.clock()))

        def step(case: Case, *, room: bool) -> Step:
            if by.id != case.request.requester.id:
                judge(case).demand()
            return with_room(lifecycle.retry(case, by=by, now=self.clock()), case, within, found=room)

        try:
            return await self._step(request_id, partial(step, room=True))
        except Overdrawn:
            return await self._step(request_id, partial(step, room=False))

    async def settle(self, request_id: str, *, done: bool, by: Person, note: str) -> Case:
        """End what is unknown by the word of a person who looked, and who says how they know."""
        judge = await self.authority.judge(await self.case(request_id), by, approving=False)
        drafts.check_reason(note)

        def step(case: Case) -> Step:
            judge(case).demand()
            return lifecycle.settle(case, done=done, by=by, note=note.strip(), now=self.clock())

        return await self._step(request_id, step)

    async def undo(self, request_id: str, *, by: Person) -> Draft:
        """Fill a form that takes back what this request brought about; it becomes a request of its own."""
        (await self.authority.may_request(by)).demand()
        case = await self.case(request_id)
        if case.request.bulk or case.main.state is not ChangeState.SUCCEEDED or case.main.receipt == "settled":
            raise NothingToUndo
        return replace(_refilled(case), action=drafts.undo_of(case), reason="", welcome_email=False, term=None)

    async def to_extend(self, end_id: str, *, by: Person, channel: str) -> Case:
        """Return what ends by itself, for a form that asks for a later end; `channel`: where it was pressed."""
        case = await self.case(end_id)
        await self.authority.demand_part(case.request, by, channel=channel)
        (await self.authority.may_request(by)).demand()
        ends.demand_standing(case)
        return case

    async def extend(self, end_id: str, term: Term | None, *, by: Person, reason: str, key: str) -> Case:
        """Ask for the same grant for longer, or for good: a request like any other, decided by the same rules."""
        case = await self.case(end_id)
        ends.demand_standing(case)
        return await self.submit(
            Submission(
                action=Action.GRANT,
                provider=case.request.provider,
                requester=by,
                channel=case.request.channel,
                address=case.main.contact.address,
                offer_id=case.request.offer.id,
                reason=reason,
                key=key,
                term=term,
                parent=case.request.parent,
            )
        )

    async def end_now(self, end_id: str, *, by: Person, channel: str) -> Draft:
        """Fill a form that revokes at once what would end later: earlier than approved is a decision of its own."""
        return replace(_refilled(await self.to_extend(end_id, by=by, channel=channel)), reason="")

    async def pause(self, why: str, *, by: Person) -> AuditEvent:
        """Let nothing be sent any more; requests and decisions go on. Raises `Paused` where it is so already."""
        (await self.authority.may_pause(by)).demand()
        why = " ".join(why.split())
        why = why if len(why) <= WHY_LIMIT else f"{why[: WHY_LIMIT - 1]}…"
        return await self.store.pause(by=by, why=why, now=self.clock())

    async def resume(self, *, by: Person) -> AuditEvent:
        """Carry out what waits, the oldest approval first."""
        (await self.authority.may_pause(by)).demand()
        return await self.store.resume(by=by, now=self.clock())

    async def to_ask_again(self, request_id: str, *, by: Person) -> Case:
        """Return what somebody has asked for, and may ask for once more."""
        case = await self.case(request_id)
        if by.id not in case.request.askers:
            raise NotRequester
        (await self.authority.may_request(by)).demand()
        return case

    async def ask_again(self, request_id: str, *, by: Person, reason: str, key: str) -> Case:
        """Ask for the customers of a list once more: a request of its own, for which all of them are looked up anew."""
        request = (await self.to_ask_again(request_id, by=by)).request
        return await self.submit_bulk(
            BulkSubmission(
                action=request.action,
                provider=request.provider,
                requester=by,
                channel=request.channel,
                asked_in=request.asked_in,
                offer_id=request.offer.id,
                reason=reason,
                key=key,
                rows=tuple([row async for row in self.store.asked_rows(request_id)]),
                file_name=request.file_name,
                welcome_email=request.welcome_email,
                term=request.term,
                parent=request.id,
                editors=_others_of(request),
            )
        )

    async def correct(self, request_id: str, *, by: Person) -> Draft:
        """Fill a form with what was asked of one customer, so that it can be asked better."""
        case = await self.to_ask_again(request_id, by=by)
        if case.request.bulk:
            raise FormOutdated
        problem = case.request.note if case.request.state is State.CANCELLED else ""
        return replace(
            _refilled(case),
            creates_contact=problem == "ContactNotFound" and self._can_create(case),
            asks_channel=problem == "ChannelUnreachable",
        )

    async def case(self, request_id: str) -> Case:
        """Read one request, or raise `RequestNotFound`."""
        case = await self.store.case(request_id)
        if case is None:
            raise RequestNotFound(request_id)
        return case

    async def _asked_in_thread(self, channel: str, thread_ts: str, ts: str) -> tuple[str, int]:
        """Return which request, and which version of it, somebody writes about."""
        request_id = await self.store.in_thread(channel, thread_ts)
        if request_id is None:
            raise RequestNotFound("")
        shown = await self.store.asked_before(request_id, channel=channel, ts=ts)
        if shown is None:
            raise OlderVersion(0, (await self.case(request_id)).request.version)
        return request_id, shown

    async def _checked(self, submission: Submission, *, whose: Person | None = None) -> tuple[Submission, Offer]:
        """Tidy what came from a form and find its offer; raise what can be seen to be wrong with it.

        `whose`: where a day ends depends on where the requester is.
        """
        submission = replace(submission, address=drafts.normal(submission.address), reason=submission.reason.strip())
        if submission.term is not None and submission.term.day is not None:
            zone = (await self.authority.people.profile(whose or submission.requester)).zone
            submission = replace(submission, term=submission.term.placed(zone))
        drafts.check_term(submission.term, now=self.clock())
        offer = await self.store.cached_offer(submission.provider, submission.offer_id)
        provider = self.providers.get(submission.provider)
        drafts.check(submission, offer, provider.addresses if provider is not None else frozenset(drafts.AddressKind))
        if submission.ids and (submission.action is not Action.REVOKE or not isinstance(provider, TakesIds)):
            raise IdsNotTaken
        assert offer is not None  # noqa: S101 - `check` has refused it
        return submission, offer

    async def _authors(self, submission: Submission) -> tuple[Person, ...]:
        """Name those who count as requesters of what is asked anew: all who had a hand in what was edited."""
        parent = await self.store.case(submission.parent) if submission.parent else None
        return () if parent is None else _others_of(parent.request)

    async def _may_edit(self, case: Case, by: Person) -> Callable[[Case], Verdict]:
        """Return what tells whether this person may: whoever has asked for it, or may decide on it."""
        await self.authority.take_part(by)
        if case.request.planned is not None and by.id in case.request.askers:
            raise EndApproved
        judge = await self.authority.judge(case, by, approving=False)
        own = Verdict(rule="")  # whoever asks for it may change it
        return lambda found: own if by.id in found.request.askers else judge(found)

    async def _may_hold(self, request_id: str, by: Person) -> Callable[[Case], Verdict]:
        """Return what tells whether this person may hold a list up: who asks or decides, and those who may pause."""
        if (verdict := await self.authority.may_pause(by)).allowed:
            return lambda _: verdict
        return await self._may_edit(await self.case(request_id), by)

    async def _step(self, request_id: str, step: Take) -> Case:
        case = await self.store.step(request_id, step)
        return case if case is not None else await self.case(request_id)

    def _can_create(self, case: Case) -> bool:
        provider = self.providers.get(case.request.provider)
        return provider is not None and provider.creates_contacts


def _others_of(request: Request) -> tuple[Person, ...]:
    """Name those who asked for it together; of what one person asked for, nobody else is its author."""
    authors = dict.fromkeys((request.requester, *request.editors))
    return tuple(authors) if len(request.askers) > 1 else ()


def _refilled(case: Case) -> Draft:
    request, change = case.request, case.main
    return Draft(
        action=request.action,
        provider=request.provider,
        address=change.contact.address,
        name=change.contact.name,
        offer=request.offer,
        ids=", ".join(change.ids),
        term=request.term,
        reason=request.reason,
        welcome_email=request.welcome_email,
        channel=request.place,
        parent=request.id,
    )
