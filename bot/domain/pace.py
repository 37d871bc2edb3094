"""How fast may an API be called? By its setting and, where it has complained, by what it was seen to bear.

Slots are given out by GCRA: `next_free` is when the calls so far would have been made at an even pace, and a burst of
them may run ahead of it. What waits for a person may use the whole burst, and slots in the time to come; what is calm
leaves some of the burst alone and takes slots only when they are about to come up, so that it is never in the way.

After a refusal the rate falls; it comes back quickly to a little below what was refused, and from there slowly.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

#: a hold further away than any API asks for was set before the clock stepped back
LONGEST_HOLD = 3600.0
#: calm calls take a slot that comes up within so many seconds, which is as exactly as a process can sleep
ABOUT_NOW = 0.02
#: seconds: what the rate allows in so short a time may come as a burst, so that nothing is lost to a moment's delay
MOMENT = 0.1
#: seconds within which calls that were on their way when the first one was refused have their answers, too
ECHO = 1.0
#: after a refusal that follows another one closely the limit is far away; after any other it is near
FAR, NEAR = 0.7, 0.93
#: seconds after the pause of a refusal within which the next one follows closely
SOON = 5.0
#: how near to the rate that was refused it is safe to be
SAFE = 0.95
#: how much of the rate comes back in a second: below what is safe, up to what was refused, and beyond
FAST, SLOW, BEYOND = 0.05, 0.0003, 0.002


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """What is remembered of the calls to one API."""

    next_free: float = 0.0
    #: until then nothing starts
    held: float = 0.0
    #: calls a second after the last refusal, and those that were refused; 0: it never complained
    rate: float = 0.0
    refused: float = 0.0
    #: when the pause after that refusal ended
    since: float = 0.0

    def rate_at(self, now: float, *, setting: float) -> float:
        """Say how many calls a second may be made, at most as many as are set."""
        if not self.rate or self.since > now + LONGEST_HOLD:
            return setting
        safe, seconds = self.refused * SAFE, max(now - self.since, 0.0)
        rate, seconds = _grown(self.rate, safe, seconds, by=self.rate * FAST)
        rate, seconds = _grown(rate, max(self.refused, rate), seconds, by=safe * SLOW)
        return min(rate + self.refused * BEYOND * seconds, setting)

    def slots(
        self,
        count: int,
        now: float,
        *,
        interval: float,
        burst: int,
        patience: float = math.inf,
        calm: bool = False,
    ) -> tuple[Self, Sequence[float]]:
        """Reserve the next calls, as many of them as are not too far away, and say how long to wait for each.

        Where the first is too far away, its wait alone is said, and nothing is reserved.
        """
        pace, delays = self, list[float]()
        for _ in range(count):
            before = pace
            pace, delay = before.slot(now, interval=interval, burst=burst, patience=patience, calm=calm)
            if pace is before:
                return pace, delays or [delay]
            delays.append(delay)
        return pace, delays

    def slot(
        self, now: float, *, interval: float, burst: int, patience: float = math.inf, calm: bool = False
    ) -> tuple[Self, float]:
        """Reserve the next call and say how long to wait for it; further away than `patience` nothing is reserved.

        A slot that lies further ahead than slots are given out was given out before the clock stepped back, and
        counts no more.
        """
        rate = self.rate_at(now, setting=1 / interval)
        interval, burst = 1 / rate, max(burst, int(rate * MOMENT))
        whole = (burst - 1) * interval
        ahead = max(burst - 1 - burst // 2, 0) * interval if calm else whole
        next_free = self.next_free if self.next_free <= now + patience + 2 * (whole + interval) else 0.0
        held = self.held if self.held <= now + LONGEST_HOLD else 0.0
        # no burst when a hold ends: the API has just complained
        next_free = max(next_free, held + whole, now)
        delay = max(0.0, next_free - ahead - now)
        if delay > (min(patience, ABOUT_NOW) if calm else patience):
            return self, delay
        return replace(self, next_free=next_free + interval), delay

    def hold(self, until: float) -> Self:
        """Start nothing before that."""
        return replace(self, held=max(self.held, until))

    def slower(self, now: float, *, until: float, setting: float) -> Self:
        """The API says that it was called too often: start nothing before `until`, and then fewer calls a second.

        What was on its way when it first said so is refused with it, and says nothing more.
        """
        if now < self.since <= now + LONGEST_HOLD:
            return self.hold(until)
        rate = self.rate_at(now, setting=setting)
        far = not self.rate or now - self.since < SOON
        since = max(until, now + ECHO)
        return replace(self.hold(until), rate=rate * (FAR if far else NEAR), refused=rate, since=since)


def _grown(rate: float, limit: float, seconds: float, *, by: float) -> tuple[float, float]:
    """Let a rate grow to its limit, and say what is left of the time."""
    if rate >= limit:
        return rate, seconds
    needed = (limit - rate) / by
    return (limit, seconds - needed) if needed <= seconds else (rate + by * seconds, 0.0)
