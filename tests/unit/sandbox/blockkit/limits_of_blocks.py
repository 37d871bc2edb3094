"""Limits of the blocks that every app uses."""

from typing import Any

from tests.unit.sandbox.blockkit.examples import (
    BLOCKS,
    PIXEL,
    Json,
    Limit,
    block,
    buttons,
    letters,
    link,
    mrkdwn,
    plain,
    value,
    words,
)


def image(**more: Any) -> Json:
    return {"type": "image", "image_url": PIXEL, "alt_text": "x", **more}


LIMITS_OF_BLOCKS = [
    Limit("block_id", letters("divider", "block_id"), 255, 256, "/blocks/0/block_id"),
    Limit("an empty block_id", letters("divider", "block_id"), 1, 0, "/blocks/0/block_id"),
    Limit("section text", words("section", "text", mrkdwn), 3000, 3001, "/blocks/0/text/text"),
    Limit("an empty section text", words("section", "text"), 1, 0, "/blocks/0/text/text"),
    Limit("section field", lambda n: block("section", fields=[plain("x" * n)]), 2000, 2001, "/blocks/0/fields/0/text"),
    Limit("section fields", lambda n: block("section", fields=[plain()] * n), 10, 11, "/blocks/0/fields"),
    Limit("an empty list of fields", lambda n: block("section", fields=[plain()] * n), 1, 0, "/blocks/0/fields"),
    Limit("section with neither", lambda more: [{"type": "section", **more}], {"text": plain()}, {}, "/blocks/0"),
    Limit(
        "section expand", lambda more: block("section", **more), {"expand": True}, {"expand": "yes"}, "/blocks/0/expand"
    ),
    Limit("header", words("header", "text"), 150, 151, "/blocks/0/text/text"),
    Limit("header level", value("header", "level"), 4, 5, "/blocks/0/level"),
    Limit("header level from", value("header", "level"), 1, 0, "/blocks/0/level"),
    Limit("header type", value("header", "text"), plain(), mrkdwn(), "/blocks/0/text/type"),
    Limit("context elements", lambda n: block("context", elements=[mrkdwn()] * n), 10, 11, "/blocks/0/elements"),
    Limit("an empty context", lambda n: block("context", elements=[mrkdwn()] * n), 1, 0, "/blocks/0/elements"),
    Limit(
        "context text",
        lambda n: block("context", elements=[mrkdwn("x" * n)]),
        3000,
        3001,
        "/blocks/0/elements/0/text",
    ),
    Limit(
        "context element",
        lambda part: block("context", elements=[part]),
        image(),
        buttons(1)[0],
        "/blocks/0/elements/0/type",
    ),
    Limit("actions", lambda n: block("actions", elements=buttons(n)), 25, 26, "/blocks/0/elements"),
    Limit("an empty actions block", lambda n: block("actions", elements=buttons(n)), 1, 0, "/blocks/0/elements"),
    Limit(
        "context actions",
        lambda n: block("context_actions", elements=BLOCKS["context_actions"]["elements"] * n),
        5,
        6,
        "/blocks/0/elements",
    ),
    Limit("image url", link("image", "image_url"), 3000, 3001, "/blocks/0/image_url"),
    Limit("image url is one", value("image", "image_url"), PIXEL, "pixel.png", "/blocks/0/image_url"),
    Limit("image alt text", letters("image", "alt_text"), 2000, 2001, "/blocks/0/alt_text"),
    Limit("image title", words("image", "title"), 2000, 2001, "/blocks/0/title/text"),
    Limit(
        "image from one place",
        lambda more: [{"type": "image", "alt_text": "x", **more}],
        {"slack_file": {"id": "F1"}},
        {"slack_file": {"id": "F1"}, "image_url": PIXEL},
        "/blocks/0",
    ),
    Limit(
        "slack file named once",
        lambda file: [{"type": "image", "alt_text": "x", "slack_file": file}],
        {"url": PIXEL},
        {"url": PIXEL, "id": "F1"},
        "/blocks/0/slack_file",
    ),
    Limit("input label", words("input", "label"), 2000, 2001, "/blocks/0/label/text"),
    Limit("input hint", words("input", "hint"), 2000, 2001, "/blocks/0/hint/text"),
    Limit("input label type", value("input", "label"), plain(), mrkdwn(), "/blocks/0/label/type"),
    Limit(
        "no dispatch of files",
        lambda kind: block("input", element={"type": kind}, dispatch_action=True),
        "plain_text_input",
        "file_input",
        "/blocks/0/dispatch_action",
        "modal",
    ),
    Limit("markdown", letters("markdown", "text"), 12_000, 12_001, "/blocks/0/text"),
    Limit("mrkdwn field", lambda n: block("section", fields=[mrkdwn("x" * n)]), 2000, 2001, "/blocks/0/fields/0/text"),
    Limit("plain section text", words("section", "text"), 3000, 3001, "/blocks/0/text/text"),
    Limit(
        "plain context text",
        lambda n: block("context", elements=[plain("x" * n)]),
        3000,
        3001,
        "/blocks/0/elements/0/text",
    ),
]
