"""Limits of buttons and images."""

from typing import Any

from tests.unit.sandbox.blockkit.examples import (
    PIXEL,
    Json,
    Limit,
    acting,
    block,
    element,
    mrkdwn,
    plain,
    url,
)

AT = "/blocks/0/elements/0"


def feedback(**more: Any) -> list[Json]:
    good = {"text": plain(), "value": "+", **more}
    return block("context_actions", elements=[element("feedback_buttons", positive_button=good)])


def icon(**more: Any) -> list[Json]:
    return block("context_actions", elements=[element("icon_button", **more)])


def confirming(**more: Any) -> list[Json]:
    whole = {"title": plain(), "text": plain(), "confirm": plain(), "deny": plain()}
    return acting("button", confirm={**whole, **more})


def ids(count: int) -> list[str]:
    return [f"U{number}" for number in range(count)]


LIMITS_OF_BUTTONS = [
    Limit("action_id", lambda n: acting("button", action_id="x" * n), 255, 256, f"{AT}/action_id"),
    Limit("an empty action_id", lambda n: acting("button", action_id="x" * n), 1, 0, f"{AT}/action_id"),
    Limit("button", lambda n: acting("button", text=plain("x" * n)), 75, 76, f"{AT}/text/text"),
    Limit("button type", lambda text: acting("button", text=text), plain(), mrkdwn(), f"{AT}/text/type"),
    Limit("button value", lambda n: acting("button", value="x" * n), 2000, 2001, f"{AT}/value"),
    Limit("button url", lambda n: acting("button", url=url(n)), 3000, 3001, f"{AT}/url"),
    Limit("button label", lambda n: acting("button", accessibility_label="x" * n), 75, 76, f"{AT}/accessibility_label"),
    Limit("button style", lambda style: acting("button", style=style), "danger", "default", f"{AT}/style"),
    Limit("button agent prompt", lambda n: acting("button", agent_prompt="x" * n), 4000, 4001, f"{AT}/agent_prompt"),
    Limit(
        "button for some", lambda n: acting("button", visible_to_user_ids=ids(n)), 10, 11, f"{AT}/visible_to_user_ids"
    ),
    Limit("button for none", lambda n: acting("button", visible_to_user_ids=ids(n)), 1, 0, f"{AT}/visible_to_user_ids"),
    Limit("confirm title", lambda n: confirming(title=plain("x" * n)), 100, 101, f"{AT}/confirm/title/text"),
    Limit("confirm title type", lambda text: confirming(title=text), plain(), mrkdwn(), f"{AT}/confirm/title/type"),
    Limit("confirm text", lambda n: confirming(text=mrkdwn("x" * n)), 300, 301, f"{AT}/confirm/text/text"),
    Limit("confirm yes", lambda n: confirming(confirm=plain("x" * n)), 30, 31, f"{AT}/confirm/confirm/text"),
    Limit("confirm no", lambda n: confirming(deny=plain("x" * n)), 30, 31, f"{AT}/confirm/deny/text"),
    Limit("confirm style", lambda style: confirming(style=style), "danger", "plain", f"{AT}/confirm/style"),
    Limit("icon", lambda name: icon(icon=name), "trash", "pencil", f"{AT}/icon"),
    Limit("icon value", lambda n: icon(value="x" * n), 2000, 2001, f"{AT}/value"),
    Limit("icon for some", lambda n: icon(visible_to_user_ids=ids(n)), 10, 11, f"{AT}/visible_to_user_ids"),
    Limit("feedback", lambda n: feedback(text=plain("x" * n)), 75, 76, f"{AT}/positive_button/text/text"),
    Limit("feedback value", lambda n: feedback(value="x" * n), 2000, 2001, f"{AT}/positive_button/value"),
    Limit(
        "image alt text",
        lambda n: block("context", elements=[{"type": "image", "image_url": PIXEL, "alt_text": "x" * n}]),
        2000,
        2001,
        f"{AT}/alt_text",
    ),
    Limit("confirm plain text", lambda n: confirming(text=plain("x" * n)), 300, 301, f"{AT}/confirm/text/text"),
    Limit(
        "button agent prompt shown",
        lambda n: acting("button", agent_prompt="x", agent_prompt_display="x" * n),
        75,
        76,
        f"{AT}/agent_prompt_display",
    ),
]
