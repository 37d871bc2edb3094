"""How is Slack's Web API called, and what does a failed call mean?"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.ports import Clock

Answer = TypeVar("Answer")
#: seconds for one call, and for its connection
CALL_SECONDS, CONNECT_SECONDS = 10.0, 4.0
#: all that a call can raise; the SDK falls over an answer in plain text with an AttributeError
CALL_ERRORS = (SlackClientError, aiohttp.ClientError, TimeoutError, OSError, ValueError, AttributeError)

#: Slack is busy or broken: the same call works later
BUSY = frozenset(
    {
        "fatal_error",
        "internal_error",
        "message_limit_exceeded",
        "rate_limited",
        "ratelimited",
        "request_timeout",
        "service_unavailable",
        "team_added_to_org",
    }
)
#: the app's installation is not right: works as soon as somebody has put it right
MISCONFIGURED = frozenset(
    {
        "access_denied",
        "account_inactive",
        "ekm_access_denied",
        "invalid_auth",
        "missing_scope",
        "not_allowed_token_type",
        "not_authed",
        "org_login_required",
        "token_expired",
        "token_revoked",
    }
)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a call failed: Slack's own code, or ours (`timeout`, `connection_lost`, `http_…`, `unreadable_answer`)."""

    code: str
    retry_after: float | None = None
    #: whether Slack itself said no; otherwise it may have done what was asked all the same
    refused: bool = True

    @property
    def passing(self) -> bool:
        """Whether the same call may work later."""
        return not self.refused or self.code in BUSY

    @property
    def misconfigured(self) -> bool:
        """Whether somebody has to put the app's installation right first."""
        return self.code in MISCONFIGURED


def trouble_of(error: Exception) -> Trouble:
    """Read what a failed call raised; nothing of the answer but its code is kept."""
    if isinstance(error, SlackApiError):
        return _answered(error.response)
    if isinstance(error, TimeoutError):
        return Trouble("timeout", refused=False)
    if isinstance(error, aiohttp.ClientError | OSError):
        return Trouble("connection_lost", refused=False)
    return Trouble("unreadable_answer", refused=False)


def _answered(response: Any) -> Trouble:
    data = getattr(response, "data", None)
    code = data.get("error") if isinstance(data, dict) else None
    wait = _seconds(getattr(response, "headers", {}).get("Retry-After"))
    if isinstance(code, str) and code:
        return Trouble(code, retry_after=wait)
    status = getattr(response, "status_code", None) or getattr(response, "status", 0)
    if status == 429:  # noqa: PLR2004 - Too Many Requests, and nobody calls it otherwise
        return Trouble("ratelimited", retry_after=wait)
    return Trouble(f"http_{status}" if status != 200 else "unreadable_answer", wait, refused=False)  # noqa: PLR2004 - OK


def _seconds(header: str | None) -> float | None:
    try:
        return max(float(header), 0.0) if header is not None else None
    except ValueError:
        return None


class CallFailed(Exception):
    """A call of the Web API did not succeed."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.code)
        self.trouble = trouble


class Caller:
    """Calls methods of a client, none of them before Slack wants it called again."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        #: since when, and for how long
        self._held: dict[str, tuple[float, float]] = {}

    async def __call__(self, method: Callable[..., Awaitable[Answer]], **arguments: Any) -> Answer:
        """Call it, or raise `CallFailed`."""
        name = method.__name__
        since, seconds = self._held.get(name, (0.0, 0.0))
        passed = self._clock() - since
        if 0 <= passed < seconds:  # below nought the clock was put back
            raise CallFailed(Trouble("ratelimited", retry_after=seconds - passed))
        try:
            return await method(**arguments)
        except CALL_ERRORS as error:
            trouble = trouble_of(error)
        if trouble.retry_after is not None:
            self._held[name] = self._clock(), trouble.retry_after
        raise CallFailed(trouble)


def open_session() -> aiohttp.ClientSession:
    """Open the session that all calls share. Close it at the end."""
    return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=CALL_SECONDS, connect=CONNECT_SECONDS))


def slack_client(token: str | None, *, base_url: str, session: aiohttp.ClientSession) -> AsyncWebClient:
    """Build the client. It sends nothing twice by itself: what a broken connection means only the outbox knows."""
    quiet = logging.getLogger("offerdesk.slack_sdk")
    quiet.setLevel(logging.WARNING)  # at DEBUG the SDK logs whole messages, and with them customers' addresses
    return AsyncWebClient(token=token, base_url=base_url, session=session, retry_handlers=[], logger=quiet)
