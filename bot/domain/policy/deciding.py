"""May this person ask, look, read, decide? And is it decided? Every answer names the rule it comes from."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.errors import (
    BotAccount,
    Deactivated,
    GuestAccount,
    NotAdmin,
    NotAllowed,
    NotApprover,
    NotNamed,
    OtherWorkspace,
    OwnRequest,
    RulesChanged,
)
from bot.domain.policy.nouns import Policy, Ruling, Terms, Verdict, is_group
from bot.domain.request import Profile

#: who is in which user group
Members = Mapping[str, frozenset[str]]


def standing(profile: Profile) -> NotAllowed | None:
    """Say why this account can take no part, whatever the policy; None when it can."""
    if not profile.ours:
        return OtherWorkspace()
    if profile.bot:
        return BotAccount()
    if not profile.active:
        return Deactivated()
    if profile.guest:
        return GuestAccount()
    return None


def everybody(named: Collection[str], members: Members) -> frozenset[str]:
    """Name the people behind people and groups; in a group that nobody looked up there is nobody."""
    people = {one for one in named if not is_group(one)}
    return frozenset(people.union(*(members.get(one, frozenset()) for one in named if is_group(one))))


def may_request(policy: Policy, requester: Profile, *, members: Members) -> Verdict:
    """Decide whether this person may ask for anything at all."""
    allowed = policy.access.request
    refusal = standing(requester)
    if refusal is None and allowed and requester.person.id not in everybody(allowed, members):
        refusal = NotNamed(allowed)
    return Verdict(rule=policy.source, refusal=refusal)


def may_look(policy: Policy, reader: Profile, *, members: Members) -> Verdict:
    """Decide whether this person may look up offers and customers."""
    access = policy.access
    refusal = standing(reader)
    allowed = (*access.look_up, *access.request, *policy.approvers, *policy.admins) if access.look_up else ()
    if refusal is None and allowed and reader.person.id not in everybody(allowed, members):
        refusal = NotNamed(access.look_up)
    return Verdict(rule=policy.source, refusal=refusal)


def may_pause(policy: Policy, by: Profile) -> Verdict:
    """Decide whether this person may stop all sending, and let it go on."""
    refusal = standing(by)
    if refusal is None and by.person.id not in policy.admins:
        refusal = NotAdmin(policy.admins)
    return Verdict(rule="ADMINS", refusal=refusal)


def may_read_all(policy: Policy, reader: Profile, *, members: Members) -> Verdict:
    """Decide whether this person may see requests that are not their own."""
    refusal = standing(reader)
    allowed = (*policy.approvers, *policy.admins, *policy.access.read)
    if refusal is None and reader.person.id not in everybody(allowed, members):
        refusal = NotApprover(policy.approvers)
    return Verdict(rule=policy.source, refusal=refusal)


def may_decide(
    ruling: Ruling,
    approver: Profile,
    *,
    requester: str,
    editors: Collection[str] = (),
    members: Members,
    shown: Terms | None = None,
) -> Verdict:
    """Decide whether this person may approve (on the terms `shown`), deny or settle a request.

    `editors` have changed what is asked, and so count as requesters.

    An approval needs the policy as it is now and the terms that were shown: a change of the policy never makes it
    easier to approve what waits already.
    """
    refusal: NotAllowed | None = standing(approver)
    who, now = approver.person.id, everybody(ruling.terms.named, members)
    if refusal is None and (who == requester or who in editors):
        refusal = OwnRequest()
    if refusal is None and who not in now:
        refusal = NotApprover(ruling.terms.named)
    if (
        refusal is None
        and shown is not None
        and (ruling.refusal is not None or who not in everybody(shown.named, members))
    ):
        refusal = RulesChanged()
    return Verdict(rule=ruling.rule, grounds=ruling.grounds, refusal=refusal)


@dataclass(frozen=True, slots=True)
class Tally:
    """How far a decision has come."""

    #: the different people whose approval counts
    counted: frozenset[str]
    #: how many more are needed at least
    missing: int
    #: the people and groups named of whom another approval would help
    awaited: tuple[str, ...] = ()

    @property
    def full(self) -> bool:
        """Whether it is decided."""
        return self.missing == 0


def tally(terms: Terms, approvals: Collection[str], *, requester: str, members: Members) -> Tally:
    """Count approvals: each person once, only those who are named, never the requester."""
    counted = (frozenset(approvals) & everybody(terms.named, members)) - {requester}
    sides = [sorted(counted & everybody(side, members)) for side in _sides(terms)]
    return Tally(counted, len(sides) - _represented(sides))


def _sides(terms: Terms) -> list[tuple[str, ...]]:
    """List what different people have to stand for: each of one-from-each, the quorum's rest, each addition."""
    each = [(one,) for one in terms.one_from_each]
    anybody = (*terms.approvers, *terms.one_from_each)
    return [*each, *[anybody] * (terms.quorum - len(each)), *terms.additions]


def tally_all(all_terms: Sequence[Terms], approvals: Collection[str], *, requester: str, members: Members) -> Tally:
    """Count where several terms have to be met by the same approvals: what does not count for all counts for none."""
    common = frozenset.intersection(frozenset(approvals), *(everybody(one.named, members) for one in all_terms))
    tallies = [tally(terms, common, requester=requester, members=members) for terms in all_terms]
    hardest = max(range(len(tallies)), key=lambda place: tallies[place].missing)
    awaited = _awaited(all_terms[hardest], tallies[hardest], requester=requester, members=members)
    return Tally(tallies[hardest].counted, tallies[hardest].missing, awaited)


def _awaited(terms: Terms, found: Tally, *, requester: str, members: Members) -> tuple[str, ...]:
    """Name those of whom another one would bring it further: where one of each is needed, not everybody does."""

    def helps(named: str) -> bool:
        """Whether somebody would who is nothing but this."""
        sides = _sides(terms)
        stand = [[*sorted(found.counted & everybody(one, members)), *([""] if named in one else [])] for one in sides]
        return len(sides) - _represented(stand) < found.missing

    left = {one: everybody((one,), members) - found.counted - {requester} for one in terms.named}
    return tuple(one for one, people in left.items() if people and helps(one))


def _represented(sides: Sequence[Sequence[str]]) -> int:
    """Say how many sides can have a representative when nobody stands for two (augmenting paths)."""
    stands_for: dict[str, int] = {}

    def place(side: int, tried: set[str]) -> bool:
        for one in sides[side]:
            if one not in tried:
                tried.add(one)
                if one not in stands_for or place(stands_for[one], tried):
                    stands_for[one] = side
                    return True
        return False

    return sum(place(side, set()) for side in range(len(sides)))
