"""A limit on calls per second, as the edge before Kajabi has one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.sandbox.kajabi.answers import Answer
from bot.sandbox.kajabi.troubles import too_many


class Limiter:
    """A bucket of `burst` calls that fills at `rate` a second. What is refused takes nothing out of it."""

    def __init__(self, *, rate: float, burst: int, clock: Callable[[], float], options: Mapping[str, Any]) -> None:
        self.rate = rate
        self.burst = burst
        self.clock = clock
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
        return too_many(now, **self.options)
