"""Lets calls through a door that wants a token, which client credentials buy (RFC 6749, 4.4)."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from bot.domain.errors import Rejected, Unavailable
from bot.ports import Clock
from bot.providers import words
from bot.providers.base import Answer, Api, Call

#: how long before its end a token is renewed: this part of its life, but at most so many seconds
RENEWED_EARLY, RENEWED_AT_MOST = 0.1, 300.0
#: the life, in seconds, of a token that does not say how long it lives
UNTOLD_LIFE = 600.0
_TOKEN = re.compile(r"[\x21-\x7e]{1,8192}")


class ClientCredentials:
    """Sends calls with a token, which is bought once for all callers, kept, and renewed before it ends."""

    def __init__(self, api: Api, *, path: str, client_id: str, client_secret: str, refused: str, clock: Clock) -> None:
        self.api = api
        self._path, self._client_id, self._client_secret = path, client_id, client_secret
        #: what to say, and what to do, when the credentials are not accepted
        self.refused = refused
        self._clock = clock
        self._token = ""
        self._renew_at = 0.0
        self._buying: asyncio.Task[str] | None = None

    async def send(self, call: Call) -> Answer:
        """Send a call; a 401, which surely did nothing, gets one new token and one more call."""
        token = await self.token()
        try:
            return await self.send_with(call, token)
        except Rejected as error:
            if error.code != "unauthorized":
                raise
        if self._token == token:
            self._token = ""
        try:
            return await self.send_with(call, await self.token())
        except Rejected as error:
            if error.code != "unauthorized":
                raise
            self._token = ""
            raise Rejected(self.api.provider, self.refused, code="credentials") from None

    async def token(self) -> str:
        """Return a token that is still good for a while."""
        if self._token and self._clock() < self._renew_at:
            return self._token
        if self._buying is None or self._buying.done():
            self._buying = asyncio.create_task(self._buy())
            self._buying.add_done_callback(_seen)
        # shielded: one caller that gives up does not take the token from the others
        return await asyncio.shield(self._buying)

    async def close(self) -> None:
        """Stop waiting for a token."""
        if self._buying is not None:
            self._buying.cancel()

    async def send_with(self, call: Call, token: str) -> Answer:
        """Send a call that shows a token."""
        return await self.api.send(replace(call, headers={**call.headers, **self.shown(token)}))

    # --- what providers do in their own way ------------------------------------------------------------------------

    def purchase(self, client_id: str, client_secret: str) -> Call:
        """Return the call that buys a token."""
        form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": client_secret}
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        return Call(method="POST", path=self._path, body=urlencode(form).encode(), headers=headers)

    def bought(self, document: Any) -> tuple[Any, Any]:
        """Find the token and its life in the answer; raise `Rejected` where it says that there is none."""
        return document.get("access_token"), document.get("expires_in")

    def shown(self, token: str) -> Mapping[str, str]:
        """Return the headers that show a token."""
        return {"Authorization": f"Bearer {token}"}

    async def _buy(self) -> str:
        try:
            answer = await self.api.send(self.purchase(self._client_id, self._client_secret))
            token, life = self.bought(answer.document)
        except Rejected:
            raise Rejected(self.api.provider, self.refused, code="credentials") from None
        if not isinstance(token, str) or not _TOKEN.fullmatch(token):
            raise Unavailable(self.api.provider, words.NO_TOKEN, code="broken")
        known = isinstance(life, int | float) and not isinstance(life, bool) and life > 0
        seconds = float(life) if known else UNTOLD_LIFE
        self._renew_at = self._clock() + seconds - min(seconds * RENEWED_EARLY, RENEWED_AT_MOST)
        self._token = token
        return token


def _seen(task: asyncio.Task[str]) -> None:
    """Take note of a failure that nobody waited for, so that the event loop does not report it."""
    if not task.cancelled():
        task.exception()
