"""Tokens: who gets one, and which still opens a door."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hmac import compare_digest
from urllib.parse import parse_qs

from bot.sandbox.kajabi.answers import UNAUTHORIZED, error
from bot.sandbox.kajabi.conduct import Conduct
from bot.sandbox.remote.answers import Answer, Incoming, document
from bot.sandbox.remote.server import FORM


@dataclass(kw_only=True)
class Token:
    client_id: str
    expires_at: float


class Access:
    """The keys of the account, and the tokens they gave."""

    def __init__(self, clients: Mapping[str, str], *, clock: Callable[[], float], conduct: Conduct) -> None:
        self.clients = dict(clients)
        self.clock = clock
        self.conduct = conduct
        self.tokens: dict[str, Token] = {}
        self.refresh_tokens: dict[str, Token] = {}

    def issue(self, call: Incoming) -> Answer:
        """POST /v1/oauth/token. Errors here are flat, not JSON:API."""
        form = self.form(call)
        if not form.get("grant_type"):
            return document({"error": "Missing grant_type"}, status=400)
        client_id = self._proven(form)
        if client_id is None:
            return document({"error": "Invalid client credentials"}, status=401)
        life = self.conduct.token_seconds
        access, refresh = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        self.tokens[access] = Token(client_id=client_id, expires_at=self.clock() + life)
        self.refresh_tokens[refresh] = Token(client_id=client_id, expires_at=self.clock() + 2 * life)
        body = {
            "access_token": access,
            "refresh_token": refresh,
            "token_type": "Bearer",
            "expires_in": life,
        }
        return document(body)

    @staticmethod
    def form(call: Incoming) -> dict[str, str]:
        """Only the documented encoding is read; JSON counts as an empty body."""
        if call.media_type != FORM:
            return {}
        fields = parse_qs(call.body.decode(errors="replace"))
        return {name: values[0] for name, values in fields.items()}

    def _proven(self, form: Mapping[str, str]) -> str | None:
        if form["grant_type"] == "refresh_token":
            token = self.refresh_tokens.get(form.get("refresh_token", ""))
            return token.client_id if token and self.clock() < token.expires_at else None
        client_id = form.get("client_id", "")
        secret = self.clients.get(client_id)
        if form["grant_type"] != "client_credentials" or secret is None:
            return None
        given = form.get("client_secret", "")
        return client_id if compare_digest(secret.encode(), given.encode()) else None

    def refusal(self, call: Incoming) -> Answer | None:
        """The one 401 that missing, unknown and expired tokens share, or nothing."""
        token = self.tokens.get(self.bearer(call))
        if token is None or self.clock() >= token.expires_at:
            return error(401, UNAUTHORIZED)
        return None

    @staticmethod
    def bearer(call: Incoming) -> str:
        scheme, _, token = call.headers.get("Authorization", "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else ""

    def spoil(self, call: Incoming) -> None:
        """The token of this call opens nothing any more."""
        self.tokens.pop(self.bearer(call), None)

    def expire_tokens(self) -> None:
        """As if their time had come: refresh tokens still work."""
        self.tokens.clear()

    def rotate_key(self, client_id: str, secret: str) -> None:
        """A new secret, which ends every token of that key, refresh tokens too."""
        self.clients[client_id] = secret
        for kept in (self.tokens, self.refresh_tokens):
            for name in [name for name, token in kept.items() if token.client_id == client_id]:
                del kept[name]
