"""Who may do what, right now: the policy's rules applied to what Slack says about people at this moment."""

import asyncio
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from time import time

from bot import allowances
from bot.domain import policy as rules
from bot.domain.approvals import Progress, awaited
from bot.domain.bulk import BulkSubmission
from bot.domain.errors import (
    EndApproved,
    EndTakesMore,
    GroupGone,
    NobodyMayDecide,
    NotAllowed,
    NotApprover,
    NotAutomatic,
    NotConcerned,
    TooFewMayDecide,
)
from bot.domain.identity import same_owner
from bot.domain.policy import Cap, Members, Policy, Precedent, Ruling, Situation, Tally, Terms, Verdict, is_group
from bot.domain.request import Action, Case, Contact, Offer, Person, Request, State, Submission
from bot.domain.spending import by_policy, fits
from bot.ports import Clock, People, Records

#: how old an answer of Slack's may be before a change is sent, in seconds
FRESH = 60.0
#: and before a decision, which is checked once more before the change is sent
RECENT = 300.0
#: whether there is anybody else at all changes slowly, and is asked at every Send
LASTING = 3600.0
#: how many people are asked about at once
AT_ONCE = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the rules need to know besides the request itself, and the rules as they were when it was asked for."""

    policy: Policy
    members: Members
    by_requester: tuple[Request, ...] = ()
    for_customers: tuple[tuple[Request | Precedent, ...], ...] = ()


@dataclass(slots=True)
class Authority:
    """Answers by Slack id, on every path. Another policy may take the place of its own at any moment."""

    policy: Policy
    people: People
    records: Records
    clock: Clock = time

    # --- who is meant ----------------------------------------------------------------------------------------------

    async def members(self, named: Iterable[str], *, max_age: float = RECENT) -> Members:
        """Look up the user groups among those named; those that are gone are left out."""
        groups = sorted(set(filter(is_group, named)))
        asked = (self.people.members(one, max_age=max_age) for one in groups)
        found = await asyncio.gather(*asked, return_exceptions=True)
        for one in found:
            if isinstance(one, BaseException) and not isinstance(one, GroupGone):
                raise one
        return {group: one for group, one in zip(groups, found, strict=True) if not isinstance(one, BaseException)}

    async def named(self, among: Collection[str] | None = None, *, max_age: float = RECENT) -> frozenset[str]:
        """Name all approvers, groups expanded, whether or not their accounts can take part."""
        approvers = self.policy.approvers if among is None else among
        return rules.everybody(approvers, await self.members(approvers, max_age=max_age))

    async def deciders(self, among: Collection[str] | None = None, *, max_age: float = RECENT) -> frozenset[str]:
        """Name all who could decide now: the approvers (those of all rules, or some) whose account can take part."""
        named = sorted(await self.named(among, max_age=max_age))
        fit: set[str] = set()
        for some in (named[at : at + AT_ONCE] for at in range(0, len(named), AT_ONCE)):
            profiles = await asyncio.gather(*(self.people.profile(Person("", one), max_age=max_age) for one in some))
            fit |= {profile.person.id for profile in profiles if rules.standing(profile) is None}
        return frozenset(fit)

    # --- which rule decides ----------------------------------------------------------------------------------------

    async def ruling(self, case: Case, *, dangers: tuple[str, ...] = (), max_age: float = RECENT) -> Ruling:
        """Find what the policy says about a request as it stands now. `dangers`: what the provider warns of."""
        known, request = await self._known(case, max_age=max_age), case.request
        profile = await self.people.profile(request.requester, max_age=max_age)
        fit = rules.may_request(known.policy, profile, members=known.members).allowed
        apart = "askers" if len(request.askers) > 1 else "" if fit else "requester"
        it = replace(self._situation(request, known), now=self.clock(), apart=apart, dangers=dangers)
        it = await allowances.reckoned(self.records, known.policy, it, known.members, but=request.id)
        return _late(rules.rule_on(known.policy, it), request)

    async def caps(self, case: Case, *, at: float | None = None) -> tuple[Cap, ...]:
        """Say what the approval of a request, as it was shown, may not go over. `at`: when it counts; None: now."""
        known, request = await self._known(case), case.request
        it = replace(self._situation(request, known), now=self.clock() if at is None else at)
        rule = str(request.preview.get("rule", "")) if fits(request.preview.get("automatic")) else ""
        return allowances.caps(known.policy, it, known.members, rule=rule, over=_shown_over(request))

    async def demand_submission(self, submission: Submission | BulkSubmission, offer: Offer, *, now: float) -> None:
        """Raise why this cannot be asked for: by this person, at all, or because nobody else could decide on it."""
        ruling, members = await self.demand_allowed(submission, offer, now=now)
        askers = frozenset({submission.requester.id, *(one.id for one in submission.editors)})
        if not await self._enough_but(askers, ruling.terms, members):
            raise NobodyMayDecide if ruling.terms.needed == 1 else TooFewMayDecide(ruling.terms.needed)

    async def demand_allowed(
        self, submission: Submission | BulkSubmission, offer: Offer, *, now: float
    ) -> tuple[Ruling, Members]:
        """Raise why the rules do not let this person ask for this; return what they say, and who is in which group."""
        by = submission.requester
        policy = self.policy
        profile = await self.people.profile(by, max_age=RECENT)
        members = await self.members((*policy.groups, *policy.access.request))
        rules.may_request(policy, profile, members=members).demand()
        if isinstance(submission, BulkSubmission):
            contact, customers = None, len(submission.rows)
        else:
            contact, customers = Contact(provider=submission.provider, address=submission.address), 1
        by_requester, for_customers = await self._past(policy, by.id, contact, at=now, but=submission.key)
        it = Situation(
            action=submission.action,
            offer=offer,
            requester=by.id,
            channel=submission.place,
            reason=submission.reason,
            at=now,
            groups=_groups_of(by.id, members),
            gone=policy.groups.difference(members),
            customers=customers,
            days=None if submission.term is None else submission.term.in_days(now),
            by_requester=by_requester,
            for_customers=for_customers,
            now=self.clock(),
        )
        it = await allowances.reckoned(self.records, policy, it, members, but=submission.key)
        ruling = rules.rule_on(policy, it)
        ruling.demand()
        return ruling, members

    # --- who may -----------------------------------------------------------------------------------------------------

    async def may_request(self, by: Person) -> Verdict:
        """Decide whether this person may ask for anything: somebody else must be able to decide."""
        profile = await self.people.profile(by, max_age=RECENT)
        verdict = rules.may_request(self.policy, profile, members=await self.members(self.policy.access.request))
        if verdict.allowed and not await self._somebody_but(frozenset({by.id}), await self.named()):
            return Verdict(rule=verdict.rule, refusal=NobodyMayDecide())
        return verdict

    async def judge(
        self, case: Case, by: Person, *, approving: bool, max_age: float = RECENT
    ) -> Callable[[Case], Verdict]:
        """Ask Slack about a person, and return what gives the verdict on the request, as it is found on disk."""
        profile = await self.people.profile(by, max_age=max_age)
        known = await self._known(case, max_age=max_age)

        def verdict(found: Case) -> Verdict:
            unseen = found.request.state is State.PREPARING  # nobody approves it yet, and no terms were shown
            return rules.may_decide(
                self._rule_on(found, known),
                profile,
                requester=found.request.requester.id,
                editors=found.request.askers,
                members=known.members,
                shown=shown_terms(found.request) if approving and not unseen else None,
            )

        return verdict

    async def addressed(self, by: Person) -> Callable[[Request], bool]:
        """Return what tells which of many requests were shown to this person for a decision; the click decides."""
        profile, named = await self.people.profile(by, max_age=RECENT), await self.named()
        decides = by.id in named and rules.standing(profile) is None
        names = {by.id, *_groups_of(by.id, await self.members(self.policy.groups))}

        def is_addressed(request: Request) -> bool:
            waits = request.state is State.PENDING  # else it is unknown, and whoever approved may settle it
            asked = awaited(request) if waits else shown_terms(request).named
            gone = request.askers.union(Progress.of(request).approved if waits else ())
            return decides and by.id not in gone and not names.isdisjoint(asked)

        return is_addressed

    async def may_decide(self, case: Case, by: Person, *, approving: bool = True) -> Verdict:
        """Decide whether this person may approve this request; or deny or settle it."""
        return (await self.judge(case, by, approving=approving))(case)

    async def lookalikes(self, case: Case, by: Person) -> frozenset[str]:
        """Name those who ask, or have approved, whose account looks like another one of this person's."""
        profile, request = await self.people.profile(by, max_age=RECENT), case.request
        if not profile.address:  # Slack does not tell it, so nothing can be said
            return frozenset()
        others = {request.requester, *request.editors, *(one.by for one in case.approvals)}
        profiles = [await self.people.profile(one, max_age=LASTING) for one in sorted(others, key=lambda one: one.id)]
        return frozenset(one.person.id for one in profiles if same_owner(profile, one))

    async def demand_keeping(self, case: Case, by: Person) -> None:
        """Raise why this person cannot let go on for good what was granted for a time.

        Whoever cancels an end decides what would otherwise be a request of its own, the same grant without an end: so
        they must be somebody who could approve that now, alone.
        """
        if by.id in case.request.askers:
            raise EndApproved
        kept = replace(case, request=replace(case.request, action=Action.GRANT, term=None))
        (await self.may_decide(kept, by, approving=False)).demand()
        ruling = await self.ruling(kept)
        ruling.demand()
        if ruling.terms.needed > 1:
            raise EndTakesMore(ruling.terms.needed)

    async def may_read_all(self, by: Person) -> Verdict:
        """Decide whether this person may see requests they have no part in."""
        profile = await self.people.profile(by, max_age=RECENT)
        members = await self.members((*self.policy.approvers, *self.policy.access.read))
        return rules.may_read_all(self.policy, profile, members=members)

    async def may_pause(self, by: Person) -> Verdict:
        """Decide whether this person may stop all sending, and let it go on."""
        return rules.may_pause(self.policy, await self.people.profile(by, max_age=RECENT))

    async def take_part(self, by: Person) -> None:
        """Raise why this account can take no part in anything."""
        refusal = rules.standing(await self.people.profile(by, max_age=RECENT))
        if refusal is not None:
            raise refusal

    async def may_ask(self, by: Person) -> None:
        """Raise why this person may not ask for anything, whoever could decide."""
        profile, members = await self.people.profile(by, max_age=RECENT), await self.members(self.policy.access.request)
        rules.may_request(self.policy, profile, members=members).demand()

    async def may_look(self, by: Person) -> None:
        """Raise why this person may not look offers and customers up."""
        profile, access = await self.people.profile(by, max_age=RECENT), self.policy.access
        named = (*access.look_up, *access.request, *self.policy.approvers) if access.look_up else ()
        rules.may_look(self.policy, profile, members=await self.members(named)).demand()

    async def demand_part(self, request: Request, by: Person, *, channel: str | None = None) -> None:
        """Raise unless the request is this person's business: theirs, theirs to decide, or shown where they stand."""
        await self.take_part(by)
        if by.id in request.askers or channel == request.channel:
            return
        if not (await self.may_read_all(by)).allowed:
            raise NotConcerned

    async def counting(self, case: Case, *, max_age: float = RECENT) -> Callable[[Case], Tally]:
        """Ask Slack about all who have approved, and return what counts the approvals, as they are found on disk."""
        judges = {one.by.id: await self.judge(case, one.by, approving=True, max_age=max_age) for one in case.approvals}
        known = await self._known(case, max_age=max_age)

        def count(found: Case) -> Tally:
            # who is not among the judged was allowed to approve a moment ago; before sending all are judged again
            ids = [one.by.id for one in found.approvals]
            allowed = [one for one in ids if one not in judges or judges[one](found).allowed]
            both = (shown_terms(found.request), self._rule_on(found, known).terms)
            return rules.tally_all(both, allowed, requester=found.request.requester.id, members=known.members)

        return count

    async def lapsed(self, case: Case) -> NotAllowed | None:
        """Say why the approvals of this request are not enough any more; None while they are."""
        if by_policy(case.request):
            return await self._lapsed_by_itself(case)
        if (await self.counting(case, max_age=FRESH))(case).full:
            return None
        verdicts = [(await self.judge(case, one.by, approving=True, max_age=FRESH))(case) for one in case.approvals]
        refusals = [one.refusal for one in verdicts if one.refusal is not None]
        return refusals[0] if refusals else NotApprover(shown_terms(case.request).named)

    async def _lapsed_by_itself(self, case: Case) -> NotAllowed | None:
        """Say whether the policy would not approve it by itself any more, by the same rule."""
        shown = case.request.preview
        dangers = tuple(one for one in shown.get("dangers", ()) if one == "subscription")
        ruling = await self.ruling(case, dangers=dangers, max_age=FRESH)
        stays = ruling.rule == shown.get("rule") and ruling.automatic is not None and not ruling.automatic.against
        return None if stays else NotAutomatic()

    # --- what has to be known ----------------------------------------------------------------------------------------

    @staticmethod
    def _situation(request: Request, known: Known) -> Situation:
        return Situation(
            action=request.action,
            offer=request.offer,
            requester=request.requester.id,
            channel=request.place,
            reason=request.reason,
            at=request.created,
            groups=_groups_of(request.requester.id, known.members),
            gone=known.policy.groups.difference(known.members),
            days=None if request.term is None else request.term.in_days(request.created),
            customers=request.customers,
            by_requester=known.by_requester,
            for_customers=known.for_customers,
        )

    def _rule_on(self, case: Case, known: Known) -> Ruling:
        """Find the rule for what was shown: the budgets that it was shown to go over are those that count."""
        request = case.request
        ruling = _late(rules.rule_on(known.policy, self._situation(request, known)), request)
        return replace(ruling, terms=rules.with_additions(ruling.terms, known.policy, _shown_over(request)))

    async def _known(self, case: Case, *, max_age: float = RECENT) -> Known:
        request, policy = case.request, self.policy
        members = await self.members((*policy.groups, *shown_terms(request).named), max_age=max_age)
        contact = None if request.bulk else case.main.contact
        by_requester, for_customers = await self._past(
            policy, request.requester.id, contact, at=request.created, but=request.id
        )
        if request.bulk and policy.looks_back:  # a rule on a customer's past holds for a list if it does for one of it
            since = request.created - policy.looks_back
            for_customers = tuple(await self.records.asked_for_each(request.id, since))
        return Known(policy=policy, members=members, by_requester=by_requester, for_customers=for_customers)

    async def _past(
        self, policy: Policy, requester: str, contact: Contact | None, *, at: float, but: str
    ) -> tuple[tuple[Request, ...], tuple[tuple[Request | Precedent, ...], ...]]:
        """Read what was asked before, by this requester and for this customer, as far back as any rule looks."""
        if not policy.looks_back:
            return (), ()
        since = at - policy.looks_back
        by_requester = await self.records.asked_since(since, requester=requester, but=but)
        if contact is None:  # who is on a list is looked up once it is stored
            return tuple(by_requester), ()
        return tuple(by_requester), (tuple(await self.records.asked_since(since, contact=contact, but=but)),)

    async def _somebody_but(self, askers: frozenset[str], named: frozenset[str]) -> bool:
        """Whether one of them could decide on these people's requests; a click must not ask for all."""
        for one in sorted(named - askers):
            if rules.standing(await self.people.profile(Person("", one), max_age=LASTING)) is None:
                return True
        return False

    async def _enough_but(self, askers: frozenset[str], terms: Terms, members: Members) -> bool:
        """Whether all whom it takes could be found without those who ask."""
        fit: set[str] = set()
        for one in sorted(rules.everybody(terms.named, members) - askers):
            if rules.tally(terms, fit, requester="", members=members).full:
                return True
            if rules.standing(await self.people.profile(Person("", one), max_age=LASTING)) is None:
                fit.add(one)
        return rules.tally(terms, fit, requester="", members=members).full


def shown_terms(request: Request) -> Terms:
    """Return the terms that a request was shown with."""
    shown = request.preview
    return Terms(
        approvers=tuple(shown.get("approvers", ())),
        quorum=shown.get("quorum", 1),
        one_from_each=tuple(shown.get("one_from_each", ())),
        additions=tuple(map(tuple, shown.get("additions", ()))),
    )


def _shown_over(request: Request) -> frozenset[str]:
    """Name the budgets that a request was shown to go over."""
    return frozenset(one["budget"] for one in request.preview.get("budgets", ()) if one["over"])


def _late(ruling: Ruling, request: Request) -> Ruling:
    """Let those decide as well to whom it was escalated."""
    escalated = request.preview.get("escalated") is not None
    return replace(ruling, terms=ruling.terms.escalated) if escalated else ruling


def _groups_of(person: str, members: Members) -> frozenset[str]:
    return frozenset(group for group, people in members.items() if person in people)
