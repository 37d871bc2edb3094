"""Who may ask the page for anything: a browser on this machine that was given the key, and no other page in it."""

import hmac
import secrets
from collections.abc import Awaitable, Callable

from aiohttp import web

HEADER = "X-Sandbox-Key"
OUTSIDE = "This page opens with the address that the sandbox printed when it started."
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Gate:
    """Checks address, origin and key of each request, and tells the browser to be as strict."""

    def __init__(self) -> None:
        self.key = secrets.token_urlsafe(24)
        self.port = 0

    @property
    def hosts(self) -> tuple[str, ...]:
        return f"127.0.0.1:{self.port}", f"localhost:{self.port}"

    @property
    def cookie(self) -> str:
        """A browser keeps cookies by machine, not by port."""
        return f"offerdesk_sandbox_{self.port}"

    @web.middleware
    async def check(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        refusal = self._refusal(request)
        if refusal is not None:
            return refusal
        response = await handler(request)
        if request.path == "/" and self.is_key(request.query.get("key", "")):
            response.set_cookie(self.cookie, self.key, path="/", httponly=True, samesite="Strict")
        return response

    def _refusal(self, request: web.Request) -> web.Response | None:
        if request.headers.get("Host") not in self.hosts:
            return _refused(421, "This is not the address of the page.")
        origin = request.headers.get("Origin")
        if origin is not None and origin not in [f"http://{host}" for host in self.hosts]:
            return _refused(403, "Another page may not ask for this.")
        given = (request.headers.get(HEADER), request.query.get("key"), request.cookies.get(self.cookie))
        if not any(self.is_key(one) for one in given if one):
            return _refused(403, OUTSIDE)
        if request.method == "POST" and request.content_type != "application/json":
            return _refused(415, "Only JSON is taken.")
        return None

    def is_key(self, given: str) -> bool:
        return hmac.compare_digest(given.encode(errors="replace"), self.key.encode())

    async def add_headers(self, _: web.Request, response: web.StreamResponse) -> None:
        sockets = " ".join(f"ws://{host}" for host in self.hosts)
        response.headers.update(
            {
                "Content-Security-Policy": (
                    f"default-src 'self'; connect-src 'self' {sockets}; img-src 'self' data:; object-src 'none'; "
                    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
                ),
                "Cache-Control": "no-store",
                "Cross-Origin-Opener-Policy": "same-origin",
                "Cross-Origin-Resource-Policy": "same-origin",
                "Referrer-Policy": "no-referrer",
                "X-Content-Type-Options": "nosniff",
                "X-Frame-Options": "DENY",
            }
        )


def _refused(status: int, sentence: str) -> web.Response:
    return web.json_response({"ok": False, "error": sentence}, status=status)
