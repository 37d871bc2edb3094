"""Slack's rate limits (docs.slack.dev/apis/web-api/rate-limits): per method, and per channel for posts."""

from collections.abc import Callable
from dataclasses import dataclass

TIERS = {1: 1 / 60, 2: 20 / 60, 3: 50 / 60, 4: 100 / 60}
PER_CHANNEL = 1.0
BURST_PER_CHANNEL = 4


@dataclass
class Bucket:
    tokens: float
    at: float


class Limits:
    """Token buckets; `scale` makes them wider, `enforced` switches them on."""

    def __init__(self, clock: Callable[[], float], *, enforced: bool = False, scale: float = 1.0) -> None:
        self.enforced = enforced
        self.scale = scale
        self._clock = clock
        self._buckets: dict[tuple[str, str], Bucket] = {}

    def wait_for(self, method: str, *, tier: int, channel: str = "") -> float:
        """Seconds until this call would be allowed; 0 means it is, and has been counted."""
        if not self.enforced:
            return 0.0
        if method == "chat.postMessage":
            return self._take((method, channel), rate=PER_CHANNEL * self.scale, burst=BURST_PER_CHANNEL)
        rate = TIERS[tier] * self.scale
        return self._take((method, ""), rate=rate, burst=max(1.0, rate * 60))

    def _take(self, key: tuple[str, str], *, rate: float, burst: float) -> float:
        now = self._clock()
        bucket = self._buckets.setdefault(key, Bucket(burst, now))
        bucket.tokens = min(burst, bucket.tokens + (now - bucket.at) * rate)
        bucket.at = now
        if bucket.tokens < 1:
            return (1 - bucket.tokens) / rate
        bucket.tokens -= 1
        return 0.0
