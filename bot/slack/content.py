"""What is one message made of, before anybody sends it?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.slack.text import SECTION_LIMIT, Block, cut, plain, section, unescape

#: what Slack still takes as the text of an edited message, and what a notification could ever show
TEXT_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class Content:
    """Blocks, and the sentence that stands for them in a notification and on a screen reader."""

    text: str
    blocks: list[Block]


def content(text: str, *blocks: Block | None) -> Content:
    """Put a message together; a block that has nothing to show is None."""
    return Content(
        cut(" ".join(text.replace("*", "").split()), TEXT_LIMIT), [block for block in blocks if block is not None]
    )


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
