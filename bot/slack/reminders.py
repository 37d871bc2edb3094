"""One message that reminds one person of all that waits for their decision."""

from collections.abc import Sequence

from bot.domain.home import Entry
from bot.domain.request import State
from bot.slack.blocks import context, section, stacked
from bot.slack.content import Content, content
from bot.words import reminders
from bot.words.scene import Scene

#: requests named in one message
NAMED = 20


def digest(entries: Sequence[Entry], scene: Scene) -> Content:
    """List them, the longest waiting first."""
    waiting = [one for one in entries if one.case.request.state is State.PENDING]
    if not waiting:
        return content(reminders.NOTHING, section(f"👌 {reminders.NOTHING}"))
    said = reminders.waiting(len(waiting))
    more = [reminders.further(len(waiting) - NAMED)] if len(waiting) > NAMED else []
    return content(
        f"{reminders.STILL}: {said}",
        section(f"🔔 *{reminders.STILL}*: {said}"),
        *stacked([*(reminders.line(one, scene) for one in waiting[:NAMED]), *more]),
        context(reminders.WHERE),
    )
