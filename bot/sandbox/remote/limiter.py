"""A limit on calls, as the edge before a provider has one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.sandbox.remote.answers import Answer
from bot.sandbox.remote.troubles import Refuse, too_many


class Limiter:
    """A bucket of `burst` calls that fills at `rate` a second. What is refused takes nothing out of it."""

    def __init__(
        self, *, rate: float, burst: int, clock: Callable[[], float], refuse: Refuse, options: Mapping[str, Any]
    ) -> None:
        self.rate = rate
        self.burst = burst
        self.clock = clock
        self.refuse = refuse
        self.options = {"retry_after": 1, "as_date": False} | dict(options)
        self.left = float(burst)
        self.filled_at = clock()
        self.refused = 0

    def refusal(self) -> Answer | None:
        now = self.clock()
        self.left = min(self.burst, self.left + (now - self.filled_at) * self.rate)
        self.filled_at = now
        if self.left >= 1:
            self.left -= 1
            return None
        self.refused += 1
        return too_many(self.refuse, now, **self.options)
