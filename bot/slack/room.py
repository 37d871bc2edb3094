"""How does a message hold all that must be read? What may be left out is, and says so."""

import json
from collections.abc import Callable, Iterable, Sequence

from bot.domain.draft import REASON_LIMIT
from bot.slack.blocks import Block, section, stacked
from bot.words.text import SECTION_LIMIT, cut, quoted, strip

#: characters in all blocks of one message together; with more Slack refuses it
MESSAGE = 13_000
#: so many characters of a reason fit into one section, whatever they are
PIECE = 550


def left_by(blocks: Iterable[Block | None]) -> int:
    """Say how many characters a message has besides these."""
    return MESSAGE - sum(len(json.dumps(block, ensure_ascii=False)) for block in blocks if block is not None)


def fitted(
    room: int,
    *,
    before: Sequence[str],
    naming: Callable[[int], Sequence[str]],
    most: int,
    after: Sequence[str],
    others: Iterable[str],
) -> list[Block]:
    """Put lines into as few sections as hold them: all of those before and after, whatever the room.

    `naming` makes the lines between them, which name so many things at most, and one at least; of the others come those
    that fit.
    """
    lines: list[str] = []
    for number in range(most, 0, -1):
        lines = [line for line in (*before, *naming(number), *after) if line]
        if _size(lines) <= room:
            break
    for line in filter(None, others):
        if _size(lines) + len(line) > room:
            lines.append("…")
            break
        lines.append(line)
    return stacked(lines)


def quotation(text: str) -> list[Block]:
    """Show a reason whole, as a quotation: escaped it can be too long for one section."""
    words = cut(strip(text), REASON_LIMIT)
    long = len(quoted(words, MESSAGE)) > SECTION_LIMIT
    pieces = [words[at : at + PIECE] for at in range(0, len(words), PIECE)] if long else [words] * bool(words)
    return [section(quoted(piece)) for piece in pieces]


def _size(lines: Sequence[str]) -> int:
    return sum(len(line) + 1 for line in lines)
