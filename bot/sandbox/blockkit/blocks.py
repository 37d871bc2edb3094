"""Blocks. Pages: reference/block-kit/blocks/*.

The letters say where a block may stand: M message, V view (modal), H home tab.
"""

from typing import Any

from bot.sandbox.blockkit.charts import CHART
from bot.sandbox.blockkit.elements import (
    IMAGE,
    IN_ACTIONS,
    IN_CARD,
    IN_CONTEXT_ACTIONS,
    IN_INPUT,
    IN_SECTION,
    OVERFLOW,
    URL_SOURCE,
)
from bot.sandbox.blockkit.faults import Faults, invalid
from bot.sandbox.blockkit.objects import BLOCK_ID, SLACK_FILE, SLACK_ICON, URL, plain, text
from bot.sandbox.blockkit.richtext import RICH_TEXT
from bot.sandbox.blockkit.shapes import (
    AnyObject,
    Array,
    Choice,
    Fields,
    Flag,
    Maybe,
    Must,
    Number,
    OneOf,
    Rule,
    Shape,
    Text,
    must,
    never_both,
    only_one_of,
    some_of,
)
from bot.sandbox.blockkit.tables import DATA_TABLE_ROWS, TABLE_ROWS, of_one_width, within_the_columns

_RICH = OneOf({"rich_text": RICH_TEXT})


def _block(known: dict[str, Shape | Must], *rules: Rule) -> Fields:
    return Fields({"block_id": BLOCK_ID, **known}, *rules)


def _task_card(*statuses: str) -> Fields:
    return _block(
        {
            "task_id": must(Text()),
            "title": must(Text()),
            "details": _RICH,
            "output": _RICH,
            "sources": Array(URL_SOURCE),
            "status": must(Choice(*statuses)),
        }
    )


def _no_dispatch_of_files(block: dict[str, Any], at: str) -> Faults:
    if block.get("dispatch_action") and block["element"]["type"] == "file_input":
        yield invalid("`dispatch_action` is not allowed for a file_input", f"{at}/dispatch_action")


def _collapsed_needs_collapsible(block: dict[str, Any], at: str) -> Faults:
    if block.get("default_collapsed") and not block.get("is_collapsible"):
        yield invalid("`default_collapsed` requires `is_collapsible`", f"{at}/default_collapsed")


_CARD = _block(
    {
        "title": text(150),
        "subtitle": text(150),
        "body": text(200),
        "subtext": text(200),
        "actions": Array(IN_CARD, 1, 3),
        "hero_image": IMAGE,
        "icon": IMAGE,
        "slack_icon": SLACK_ICON,
    },
    some_of("hero_image", "title", "actions", "body"),
    only_one_of("icon", "slack_icon"),
)

_BLOCKS: dict[str, tuple[str, Shape]] = {
    "section": (
        "MVH",
        _block(
            {
                "text": text(3000),
                "fields": Array(text(2000), 1, 10),
                "accessory": IN_SECTION,
                "expand": Flag(),
            },
            some_of("text", "fields"),
        ),
    ),
    "header": ("MVH", _block({"text": must(plain(150)), "level": Number(1, 4)})),
    "context": (
        "MVH",
        _block({"elements": must(Array(OneOf({**IMAGE.kinds, **text(3000).kinds}), 1, 10))}),
    ),
    "actions": ("MVH", _block({"elements": must(Array(IN_ACTIONS, 1, 25))})),
    "context_actions": ("M", _block({"elements": must(Array(IN_CONTEXT_ACTIONS, 1, 5))})),
    "divider": ("MVH", _block({})),
    "image": (
        "MVH",
        _block(
            {
                "image_url": URL,
                "slack_file": SLACK_FILE,
                "alt_text": must(Text(2000)),
                "title": plain(2000),
            },
            some_of("image_url", "slack_file"),
            only_one_of("image_url", "slack_file"),
        ),
    ),
    "input": (
        "MVH",
        _block(
            {
                "label": must(plain(2000)),
                "hint": plain(2000),
                "element": must(IN_INPUT),
                "optional": Flag(),
                "dispatch_action": Flag(),
            },
            _no_dispatch_of_files,
        ),
    ),
    "rich_text": ("MVH", RICH_TEXT),
    "markdown": ("M", _block({"text": must(Text(12_000))})),
    "table": (
        "MH",
        _block(
            {
                "rows": must(TABLE_ROWS),
                "column_settings": Array(
                    Maybe(Fields({"align": Choice("left", "center", "right"), "is_wrapped": Flag()})), 0, 20
                ),
            }
        ),
    ),
    "data_table": (
        "MH",
        _block(
            {
                "rows": must(DATA_TABLE_ROWS),
                "caption": must(Text()),
                "page_size": Number(1, 100),
                "row_header_column_index": Number(0),
            },
            of_one_width,
            within_the_columns,
        ),
    ),
    "data_visualization": ("M", _block({"title": must(Text(50)), "chart": must(CHART)})),
    "plan": (
        "M",
        _block(
            {
                "title": must(Text()),
                "tasks": Array(OneOf({"task_card": _task_card("pending", "in_progress", "complete", "error")})),
            }
        ),
    ),
    "task_card": ("M", _task_card("in_progress", "complete", "error")),
    "card": ("MVH", _CARD),
    "carousel": ("MH", _block({"elements": must(Array(OneOf({"card": _CARD}), 1, 10))})),
    "alert": (
        "V",
        _block({"text": must(text(200)), "level": Choice("default", "info", "warning", "error", "success")}),
    ),
    "auth_provider": (
        "MVH",
        _block(
            {
                "value": must(Text(150)),
                "name": must(plain(75)),
                "is_connected": must(Flag()),
                "description": plain(150),
                "icon_url": URL,
                "auth_url": URL,
                "disconnect_url": URL,
                "connected_identity": plain(75),
                "connected_context": plain(75),
                "accessory": OVERFLOW,
                "fallback": Array(AnyObject()),
            }
        ),
    ),
    # "must be less than 200 characters", unlike the other pages
    "video": (
        "MVH",
        _block(
            {
                "title": must(plain(199)),
                "title_url": URL,
                "description": plain(199),
                "video_url": must(URL),
                "thumbnail_url": must(URL),
                "alt_text": must(Text()),
                "author_name": Text(49),
                "provider_name": Text(),
                "provider_icon_url": URL,
            }
        ),
    ),
    "file": ("M", _block({"external_id": must(Text()), "source": must(Choice("remote"))})),
    "call": (
        "M",
        _block({"call_id": must(Text()), "api_decoration_available": Flag(), "call": AnyObject()}),
    ),
}

# what a container may hold; it may not hold another container
_CONTAINED = ("actions", "context", "divider", "file", "header", "image", "input", "rich_text", "section")
_CHILDREN = OneOf({name: _BLOCKS[name][1] for name in (*_CONTAINED, "table", "video")})
_BLOCKS["container"] = (
    "MH",
    _block(
        {
            "title": plain(150),
            "rich_text_title": _RICH,
            "subtitle": text(150),
            "child_blocks": must(Array(_CHILDREN, 1, 10)),
            "width": Choice("narrow", "standard", "wide", "full"),
            "icon": IMAGE,
            "is_collapsible": Flag(),
            "default_collapsed": Flag(),
            "has_header_divider": Flag(),
        },
        some_of("title", "rich_text_title"),
        never_both("is_collapsible", "has_header_divider"),
        _collapsed_needs_collapsible,
    ),
)


def blocks_on(letter: str) -> OneOf:
    return OneOf({name: shape for name, (letters, shape) in _BLOCKS.items() if letter in letters})
