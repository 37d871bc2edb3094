"""Who is let in: a token that a key buys for some minutes, or the password of a till."""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Callable, Mapping
from hmac import compare_digest

from bot.sandbox.capillary.answers import json_body, signal
from bot.sandbox.capillary.conduct import Conduct
from bot.sandbox.remote.answers import JSON, Answer, Incoming, document

TOKEN_HEADER = "X-CAP-API-OAUTH-TOKEN"


class Access:
    """The keys and tills of the org, and the tokens they gave."""

    def __init__(
        self, clients: Mapping[str, str], tills: Mapping[str, str], *, clock: Callable[[], float], conduct: Conduct
    ) -> None:
        self.clients = dict(clients)
        #: a till's password is its MD5, and that is a secret; new orgs have no such way in
        self.tills = dict(tills)
        self.clock = clock
        self.conduct = conduct
        #: a token and its end
        self.tokens: dict[str, float] = {}

    def issue(self, call: Incoming) -> Answer:
        """POST /v3/oauth/token/generate."""
        given = json_body(call) if call.media_type == JSON else {}
        key, secret = given.get("key"), given.get("secret")
        known = self.clients.get(key) if isinstance(key, str) else None
        if known is None or not isinstance(secret, str) or not compare_digest(known.encode(), secret.encode()):
            return document({"data": None, "errors": [{"code": 401, "message": "Invalid key or secret"}]}, status=401)
        token = ".".join(secrets.token_urlsafe(24) for _ in range(3))
        self.tokens[token] = self.clock() + self.conduct.token_seconds
        return document({"data": {"accessToken": token, "ttlSeconds": self.conduct.token_seconds}, "errors": None})

    def refusal(self, call: Incoming) -> Answer | None:
        """The answer to a call that is not let in, or nothing."""
        if "Authorization" in call.headers:
            return None if self._is_till(call.headers["Authorization"]) else signal(401)
        end = self.tokens.get(self.token(call))
        if end is None:
            return signal(401)
        return signal(self.conduct.expired_status) if self.clock() >= end else None

    def _is_till(self, authorization: str) -> bool:
        scheme, _, value = authorization.partition(" ")
        try:
            till, _, password = base64.b64decode(value, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return False
        known = self.tills.get(till)
        return scheme.lower() == "basic" and known is not None and compare_digest(known.encode(), password.encode())

    @staticmethod
    def token(call: Incoming) -> str:
        """Bare: with "Bearer" before it, it is another text and opens nothing."""
        return call.headers.get(TOKEN_HEADER, "")

    def spoil(self, call: Incoming) -> None:
        """The token of this call is over."""
        token = self.token(call)
        if token in self.tokens:
            self.tokens[token] = self.clock()

    def expire_tokens(self) -> None:
        """As if their time had come."""
        self.tokens = dict.fromkeys(self.tokens, self.clock())

    def rotate_key(self, client_id: str, secret: str) -> None:
        """A new secret, which ends every token."""
        self.clients[client_id] = secret
        self.tokens.clear()
