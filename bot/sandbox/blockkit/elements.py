"""Block elements. Pages: reference/block-kit/block-elements/*."""

from collections.abc import Mapping

from bot.sandbox.blockkit.objects import (
    ACTION_ID,
    CONFIRM,
    CONVERSATION_FILTER,
    DISPATCH,
    OPTION,
    OPTION_GROUP,
    OVERFLOW_OPTION,
    RICH_OPTION,
    SLACK_FILE,
    URL,
    USER_IDS,
    WORKFLOW,
    offered,
    plain,
)
from bot.sandbox.blockkit.richtext import RICH_TEXT
from bot.sandbox.blockkit.shapes import (
    Array,
    Choice,
    Fields,
    Flag,
    Must,
    Number,
    OneOf,
    Rule,
    Shape,
    Text,
    in_order,
    must,
    only_one_of,
    some_of,
)

Table = Mapping[str, Shape | Must]

_NAMED: Table = {"action_id": ACTION_ID}
_ACTION: Table = {**_NAMED, "confirm": CONFIRM}
_FOCUS: Table = {**_ACTION, "focus_on_load": Flag()}
_HINTED: Table = {**_FOCUS, "placeholder": plain(150)}
_TYPED: Table = {
    **_NAMED,
    "focus_on_load": Flag(),
    "placeholder": plain(150),
    "dispatch_action_config": DISPATCH,
}
_LABEL: Table = {"text": must(plain(75)), "accessibility_label": Text(75)}
_CHOICES: Table = {"options": Array(OPTION, 1, 100), "option_groups": Array(OPTION_GROUP, 1, 100)}
_MOST: Table = {"max_selected_items": Number(1)}
_QUERY: Table = {"min_query_length": Number(0)}
_FILTERED: Table = {"default_to_current_conversation": Flag(), "filter": CONVERSATION_FILTER}
_RESPONSE: Table = {"response_url_enabled": Flag()}

_STYLE = Choice("primary", "danger")
_IDS = Array(Text(), 1)
_OPTIONS = Array(OPTION, 1)
_BOXES = Array(RICH_OPTION, 1, 10)
_AMOUNT = Text(pattern=r"-?\d+(\.\d+)?")
_DATE = Text(pattern=r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_TIME = Text(pattern=r"([01]\d|2[0-3]):[0-5]\d")
_FEEDBACK = must(Fields({**_LABEL, "value": must(Text(2000))}))
_EITHER: tuple[Rule, ...] = (some_of("options", "option_groups"), only_one_of("options", "option_groups"))


def _element(*tables: Table, rules: tuple[Rule, ...] = ()) -> Fields:
    return Fields({name: shape for table in tables for name, shape in table.items()}, *rules)


ELEMENTS: dict[str, Shape] = {
    # button-element, icon-button-element, feedback-buttons-element, workflow-button-element
    "button": _element(
        _ACTION,
        _LABEL,
        {"value": Text(2000, shortest=0), "url": URL, "style": _STYLE, "visible_to_user_ids": USER_IDS},
        {"agent_prompt": Text(4000), "agent_prompt_display": Text(75)},
    ),
    "icon_button": _element(
        _ACTION,
        _LABEL,
        {"icon": must(Choice("trash")), "value": Text(2000), "visible_to_user_ids": USER_IDS},
    ),
    "feedback_buttons": _element(_NAMED, {"positive_button": _FEEDBACK, "negative_button": _FEEDBACK}),
    "workflow_button": _element(_NAMED, _LABEL, {"style": _STYLE, "workflow": must(WORKFLOW)}),
    # select-menu-element, multi-select-menu-element
    "static_select": _element(
        _HINTED, _CHOICES, {"initial_option": OPTION}, rules=(*_EITHER, offered("initial_option"))
    ),
    "multi_static_select": _element(
        _HINTED, _CHOICES, _MOST, {"initial_options": _OPTIONS}, rules=(*_EITHER, offered("initial_options"))
    ),
    "external_select": _element(_HINTED, _QUERY, {"initial_option": OPTION}),
    "multi_external_select": _element(_HINTED, _QUERY, _MOST, {"initial_options": _OPTIONS}),
    "users_select": _element(_HINTED, {"initial_user": Text()}),
    "multi_users_select": _element(_HINTED, _MOST, {"initial_users": _IDS}),
    "conversations_select": _element(_HINTED, _FILTERED, _RESPONSE, {"initial_conversation": Text()}),
    "multi_conversations_select": _element(_HINTED, _FILTERED, _MOST, {"initial_conversations": _IDS}),
    "channels_select": _element(_HINTED, _RESPONSE, {"initial_channel": Text()}),
    "multi_channels_select": _element(_HINTED, _MOST, {"initial_channels": _IDS}),
    # checkboxes-element, radio-button-group-element, overflow-menu-element
    "checkboxes": _element(
        _FOCUS, {"options": must(_BOXES), "initial_options": _BOXES}, rules=(offered("initial_options"),)
    ),
    "radio_buttons": _element(
        _FOCUS, {"options": must(_BOXES), "initial_option": RICH_OPTION}, rules=(offered("initial_option"),)
    ),
    "overflow": _element(_ACTION, {"options": must(Array(OVERFLOW_OPTION, 1, 5))}),
    # date-picker-element, time-picker-element, datetime-picker-element
    "datepicker": _element(_HINTED, {"initial_date": _DATE}),
    "timepicker": _element(_HINTED, {"initial_time": _TIME, "timezone": Text()}),
    "datetimepicker": _element(_FOCUS, {"initial_date_time": Number(1_000_000_000, 9_999_999_999)}),
    # plain-text-, rich-text-, email-, url-, number- and file-input-element
    "plain_text_input": _element(
        _TYPED,
        {"initial_value": Text(3000, shortest=0), "multiline": Flag()},
        {"min_length": Number(0, 3000), "max_length": Number(1, 3000)},
        rules=(in_order("min_length", "max_length"),),
    ),
    "rich_text_input": _element(
        _TYPED,
        {"initial_value": OneOf({"rich_text": RICH_TEXT}), "min_lines": Number(1), "max_lines": Number(1)},
        rules=(in_order("min_lines", "max_lines"),),
    ),
    "email_text_input": _element(_TYPED, {"initial_value": Text()}),
    "url_text_input": _element(_TYPED, {"initial_value": Text()}),
    "number_input": _element(
        _TYPED,
        {"is_decimal_allowed": must(Flag())},
        {"initial_value": _AMOUNT, "min_value": _AMOUNT, "max_value": _AMOUNT},
        rules=(
            in_order("min_value", "max_value"),
            in_order("min_value", "initial_value"),
            in_order("initial_value", "max_value"),
        ),
    ),
    "file_input": _element(_NAMED, {"filetypes": Array(Text(), 1), "max_files": Number(1, 10)}),
    # image-element, url-source-element
    "image": _element(
        {"image_url": URL, "slack_file": SLACK_FILE, "alt_text": must(Text(2000))},
        rules=(some_of("image_url", "slack_file"), only_one_of("image_url", "slack_file")),
    ),
    "url": _element({"url": must(URL), "text": must(Text())}),
}

_MENUS = (
    *(f"{kind}_select" for kind in ("static", "external", "users", "conversations", "channels")),
    *(f"multi_{kind}_select" for kind in ("static", "external", "users", "conversations", "channels")),
)
_PICKED = (*_MENUS, "checkboxes", "radio_buttons", "datepicker", "timepicker")
_TYPED_IN = ("plain_text_input", "email_text_input", "url_text_input", "number_input", "file_input")


def any_of(*names: str) -> OneOf:
    return OneOf({name: ELEMENTS[name] for name in names})


# which element stands where ("works with" on each element's page)
IN_ACTIONS = any_of("button", "workflow_button", "overflow", "datetimepicker", "rich_text_input", *_PICKED)
IN_SECTION = any_of("button", "workflow_button", "overflow", "image", *_PICKED)
IN_INPUT = any_of("datetimepicker", "rich_text_input", *_TYPED_IN, *_PICKED)
IN_CONTEXT_ACTIONS = any_of("feedback_buttons", "icon_button")
IN_CARD = any_of("button")
IMAGE = any_of("image")
OVERFLOW = any_of("overflow")
URL_SOURCE = any_of("url")
