"""The stop switch: while it is on, nothing is sent to any provider."""

from dataclasses import dataclass

from bot.domain.request import Person

#: how much of a reason is kept; an emergency stop is not refused for being wordy
WHY_LIMIT = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Who stopped it, when and why. There is at most one."""

    by: Person
    at: float
    why: str = ""
