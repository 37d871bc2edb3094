"""What every part of the store works with."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.domain.notices import Notices
from bot.store.database import Database


@dataclass(kw_only=True)
class Part:
    """A part of `SqliteStore`: some of its methods, and nothing of its own."""

    db: Database
    notices: Notices
    randomness: random.Random
    #: this process, in the rows it has taken
    worker: int
    subscribers: list[Callable[[], None]] = field(default_factory=list)

    def subscribe(self, committed: Callable[[], None]) -> None:
        """Call this after every commit that made something due."""
        self.subscribers.append(committed)

    def announce(self) -> None:
        """Say that something became due. Only after a commit."""
        for committed in self.subscribers:
            committed()
