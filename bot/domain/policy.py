"""Who may request and decide what. Every verdict carries its reason."""

from dataclasses import dataclass

from bot.domain.errors import (
    BotAccount,
    Deactivated,
    GuestAccount,
    NobodyMayDecide,
    NotAllowed,
    NotApprover,
    OtherWorkspace,
    OwnRequest,
)
from bot.domain.request import Profile, Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The whole policy of a small team: who may decide, and who may read everything."""

    #: Slack ids of people (`U…`, `W…`) and user groups (`S…`), in the order they were named
    approvers: tuple[str, ...]
    admins: tuple[str, ...] = ()
    #: what the verdicts give as their reason
    rule: str = "APPROVERS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The policy's answer: allowed by a rule, or refused with the reason."""

    rule: str
    refusal: NotAllowed | None = None

    @property
    def allowed(self) -> bool:
        """Whether there is nothing against it."""
        return self.refusal is None

    def demand(self) -> None:
        """Raise the reason, where there is one."""
        if self.refusal is not None:
            raise self.refusal


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


def may_request(policy: Policy, requester: Profile, *, deciders: frozenset[str]) -> Verdict:
    """Decide whether this person may ask. `deciders` are the ids of all who could decide right now."""
    refusal = standing(requester)
    if refusal is None and not deciders - {requester.person.id}:
        refusal = NobodyMayDecide()
    return Verdict(rule=policy.rule, refusal=refusal)


def may_decide(policy: Policy, request: Request, approver: Profile, *, deciders: frozenset[str]) -> Verdict:
    """Decide whether this person may approve, deny or settle this request."""
    refusal = standing(approver)
    if refusal is None and approver.person.id == request.requester.id:
        refusal = OwnRequest()
    if refusal is None and approver.person.id not in deciders:
        refusal = NotApprover(policy.approvers)
    return Verdict(rule=policy.rule, refusal=refusal)


def may_read_all(policy: Policy, reader: Profile, *, deciders: frozenset[str]) -> Verdict:
    """Decide whether this person may see requests that are not their own."""
    refusal = standing(reader)
    if refusal is None and reader.person.id not in deciders | set(policy.admins):
        refusal = NotApprover(policy.approvers)
    return Verdict(rule=policy.rule, refusal=refusal)
