"""What a call that went wrong means: the one place where `Rejected`, `Unavailable` and `Unknown` are told apart.

| what came back                                    | a read        | a write                            |
|---------------------------------------------------|---------------|------------------------------------|
| nothing, and nothing had been sent                | `Unavailable` | `Unavailable`                      |
| nothing in time, or the connection was lost       | `Unavailable` | `Unknown`                          |
| 429; 403 as a page of the edge before the API     | `Unavailable` | `Unavailable`                      |
| another 4xx, but for 408, 425 and 461             | `Rejected`    | `Rejected`                         |
| 408, 425, 461, 5xx, a redirect                    | `Unavailable` | `Unknown`                          |
| 2xx with a page, or too large                     | `Unavailable` | `Unknown`                          |
| 2xx with anything else that is no document        | `Unavailable` | done: what is so, the read-back says |
"""

from collections.abc import Mapping
from email.utils import parsedate_to_datetime

import httpx

from bot.domain.errors import ProviderError, Rejected, Unavailable, Unknown
from bot.ports import Clock
from bot.providers import words as fragments
from bot.providers.cleaning import clean_private

#: the longest pause that a provider is believed to want, in seconds
LONGEST_PAUSE = 900.0
#: how much of a provider's own words is passed on, in characters
WORDS = 200

#: of servers that answer a trouble of their own as if it were the caller's
_SEARCHING = 461
_UNAUTHORIZED, _FORBIDDEN, _NOT_FOUND, _TIMEOUT, _EARLY, _LIMITED = 401, 403, 404, 408, 425, 429
#: in no standard, and yet what some say of a token that has expired
_EXPIRED = 498
_CODES = {
    _UNAUTHORIZED: "unauthorized",
    _EXPIRED: "unauthorized",
    _FORBIDDEN: "forbidden",
    _NOT_FOUND: "not_found",
}


def unanswered(provider: str, *, writes: bool, sent: bool, late: bool) -> ProviderError:
    """Say what it means that no whole answer came."""
    if not sent:
        return Unavailable(provider, fragments.UNREACHABLE, code="unreachable")
    detail, code = (fragments.LATE, "timeout") if late else (fragments.LOST, "lost")
    return _maybe(provider, detail, code=code, writes=writes)


def unreadable(provider: str, status: int, *, writes: bool) -> ProviderError:
    """Say what it means that a success carries no document."""
    return _maybe(provider, fragments.no_sense(status), code="broken", writes=writes)


def refused(
    provider: str, status: int, *, writes: bool, html: bool, words: str, retry_after: float | None
) -> ProviderError:
    """Say what it means that the answer is not a success. `words` are the provider's own, if it gave any."""
    said = clean_private(words, limit=WORDS)
    if status == _LIMITED:
        return Unavailable(provider, fragments.limited(status), code="limited", retry_after=retry_after)
    if status == _FORBIDDEN and html:
        return Unavailable(provider, fragments.blocked(status), code="blocked", retry_after=retry_after)
    if 400 <= status < 500 and status not in {_TIMEOUT, _EARLY, _SEARCHING}:  # noqa: PLR2004 - the class of client errors
        code = "refused" if html else _CODES.get(status, "refused")
        return Rejected(provider, f"{said} ({status})" if said else f"answer {status}", code=code)
    return _maybe(provider, fragments.failing(status), code="failing", writes=writes, retry_after=retry_after)


def pause_asked(headers: Mapping[str, str], clock: Clock) -> float | None:
    """Read `Retry-After`: seconds, or a date, which is compared with the sender's own clock where it shows one."""
    value = headers.get("retry-after", "").strip()
    if not value:
        return None
    if value.isascii() and value.isdigit():
        return min(float(value[:9]), LONGEST_PAUSE)
    until = _date(value)
    if until is None:
        return None
    sent = _date(headers.get("date", ""))
    return min(max(until - (sent if sent is not None else clock()), 0.0), LONGEST_PAUSE)


def is_late(error: Exception) -> bool:
    """Whether a call ended because of its time limit."""
    return isinstance(error, TimeoutError | httpx.TimeoutException)


def _maybe(provider: str, detail: str, *, code: str, writes: bool, retry_after: float | None = None) -> ProviderError:
    if writes:
        return Unknown(provider, detail, code=code)
    return Unavailable(provider, detail, code=code, retry_after=retry_after)


def _date(value: str) -> float | None:
    try:
        return parsedate_to_datetime(value).timestamp()
    except (ValueError, OverflowError):
        return None
