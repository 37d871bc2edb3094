"""This person may not, or nobody can tell whether they may."""

from collections.abc import Sequence

from bot.domain.errors.base import NotAllowed


class NobodyMayDecide(NotAllowed):
    """Nobody but the requester could approve it."""


class TooFewMayDecide(NotAllowed):
    """More have to approve it than there are besides the requester."""

    def __init__(self, needed: int) -> None:
        super().__init__(needed)
        self.needed = needed


class OwnRequest(NotAllowed):
    """Nobody decides on a request of their own."""


class NotApprover(NotAllowed):
    """The policy names others."""

    def __init__(self, approvers: Sequence[str] = ()) -> None:
        super().__init__()
        self.approvers = tuple(approvers)


class NotNamed(NotAllowed):
    """The policy gives this to others."""

    def __init__(self, allowed: Sequence[str] = ()) -> None:
        super().__init__()
        self.allowed = tuple(allowed)


class RefusedByRule(NotAllowed):
    """A rule refuses, in its own words."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


class NotAutomatic(NotAllowed):
    """The policy approved this by itself, and does not any more."""


class RulesChanged(NotAllowed):
    """The policy has changed since this was shown: an approval needs both, what was shown and what holds now."""


class Deactivated(NotAllowed):
    """The Slack account is switched off."""


class GuestAccount(NotAllowed):
    """Guests look on."""


class BotAccount(NotAllowed):
    """Only people ask and decide."""


class OtherWorkspace(NotAllowed):
    """Only people of this workspace ask and decide."""


class StandingUnknown(NotAllowed):
    """Slack could not be asked who this is; nothing was done."""


class GroupGone(StandingUnknown):
    """A rule asks who is in a user group that Slack does not have any more, so which rule holds cannot be told."""


class NotRequester(NotAllowed):
    """Only who asked may take it back."""


class NotConcerned(NotAllowed):
    """Only the requester and those who may decide can do this."""


class OnlyOwn(NotAllowed):
    """Only those who may decide list what others asked for."""


class EndApproved(NotAllowed):
    """That it ends was approved; who asks for it cannot take that back alone."""


class EndTakesMore(NotAllowed):
    """To let it go on for good takes several approvals, which a click of one person is not."""

    def __init__(self, needed: int) -> None:
        super().__init__(needed)
        self.needed = needed


class NotAdmin(NotAllowed):
    """Only admins stop and resume."""

    def __init__(self, admins: Sequence[str] = ()) -> None:
        super().__init__()
        self.admins = tuple(admins)
