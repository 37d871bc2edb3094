"""What is one message made of, before anybody sends it?"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.slack.blocks import Block, plain, section
from bot.words import labels
from bot.words.text import SECTION_LIMIT, cut, unescape

#: what is still read of a notification, in characters as one sees them
TEXT_LIMIT = 200
_DATE = re.compile(r"<!date\^[^|<>]*\|([^<>]*)>")
_MARKS = str.maketrans("", "", "*`~")
_LINE = re.compile(r"(?<=[^\s.:!?…])\s*\n\s*")
_SENTENCE = re.compile(r"(?<=[.!?…]) (?=\S)")


@dataclass(frozen=True, slots=True)
class Content:
    """Blocks, and the sentence that stands for them in a notification and on a screen reader."""

    text: str
    blocks: list[Block]


def content(text: str, *blocks: Block | None) -> Content:
    """Put a message together; a block that has nothing to show is None."""
    return Content(spoken(text), [block for block in blocks if block is not None])


def spoken(text: str) -> str:
    """Make a text what a notification takes: whole sentences, without marks, as many as are still read."""
    lines = _LINE.sub("; ", text.strip())
    first, *others = _SENTENCE.split(" ".join(lines.translate(_MARKS).split()))
    kept = _shortened(first)
    for one in others:
        if len(_seen(f"{kept} {one}")) > TEXT_LIMIT:
            break
        kept = f"{kept} {one}"
    return kept if kept[-1:] in {".", "!", "?", "…"} else f"{kept}."


def _shortened(text: str) -> str:
    """Cut a sentence that alone is too long; never inside a name or a date that Slack puts in."""
    if len(_seen(text)) < TEXT_LIMIT:
        return text
    kept = cut(text, TEXT_LIMIT - 1)
    opened = kept.rfind("<")
    return kept if opened <= kept.rfind(">") else f"{kept[:opened].rstrip()}…"


def _seen(text: str) -> str:
    return unescape(_DATE.sub(r"\1", text))


def button(label: str, action_id: str, request_id: str, *, primary: bool = False) -> Block:
    """Build a button: its value is the request's id and nothing else."""
    built: Block = {"type": "button", "text": plain(label, 75), "action_id": action_id, "value": request_id}
    return built | {"style": "primary"} if primary else built


def buttons(elements: Sequence[Block], block_id: str = "") -> Block | None:
    """Put buttons into a row; none need no row."""
    if not elements:
        return None
    row: Block = {"type": "actions", "elements": list(elements)}
    return row | {"block_id": block_id} if block_id else row


def paragraphs(lines: Iterable[str]) -> Block | None:
    """Put lines into one section; none need no section. What is too much is left out by whole lines."""
    kept: list[str] = []
    room = SECTION_LIMIT - 2
    for line in lines:
        room -= len(line) + 1
        if room < 0 and kept:
            kept.append("…")
            break
        if line:
            kept.append(line)
    return section("\n".join(kept)) if kept else None


def said(sentence: str) -> Content:
    """Say nothing but a sentence."""
    return content(sentence, section(sentence))


def introduced(sentence: str, shown: Content) -> Content:
    """Put a sentence before something that is shown."""
    return content(f"{sentence} {shown.text}", section(sentence), *shown.blocks)


def more(carried: Mapping[str, Any]) -> Block:
    """Build the row with the button that leads to what follows."""
    led: Block = {"type": "button", "action_id": "more", "text": plain(labels.MORE, 75), "value": json.dumps(carried)}
    return {"type": "actions", "elements": [led]}


def plainer(message: Content) -> Content:
    """Say the same with nothing but plain text and the same buttons: for when Slack refuses the blocks."""
    kept: list[Block] = []
    for block in message.blocks:
        if block["type"] == "actions":
            kept.append(block)
            continue
        text = " ".join(_texts(block))
        kept.append({"type": "section", "text": plain(unescape(text), SECTION_LIMIT)})
    return Content(message.text, kept[:50])


def _texts(part: Any) -> list[str]:
    """Collect every text in a block."""
    if isinstance(part, list):
        return [text for one in part for text in _texts(one)]
    if isinstance(part, dict):
        own = part.get("text")
        return [own] if isinstance(own, str) else [text for one in part.values() for text in _texts(one)]
    return []
