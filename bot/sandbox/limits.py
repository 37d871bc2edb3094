"""Slack's rate limits.

Slack: APIs, Web API, Rate limits (docs.slack.dev/apis/web-api/rate-limits): tiers per method, where bursts are
tolerated; posts by channel, one a second, "short bursts >1 allowed", and a limit of the whole workspace beside it.
How long a burst may be Slack does not say; here it is short.
"""

from collections.abc import Callable
from dataclasses import dataclass

#: calls of a method a minute, at least; and how many of them at once after a rest
TIERS = {1: (1, 10), 2: (20, 20), 3: (50, 50), 4: (100, 100)}
#: posts in one channel: a second, and at once after a rest
PER_CHANNEL, BURST_PER_CHANNEL = 1.0, 6
#: posts in all channels together a minute: "several hundred"
PER_WORKSPACE = 300


@dataclass
class Bucket:
    tokens: float
    at: float


class Limits:
    """Token buckets; `scale` makes them wider, `enforced = False` switches them off."""

    def __init__(self, clock: Callable[[], float], *, enforced: bool = True, scale: float = 1.0) -> None:
        self.enforced = enforced
        self.scale = scale
        self._clock = clock
        self._buckets: dict[tuple[str, str], Bucket] = {}

    def wait_for(self, method: str, *, tier: int, channel: str = "") -> float:
        """Seconds until this call would be allowed; 0 means it is, and has been counted."""
        if not self.enforced:
            return 0.0
        if method == "chat.postMessage":
            return self._take((method, channel), rate=PER_CHANNEL, burst=BURST_PER_CHANNEL) or self._take(
                (method, ""), rate=PER_WORKSPACE / 60, burst=PER_WORKSPACE
            )
        a_minute, burst = TIERS[tier]
        return self._take((method, ""), rate=a_minute / 60, burst=burst)

    def _take(self, key: tuple[str, str], *, rate: float, burst: float) -> float:
        now, rate = self._clock(), rate * self.scale
        bucket = self._buckets.setdefault(key, Bucket(burst, now))
        bucket.tokens = min(burst, bucket.tokens + (now - bucket.at) * rate)
        bucket.at = now
        if bucket.tokens < 1:
            return (1 - bucket.tokens) / rate
        bucket.tokens -= 1
        return 0.0
