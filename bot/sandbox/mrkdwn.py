"""Slack's text formats as a person reads them: names instead of ids, dates in the reader's zone, no marks.

docs.slack.dev/messaging/formatting-message-text.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo


class Names(Protocol):
    """Who and what an id means."""

    def user_name(self, key: str) -> str: ...
    def channel_name(self, key: str) -> str: ...
    def group_name(self, key: str) -> str: ...


@dataclass(frozen=True)
class Reader:
    """Who reads, when, and where."""

    user: str
    tz: str
    now: float
    names: Names


ANGLE = re.compile(r"<([^<>]+)>")
MARKS = re.compile(r"(?<![\w*_~`])([*_~`])(?=\S)(.+?)(?<=\S)\1(?![\w*_~`])")
FENCE = re.compile(r"```\n?(.*?)\n?```", re.DOTALL)
TOKEN = re.compile(r"\{(\w+)\}")


def plain(text: str, reader: Reader) -> str:
    """The text as it appears."""
    text = FENCE.sub(r"\1", text)
    for _ in range(3):
        text = MARKS.sub(r"\2", text)
    text = ANGLE.sub(lambda found: _reference(found[1], reader), text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _reference(inside: str, reader: Reader) -> str:
    target, _, label = inside.partition("|")
    match target[:1]:
        case "@":
            return f"@{reader.names.user_name(target[1:])}"
        case "#":
            return f"#{reader.names.channel_name(target[1:])}"
        case "!":
            return _special(target[1:], label, reader)
    return label or target.removeprefix("mailto:")


def _special(target: str, label: str, reader: Reader) -> str:
    kind, *details = target.split("^")
    if kind == "subteam":
        return f"@{reader.names.group_name(details[0])}"
    if kind == "date" and details[0].isdecimal():
        return date(int(details[0]), details[1], reader)
    return f"@{kind}" if kind in ("here", "channel", "everyone") else label or f"<{kind}>"


def date(epoch: int, form: str, reader: Reader) -> str:
    """The tokens of formatting-message-text#date-formatting."""
    when = datetime.fromtimestamp(epoch, ZoneInfo(reader.tz))
    return TOKEN.sub(lambda found: _token(found[1], when, reader), form)


def _token(name: str, when: datetime, reader: Reader) -> str:
    if name == "ago":
        return _ago(reader.now - when.timestamp())
    near = _near(when, datetime.fromtimestamp(reader.now, ZoneInfo(reader.tz))) if name.endswith("_pretty") else ""
    day = f"{when.day}{_ordinal(when.day)}"
    forms = {
        "date_num": f"{when:%Y-%m-%d}",
        "date": f"{when:%B} {day}, {when.year}",
        "date_short": f"{when:%b} {when.day}, {when.year}",
        "date_long": f"{when:%A}, {when:%B} {day}, {when.year}",
        "time": f"{when:%H:%M}",
        "time_secs": f"{when:%H:%M:%S}",
    }
    return near or forms.get(name.removesuffix("_pretty"), f"{{{name}}}")


def _near(when: datetime, now: datetime) -> str:
    days = {now.date(): "today", now.date() - timedelta(1): "yesterday", now.date() + timedelta(1): "tomorrow"}
    return days.get(when.date(), "")


def _ordinal(day: int) -> str:
    return "th" if 11 <= day <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")  # noqa: PLR2004 - 11th, 12th, 13th


def _ago(seconds: float) -> str:
    later, amount = seconds < 0, abs(seconds)
    for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if amount >= size:
            number = int(amount // size)
            words = f"{number} {unit}{'s' if number > 1 else ''}"
            return f"in {words}" if later else f"{words} ago"
    return "now"
