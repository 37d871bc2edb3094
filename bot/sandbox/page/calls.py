"""The calls that came in at a local provider, as the page shows them."""

from collections.abc import Hashable

from bot.sandbox.model import Json
from bot.sandbox.remote.server import LocalServer

CALLS_SHOWN = 300


def calls_mark(server: LocalServer) -> Hashable:
    """Something that differs once a call came in or was answered."""
    return len(server.calls), sum(call.seconds is None for call in server.calls[-CALLS_SHOWN:])


def calls_shown(server: LocalServer) -> list[Json]:
    """The newest ones, in their order."""
    first = max(len(server.calls) - CALLS_SHOWN, 0)
    return [_call(server, n) for n in range(first, len(server.calls))]


def _call(server: LocalServer, n: int) -> Json:
    call = server.calls[n]
    return {
        "n": n + 1,
        "method": call.method,
        "path": call.path,
        "query": call.query,
        "body": call.body,
        "status": call.status,
        "trouble": call.trouble,
        "at": call.at,
        "ms": None if call.seconds is None else round(call.seconds * 1000, 1),
    }
