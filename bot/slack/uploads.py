"""How does somebody get a list? As a file in the thread, uploaded in the three steps that Slack asks for.

What stands with a file in a thread has no metadata, so it is found again by the file's name, which no other one has.
"""

from collections.abc import AsyncIterator, Callable
from http import HTTPStatus
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.outcome_file import Outcome, written
from bot.domain.request import Message
from bot.slack.calls import Caller, CallFailed, Trouble
from bot.words import rows

#: somebody else took the file away
GONE = frozenset({"file_deleted", "file_not_found"})
#: reads what became of each row of a request's list (the store's `outcomes`)
Outcomes = Callable[[str], AsyncIterator[Outcome]]


def name_of(message: Message) -> str:
    """Name the file; the event is in it, so that each is another one."""
    return f"{message.request_id}-{message.event}.csv"


async def stored(call: Caller, client: AsyncWebClient, message: Message, outcomes: Outcomes) -> str:
    """Hand Slack the list, which nobody sees yet, and return the file's id. Raises `CallFailed`."""
    content = b"".join(written([rows.told(one) async for one in outcomes(message.request_id or "")]))
    place = await call(client.files_getUploadURLExternal, filename=name_of(message), length=len(content))
    await _posted(client, str(place["upload_url"]), content)
    return str(place["file_id"])


async def shared(call: Caller, client: AsyncWebClient, file_id: str, *, title: str, channel: str, thread: str) -> None:
    """Show the file in a thread, or in the channel where there is no thread any more. Raises `CallFailed`."""
    place: dict[str, Any] = {"channel_id": channel} | ({"thread_ts": thread} if thread else {})
    await call(client.files_completeUploadExternal, files=[{"id": file_id, "title": title}], **place)


async def deleted(call: Caller, client: AsyncWebClient, file_id: str) -> None:
    """Take a file away, wherever it stands; one that is gone already is gone. Raises `CallFailed`."""
    try:
        await call(client.files_delete, file=file_id)
    except CallFailed as failed:
        if failed.trouble.code not in GONE:
            raise


async def _posted(client: AsyncWebClient, url: str, content: bytes) -> None:
    """Hand the bytes over. The address is a secret of its own: the token does not go there."""
    if client.session is None:  # the app's clients all share one
        raise CallFailed(Trouble("no_session"))
    try:
        async with client.session.post(url, data=content, allow_redirects=False) as answer:
            if answer.status != HTTPStatus.OK:
                raise CallFailed(Trouble(f"http_{answer.status}", refused=False))
    except (aiohttp.ClientError, TimeoutError, OSError):
        raise CallFailed(Trouble("connection_lost", refused=False)) from None
