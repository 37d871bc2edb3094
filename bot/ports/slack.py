"""Who people are, and how something is shown to them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from bot.domain.home import Entry, Home, Overview
from bot.domain.pause import Pause
from bot.domain.request import AuditEvent, Case, Message, Person, Profile


class People(Protocol):
    """Who is who in Slack. `max_age` bounds how old a cached answer may be."""

    async def profile(self, person: Person, *, max_age: float = 300) -> Profile:
        """Raise `StandingUnknown` when Slack cannot tell."""
        ...

    async def members(self, group: str, *, max_age: float = 300) -> frozenset[str]:
        """List the ids in a user group; raise `GroupGone`, or `StandingUnknown` when Slack cannot tell."""
        ...

    async def outside(self, channel: str, people: Iterable[str]) -> frozenset[str]:
        """Name those who are not in the channel."""
        ...

    async def reach(self, channel: str) -> None:
        """Raise `ChannelUnreachable` when the bot cannot post there."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message to deliver, with all that its text is made from."""

    message: Message
    #: the request it is about; None where it is about none in particular
    case: Case | None
    #: the event it tells, for the kinds that tell one
    event: AuditEvent | None = None
    #: the message in whose thread it stands
    thread: Message | None = None
    #: nothing is sent to providers for now
    pause: Pause | None = None
    #: after the event, which was an ending, it was tried again
    tried_again: bool = False
    #: the requests that it lists, for the kind that lists them
    entries: tuple[Entry, ...] = ()


class Messenger(Protocol):
    """Shows things to people."""

    async def deliver(self, delivery: Delivery) -> tuple[str, str]:
        """Post or update; return where it stands (channel, ts). Raises `Undeliverable` or `NotDelivered`."""
        ...

    async def withdraw_copies(self, delivery: Delivery) -> None:
        """Take away what stands beside the message where it stands. Raises as `deliver`."""
        ...


class Screen(Protocol):
    """Shows each person what concerns them, on a page of their own."""

    async def show(self, home: Home, overview: Overview) -> str:
        """Draw it, publish it unless it is on the screen already, and return the drawing's digest.

        Raises `Undeliverable` or `NotDelivered`.
        """
        ...
