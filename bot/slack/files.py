"""How is a file read that somebody put into a form? From Slack and nobody else: whoever is asked gets the token."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import SplitResult, urlsplit

import aiohttp
import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import FileElsewhere, FileNotGiven, ListTooLarge
from bot.slack.manifest import LOOPBACK

log = structlog.get_logger(__name__)
#: where Slack keeps files
HOST = "files.slack.com"
#: what is read at once, in bytes
CHUNK = 65_536
#: Slack waits three seconds for the answer to a form, and the list is to be on disk by then
SECONDS = 1.6


async def read(client: AsyncWebClient, file: Mapping[str, Any], *, limit: int) -> bytes:
    """Read what Slack keeps of a file. Raises `FileElsewhere`, `ListTooLarge` or `FileNotGiven`."""
    address = _address(str(file.get("url_private_download") or ""), api=urlsplit(client.base_url))
    if client.session is None:  # the app's clients all share one
        raise FileNotGiven
    headers = {"Authorization": f"Bearer {client.token}", "Accept-Encoding": "identity"}
    wait = aiohttp.ClientTimeout(total=SECONDS)
    try:
        async with client.session.get(address, headers=headers, allow_redirects=False, timeout=wait) as answer:
            if answer.status != HTTPStatus.OK or answer.content_type == "text/html":  # the page to sign in
                log.warning("file not handed out", status=answer.status, kind=answer.content_type)
                raise FileNotGiven
            return await _at_most(limit, answer.content)
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        log.warning("file not read", error=type(error).__name__)
        raise FileNotGiven from None


async def _at_most(limit: int, stream: aiohttp.StreamReader) -> bytes:
    """Take no more than fits, whatever was announced."""
    taken = bytearray()
    async for chunk in stream.iter_chunked(CHUNK):
        taken += chunk
        if len(taken) > limit:
            raise ListTooLarge(limit)
    return bytes(taken)


def _address(given: str, *, api: SplitResult) -> str:
    """Return the address if it is Slack's, put together anew so that nobody can read another host in it."""
    kept = ("https", HOST) if api.hostname not in LOOPBACK else (api.scheme, api.netloc)
    try:
        parts = urlsplit(given)
    except ValueError:
        raise FileElsewhere from None
    if (parts.scheme, parts.netloc) != kept:
        raise FileElsewhere
    return f"{kept[0]}://{kept[1]}{parts.path}" + (f"?{parts.query}" if parts.query else "")
