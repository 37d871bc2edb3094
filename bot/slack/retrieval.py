"""Was this message posted already, by an attempt whose answer nobody heard?

Every message carries its key in its metadata. Finding it again needs a history scope, which is optional.
"""

from collections.abc import AsyncIterator
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.request import Message, MessageKind
from bot.ports import Delivery
from bot.slack.calls import Caller, CallFailed
from bot.slack.installation import Installation
from bot.slack.uploads import name_of

log = structlog.get_logger()
Json = dict[str, Any]

EVENT_TYPE = "offerdesk"
HISTORY_SCOPES = frozenset({"channels:history", "groups:history"})
#: pages read at most, and messages on each
PAGES, PAGE = 10, 200
#: how much the clocks here and there may differ, in seconds
SLACK_IN_CLOCKS = 60.0


def metadata_of(message: Message) -> Json:
    """Name a message, so that it can be found again."""
    return {"event_type": EVENT_TYPE, "event_payload": {"key": message.key, "version": message.version}}


async def posted_before(
    call: Caller, client: AsyncWebClient, *, delivery: Delivery, channel: str, installation: Installation
) -> str | None:
    """Return where it stands if it was posted, of a file its id; None also where nobody may look."""
    async for ts in copies(call, client, delivery=delivery, channel=channel, installation=installation):
        return ts
    return None


async def copies(
    call: Caller, client: AsyncWebClient, *, delivery: Delivery, channel: str, installation: Installation
) -> AsyncIterator[str]:
    """Yield every place where it stands: one, or more where somebody posted it who did not know of another."""
    wanted = "im:history" if channel.startswith("D") else None
    allowed = installation.scopes & (HISTORY_SCOPES if wanted is None else {wanted})
    if not allowed:
        return
    try:
        async for seen in _recent(call, client, delivery, channel):
            ours = not installation.bot_id or seen.get("bot_id") == installation.bot_id
            if ours and _key(seen) == delivery.message.key:
                yield str(seen["ts"])
            elif seen.get("user") == installation.bot_user:
                for file_id in _given(seen, delivery.message):
                    yield file_id
    except CallFailed as failed:
        if failed.trouble.passing:
            raise
        log.warning("history not readable", request=delivery.message.request_id, why=failed.trouble.code)


async def _recent(call: Caller, client: AsyncWebClient, delivery: Delivery, channel: str) -> AsyncIterator[Json]:
    """Read what was posted since the message was owed, the whole channel or the one thread."""
    case = delivery.case
    asked = case.request.created if case is not None else 0.0
    since = delivery.event.at if delivery.event is not None else asked
    arguments: Json = {"channel": channel, "oldest": f"{max(since - SLACK_IN_CLOCKS, 0.0):.6f}", "limit": PAGE}
    thread = delivery.thread
    if thread is not None and thread.ts:
        method, arguments["ts"] = client.conversations_replies, thread.ts
    else:
        method = client.conversations_history
    for _ in range(PAGES):
        answer = await call(method, include_all_metadata=True, **arguments)
        for seen in answer.get("messages") or []:
            yield seen
        cursor = (answer.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return
        arguments["cursor"] = cursor


def _given(seen: Json, message: Message) -> list[str]:
    """Name the file that was to be given, by its id: the message around it has no metadata."""
    if message.kind is not MessageKind.FILE:
        return []
    return [str(one.get("id")) for one in seen.get("files") or () if one.get("name") == name_of(message)]


def _key(seen: Json) -> str | None:
    metadata = seen.get("metadata") or {}
    if metadata.get("event_type") != EVENT_TYPE:
        return None
    key = (metadata.get("event_payload") or {}).get("key")
    return key if isinstance(key, str) else None
