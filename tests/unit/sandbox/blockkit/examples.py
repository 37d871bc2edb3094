"""The smallest payload of each kind, and ways to put one into another."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from slack_sdk.models.blocks import Block

from bot.sandbox.blockkit import Surface

Json = dict[str, Any]

PIXEL = "https://example.com/pixel.png"


def plain(text: str = "x") -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str = "x") -> Json:
    return {"type": "mrkdwn", "text": text}


def rich(*elements: Json) -> Json:
    return {"type": "rich_text", "elements": [rich_section(*elements)]}


def rich_section(*elements: Json) -> Json:
    return {"type": "rich_text_section", "elements": list(elements or [{"type": "text", "text": "x"}])}


def option(value: str = "1", **more: Any) -> Json:
    return {"text": plain(), "value": value, **more}


def options(count: int) -> list[Json]:
    return [option(str(number)) for number in range(count)]


def cell(text: str = "x") -> Json:
    return {"type": "raw_text", "text": text}


def rows(height: int, width: int = 1, *, text: str = "x") -> list[list[Json]]:
    return [[cell(text) for _ in range(width)] for _ in range(height)]


def points(labels: list[str]) -> list[Json]:
    return [{"label": label, "value": 1} for label in labels]


def bar(*, series: int = 1, labels: list[str], **axes: Any) -> Json:
    return {
        "type": "bar",
        "series": [{"name": f"s{number}", "data": points(labels)} for number in range(series)],
        "axis_config": {"categories": labels, **axes},
    }


BLOCKS: dict[str, Json] = {
    "section": {"type": "section", "text": mrkdwn()},
    "header": {"type": "header", "text": plain()},
    "context": {"type": "context", "elements": [mrkdwn()]},
    "actions": {"type": "actions", "elements": [{"type": "button", "text": plain()}]},
    "context_actions": {
        "type": "context_actions",
        "elements": [{"type": "icon_button", "icon": "trash", "text": plain()}],
    },
    "divider": {"type": "divider"},
    "image": {"type": "image", "image_url": PIXEL, "alt_text": "a pixel"},
    "input": {"type": "input", "label": plain(), "element": {"type": "plain_text_input"}},
    "rich_text": rich(),
    "markdown": {"type": "markdown", "text": "x"},
    "table": {"type": "table", "rows": rows(1)},
    "data_table": {"type": "data_table", "caption": "x", "rows": rows(2)},
    "data_visualization": {"type": "data_visualization", "title": "x", "chart": bar(labels=["x"])},
    "plan": {
        "type": "plan",
        "title": "x",
        "tasks": [{"type": "task_card", "task_id": "1", "title": "x", "status": "pending"}],
    },
    "task_card": {"type": "task_card", "task_id": "1", "title": "x", "status": "complete"},
    "card": {"type": "card", "title": plain()},
    "carousel": {"type": "carousel", "elements": [{"type": "card", "title": plain()}]},
    "container": {"type": "container", "title": plain(), "child_blocks": [{"type": "divider"}]},
    "alert": {"type": "alert", "text": plain()},
    "auth_provider": {"type": "auth_provider", "value": "x", "name": plain(), "is_connected": False},
    "video": {
        "type": "video",
        "title": plain(),
        "video_url": "https://example.com/v",
        "thumbnail_url": PIXEL,
        "alt_text": "x",
    },
    "file": {"type": "file", "external_id": "x", "source": "remote"},
    "call": {"type": "call", "call_id": "x"},
}

ELEMENTS: dict[str, Json] = {
    "button": {"text": plain()},
    "icon_button": {"text": plain(), "icon": "trash"},
    "feedback_buttons": {
        "positive_button": {"text": plain(), "value": "+"},
        "negative_button": {"text": plain(), "value": "-"},
    },
    "workflow_button": {"text": plain(), "workflow": {"trigger": {"url": "https://slack.com/shortcuts/x"}}},
    "static_select": {"options": options(1)},
    "multi_static_select": {"options": options(1)},
    "number_input": {"is_decimal_allowed": False},
    "checkboxes": {"options": options(1)},
    "radio_buttons": {"options": options(1)},
    "overflow": {"options": options(1)},
    "image": {"image_url": PIXEL, "alt_text": "a pixel"},
}


def block(kind: str, **more: Any) -> list[Json]:
    return [{**BLOCKS[kind], **more}]


def element(kind: str, **more: Any) -> Json:
    return {"type": kind, **ELEMENTS.get(kind, {}), **more}


def acting(kind: str, **more: Any) -> list[Json]:
    return block("actions", elements=[element(kind, **more)])


def asking(kind: str, **more: Any) -> list[Json]:
    return block("input", element=element(kind, **more))


def modal(**more: Any) -> Json:
    return {"type": "modal", "title": plain(), "submit": plain(), "blocks": block("section"), **more}


def home(**more: Any) -> Json:
    return {"type": "home", "blocks": block("section"), **more}


HTTPS = "https://x.io/"


def url(length: int) -> str:
    return HTTPS + "x" * (length - len(HTTPS))


def words(kind: str, field: str, text: Callable[[str], Json] = plain) -> Callable[[int], list[Json]]:
    return lambda length: block(kind, **{field: text("x" * length)})


def letters(kind: str, field: str) -> Callable[[int], list[Json]]:
    return lambda length: block(kind, **{field: "x" * length})


def link(kind: str, field: str) -> Callable[[int], list[Json]]:
    return lambda length: block(kind, **{field: url(length)})


def value(kind: str, field: str) -> Callable[[Any], list[Json]]:
    return lambda given: block(kind, **{field: given})


def buttons(count: int) -> list[Json]:
    return [{"type": "button", "text": plain()}] * count


class Limit(NamedTuple):
    """What a payload made of `inside` may have and one made of `outside` may not: a fault at `pointer`."""

    name: str
    make: Callable[[Any], Any]
    inside: Any
    outside: Any
    pointer: str
    surface: Surface = "message"


def named(limits: list[Limit]) -> Any:
    return pytest.mark.parametrize("limit", limits, ids=[limit.name for limit in limits])


def to_sdk_and_back(blocks: list[Json]) -> list[Json]:
    """What slack_sdk makes of the blocks it has a model for; it raises where it finds a limit passed."""
    models = [Block.parse(block) for block in blocks]
    return [model.to_dict() for model in models if model is not None]
