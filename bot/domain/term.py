"""How long is a grant to last: so many days from when it took effect, or until the end of a day?"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any, Self
from zoneinfo import ZoneInfo

DAY = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A time limit: days, or a day. With neither it is nothing yet."""

    days: int | None = None
    #: the day that it ends with, and the last second of that day where the requester is
    day: date | None = None
    until: float | None = None

    def placed(self, zone: str) -> Self:
        """Fix when the day is over, for somebody in this time zone."""
        return self if self.day is None else replace(self, until=last_second(self.day, zone))

    def ends(self, begins: float) -> float:
        """Say when it is over, if it begins then."""
        return self.until if self.until is not None else begins + (self.days or 0) * DAY

    def in_days(self, begins: float) -> int:
        """Count it in days, begun ones too: what rules ask about."""
        return self.days if self.days is not None else max(math.ceil((self.ends(begins) - begins) / DAY), 1)

    def as_data(self) -> dict[str, Any]:
        """Turn it into what JSON can hold."""
        return {"days": self.days, "day": None if self.day is None else self.day.isoformat(), "until": self.until}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Read it back."""
        day = data.get("day")
        return cls(days=data.get("days"), day=None if day is None else date.fromisoformat(day), until=data.get("until"))


def last_second(day: date, zone: str) -> float:
    """Return the last second of a day in a time zone; in one that nobody here knows, of that day in UTC."""
    try:
        place: tzinfo = ZoneInfo(zone)
    except (ValueError, OSError, KeyError):
        place = UTC
    if day == date.max:
        return datetime.combine(day, datetime.min.time(), UTC).timestamp()
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), place).timestamp() - 1
