"""How much may be granted without more ado? Quotas of what the policy approves by itself, and budgets of a month.

What counts is what was approved and not in vain: it is reserved with the approval, and given back when nothing came
of it. A value that cannot be compared, since no price is told or it is in another currency, is never taken for nought.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

#: the zone that needs no list of zones
UTC_NAME = "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """What the policy approves by itself, of each requester's requests under one rule."""

    within_days: int
    #: so many requests; None: as many as the value allows
    requests: int | None = None
    #: worth so much together, in minor units
    value: int | None = None
    currency: str = ""
    #: dangers in spite of which it does
    despite: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What some people may be granted in a month, by list price; and what follows when it is spent."""

    name: str
    #: people and user groups
    members: tuple[str, ...]
    #: by currency, in minor units
    amounts: Mapping[str, int]
    time_zone: str = UTC_NAME
    #: one of these has to approve as well; or the sentence to refuse with
    approvers: tuple[str, ...] = ()
    refuse: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which of the requests count together that were approved, and not in vain."""

    requesters: frozenset[str]
    since: float
    until: float = math.inf
    #: those that the policy itself approved by this rule; empty: all that were granted, and not undone
    rule: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """What they amount to."""

    requests: int = 0
    #: by currency, in minor units
    values: Mapping[str, int] = field(default_factory=dict)
    #: how many of them have a price that is not told
    untold: int = 0

    def value(self, currency: str) -> int:
        """Return what they are worth in this currency, as far as it is told."""
        return self.values.get(currency.upper(), 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """What a step may not go over, itself included. It is looked up in the step's own transaction."""

    scope: Scope
    requests: int | None = None
    value: int | None = None
    currency: str = ""

    def allows(self, used: Used) -> bool:
        """Whether it is not gone over."""
        if self.requests is not None and used.requests > self.requests:
            return False
        return self.value is None or used.value(self.currency) <= self.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Automatic:
    """Whether the policy approves a request by itself, and why not."""

    quota: Quota
    #: what is used of it already
    requests: int
    value: int
    #: empty: nothing is against it; else `askers`, `requester`, `danger`, `untold`, `currency`, `requests`, `value`,
    #: `budget`; of what was shown also `changed` or `list`
    against: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """How a budget stands for one request."""

    budget: str
    #: like 2026-11
    month: str
    currency: str
    #: None: it has none in this currency
    amount: int | None
    spent: int
    #: how many requests of a price that is not told are on top of that
    untold: int
    #: what the request adds; None: nobody can tell
    adds: int | None

    @property
    def over(self) -> bool:
        """Whether the request is more than is left."""
        return self.adds is None or self.amount is None or self.spent + self.adds > self.amount


def zone(name: str) -> tzinfo | None:
    """Return the time zone of that name; None where there is none."""
    if name == UTC_NAME:
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def month_of(at: float, time_zone: str) -> tuple[str, float, float]:
    """Name the month in that zone (like 2026-11), and say when it begins and when the next one does."""
    where = zone(time_zone) or UTC
    day = datetime.fromtimestamp(at, where)
    first = datetime(day.year, day.month, 1, tzinfo=where)
    following = datetime(day.year + day.month // 12, day.month % 12 + 1, 1, tzinfo=where)
    return f"{day:%Y-%m}", first.timestamp(), following.timestamp()
