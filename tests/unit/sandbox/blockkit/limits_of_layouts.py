"""Limits of cards, carousels, containers and what only some apps use."""

from tests.unit.sandbox.blockkit.examples import Limit, block, buttons, letters, link, mrkdwn, plain, value, words

LIMITS_OF_LAYOUTS = [
    Limit("card title", words("card", "title"), 150, 151, "/blocks/0/title/text"),
    Limit("card subtitle", words("card", "subtitle"), 150, 151, "/blocks/0/subtitle/text"),
    Limit("card body", words("card", "body"), 200, 201, "/blocks/0/body/text"),
    Limit("card subtext", words("card", "subtext"), 200, 201, "/blocks/0/subtext/text"),
    Limit("card buttons", lambda n: block("card", actions=buttons(n)), 3, 4, "/blocks/0/actions"),
    Limit(
        "card with nothing",
        lambda more: [{"type": "card", **more}],
        {"body": mrkdwn()},
        {"subtitle": mrkdwn()},
        "/blocks/0",
    ),
    Limit(
        "carousel",
        lambda n: block("carousel", elements=block("card") * n),
        10,
        11,
        "/blocks/0/elements",
    ),
    Limit("an empty carousel", lambda n: block("carousel", elements=block("card") * n), 1, 0, "/blocks/0/elements"),
    Limit(
        "container", lambda n: block("container", child_blocks=block("divider") * n), 10, 11, "/blocks/0/child_blocks"
    ),
    Limit(
        "an empty container",
        lambda n: block("container", child_blocks=block("divider") * n),
        1,
        0,
        "/blocks/0/child_blocks",
    ),
    Limit("container title", words("container", "title"), 150, 151, "/blocks/0/title/text"),
    Limit("container subtitle", words("container", "subtitle"), 150, 151, "/blocks/0/subtitle/text"),
    Limit("container width", value("container", "width"), "full", "huge", "/blocks/0/width"),
    Limit(
        "container child",
        lambda kind: block("container", child_blocks=block(kind)),
        "section",
        "card",
        "/blocks/0/child_blocks/0/type",
    ),
    Limit(
        "container divider",
        lambda more: block("container", has_header_divider=True, **more),
        {"is_collapsible": False},
        {"is_collapsible": True},
        "/blocks/0/has_header_divider",
    ),
    Limit(
        "container collapsed",
        lambda more: block("container", default_collapsed=True, **more),
        {"is_collapsible": True},
        {"is_collapsible": False},
        "/blocks/0/default_collapsed",
    ),
    Limit("alert", words("alert", "text"), 200, 201, "/blocks/0/text/text", "modal"),
    Limit("alert level", value("alert", "level"), "warning", "danger", "/blocks/0/level", "modal"),
    Limit("plan title is a string", value("plan", "title"), "x", plain(), "/blocks/0/title"),
    Limit("pending only in a plan", value("task_card", "status"), "in_progress", "pending", "/blocks/0/status"),
    Limit("auth provider value", letters("auth_provider", "value"), 150, 151, "/blocks/0/value"),
    Limit("auth provider name", words("auth_provider", "name"), 75, 76, "/blocks/0/name/text"),
    Limit("auth provider text", words("auth_provider", "description"), 150, 151, "/blocks/0/description/text"),
    Limit("auth provider url", link("auth_provider", "auth_url"), 3000, 3001, "/blocks/0/auth_url"),
    Limit("video title", words("video", "title"), 199, 200, "/blocks/0/title/text"),
    Limit("video description", words("video", "description"), 199, 200, "/blocks/0/description/text"),
    Limit("video author", letters("video", "author_name"), 49, 50, "/blocks/0/author_name"),
    Limit("file source", value("file", "source"), "remote", "local", "/blocks/0/source"),
    Limit("card mrkdwn title", words("card", "title", mrkdwn), 150, 151, "/blocks/0/title/text"),
    Limit("card mrkdwn subtitle", words("card", "subtitle", mrkdwn), 150, 151, "/blocks/0/subtitle/text"),
    Limit("card mrkdwn body", words("card", "body", mrkdwn), 200, 201, "/blocks/0/body/text"),
    Limit("card mrkdwn subtext", words("card", "subtext", mrkdwn), 200, 201, "/blocks/0/subtext/text"),
    Limit("container mrkdwn subtitle", words("container", "subtitle", mrkdwn), 150, 151, "/blocks/0/subtitle/text"),
    Limit("alert mrkdwn", words("alert", "text", mrkdwn), 200, 201, "/blocks/0/text/text", "modal"),
    Limit(
        "connected identity", words("auth_provider", "connected_identity"), 75, 76, "/blocks/0/connected_identity/text"
    ),
    Limit("connected context", words("auth_provider", "connected_context"), 75, 76, "/blocks/0/connected_context/text"),
    Limit("auth provider icon", link("auth_provider", "icon_url"), 3000, 3001, "/blocks/0/icon_url"),
    Limit("auth provider way out", link("auth_provider", "disconnect_url"), 3000, 3001, "/blocks/0/disconnect_url"),
]
