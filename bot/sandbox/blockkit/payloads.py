"""Whole payloads: what `chat.*` and `views.*` are given.

Pages: reference/methods/chat.postMessage, reference/views.
"""

import json
from typing import Any

from bot.sandbox.blockkit.faults import Fault, Faults, invalid
from bot.sandbox.blockkit.objects import URL, plain
from bot.sandbox.blockkit.shapes import (
    AnyObject,
    Array,
    Choice,
    Elsewhere,
    Fields,
    Flag,
    Must,
    Number,
    OneOf,
    Shape,
    Text,
    all_or_none,
    must,
    recoded,
    some_of,
)
from bot.sandbox.blockkit.surfaces import Surface, faults_of_blocks, nested, one_table_too_many, tables_in

TEXT_CHARACTERS = 40_000
ATTACHMENTS = 100
VIEW_BYTES = 250_000

# page messaging/message-metadata
METADATA = Fields(
    {"event_type": Text(), "event_payload": AnyObject(), "entities": Array(AnyObject(), 1)},
    some_of("event_type", "entities"),
    all_or_none("event_type", "event_payload"),
)


# page legacy/legacy-messaging/legacy-secondary-message-attachments
_LINE = Text(shortest=0)
_ATTACHMENT = Fields(
    {
        "blocks": Elsewhere(),
        "fallback": _LINE,
        "color": _LINE,
        "pretext": _LINE,
        "author_name": _LINE,
        "author_link": URL,
        "author_icon": URL,
        "title": _LINE,
        "title_link": URL,
        "text": _LINE,
        "fields": Array(Fields({"title": _LINE, "value": _LINE, "short": Flag()})),
        "mrkdwn_in": Array(Choice("pretext", "text", "fields")),
        "image_url": URL,
        "thumb_url": URL,
        "footer": Text(300, shortest=0),
        "footer_icon": URL,
        "ts": Number(0, whole=False),
    },
    some_of("blocks", "text", "fallback", "title", "pretext", "fields", "image_url"),
)

_EVERY_VIEW: dict[str, Shape | Must] = {
    "blocks": must(Elsewhere()),
    "private_metadata": Text(3000, shortest=0),
    "callback_id": Text(255, shortest=0),
    "external_id": Text(255, shortest=0),
}
_MODAL: dict[str, Shape | Must] = {
    **_EVERY_VIEW,
    "title": must(plain(24)),
    "submit": plain(24),
    "close": plain(24),
    "clear_on_close": Flag(),
    "notify_on_close": Flag(),
}


def _submit_for_inputs(view: dict[str, Any], at: str) -> Faults:
    blocks = view["blocks"] if isinstance(view["blocks"], list) else []
    if "submit" not in view and any(block.get("type") == "input" for block, _ in nested(blocks, at)):
        yield invalid("`submit` is required when a modal has an input block", at)


_VIEW = OneOf({"modal": Fields(_MODAL, _submit_for_inputs), "home": Fields(_EVERY_VIEW)})


def check_message(payload: dict[str, Any]) -> list[Fault]:
    """The faults of what `chat.postMessage` and its like are given; channel and thread are not looked at."""
    return [*_text(payload), *_message_blocks(payload), *_attachments(payload), *_metadata(payload)]


def check_view(view: dict[str, Any]) -> list[Fault]:
    """The faults of what `views.open`, `views.push`, `views.update` and `views.publish` are given."""
    found = [*_VIEW.check(view, "/view")]
    if isinstance(view, dict):
        surface: Surface = "home" if view.get("type") == "home" else "modal"
        if "blocks" in view:
            found += faults_of_blocks(view["blocks"], "/view/blocks", surface=surface)
        size = len(json.dumps(view, ensure_ascii=False, separators=(",", ":")).encode())
        if size > VIEW_BYTES:
            return [Fault("view_too_large", f"must be less than {VIEW_BYTES + 1} bytes, has {size}", "/view")]
    return list(recoded(iter(found), "invalid_arguments"))


def _text(payload: dict[str, Any]) -> Faults:
    text = payload.get("text")
    if text is not None and not isinstance(text, str):
        yield Fault("invalid_arguments", "must provide a string", "/text")
    elif text and len(text) > TEXT_CHARACTERS:
        yield Fault("msg_too_long", f"must be less than {TEXT_CHARACTERS + 1} characters", "/text")
    elif not (text and text.strip()) and not payload.get("blocks") and not payload.get("attachments"):
        yield Fault("no_text", "must define either `text`, `blocks` or `attachments`", "/text")


def _message_blocks(payload: dict[str, Any]) -> Faults:
    blocks = payload.get("blocks")
    if blocks is None:
        return
    if isinstance(blocks, list):
        yield from faults_of_blocks(blocks, "/blocks", surface="message")
    else:
        yield Fault("invalid_blocks_format", "must provide an array", "/blocks")


def _attachments(payload: dict[str, Any]) -> Faults:
    attachments = payload.get("attachments")
    if attachments is None:
        return
    if not isinstance(attachments, list):
        yield Fault("invalid_attachments", "must provide an array", "/attachments")
        return
    if len(attachments) > ATTACHMENTS:
        yield Fault("too_many_attachments", f"no more than {ATTACHMENTS} items allowed", "/attachments")
    seen = _tables(payload.get("blocks"), "/blocks")
    for index, attachment in enumerate(attachments):
        at = f"/attachments/{index}"
        yield from recoded(_ATTACHMENT.check(attachment, at), "invalid_attachments")
        inside = attachment.get("blocks") if isinstance(attachment, dict) else None
        if inside is not None:
            yield from faults_of_blocks(inside, f"{at}/blocks", surface="message")
            tables = _tables(inside, f"{at}/blocks")
            yield from map(one_table_too_many, tables[:1] if seen else [])
            seen += tables


def _tables(blocks: object, at: str) -> list[str]:
    return tables_in(blocks, at) if isinstance(blocks, list) else []


def _metadata(payload: dict[str, Any]) -> Faults:
    metadata = payload.get("metadata")
    if metadata is None:
        return
    if not isinstance(metadata, dict):
        yield Fault("invalid_metadata_format", "must provide an object", "/metadata")
    else:
        yield from recoded(METADATA.check(metadata, "/metadata"), "invalid_metadata_schema")
