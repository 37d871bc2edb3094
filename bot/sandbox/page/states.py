"""Which state of an element a person can bring about: nothing that the client does not offer."""

import re
from collections.abc import Iterable
from datetime import date, time
from typing import TYPE_CHECKING, Any

from bot.sandbox.blockkit import check_blocks
from bot.sandbox.fields import options_of
from bot.sandbox.inputs import MANY, STATE_KEYS
from bot.sandbox.model import CannotDo, Json, Member

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace

DAY, MINUTE = re.compile(r"\d{4}-\d\d-\d\d"), re.compile(r"\d\d:\d\d")
LAST_SECOND = 9_999_999_999


class Client:
    """One person's client, judging what may be entered into one element."""

    def __init__(self, world: "Workspace", member: Member, *, offered: Iterable[Json] = (), now: Json | None) -> None:
        self._world = world
        self._member = member
        self._offered = list(offered)
        self._now = now or {}

    def state(self, element: Json, wanted: Json) -> Json:
        """The state as Slack keeps it. Raises `CannotDo` for what the element cannot be brought to."""
        kind = element["type"]
        key = STATE_KEYS[kind][0]
        value = wanted.get(key)
        if key in MANY:
            return {"type": kind, key: self._several(element, value or [], key)}
        return {"type": kind, key: None if value in (None, "") else self._one(element, value, key)}

    def _several(self, element: Json, values: Any, key: str) -> list[Any]:
        if not isinstance(values, list):
            raise CannotDo(f"“{key}” must be a list")
        most = element.get("max_selected_items")
        if most is not None and len(values) > most:
            raise CannotDo(f"you can choose up to {most}")
        return [self._one(element, value, key.removesuffix("s")) for value in values]

    def _one(self, element: Json, value: Any, key: str) -> Any:
        match key:
            case "selected_option":
                return self._option(element, value)
            case "file":
                return self._file(value)
            case "selected_user":
                return self._known(value, self._world.members)
            case "selected_channel" | "selected_conversation":
                return self._place(value)
            case "rich_text_value":
                return _rich_text(value)
            case "selected_date_time":
                return _moment(value)
        if not isinstance(value, str):
            raise CannotDo(f"“{key}” must be a text")
        if key == "selected_date":
            return _day(value)
        return _minute(value) if key == "selected_time" else value

    def _option(self, element: Json, value: Any) -> Json:
        wanted = value.get("value") if isinstance(value, dict) else None
        standing = [self._now.get("selected_option"), *(self._now.get("selected_options") or [])]
        known: list[Json] = [*options_of(element), *self._offered, *(one for one in standing if one)]
        for option in known:
            if option.get("value") == wanted:
                return option
        raise CannotDo("that option is not offered")

    def _file(self, value: Any) -> Json:
        wanted = value.get("id") if isinstance(value, dict) else None
        held: list[Json] = self._now.get("files") or []
        for file in held:
            if file["id"] == wanted:
                return file
        raise CannotDo("that file was not uploaded here")

    def _known(self, value: Any, there: Iterable[str]) -> str:
        if not isinstance(value, str) or value not in there:
            raise CannotDo("that is not there to choose")
        return value

    def _place(self, value: Any) -> str:
        channels = self._world.channels
        mine = {key for key, one in channels.items() if one.kind == "public" or self._member.id in one.members}
        return self._known(value, mine)


def _day(value: str) -> str:
    try:
        if DAY.fullmatch(value):
            return date.fromisoformat(value).isoformat()
    except ValueError:
        pass
    raise CannotDo(f"{value!r} is not a date")


def _minute(value: str) -> str:
    try:
        if MINUTE.fullmatch(value):
            return time.fromisoformat(value).isoformat("minutes")
    except ValueError:
        pass
    raise CannotDo(f"{value!r} is not a time")


def _moment(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LAST_SECOND:
        raise CannotDo(f"{value!r} is not a date and time")
    return value


def _rich_text(value: Any) -> Json:
    if not isinstance(value, dict) or value.get("type") != "rich_text":
        raise CannotDo("that is not rich text")
    faults = check_blocks([value], surface="message")
    if faults:
        raise CannotDo(f"that is not rich text: {faults[0]}")
    return value
