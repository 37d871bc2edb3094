"""Limits of what people fill in."""

from tests.unit.sandbox.blockkit.examples import Limit, acting, asking, plain, rich

AT = "/blocks/0/elements/0"


IN = "/blocks/0/element"

LIMITS_OF_INPUTS = [
    Limit("date", lambda day: acting("datepicker", initial_date=day), "2026-11-21", "21.11.2026", f"{AT}/initial_date"),
    Limit("time", lambda time: acting("timepicker", initial_time=time), "23:59", "24:00", f"{AT}/initial_time"),
    Limit(
        "date and time",
        lambda at: acting("datetimepicker", initial_date_time=at),
        1_000_000_000,
        999_999_999,
        f"{AT}/initial_date_time",
    ),
    Limit("longest text", lambda n: asking("plain_text_input", max_length=n), 3000, 3001, f"{IN}/max_length"),
    Limit("longest text is some", lambda n: asking("plain_text_input", max_length=n), 1, 0, f"{IN}/max_length"),
    Limit("shortest text", lambda n: asking("plain_text_input", min_length=n), 3000, 3001, f"{IN}/min_length"),
    Limit("text of some length", lambda n: asking("plain_text_input", min_length=n, max_length=5), 5, 6, IN),
    Limit(
        "text at first", lambda n: asking("plain_text_input", initial_value="x" * n), 3000, 3001, f"{IN}/initial_value"
    ),
    Limit(
        "multiline",
        lambda more: asking("plain_text_input", **more),
        {"multiline": True},
        {"multiline": "true"},
        f"{IN}/multiline",
    ),
    Limit(
        "dispatch",
        lambda moment: asking("plain_text_input", dispatch_action_config={"trigger_actions_on": [moment]}),
        "on_enter_pressed",
        "on_blur",
        f"{IN}/dispatch_action_config/trigger_actions_on/0",
    ),
    Limit(
        "rich text at first",
        lambda value: asking("rich_text_input", initial_value=value),
        rich(),
        plain(),
        f"{IN}/initial_value/type",
    ),
    Limit("lines", lambda n: asking("rich_text_input", min_lines=n, max_lines=5), 5, 6, IN),
    Limit("number is a string", lambda n: asking("number_input", initial_value=n), "5", 5, f"{IN}/initial_value"),
    Limit(
        "number is a number", lambda n: asking("number_input", initial_value=n), "-5.5", "five", f"{IN}/initial_value"
    ),
    Limit("number from", lambda n: asking("number_input", initial_value=n, min_value="9"), "10", "8", IN),
    Limit("number up to", lambda n: asking("number_input", initial_value=n, max_value="10"), "9", "11", IN),
    Limit("number range", lambda n: asking("number_input", min_value=n, max_value="10"), "9", "11", IN),
    Limit("files", lambda n: asking("file_input", max_files=n), 10, 11, f"{IN}/max_files", "modal"),
    Limit("files at all", lambda n: asking("file_input", max_files=n), 1, 0, f"{IN}/max_files", "modal"),
    Limit("file types", lambda kinds: asking("file_input", filetypes=kinds), ["csv"], [], f"{IN}/filetypes", "modal"),
    Limit(
        "focus",
        lambda more: [*asking("plain_text_input", focus_on_load=True), *asking("datepicker", **more)],
        {"focus_on_load": False},
        {"focus_on_load": True},
        "/blocks/1/element/focus_on_load",
        "modal",
    ),
    Limit(
        "last date",
        lambda at: acting("datetimepicker", initial_date_time=at),
        9_999_999_999,
        10_000_000_000,
        f"{AT}/initial_date_time",
    ),
    Limit(
        "text hint",
        lambda n: asking("plain_text_input", placeholder=plain("x" * n)),
        150,
        151,
        f"{IN}/placeholder/text",
    ),
    Limit("text of no length", lambda n: asking("plain_text_input", min_length=n), 0, -1, f"{IN}/min_length"),
    Limit("fewest lines", lambda n: asking("rich_text_input", min_lines=n), 1, 0, f"{IN}/min_lines"),
    Limit("most lines", lambda n: asking("rich_text_input", max_lines=n), 1, 0, f"{IN}/max_lines"),
    Limit(
        "dispatches",
        lambda n: asking("plain_text_input", dispatch_action_config={"trigger_actions_on": ["on_enter_pressed"] * n}),
        2,
        3,
        f"{IN}/dispatch_action_config/trigger_actions_on",
    ),
]
