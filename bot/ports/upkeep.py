"""What else is kept: offers, calls, and what concerns all of it."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.domain.request import AuditEvent, Offer


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What can be counted: for watching the bot, never for deciding."""

    #: the newest event's position
    last: int
    #: events by name
    events: Mapping[str, int]
    #: open requests by state
    waiting: Mapping[str, int]
    #: how late the oldest due row of each kind is, in seconds
    late: Mapping[str, float]
    #: nothing is sent for now
    paused: bool = False


class Offers(Protocol):
    """Keeps what the providers offer, so that nobody waits for them."""

    async def remember_offers(self, provider: str, offers: Sequence[Offer], *, now: float, whole: bool) -> None:
        """Refresh the cache; `whole` means that what is not in the list is no longer listed."""
        ...

    async def suggest(self, provider: str, words: str, *, limit: int) -> Sequence[Offer]:
        """Find listed offers whose words begin as typed, by title."""
        ...

    async def cached_offer(self, provider: str, offer_id: str) -> Offer | None:
        """Read an offer from the cache: for titles, never for an approval."""
        ...

    async def offers_age(self, provider: str, *, now: float) -> float | None:
        """Say how old the list is; None when it was never read. Read at a time to come, it may be of any age."""
        ...


class Slots(Protocol):
    """Shares the calls of rate-limited APIs among all processes."""

    async def next_slots(
        self,
        name: str,
        count: int = 1,
        *,
        now: float,
        interval: float,
        burst: int,
        patience: float = math.inf,
        calm: bool = False,
    ) -> Sequence[float]:
        """Reserve the next calls of a rate-limited API for all processes; return how long to wait for each.

        There are fewer than `count` where the others are too far away: further than `patience`. Who is calm leaves
        part of the burst to others and gets no slot in advance: `pace.ABOUT_NOW` is too far away. A first one that is
        too far away means that nothing was reserved.
        """
        ...

    async def hold_slots(self, name: str, *, until: float) -> None:
        """Give out no slot before `until`: the API said so."""
        ...

    async def slow_down(self, name: str, *, now: float, until: float, interval: float) -> None:
        """Do as `hold_slots`, and give out fewer slots a second from then on: the API was called too often.

        How many comes back little by little, at most to the `interval` that callers ask for.
        """
        ...


class Upkeep(Protocol):
    """Keeps what concerns all of it: the rules that are followed, the clock, Slack's events, the figures."""

    async def follow_policy(self, digest: str, *, source: str, now: float) -> AuditEvent | None:
        """Remember which rules are followed from now on, and tell of a change; None where there is none."""
        ...

    async def refuse_policy(self, why: str, *, source: str, now: float) -> AuditEvent:
        """Tell that new rules could not be read, so that the old ones stay."""
        ...

    async def first_sight(self, event_id: str, *, now: float) -> bool:
        """Remember one of Slack's events; False when it was seen before."""
        ...

    async def newest_event(self) -> float | None:
        """Return when the last thing happened."""
        ...

    async def move_due(self, *, latest: float, now: float, lease: float) -> None:
        """The clock was put back from `latest`: make due by the time of now what was due by the old one.

        What is being worked on stays its holder's for a lease.
        """
        ...

    async def figures(self, *, after: int | None, now: float) -> Figures:
        """Count events after a position (None: none of them), open requests, and how late the oldest due row is."""
        ...

    def subscribe(self, committed: Callable[[], None]) -> None:
        """Call this after every commit that made something due."""
        ...
