"""rich_text as a person reads it (docs.slack.dev/reference/block-kit/blocks/rich-text-block)."""

from collections.abc import Callable

from bot.sandbox.model import Json
from bot.sandbox.mrkdwn import Reader, date


def lines(block: Json, reader: Reader) -> list[str]:
    return [line for part in block["elements"] for line in _part(part, reader)]


def _part(part: Json, reader: Reader) -> list[str]:
    if part["type"] == "rich_text_list":
        items = [" ".join(_part(item, reader)) for item in part["elements"]]
        indent = "  " * part.get("indent", 0)
        ordered = part["style"] == "ordered"
        start = part.get("offset", 0) + 1
        return [f"{indent}{f'{start + i}.' if ordered else '•'} {item}" for i, item in enumerate(items)]
    text = "".join(inline(element, reader) for element in part["elements"])
    mark = "> " if part["type"] == "rich_text_quote" else ""
    return [f"{mark}{line}" for line in text.rstrip("\n").split("\n")]


def inline(element: Json, reader: Reader) -> str:
    names = reader.names
    read: dict[str, Callable[[], str]] = {
        "text": lambda: str(element["text"]),
        "user": lambda: f"@{names.user_name(element['user_id'])}",
        "usergroup": lambda: f"@{names.group_name(element['usergroup_id'])}",
        "channel": lambda: f"#{names.channel_name(element['channel_id'])}",
        "link": lambda: str(element.get("text") or element["url"].removeprefix("mailto:")),
        "emoji": lambda: f":{element['name']}:",
        "date": lambda: date(element["timestamp"], element["format"], reader),
        "broadcast": lambda: f"@{element['range']}",
        "color": lambda: str(element["value"]),
    }
    kind = element["type"]
    return read[kind]() if kind in read else f"<{kind}>"
