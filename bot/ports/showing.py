"""What is owed to people: messages, and their Homes."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from bot.domain.home import Home, Leaf, Part, Place
from bot.domain.request import Message, Person, Request
from bot.ports.slack import Delivery


class Outbox(Protocol):
    """Keeps the messages that are owed."""

    async def claim_messages(
        self, *, now: float, lease: float, limit: int, key: str | None = None
    ) -> Sequence[Delivery]:
        """Take messages that are due, whose parent is on the screen, and in a thread only the oldest.

        `key`: only this one.
        """
        ...

    async def message(self, key: str) -> Message | None:
        """Read one message, with the place where it stands."""
        ...

    async def delivered(self, message: Message, *, channel: str, ts: str, now: float) -> bool:
        """Record that this version is on the screen; it stays due when a newer one is wanted.

        Returns whether somebody else had taken the message over: then it is only shown once more, as it should be.
        """
        ...

    async def postpone_message(self, message: Message, *, until: float, error: str, now: float) -> bool:
        """Try again later. Returns as `delivered`: what was tried may be on the screen all the same."""
        ...

    async def give_up_message(self, message: Message, *, error: str, now: float) -> None:
        """End a message, and all that waits for it, as undeliverable; the event is told to the requester."""
        ...

    async def head_due(self, *, now: float) -> bool:
        """Whether it is time for the day's head of the audit to be told."""
        ...

    async def tell_head(self, *, now: float, daily: bool) -> Message | None:
        """Owe the alerts channel the audit's head: the day's, once among all processes, or what is new since.

        None where there is nobody to tell, or nothing to be told.
        """
        ...

    async def digests_due(self, *, now: float, period: float, limit: int) -> Sequence[str]:
        """Name people who are to be reminded and were not within the last `period` seconds."""
        ...

    async def tell_digest(
        self, person: str, *, waits: Callable[[Request], bool], period: float, now: float
    ) -> Message | None:
        """Owe a person the list of what waits for them; None where nothing does, or somebody else was faster."""
        ...

    async def postpone_digest(self, person: str, *, until: float) -> None:
        """Remind somebody later."""
        ...


class Homes(Protocol):
    """Keeps who looks at their Home, and when it is to be drawn anew."""

    async def open_home(self, person: Person, *, blank: bool, now: float) -> None:
        """Somebody looks at their Home: show it from its beginning; `blank`: Slack has nothing to show.

        From then on it becomes due by the transaction of every step that changes it.
        """
        ...

    async def turn_home(self, person: Person, part: Part, place: Place | None, *, now: float) -> None:
        """Show another page of a part; None: the first one."""
        ...

    async def redraw_home(self, person: str, *, asked: bool = False, anew: bool = False, now: float) -> None:
        """Draw somebody's Home anew; `asked`: they wait for it; `anew`: show it even if it looks the same."""
        ...

    async def redraw_homes(self, *, now: float) -> None:
        """Draw all Homes anew: who may what has perhaps changed, or how they look."""
        ...

    async def claim_homes(self, *, now: float, lease: float, limit: int) -> Sequence[Home]:
        """Take Homes that are due, those first that somebody waits for."""
        ...

    async def home_shown(self, home: Home, *, digest: str, oversees: bool, now: float) -> None:
        """Record which drawing is on the screen, and whether others' requests are on it."""
        ...

    async def postpone_home(self, home: Home, *, until: float, error: str) -> None:
        """Try again later."""
        ...

    async def give_up_home(self, home: Home, *, error: str) -> None:
        """Draw it no more until it is opened again."""
        ...

    async def leaves(
        self, home: Home, *, decides: Callable[[Request], bool] | None, reads_all: bool
    ) -> Mapping[Part, Leaf]:
        """Read the pages of a Home at one moment. `decides` tells what waits for this person; None: nothing does."""
        ...
