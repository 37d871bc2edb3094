"""As what is the app installed, where, and with which scopes?"""

from dataclasses import dataclass

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import Misconfigured
from bot.slack.calls import CALL_ERRORS, trouble_of
from bot.words import checks

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """What `auth.test` says about the token."""

    team: str
    #: the workspace's address
    url: str = ""
    #: the organisation, where the workspace belongs to one
    enterprise: str = ""
    bot_id: str = ""
    #: the app itself; empty when Slack did not tell
    app: str = ""
    bot_user: str = ""
    team_name: str = ""
    scopes: frozenset[str] = frozenset()


async def read_installation(client: AsyncWebClient) -> Installation:
    """Ask Slack who the token is. Raises `Misconfigured` with what to do."""
    try:
        answer = await client.auth_test()
    except CALL_ERRORS as error:
        trouble = trouble_of(error)
        if trouble.passing:
            raise Misconfigured(checks.silent(client.base_url, trouble.code)) from None
        raise Misconfigured(checks.token_refused(trouble.code)) from None
    scopes = str(answer.headers.get("x-oauth-scopes", ""))
    return Installation(
        team=str(answer.get("team_id") or ""),
        url=str(answer.get("url") or ""),
        enterprise=str(answer.get("enterprise_id") or ""),
        bot_id=str(answer.get("bot_id") or ""),
        app=await _app_of(client, str(answer.get("bot_id") or "")),
        bot_user=str(answer.get("user_id") or ""),
        team_name=str(answer.get("team") or ""),
        scopes=frozenset(scope.strip() for scope in scopes.split(",") if scope.strip()),
    )


async def _app_of(client: AsyncWebClient, bot_id: str) -> str:
    """Ask Slack which app the bot is of; without an answer, payloads are held against the workspace alone."""
    try:
        answer = await client.bots_info(bot=bot_id)
    except CALL_ERRORS as error:
        log.warning("the app's own id is not known", why=trouble_of(error).code)
        return ""
    return str((answer.get("bot") or {}).get("app_id") or "")
