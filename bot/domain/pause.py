"""The stop switch: while it is on, nothing is sent to any provider."""

from dataclasses import dataclass

from bot.domain.request import Case, ChangeState, Person, State

#: how much of a reason is kept; an emergency stop is not refused for being wordy
WHY_LIMIT = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Who stopped it, when and why. There is at most one."""

    by: Person
    at: float
    why: str = ""


def holds_up(case: Case) -> bool:
    """Whether this request has something to send that may not be sent while the switch is on."""
    open_still = case.request.state in {State.APPROVED, State.EXECUTING}
    if case.request.bulk:
        return open_still and case.unsent > 0
    return open_still and any(change.state is ChangeState.TODO and change.sent is None for change in case.changes)
