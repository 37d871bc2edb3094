"""What can be done about that which ends by itself, and the list of it."""

from collections.abc import Iterator, Sequence

from bot.domain.home import Entry
from bot.slack.blocks import Block, context, section
from bot.slack.content import Content, button, content, said
from bot.words import ends, labels, listings
from bot.words.scene import Scene


def buttons(end_id: str) -> list[Block]:
    """Return what can be asked for as long as the end is to come."""
    return [button(labels.EXTEND, "extend", end_id), button(labels.END_NOW, "end_now", end_id)]


def keep(end_id: str) -> Block:
    """Return the button of those who may let it stay for good; whether this person may is asked at the click."""
    return button(labels.KEEP, "cancel", end_id)


def listing(entries: Sequence[Entry], *, days: int, scene: Scene, more: bool) -> Content:
    """List what ends soon, the earliest first."""
    if not entries:
        return said(ends.none(days))
    title = ends.soon(days)
    return content(
        listings.shown(title, len(entries)),
        section(f"*{title}*"),
        *(block for entry in entries for block in _row(entry, scene)),
        context(ends.possible(len(entries), more=more)),
    )


def _row(entry: Entry, scene: Scene) -> Iterator[Block]:
    request_id = entry.case.request.id
    yield section(ends.row(entry, scene))
    yield {"type": "actions", "block_id": f"ends:{request_id}", "elements": [*buttons(request_id), keep(request_id)]}
