"""Messages and views as plain text: what a person reads on the screen, buttons in [brackets]."""

from collections.abc import Iterable

from bot.sandbox import richtext
from bot.sandbox.inputs import STATE_KEYS
from bot.sandbox.model import Json, Post, View
from bot.sandbox.mrkdwn import Reader, plain

Values = dict[str, dict[str, Json]]


def message(post: Post, reader: Reader) -> str:
    """The blocks of a post, or its text where it has none; then attachments and files."""
    parts = [blocks(post.blocks, reader, values=post.values)] if post.blocks else [plain(post.text, reader)]
    for attachment in post.attachments:
        inside = blocks(attachment.get("blocks") or [], reader, values={})
        words = [attachment.get(name) or "" for name in ("pretext", "title", "text")]
        parts += [inside or "\n".join(plain(word, reader) for word in words if word)]
    parts += [f"[file {file.name}]" for file in post.files]
    return "\n".join(part for part in parts if part)


def view(shown: View, reader: Reader) -> str:
    """Title, blocks with what is filled in and what is wrong, then the buttons below."""
    body = shown.body
    parts = [str(body["title"]["text"])] if body.get("title") else []
    parts.append(blocks(shown.blocks, reader, values=shown.values, errors=shown.errors))
    below = [body[name]["text"] for name in ("close", "submit") if body.get(name)]
    if below:
        parts.append(" ".join(f"[{label}]" for label in below))
    return "\n".join(parts)


def blocks(shown: list[Json], reader: Reader, *, values: Values, errors: dict[str, str] | None = None) -> str:
    lines: list[str] = []
    for block in shown:
        lines += _block(block, reader, values.get(block.get("block_id", ""), {}))
        if errors and block.get("block_id") in errors:
            lines.append(f"! {errors[block['block_id']]}")
    return "\n".join(line for line in lines if line)


def _block(block: Json, reader: Reader, values: dict[str, Json]) -> Iterable[str]:
    match block["type"]:
        case "section":
            return _section(block, reader, values)
        case "header":
            return [block["text"]["text"]]
        case "context":
            shown = [_text(element, reader) for element in block["elements"]]
            return [" ".join(part for part in shown if part)]
        case "actions" | "context_actions":
            return [_elements(block["elements"], reader, values)]
        case "input":
            return _input(block, reader, values)
        case "rich_text":
            return richtext.lines(block, reader)
    return _rarer(block, reader, values)


def _rarer(block: Json, reader: Reader, values: dict[str, Json]) -> Iterable[str]:
    match block["type"]:
        case "markdown":
            return [str(block["text"])]
        case "image":
            return [_text(block, reader)]
        case "table" | "data_table":
            cells = [[_text(cell, reader) for cell in row] for row in block["rows"]]
            caption = [str(block["caption"])] if block.get("caption") else []
            return [*caption, *(" | ".join(row) for row in cells)]
        case "plan" | "task_card":
            title = [str(block["title"])] if block["type"] == "plan" else []
            return [*title, *(_task(task, reader) for task in block.get("tasks") or [block])]
        case "alert":
            return [_text(block["text"], reader)]
        case "card":
            texts = [_text(block[part], reader) for part in ("title", "subtitle", "body", "subtext") if block.get(part)]
            return [*texts, _elements(block.get("actions") or [], reader, values)]
        case "container" | "carousel":
            titles = [_text(block[part], reader) for part in ("title", "subtitle") if block.get(part)]
            inside = block.get("child_blocks") or block.get("elements") or []
            return [*titles, *(line for child in inside for line in _block(child, reader, values))]
    return ["———" if block["type"] == "divider" else f"[{block['type']}]"]


def _section(block: Json, reader: Reader, values: dict[str, Json]) -> list[str]:
    lines = [_text(block["text"], reader)] if block.get("text") else []
    lines += [_text(field, reader) for field in block.get("fields") or []]
    if block.get("accessory"):
        lines.append(_element(block["accessory"], reader, values))
    return lines


def _input(block: Json, reader: Reader, values: dict[str, Json]) -> list[str]:
    optional = " (optional)" if block.get("optional") else ""
    lines = [f"{block['label']['text']}{optional}: {_element(block['element'], reader, values)}"]
    if block.get("hint"):
        lines.append(f"  {block['hint']['text']}")
    return lines


def _task(task: Json, reader: Reader) -> str:
    sign = {"complete": "✓", "error": "✗", "in_progress": "…"}.get(task.get("status", ""), "·")
    more = [" ".join(richtext.lines(task[part], reader)) for part in ("details", "output") if task.get(part)]
    return " ".join([sign, str(task["title"]), *more])


def _text(text: Json, reader: Reader) -> str:
    match text["type"]:
        case "mrkdwn":
            return plain(text["text"], reader)
        case "rich_text":
            return " ".join(richtext.lines(text, reader))
        case "raw_number":
            return str(text.get("text") or text["value"])
        case "image":
            return f"[image: {text['alt_text']}]"
    return str(text["text"])


def _elements(shown: list[Json], reader: Reader, values: dict[str, Json]) -> str:
    return " ".join(part for part in (_element(one, reader, values) for one in shown) if part)


def visible(element: Json, user: str) -> bool:
    """`visible_to_user_ids`: a button only some people see."""
    only = element.get("visible_to_user_ids")
    return only is None or user in only


def _element(element: Json, reader: Reader, values: dict[str, Json]) -> str:
    kind = element["type"]
    if not visible(element, reader.user):
        return ""
    if kind in ("button", "workflow_button"):
        return f"[{element['text']['text']}]"
    if kind == "image":
        return f"[image: {element['alt_text']}]"
    if kind == "overflow":
        return "[⋯ " + " / ".join(option["text"]["text"] for option in element["options"]) + "]"
    if kind not in STATE_KEYS:
        return f"[{kind}]"
    return _filled(element, reader, values.get(element.get("action_id", ""), {"type": kind}))


def _filled(element: Json, reader: Reader, state: Json) -> str:
    """What stands in an input now; choices with their marks, as one sees them before choosing."""
    chosen = state.get(STATE_KEYS[element["type"]][0])
    if element["type"] in ("checkboxes", "radio_buttons"):
        picked = chosen if isinstance(chosen, list) else [chosen]
        values = [one["value"] for one in picked if one]
        marks = [f"({'x' if o['value'] in values else ' '}) {_text(o['text'], reader)}" for o in element["options"]]
        return " ".join(marks)
    if not chosen:
        placeholder = element.get("placeholder", {}).get("text", "")
        return f"({placeholder})" if placeholder else "_"
    many = chosen if isinstance(chosen, list) else [chosen]
    return ", ".join(_chosen(one, element["type"], reader) for one in many)


def _chosen(one: object, kind: str, reader: Reader) -> str:
    if isinstance(one, dict):
        if "text" in one:
            return str(one["text"]["text"])
        return " ".join(richtext.lines(one, reader)) if "elements" in one else str(one.get("name"))
    if "users" in kind:
        return reader.names.user_name(str(one))
    if "channels" in kind or "conversations" in kind:
        return f"#{reader.names.channel_name(str(one))}"
    return str(one)
