"""How Capillary lets calls in: by a token that key and secret buy (OAuth), or by a till and its password (Basic)."""

import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Protocol

from bot.domain.errors import Rejected
from bot.ports import Clock
from bot.providers.base import Answer, Api, Call
from bot.providers.capillary import words
from bot.providers.capillary.faults import EXPIRED, faults_of, first_of
from bot.providers.capillary.settings import CapillarySettings
from bot.providers.oauth import ClientCredentials

TOKEN = "/v3/oauth/token/generate"  # noqa: S105 - a path
JSON = {"Accept": "application/json", "Content-Type": "application/json"}


class Door(Protocol):
    """Sends calls as somebody who may."""

    async def send(self, call: Call) -> Answer:
        """Send a call."""
        ...

    async def enter(self) -> str:
        """Try the credentials, as far as that can be done by themselves; say what was found."""
        ...

    async def close(self) -> None:
        """Stop waiting."""
        ...


def door_of(api: Api, settings: CapillarySettings, *, clock: Clock) -> Door:
    """Choose the way in that there are credentials for."""
    return TokenDoor(api, settings, clock=clock) if settings.key else TillDoor(api, settings)


class TokenDoor(ClientCredentials):
    """OAuth. The token goes bare into a header of Capillary's own, and lives as long as its answer says."""

    def __init__(self, api: Api, settings: CapillarySettings, *, clock: Clock) -> None:
        super().__init__(
            api,
            path=TOKEN,
            client_id=settings.key,
            client_secret=settings.secret,
            refused=words.REFUSED_KEY,
            clock=clock,
        )
        told = {"TYPE": settings.attribution_type, "CODE": settings.attribution_code}
        self._attribution = {f"X-CAP-API-ATTRIBUTION-ENTITY-{name}": one for name, one in told.items() if one}

    async def enter(self) -> str:
        """Buy a token."""
        await self.token()
        return words.ACCEPTED

    def purchase(self, client_id: str, client_secret: str) -> Call:
        """Ask for a token."""
        body = json.dumps({"key": client_id, "secret": client_secret}).encode()
        return Call(method="POST", path=TOKEN, body=body, headers=JSON)

    def bought(self, document: Any) -> tuple[Any, Any]:
        """Find the token and its life in the answer."""
        data = document.get("data")
        if not isinstance(data, dict):
            if faults_of(document):
                raise Rejected(self.api.provider, self.refused, code="credentials")
            return None, None
        return data.get("accessToken"), data.get("ttlSeconds")

    def shown(self, token: str) -> Mapping[str, str]:
        """Show the token."""
        return {"X-CAP-API-OAUTH-TOKEN": token}

    async def send_with(self, call: Call, token: str) -> Answer:
        """Send a call; attribution that is not valid makes look-ups fail, so only changes carry it."""
        headers = {**JSON, **call.headers, **(self._attribution if call.writes else {})}
        answer = await super().send_with(replace(call, headers=headers), token)
        if first_of(faults_of(answer.document), EXPIRED):
            raise Rejected(self.api.provider, words.EXPIRED, code="unauthorized")
        return answer


class TillDoor:
    """Basic authentication."""

    def __init__(self, api: Api, settings: CapillarySettings) -> None:
        self.api = api
        pair = b64encode(f"{settings.till}:{settings.password_md5}".encode()).decode()
        self._headers = {**JSON, "Authorization": f"Basic {pair}"}

    async def send(self, call: Call) -> Answer:
        """Send a call."""
        try:
            return await self.api.send(replace(call, headers={**call.headers, **self._headers}))
        except Rejected as error:
            if error.code != "unauthorized":
                raise
            raise Rejected(self.api.provider, words.REFUSED_TILL, code="credentials") from None

    async def enter(self) -> str:
        """Say what is used: only the first call shows whether it is accepted."""
        return words.BASIC

    async def close(self) -> None:
        """Do nothing: nothing is waited for."""
