"""Limits of menus and their options."""

from tests.unit.sandbox.blockkit.examples import Json, Limit, acting, asking, block, mrkdwn, option, options, plain

AT = "/blocks/0/elements/0"


IN = "/blocks/0/element"


def grouped(groups: int, members: int = 1, label: str = "x") -> Json:
    group = {"label": plain(label), "options": options(members)}
    return {"type": "static_select", "option_groups": [group] * groups}


def ids(count: int) -> list[str]:
    return [f"U{number}" for number in range(count)]


LIMITS_OF_MENUS = [
    Limit("options", lambda n: acting("static_select", options=options(n)), 100, 101, f"{AT}/options"),
    Limit("no options", lambda n: acting("static_select", options=options(n)), 1, 0, f"{AT}/options"),
    Limit("multi options", lambda n: acting("multi_static_select", options=options(n)), 100, 101, f"{AT}/options"),
    Limit("groups", lambda n: block("actions", elements=[grouped(n)]), 100, 101, f"{AT}/option_groups"),
    Limit("group", lambda n: block("actions", elements=[grouped(1, n)]), 100, 101, f"{AT}/option_groups/0/options"),
    Limit(
        "group label",
        lambda n: block("actions", elements=[grouped(1, 1, "x" * n)]),
        75,
        76,
        f"{AT}/option_groups/0/label/text",
    ),
    Limit(
        "options or groups",
        lambda more: block("actions", elements=[{**grouped(1), **more}]),
        {},
        {"options": options(1)},
        AT,
    ),
    Limit(
        "options at all",
        lambda more: block("actions", elements=[{"type": "static_select", **more}]),
        {"options": options(1)},
        {},
        AT,
    ),
    Limit(
        "option text",
        lambda n: acting("static_select", options=[option(text=plain("x" * n))]),
        75,
        76,
        f"{AT}/options/0/text/text",
    ),
    Limit(
        "option text type",
        lambda kind: acting(kind, options=[option(text=mrkdwn())]),
        "checkboxes",
        "static_select",
        f"{AT}/options/0/text/type",
    ),
    Limit(
        "option value", lambda n: acting("static_select", options=[option("x" * n)]), 150, 151, f"{AT}/options/0/value"
    ),
    Limit(
        "option description",
        lambda n: acting("static_select", options=[option(description=plain("x" * n))]),
        75,
        76,
        f"{AT}/options/0/description/text",
    ),
    Limit(
        "option url",
        lambda kind: acting(kind, options=[option(url="https://x.io")]),
        "overflow",
        "static_select",
        f"{AT}/options/0",
    ),
    Limit(
        "option chosen at first",
        lambda value: acting("static_select", options=options(3), initial_option=option(value)),
        "2",
        "3",
        f"{AT}/initial_option",
    ),
    Limit(
        "option of a group chosen at first",
        lambda value: block("actions", elements=[{**grouped(1, 3), "initial_option": option(value)}]),
        "2",
        "3",
        f"{AT}/initial_option",
    ),
    Limit(
        "options chosen at first",
        lambda value: acting("checkboxes", options=options(3), initial_options=[option("0"), option(value)]),
        "2",
        "3",
        f"{AT}/initial_options",
    ),
    Limit("checkboxes", lambda n: acting("checkboxes", options=options(n)), 10, 11, f"{AT}/options"),
    Limit("radio buttons", lambda n: acting("radio_buttons", options=options(n)), 10, 11, f"{AT}/options"),
    Limit("overflow", lambda n: acting("overflow", options=options(n)), 5, 6, f"{AT}/options"),
    Limit("query length", lambda n: acting("external_select", min_query_length=n), 0, -1, f"{AT}/min_query_length"),
    Limit(
        "query length is a number",
        lambda n: acting("external_select", min_query_length=n),
        3,
        "3",
        f"{AT}/min_query_length",
    ),
    Limit(
        "most selected", lambda n: acting("multi_users_select", max_selected_items=n), 1, 0, f"{AT}/max_selected_items"
    ),
    Limit(
        "no people at first", lambda n: acting("multi_users_select", initial_users=ids(n)), 1, 0, f"{AT}/initial_users"
    ),
    Limit(
        "placeholder", lambda n: acting("users_select", placeholder=plain("x" * n)), 150, 151, f"{AT}/placeholder/text"
    ),
    Limit(
        "conversation filter",
        lambda kind: acting("conversations_select", filter={"include": [kind]}),
        "private",
        "secret",
        f"{AT}/filter/include/0",
    ),
    Limit(
        "an empty conversation filter",
        lambda sift: acting("conversations_select", filter=sift),
        {"exclude_bot_users": True},
        {},
        f"{AT}/filter",
    ),
    Limit(
        "response_url",
        lambda more: asking("conversations_select", **more),
        {"response_url_enabled": False},
        {"response_url_enabled": True},
        f"{IN}/response_url_enabled",
    ),
    Limit(
        "box text",
        lambda n: acting("checkboxes", options=[option(text=plain("x" * n))]),
        75,
        76,
        f"{AT}/options/0/text/text",
    ),
    Limit(
        "box mrkdwn",
        lambda n: acting("checkboxes", options=[option(text=mrkdwn("x" * n))]),
        75,
        76,
        f"{AT}/options/0/text/text",
    ),
    Limit("box value", lambda n: acting("checkboxes", options=[option("x" * n)]), 150, 151, f"{AT}/options/0/value"),
    Limit(
        "overflow text",
        lambda n: acting("overflow", options=[option(text=plain("x" * n))]),
        75,
        76,
        f"{AT}/options/0/text/text",
    ),
    Limit("overflow value", lambda n: acting("overflow", options=[option("x" * n)]), 150, 151, f"{AT}/options/0/value"),
    Limit("no boxes", lambda n: acting("checkboxes", options=options(n)), 1, 0, f"{AT}/options"),
    Limit("no radio buttons", lambda n: acting("radio_buttons", options=options(n)), 1, 0, f"{AT}/options"),
]
