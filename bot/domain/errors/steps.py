"""This is not the moment: the request, or all of Offerdesk, stands otherwise by now."""

from collections.abc import Sequence

from bot.domain.errors.base import BadInput, NotAllowed, OfferdeskError
from bot.domain.pause import Pause
from bot.domain.request import State


class SentAlready(BadInput):
    """The form was sent before, with something else in it; `request_id` is what that has made."""

    def __init__(self, request_id: str) -> None:
        super().__init__(request_id)
        self.request_id = request_id


class RequestNotFound(NotAllowed):
    """There is no request with that id."""

    def __init__(self, request_id: str) -> None:
        super().__init__(request_id)
        self.request_id = request_id


class AlreadyDecided(NotAllowed):
    """Somebody, or time, was faster."""

    def __init__(self, state: State, by: str | None = None) -> None:
        super().__init__(state, by)
        self.state, self.by = state, by


class AlreadyApproved(NotAllowed):
    """This person's approval counts already; others are still needed."""

    def __init__(self, missing: int, awaited: Sequence[str] = ()) -> None:
        super().__init__()
        self.missing, self.awaited = missing, tuple(awaited)


class OlderThanDeed(NotAllowed):
    """It was written before this person approved or withdrew; Slack brings some messages late, or more than once."""


class NothingToWithdraw(NotAllowed):
    """No approval of this person's counts here."""


class OlderVersion(NotAllowed):
    """The click was on a preview that is no longer true."""

    def __init__(self, shown: int, current: int) -> None:
        super().__init__(shown, current)
        self.shown, self.current = shown, current


class NotEditable(NotAllowed):
    """What is asked is decided, being prepared or done in part; the state says which."""

    def __init__(self, state: State) -> None:
        super().__init__(state)
        self.state = state


class TooLate(NotAllowed):
    """It is under way or over; the state says which."""

    def __init__(self, state: State) -> None:
        super().__init__(state)
        self.state = state


class NothingToRetry(NotAllowed):
    """Nothing failed, and nothing is unknown."""


class NothingToSettle(NotAllowed):
    """Nothing is unknown."""


class NothingToHold(NotAllowed):
    """Nothing of a list is still to be sent; or it is held up already, or not held up."""


class NothingToUndo(NotAllowed):
    """Nothing was brought about by this request."""


class NothingPlanned(NotAllowed):
    """There is no end any more that could be moved."""


class Paused(NotAllowed):
    """Nothing is sent until an admin resumes."""

    def __init__(self, pause: Pause) -> None:
        super().__init__()
        self.pause = pause


class NotPaused(NotAllowed):
    """There is nothing to resume."""


class Overdrawn(OfferdeskError):
    """Less is left of a quota or a budget than when it was looked up. Nothing was done."""


class OutOfTurn(OfferdeskError):
    """What was approved earlier goes first. Nothing was done."""
