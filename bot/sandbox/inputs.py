"""The elements of blocks that people operate, and the state they keep."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from bot.sandbox.model import Json

# docs.slack.dev/reference/views: the key under which an element's state stands, and the element's own default.
STATE_KEYS: dict[str, tuple[str, str]] = {
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "users_select": ("selected_user", "initial_user"),
    "channels_select": ("selected_channel", "initial_channel"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "file_input": ("files", ""),
}
MANY = ("selected_options", "selected_users", "selected_channels", "selected_conversations", "files")


Operated = tuple[Json, Json]


def elements(blocks: list[Json]) -> Iterator[Operated]:
    """Every element somebody can operate, with the block it stands in, from top to bottom."""
    for block in blocks:
        match block.get("type"):
            case "section" if block.get("accessory"):
                yield block, block["accessory"]
            case "input":
                yield block, block["element"]
            case "actions" | "context_actions":
                yield from ((block, element) for element in block["elements"])
            case "card":
                yield from ((block, element) for element in block.get("actions") or [])
            case "carousel":
                yield from elements(block["elements"])
            case "container":
                yield from elements(block["child_blocks"])


def with_ids(blocks: list[Json], *, fresh: Iterator[str]) -> list[Json]:
    """A copy in which every block and every operable element has its id, as Slack stores them."""
    blocks = deepcopy(blocks)
    for block in _all(blocks):
        if "block_id" not in block:
            block["block_id"] = next(fresh)
    for _, element in elements(blocks):
        if element["type"] != "image" and "action_id" not in element:
            element["action_id"] = next(fresh)
    return blocks


def _all(blocks: list[Json]) -> Iterator[Json]:
    for block in blocks:
        yield block
        yield from _all(block.get("child_blocks") or [])
        yield from block["elements"] if block["type"] == "carousel" else []


def is_empty(state: Json) -> bool:
    key = STATE_KEYS[state["type"]][0]
    return state.get(key) in (None, "", [])


def _initial(element: Json) -> Json:
    key, default = STATE_KEYS[element["type"]]
    value: Any = deepcopy(element.get(default))
    if value is None and key in MANY:
        value = []
    return {"type": element["type"], key: value}


def values_of(blocks: list[Json], *, kept: dict[str, dict[str, Json]]) -> dict[str, dict[str, Json]]:
    """`state.values`: what was filled in stays where block_id, action_id and type are the same."""
    values: dict[str, dict[str, Json]] = {}
    for block, element in elements(blocks):
        if element["type"] not in STATE_KEYS:
            continue
        before = kept.get(block["block_id"], {}).get(element["action_id"])
        stays = before is not None and before["type"] == element["type"]
        state = before if before is not None and stays else _initial(element)
        values.setdefault(block["block_id"], {})[element["action_id"]] = state
    return values
