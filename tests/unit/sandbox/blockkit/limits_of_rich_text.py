"""Limits of rich text."""

from typing import Any

from tests.unit.sandbox.blockkit.examples import (
    Json,
    Limit,
    block,
    rich,
    rich_section,
    url,
)


def rich_list(**more: Any) -> list[Json]:
    return block(
        "rich_text",
        elements=[{"type": "rich_text_list", "style": "bullet", "elements": [rich_section()], **more}],
    )


def inline(**more: Any) -> list[Json]:
    return [rich(more)]


LIMITS_OF_RICH_TEXT = [
    Limit("list style", lambda style: rich_list(style=style), "ordered", "dashed", "/blocks/0/elements/0/style"),
    Limit("list indent", lambda depth: rich_list(indent=depth), 8, 9, "/blocks/0/elements/0/indent"),
    Limit("list border", lambda width: rich_list(border=width), 1, 2, "/blocks/0/elements/0/border"),
    Limit("rich text", lambda text: inline(type="text", text=text), "x", "", "/blocks/0/elements/0/elements/0/text"),
    Limit(
        "rich style",
        lambda style: inline(type="text", text="x", style=style),
        {"bold": True},
        {"loud": True},
        "/blocks/0/elements/0/elements/0/style",
    ),
    Limit(
        "rich link",
        lambda n: inline(type="link", url=url(n)),
        3000,
        3001,
        "/blocks/0/elements/0/elements/0/url",
    ),
    Limit(
        "rich broadcast",
        lambda to: inline(type="broadcast", range=to),
        "here",
        "all",
        "/blocks/0/elements/0/elements/0/range",
    ),
    Limit(
        "rich color",
        lambda value: inline(type="color", value=value),
        "#F405B3",
        "pink",
        "/blocks/0/elements/0/elements/0/value",
    ),
    Limit(
        "rich date",
        lambda at: inline(type="date", timestamp=at, format="{date_short_pretty} at {time}", fallback="then"),
        1_790_000_000,
        "now",
        "/blocks/0/elements/0/elements/0/timestamp",
    ),
    Limit(
        "rich mention",
        lambda part: [rich(part)],
        {"type": "usergroup", "usergroup_id": "S1"},
        {"type": "usergroup", "user_id": "U1", "usergroup_id": "S1"},
        "/blocks/0/elements/0/elements/0",
    ),
    Limit(
        "an empty rich text", lambda n: block("rich_text", elements=[rich_section()] * n), 1, 0, "/blocks/0/elements"
    ),
    Limit(
        "preformatted holds text",
        lambda part: block("rich_text", elements=[{"type": "rich_text_preformatted", "elements": [part]}]),
        {"type": "text", "text": "x"},
        {"type": "user", "user_id": "U1"},
        "/blocks/0/elements/0/elements/0/type",
    ),
    Limit("list indent from", lambda depth: rich_list(indent=depth), 0, -1, "/blocks/0/elements/0/indent"),
    Limit("list offset", lambda first: rich_list(offset=first), 0, -1, "/blocks/0/elements/0/offset"),
    Limit("list border from", lambda width: rich_list(border=width), 0, -1, "/blocks/0/elements/0/border"),
    Limit(
        "rich date from",
        lambda at: inline(type="date", timestamp=at, format="{date}"),
        0,
        -1,
        "/blocks/0/elements/0/elements/0/timestamp",
    ),
    Limit(
        "rich skin tone",
        lambda tone: inline(type="emoji", name="wave", skin_tone=tone),
        6,
        7,
        "/blocks/0/elements/0/elements/0/skin_tone",
    ),
    Limit(
        "rich skin tone from",
        lambda tone: inline(type="emoji", name="wave", skin_tone=tone),
        1,
        0,
        "/blocks/0/elements/0/elements/0/skin_tone",
    ),
]
