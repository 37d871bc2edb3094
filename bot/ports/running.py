"""When the bot works: its clock, its engine, its pace."""

from collections.abc import Awaitable, Callable
from typing import Protocol

#: the current time; injected, so that tests own it
Clock = Callable[[], float]

#: hears how many of how many calls were made
Told = Callable[[int, int], Awaitable[None]]


class Engine(Protocol):
    """Sees to it that due rows are worked on."""

    def wake(self) -> None:
        """Look for due rows now rather than at the next tick."""
        ...

    async def stop(self, *, within: float) -> None:
        """Finish what runs, at most that long, and leave the rest on disk."""
        ...


class Pacer(Protocol):
    """Keeps calls to one API within its rate."""

    async def wait(self) -> None:
        """Return when the next call may start."""
        ...

    async def hold(self, seconds: float, *, slower: bool = False) -> None:
        """Start nothing for that long; `slower`: and then fewer calls than before, for there were too many."""
        ...
