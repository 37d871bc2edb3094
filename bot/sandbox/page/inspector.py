"""Each payload that went to the bot, and each call that it made, with what came back and how long that took."""

import json
import re
from typing import TYPE_CHECKING, Any

from bot.sandbox.journal import Call, Delivered
from bot.sandbox.model import Json

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace

MOST_AT_ONCE = 500
SUMMARY = 120
BLANK = "•••"
SECRET_NAMES = {"token", "access_token", "refresh_token", "client_secret", "password", "secret", "authorization"}
#: what is worth as much as a secret: tickets of sockets, links to answer at
SECRET_ADDRESS = re.compile(r"(ticket=|/(?:commands|actions|app)/T\w+/R\w+/)[\w-]+")
TREES = ("blocks", "view", "attachments", "metadata")


class Inspector:
    """Numbers the exchanges as they come to their end, so that what was handed out once never changes."""

    def __init__(self, world: "Workspace") -> None:
        self._world = world
        self._finished: list[Call | Delivered] = []
        self._open: list[Call | Delivered] = []
        self._looked_at = [0, 0]
        known = (world.bot_token, world.app_token, world.signing_secret, world.verification_token)
        self._secrets = re.compile("|".join(re.escape(one) for one in known))

    def look(self) -> int:
        """Take in what has finished since; the number of the newest."""
        journal = self._world.journal
        new: list[Call | Delivered] = [
            *journal.deliveries[self._looked_at[0] :],
            *journal.calls[self._looked_at[1] :],
        ]
        self._looked_at = [len(journal.deliveries), len(journal.calls)]
        pending = [*self._open, *new]
        done = [one for one in pending if one.seconds > 0]
        self._open = [one for one in pending if one.seconds == 0]
        self._finished += sorted(done, key=lambda one: one.at + one.seconds)
        return len(self._finished)

    def entries(self, *, after: int = 0) -> list[Json]:
        """What came after that number, the oldest first; of very much only the newest."""
        newest = self.look()
        first = max(after, newest - MOST_AT_ONCE, 0)
        return [self._entry(n, self._finished[n - 1]) for n in range(first + 1, newest + 1)]

    def _entry(self, n: int, record: Call | Delivered) -> Json:
        told = self._delivery(record) if isinstance(record, Delivered) else self._call(record)
        return {"n": n, "at": record.at, "ms": round(record.seconds * 1000, 1)} | told

    def _delivery(self, record: Delivered) -> Json:
        payload = record.payload
        return {
            "way": "in",
            "kind": record.kind,
            "person": self._person(_actor(payload)),
            "summary": _short(self._open_to_all(_about(record.kind, payload))),
            "ok": not record.error,
            "payload": self._open_to_all(payload),
            "answer": {"error": record.error} if record.error else self._open_to_all(record.ack),
            "transport": record.transport,
            "attempt": record.attempt,
        }

    def _call(self, record: Call) -> Json:
        args = {name: _tree(value) if name in TREES else value for name, value in record.args.items()}
        return {
            "way": "out",
            "kind": record.method,
            "person": self._person(str(args.get("user") or args.get("user_id") or "")),
            "summary": _short(self._open_to_all(self._summary(args))),
            "ok": record.ok,
            "payload": self._open_to_all(args),
            "answer": self._open_to_all(record.answer),
            "status": record.status,
            "trouble": record.trouble,
        }

    def _summary(self, args: Json) -> str:
        channel = self._world.channels.get(str(args.get("channel", "")))
        place = f"#{channel.name}" if channel and channel.name else "a direct message" if channel else ""
        view = args.get("view")
        title = view.get("title") if isinstance(view, dict) else None
        words = args.get("text") or (title or {}).get("text") or args.get("view_id") or ""
        return f"{place}: {words}" if place and words else place or str(words)

    def _person(self, key: str) -> str:
        member = self._world.members.get(key)
        return member.name if member else ""

    def _open_to_all(self, value: Any) -> Any:
        """The same without secrets."""
        if isinstance(value, dict):
            return {
                name: BLANK if name.casefold() in SECRET_NAMES else self._open_to_all(one)
                for name, one in value.items()
            }
        if isinstance(value, list):
            return [self._open_to_all(one) for one in value]
        if isinstance(value, str):
            return SECRET_ADDRESS.sub(rf"\g<1>{BLANK}", self._secrets.sub(BLANK, value))
        return value


def _actor(payload: Json) -> str:
    user = payload.get("user") or payload.get("user_id") or (payload.get("event") or {}).get("user") or ""
    return str(user.get("id", "")) if isinstance(user, dict) else str(user)


def _about(kind: str, payload: Json) -> str:
    if kind == "command":
        return f"{payload['command']} {payload['text']}"
    if kind == "event":
        event = payload["event"]
        return " ".join(str(event[part]) for part in ("type", "subtype", "text") if event.get(part))
    if kind == "block_actions":
        return ", ".join(_pressed(action) for action in payload["actions"])
    if kind == "block_suggestion":
        return f"{payload['action_id']}: {payload['value']}"
    view = payload.get("view") or {}
    return str(payload.get("callback_id") or view.get("callback_id") or "")


def _pressed(action: Json) -> str:
    words = action.get("text")
    label = words.get("text", "") if isinstance(words, dict) else ""
    return f"{action['action_id']} {label}".strip()


def _tree(value: Any) -> Any:
    """The SDK may write blocks as a text of JSON."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _short(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= SUMMARY else f"{line[: SUMMARY - 1]}…"
