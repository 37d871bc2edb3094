"""What can a rule ask about? Each condition says whether it holds, and what else it holds for.

A condition on a fact that is not known (a price that is not told) does not hold.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from bot.domain.errors import GroupGone
from bot.domain.policy.limits import Used
from bot.domain.request import Action, Offer, Request, State

#: what was asked for and turned down, or came to nothing, is no precedent
IN_VAIN = frozenset({State.DENIED, State.EXPIRED, State.CANCELLED, State.FAILED, State.UNNEEDED})
DAY = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Precedent:
    """As much of an earlier request as a rule sees."""

    action: Action
    state: State
    reason: str
    created: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """One request as a rule sees it: nothing but facts."""

    action: Action
    offer: Offer
    requester: str
    #: where it is asked, not where its card goes; empty: nowhere
    channel: str
    reason: str
    #: when it was asked for
    at: float
    #: those of the user groups named in the policy that the requester is in
    groups: frozenset[str] = frozenset()
    #: those of them that Slack does not have any more
    gone: frozenset[str] = frozenset()
    customers: int = 1
    #: None: it ends by nobody's clock
    days: int | None = None
    #: what the requester asked for before, and what was asked before for each customer
    by_requester: tuple[Request, ...] = ()
    for_customers: tuple[tuple[Request | Precedent, ...], ...] = ()
    #: when it is looked at, and what was approved until then: by the policy itself for the requester, by rule; and of
    #: each budget that the requester is in. What nobody has looked up is not there
    now: float = 0.0
    quotas: Mapping[str, Used] = field(default_factory=dict)
    budgets: Mapping[str, Used] = field(default_factory=dict)
    #: what keeps the policy from approving it by itself, whatever the quota: `askers` or `requester`
    apart: str = ""
    #: what the provider's answer warns of
    dangers: tuple[str, ...] = ()

    @property
    def value(self) -> int | None:
        """The list price of all of it."""
        return None if self.offer.price is None else self.offer.price * self.customers


class Condition(Protocol):
    """One thing that must be so."""

    def holds(self, it: Situation) -> bool:
        """Whether it is so."""
        ...

    def covers(self, other: "Condition") -> bool:
        """Whether it is so whenever the other one is. False where that cannot be told."""
        ...


NAMES: Mapping[str, Callable[[Situation], frozenset[str]]] = {
    "action": lambda it: frozenset({it.action.value}),
    "provider": lambda it: frozenset({it.offer.provider}),
    "offer": lambda it: frozenset({it.offer.id, it.offer.key}),
    "requester": lambda it: it.groups | {it.requester},
    "channel": lambda it: frozenset({it.channel}),
}
NUMBERS: Mapping[str, Callable[[Situation], float | None]] = {
    "price": lambda it: it.offer.price,
    "value": lambda it: it.value,
    "customers": lambda it: it.customers,
    "days": lambda it: math.inf if it.days is None else it.days,
}


@dataclass(frozen=True, slots=True)
class OneOf:
    """The fact is one of these."""

    fact: str
    values: frozenset[str]

    def holds(self, it: Situation) -> bool:
        """Whether it is one of them; a person counts also by their groups. Raises `GroupGone` when nobody can tell."""
        if NAMES[self.fact](it) & self.values:
            return True
        if self.fact == "requester" and it.gone & self.values:
            raise GroupGone
        return False

    def covers(self, other: Condition) -> bool:
        """Whether the other one's values are all among these."""
        return isinstance(other, OneOf) and other.fact == self.fact and other.values <= self.values


@dataclass(frozen=True, slots=True)
class Like:
    """The offer's title fits one of these patterns, in which `*` stands for anything."""

    patterns: tuple[str, ...]

    def holds(self, it: Situation) -> bool:
        """Whether the title fits, in capitals or not."""
        return any(fits(it.offer.title, pattern) for pattern in self.patterns)

    def covers(self, other: Condition) -> bool:
        """Whether each of the other one's patterns is a special case of one of these."""
        return isinstance(other, Like) and all(any(fits(one, mine) for mine in self.patterns) for one in other.patterns)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The number is within these bounds; of money, in minor units of this currency."""

    fact: str
    least: int | None = None
    most: int | None = None
    currency: str = ""
    #: as it was written
    words: str = field(default="", compare=False)

    def holds(self, it: Situation) -> bool:
        """Whether it is within, where it is known, and in this currency."""
        number = NUMBERS[self.fact](it)
        if number is None or (self.currency and self.currency.upper() != it.offer.currency.upper()):
            return False
        return self.low <= number <= self.high

    def covers(self, other: Condition) -> bool:
        """Whether the other one's bounds are within these."""
        if not isinstance(other, Span) or (other.fact, other.currency) != (self.fact, self.currency):
            return False
        return self.low <= other.low and other.high <= self.high

    @property
    def low(self) -> float:
        """The least it may be."""
        return -math.inf if self.least is None else self.least

    @property
    def high(self) -> float:
        """The most it may be."""
        return math.inf if self.most is None else self.most


@dataclass(frozen=True, slots=True)
class Recurring:
    """The offer is paid again and again, or is not."""

    wanted: bool

    def holds(self, it: Situation) -> bool:
        """Whether it is."""
        return it.offer.recurring is self.wanted

    def covers(self, other: Condition) -> bool:
        """Whether the other one wants the same."""
        return self == other


@dataclass(frozen=True, slots=True, kw_only=True)
class Recent:
    """The requester has asked, or for the customer was asked, so often before, within so many days."""

    whose: str
    at_least: int
    within_days: int
    action: Action | None = None
    #: a pattern for the reasons that count
    reason: str = "*"

    def holds(self, it: Situation) -> bool:
        """Whether there are as many; what was turned down or came to nothing does not count.

        Of many customers, one for whom there are is enough.
        """
        pasts = (it.by_requester,) if self.whose == "requester" else it.for_customers
        since = it.at - self.within_days * DAY
        return any(
            sum(since <= one.created < it.at and self._counts(one) for one in past) >= self.at_least for past in pasts
        )

    def covers(self, other: Condition) -> bool:
        """Whether the other one wants at least as many of the same within no more days."""
        return (
            isinstance(other, Recent)
            and (other.whose, other.action, other.reason) == (self.whose, self.action, self.reason)
            and self.at_least <= other.at_least
            and other.within_days <= self.within_days
        )

    def _counts(self, one: Request | Precedent) -> bool:
        asked = self.action is None or one.action is self.action
        return asked and one.state not in IN_VAIN and fits(one.reason, self.reason)


def fits(text: str, pattern: str) -> bool:
    """Whether the whole text fits a pattern in which `*` stands for anything, in capitals or not."""
    first, *others = (part.casefold() for part in pattern.split("*"))
    rest = text.casefold()
    if not rest.startswith(first):
        return False
    if not others:
        return rest == first
    rest = rest[len(first) :]
    *middle, last = others
    for part in middle:
        at = rest.find(part)
        if at < 0:
            return False
        rest = rest[at + len(part) :]
    return rest.endswith(last)


def reads(pattern: str) -> str | None:
    """Return what is wrong with a regular expression; None when nothing is."""
    try:
        re.compile(pattern)
    except re.error as error:
        return str(error)
    return None
