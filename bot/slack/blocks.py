"""The smallest parts of what Slack shows: text that is parsed, text that is not, and the lines they stand in."""

from collections.abc import Iterable
from typing import Any

from bot.words.text import NOTHING, SECTION_LIMIT, cut, one_line

Block = dict[str, Any]

#: the value of an option that only says why there is nothing to choose; choosing it chooses nothing
SAID = "-:said"


def plain(text: str, limit: int) -> Block:
    """Build a plain_text object: nothing in it is ever parsed."""
    return {"type": "plain_text", "text": cut(one_line(text), limit) or NOTHING, "emoji": False}


def mrkdwn(text: str) -> Block:
    """Build a mrkdwn object out of text of ours, whose foreign parts are `safe` already."""
    return {"type": "mrkdwn", "text": cut(text, SECTION_LIMIT) or NOTHING, "verbatim": True}


def section(text: str) -> Block:
    return {"type": "section", "text": mrkdwn(text)}


def context(text: str) -> Block:
    return {"type": "context", "elements": [mrkdwn(text)]}


def stacked(lines: Iterable[str]) -> list[Block]:
    """Put lines into as few sections as hold them, never cutting one in two."""
    texts: list[str] = []
    for line in lines:
        if texts and len(texts[-1]) + 1 + len(line) <= SECTION_LIMIT:
            texts[-1] += f"\n{line}"
        else:
            texts.append(line)
    return [section(text) for text in texts]
