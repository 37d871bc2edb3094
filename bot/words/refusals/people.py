"""What is said to somebody who may not do this?"""

from bot.domain import errors
from bot.words.refusals.reply import Replies
from bot.words.text import listed, mention, safe


def _not_approver(error: errors.NotApprover, _provider: str) -> str:
    if not error.approvers:
        return "You are not among those who may decide this."
    return f"You are not among those who may decide this: {listed(map(mention, error.approvers[:10]))}."


def _not_admin(error: errors.NotAdmin, _provider: str) -> str:
    if not error.admins:
        return (
            "Nobody can do this yet: no admins are named. Whoever runs me can put their Slack ids into the setting "
            "`ADMINS` and start me again."
        )
    return f"Only admins stop me and let me go on: {listed(map(mention, error.admins[:10]), 'or')}. Ask one of them."


def _not_named(error: errors.NotNamed, _provider: str) -> str:
    named = f", but {listed(map(mention, error.allowed[:10]))} can" if error.allowed else ""
    return f"You cannot do this here{named}. Ask one of them, or an admin."


SENTENCES: Replies = {
    errors.NobodyMayDecide: "Nobody but you could approve this, and nobody approves their own request. Ask an admin.",
    errors.TooFewMayDecide: lambda error, _: (
        f"It takes {error.needed} people to approve this, and without you there are not so many who may. Ask an admin."
    ),
    errors.OwnRequest: "Nobody decides on a request of their own. Somebody else has to.",
    errors.NotApprover: _not_approver,
    errors.NotNamed: _not_named,
    errors.RefusedByRule: lambda error, _: safe(error.words, 280),
    errors.RulesChanged: (
        "The rules have changed since this was shown. Somebody whom the old and the new ones name can approve it; "
        "otherwise the requester takes it back and asks again."
    ),
    errors.NotAutomatic: "The rules do not approve this automatically any more. Somebody has to decide.",
    errors.Deactivated: "Your Slack account is deactivated, so you can neither ask nor decide.",
    errors.GuestAccount: "Guests can neither ask nor decide. Ask a member of the workspace.",
    errors.BotAccount: "Only people ask and decide.",
    errors.OtherWorkspace: "Only members of this workspace ask and decide, and you come from another one.",
    errors.StandingUnknown: "Slack could not tell who you are just now. Nothing was done; try again in a minute.",
    errors.GroupGone: (
        "A rule asks who is in a user group that Slack does not have any more, so I cannot tell which rule holds. "
        "Nothing was done. Tell an admin: `python -m bot policy check` names the group."
    ),
    errors.NotRequester: "Only the person who asked can do this.",
    errors.NotConcerned: "This request is not yours, and not yours to decide, so I cannot tell you about it.",
    errors.OnlyOwn: "You see only the requests that you made yourself. `/offer requests mine` lists them.",
    errors.EndApproved: (
        "That it ends was approved, and you asked for it, so somebody else decides whether it stays: *Extend* asks."
    ),
    errors.EndTakesMore: lambda error, _: (
        f"To let it stay for good takes {error.needed} people to approve. *Extend* without an end asks them."
    ),
    errors.NotAdmin: _not_admin,
}
