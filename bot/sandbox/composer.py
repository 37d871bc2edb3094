"""What Slack makes of the words somebody types: mentions, links and addresses become references."""

import re
from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

from bot.sandbox.model import Json

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace

EMAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
LINK = re.compile(r"https?://[^\s<>|]+")
EVERYBODY = ("here", "channel", "everyone")


def escaped(text: str) -> str:
    return escape(text, quote=False)


def message(text: str, world: "Workspace") -> tuple[str, list[Json]]:
    """A message's `text`, and the rich_text block that goes with it."""
    pieces = list(_pieces(text, world))
    written = "".join(piece["written"] for piece in pieces)
    elements = [piece["element"] for piece in pieces]
    section = {"type": "rich_text_section", "elements": elements}
    return written, [{"type": "rich_text", "block_id": next(world.ids), "elements": [section]}]


def command(text: str, world: "Workspace", *, should_escape: bool) -> str:
    """The `text` of a slash command: as typed, unless the manifest asks for references."""
    if not should_escape:
        return text
    return "".join(str(piece.get("in_command", piece["written"])) for piece in _pieces(text, world))


def _pieces(text: str, world: "Workspace") -> Iterator[Json]:
    known = _known(world)
    names = "|".join(re.escape(name) for name in sorted(known, key=len, reverse=True))
    pattern = re.compile(f"(?P<email>{EMAIL.pattern})|(?P<link>{LINK.pattern})|(?P<name>{names})(?!\\w)", re.IGNORECASE)
    position = 0
    for found in pattern.finditer(text):
        if found.start() > position:
            yield _words(text[position : found.start()])
        position = found.end()
        yield _reference(found, known)
    if position < len(text) or not text:
        yield _words(text[position:])


def _words(text: str) -> Json:
    return {"written": escaped(text), "element": {"type": "text", "text": text}}


def _reference(found: re.Match[str], known: dict[str, Json]) -> Json:
    word = found[0]
    if found["email"]:
        element = {"type": "link", "url": f"mailto:{word}", "text": word}
        return {"written": f"<mailto:{word}|{word}>", "element": element}
    if found["link"]:
        return {"written": f"<{escaped(word)}>", "element": {"type": "link", "url": word}}
    return known[word.casefold()]


def _known(world: "Workspace") -> dict[str, Json]:
    """Everything that is a reference when written: @people, @groups, #channels, @here."""
    known: dict[str, Json] = {}
    for key, member in world.members.items():
        known[f"@{member.name}"] = {
            "written": f"<@{key}>",
            "in_command": f"<@{key}|{member.name.casefold()}>",
            "element": {"type": "user", "user_id": key},
        }
    for key, group in world.groups.items():
        element = {"type": "usergroup", "usergroup_id": key}
        known[f"@{group.handle}"] = {"written": f"<!subteam^{key}>", "element": element}
    for key, channel in world.channels.items():
        element = {"type": "channel", "channel_id": key}
        known[f"#{channel.name}"] = {"written": f"<#{key}|{channel.name}>", "element": element}
    for everybody in EVERYBODY:
        element = {"type": "broadcast", "range": everybody}
        known[f"@{everybody}"] = {"written": f"<!{everybody}>", "element": element}
    return {name.casefold(): piece for name, piece in known.items() if len(name) > 1}
