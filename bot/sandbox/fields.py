"""Filling the inputs of a form as a person does, and what Slack's client refuses before anything is sent."""

import re
from typing import TYPE_CHECKING, Any

from bot.sandbox.inputs import MANY, STATE_KEYS, Operated, elements, is_empty
from bot.sandbox.model import CannotDo, Json, View

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
NUMBER = re.compile(r"-?\d+(\.\d+)?")
URL = re.compile(r"https?://\S+")


def find(view: View, name: str) -> Operated:
    """The input that a person would call by this name: its block_id, action_id or label."""
    for block, element in elements(view.blocks):
        label = block.get("label", {}).get("text")
        if element["type"] in STATE_KEYS and name in (block["block_id"], element["action_id"], label):
            return block, element
    known = [block["block_id"] for block, element in elements(view.blocks) if element["type"] in STATE_KEYS]
    raise CannotDo(f"the form has no field {name!r}; it has {', '.join(known) or 'none'}")


def options_of(element: Json) -> list[Json]:
    grouped = [option for group in element.get("option_groups") or [] for option in group["options"]]
    return [*(element.get("options") or []), *grouped]


def pick(options: list[Json], wanted: str) -> Json:
    """The option a person means: the one that says exactly this, else the first that has all the words."""
    words = wanted.casefold().split()
    for says in (_exactly, _with_words):
        for option in options:
            if says(option, words, wanted):
                return option
    shown = [option["text"]["text"] for option in options]
    raise CannotDo(f"no option says {wanted!r}; there are {shown}")


def _exactly(option: Json, _: list[str], wanted: str) -> bool:
    return wanted in (option["value"], option["text"]["text"])


def _with_words(option: Json, words: list[str], _: str) -> bool:
    text = option["text"]["text"].casefold()
    return all(word in text for word in words)


def state_for(world: "Workspace", element: Json, value: Any) -> Json:
    """The element's state after somebody entered this value; external selects are for `Person`."""
    kind = element["type"]
    key = STATE_KEYS[kind][0]
    if value is None:
        return {"type": kind, key: [] if key in MANY else None}
    return {"type": kind, key: _entered(world, element, value, key)}


def _entered(world: "Workspace", element: Json, value: Any, key: str) -> Any:
    options = options_of(element)
    match key:
        case "selected_option":
            return pick(options, str(value))
        case "selected_options" if isinstance(value, bool):
            return options if value else []
        case "selected_options":
            return [pick(options, one) for one in _listed(value)]
        case "selected_user" | "selected_users":
            ids = [world.member(one).id for one in _listed(value)]
            return ids if key in MANY else ids[0]
        case "selected_channel" | "selected_conversation" | "selected_channels" | "selected_conversations":
            ids = [world.channel(one).id for one in _listed(value)]
            return ids if key in MANY else ids[0]
        case "rich_text_value":
            text = {"type": "rich_text_section", "elements": [{"type": "text", "text": str(value)}]}
            return {"type": "rich_text", "elements": [text]}
        case "selected_date_time":
            return int(value)
    return str(value)


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def complaints(view: View) -> dict[str, str]:
    """What the client says at the fields when a form is sent, before the app hears of it."""
    found = {}
    for block, element in elements(view.blocks):
        if block["type"] != "input":
            continue
        state = view.values[block["block_id"]][element["action_id"]]
        said = _complaint(element, state, optional=block.get("optional", False))
        if said:
            found[block["block_id"]] = said
    return found


def _complaint(element: Json, state: Json, *, optional: bool) -> str:
    if is_empty(state):
        return "" if optional else "Please complete this required field."
    value = state.get("value")
    match element["type"]:
        case "plain_text_input":
            return _length(element, str(value))
        case "email_text_input" if not EMAIL.fullmatch(str(value)):
            return "Enter a valid email address"
        case "url_text_input" if not URL.fullmatch(str(value)):
            return "Enter a valid URL"
        case "number_input":
            return _range(element, str(value))
    return ""


def _length(element: Json, value: str) -> str:
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if len(value) < least:
        return f"Must be at least {least} characters"
    return f"Must be at most {most} characters" if len(value) > most else ""


def _range(element: Json, value: str) -> str:
    if not NUMBER.fullmatch(value) or (not element["is_decimal_allowed"] and "." in value):
        return "Enter a valid number"
    if "min_value" in element and float(value) < float(element["min_value"]):
        return f"Must be at least {element['min_value']}"
    if "max_value" in element and float(value) > float(element["max_value"]):
        return f"Must be at most {element['max_value']}"
    return ""
