"""Why does a request stand as it does, and what happened to it, line by line? For one reader, privately."""

from bot.domain.explanation import Explanation
from bot.slack.blocks import context, section, stacked
from bot.slack.content import Content, content, paragraphs
from bot.words import standing
from bot.words import story as words
from bot.words.scene import Scene
from bot.words.text import one_line, quoted

#: the oldest and the newest events that are told where there are very many
FIRST, LAST = 10, 50


def told(explained: Explanation, scene: Scene) -> Content:
    """Tell who decides and why, and the story from the beginning, the newest line last."""
    case, events = explained.case, explained.events
    request = case.request
    about = words.about(case)
    return content(
        f"{request.id}: {one_line(about)}",
        section(f"*{scene.named(request.id, explained.card)}*: {about}"),
        section(quoted(request.reason, 1500)) if request.reason.strip() else None,
        paragraphs(standing.lines(explained)),
        *stacked(_shortened([words.line(event, case, scene) for event in events], request.id)),
        context(words.footing(case, len(events))),
    )


def _shortened(lines: list[str], request_id: str) -> list[str]:
    left = len(lines) - FIRST - LAST
    return [*lines[:FIRST], words.left_out(left, request_id), *lines[-LAST:]] if left > 0 else lines
