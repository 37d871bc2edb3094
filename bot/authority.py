"""Who may do what, right now: the policy's rules applied to what Slack says about people at this moment."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from bot.domain import policy as rules
from bot.domain.errors import NotAllowed, NotApprover, NotConcerned
from bot.domain.policy import Policy, Verdict
from bot.domain.request import Case, Person, Request
from bot.ports import People

#: how old an answer of Slack's may be before a change is sent, in seconds
FRESH = 60.0
#: and before a decision, which is checked once more before the change is sent
RECENT = 300.0
#: whether there is anybody else at all changes slowly, and is asked at every Send
LASTING = 3600.0
#: how many people are asked about at once
AT_ONCE = 10


def is_group(slack_id: str) -> bool:
    """Whether the id names a user group (`S…`) rather than a person (`U…`, `W…`)."""
    return slack_id.startswith("S")


@dataclass(frozen=True, slots=True)
class Authority:
    """Answers by Slack id, on every path."""

    policy: Policy
    people: People

    async def named(self, *, max_age: float = RECENT) -> frozenset[str]:
        """Name all approvers, groups expanded, whether or not their accounts can take part."""
        approvers = self.policy.approvers
        groups = [self.people.members(one, max_age=max_age) for one in approvers if is_group(one)]
        people = {one for one in approvers if not is_group(one)}
        return frozenset(people.union(*await asyncio.gather(*groups)))

    async def deciders(self, *, max_age: float = RECENT) -> frozenset[str]:
        """Name all who could decide now: the approvers without those whose account cannot."""
        named = sorted(await self.named(max_age=max_age))
        fit: set[str] = set()
        for some in (named[at : at + AT_ONCE] for at in range(0, len(named), AT_ONCE)):
            profiles = await asyncio.gather(*(self.people.profile(Person("", one), max_age=max_age) for one in some))
            fit |= {profile.person.id for profile in profiles if rules.standing(profile) is None}
        return frozenset(fit)

    async def may_request(self, by: Person) -> Verdict:
        """Decide whether this person may ask for a grant or a revoke: somebody else must be able to decide."""
        profile = await self.people.profile(by, max_age=RECENT)
        return rules.may_request(self.policy, profile, deciders=await self._somebody_but(by))

    async def _somebody_but(self, requester: Person) -> frozenset[str]:
        """Name one who could decide on this person's requests, if there is one; a click must not ask for all."""
        for one in sorted(await self.named() - {requester.id}):
            if rules.standing(await self.people.profile(Person("", one), max_age=LASTING)) is None:
                return frozenset({one})
        return frozenset()

    async def judge(self, by: Person, *, max_age: float = RECENT) -> Callable[[Request], Verdict]:
        """Ask Slack about a person, and return what gives the verdict on any request, as it is found on disk."""
        profile = await self.people.profile(by, max_age=max_age)
        named = await self.named(max_age=max_age)
        return lambda request: rules.may_decide(self.policy, request, profile, deciders=named)

    async def may_decide(self, request: Request, by: Person, *, max_age: float = RECENT) -> Verdict:
        """Decide whether this person may approve, deny or settle this request."""
        return (await self.judge(by, max_age=max_age))(request)

    async def may_read_all(self, by: Person) -> Verdict:
        """Decide whether this person may see requests they have no part in."""
        profile = await self.people.profile(by, max_age=RECENT)
        return rules.may_read_all(self.policy, profile, deciders=await self.named())

    async def may_look(self, by: Person) -> None:
        """Raise why this person may not look anything up."""
        refusal = rules.standing(await self.people.profile(by, max_age=RECENT))
        if refusal is not None:
            raise refusal

    async def demand_part(self, request: Request, by: Person, *, channel: str | None = None) -> None:
        """Raise unless the request is this person's business: theirs, theirs to decide, or shown where they stand."""
        await self.may_look(by)
        if by.id == request.requester.id or channel == request.channel:
            return
        if not (await self.may_read_all(by)).allowed:
            raise NotConcerned

    async def lapsed(self, case: Case) -> NotAllowed | None:
        """Say why the approval of this request does not count any more; None while it does."""
        if case.verdict is None:
            return NotApprover(self.policy.approvers)
        return (await self.may_decide(case.request, case.verdict.by, max_age=FRESH)).refusal
