"""The arguments of one call, however they came: in the query, as a form or as JSON."""

import base64
import binascii
import json
from collections.abc import Sequence
from typing import Any, TypeVar

from bot.sandbox.model import Json, SlackError

Item = TypeVar("Item")
TRUE, FALSE = (True, 1, "true", "1", "True"), (None, False, 0, "", "false", "0", "False")


class Args:
    def __init__(self, given: Json) -> None:
        self.given = given

    def text(self, name: str, default: str = "") -> str:
        value = self.given.get(name)
        if value is None:
            return default
        if not isinstance(value, str | int | float):
            raise SlackError("invalid_arguments", messages=[f"[ERROR] must be a string [json-pointer:/{name}]"])
        return str(value)

    def needed(self, name: str) -> str:
        value = self.text(name)
        if not value:
            raise SlackError("invalid_arguments", messages=[f"[ERROR] missing required field: {name}"])
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        value = self.given.get(name)
        if value is None:
            return default
        if value not in (*TRUE, *FALSE):
            raise SlackError("invalid_arguments", messages=[f"[ERROR] must be a boolean [json-pointer:/{name}]"])
        return value in TRUE

    def number(self, name: str, default: int) -> int:
        value = self.text(name)
        if not value:
            return default
        if not value.isdecimal():
            raise SlackError("invalid_arguments", messages=[f"[ERROR] must be a number [json-pointer:/{name}]"])
        return int(value)

    def has(self, name: str) -> bool:
        return self.given.get(name) is not None

    def tree(self, name: str, *, broken: str = "invalid_arguments") -> Any:
        """A structure, which a form carries as a string of JSON."""
        value = self.given.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise SlackError(broken, messages=[f"[ERROR] not JSON [json-pointer:/{name}]"]) from None

    def page(self, items: Sequence[Item], *, default: int = 100, most: int = 1000) -> tuple[list[Item], Json]:
        """One page by `cursor` and `limit`, with the metadata that leads to the next."""
        start = self._start()
        size = min(self.number("limit", default) or default, most)
        more = start + size < len(items)
        cursor = base64.b64encode(f"next:{start + size}".encode()).decode() if more else ""
        return list(items[start : start + size]), {"response_metadata": {"next_cursor": cursor}}

    def _start(self) -> int:
        cursor = self.text("cursor")
        if not cursor:
            return 0
        try:
            return int(base64.b64decode(cursor, validate=True).decode().removeprefix("next:"))
        except (binascii.Error, ValueError):
            raise SlackError("invalid_cursor") from None
