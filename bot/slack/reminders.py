"""What is one person reminded of? All that waits for their decision, in one message."""

from collections.abc import Sequence

from bot.domain.home import Entry
from bot.domain.request import Action, State
from bot.slack.content import Content, content
from bot.slack.subjects import Scene, offer
from bot.slack.text import context, date, mention, section, stacked, worth

#: requests named in one message
NAMED = 20


def digest(entries: Sequence[Entry], scene: Scene) -> Content:
    """List them, the longest waiting first. No customer is named: nothing here is ever drawn anew."""
    waiting = [one for one in entries if one.case.request.state is State.PENDING]
    if not waiting:
        return content(
            "Nothing waits for your decision any more.", section("👌 Nothing waits for your decision any more.")
        )
    said = f"{len(waiting)} request{' waits' if len(waiting) == 1 else 's wait'} for your decision."
    more = [f"… and {len(waiting) - NAMED} more."] if len(waiting) > NAMED else []
    return content(
        f"Still waiting: {said}",
        section(f"🔔 *Still waiting*: {said}"),
        *stacked([*(_line(one, scene) for one in waiting[:NAMED]), *more]),
        context("Decide in the request’s thread, or on my *Home* tab, where all of them are."),
    )


def _line(entry: Entry, scene: Scene) -> str:
    request = entry.case.request
    url = scene.link(*entry.card) if entry.card is not None else ""
    named = f"<{url}|{request.id}>" if url else request.id
    verb = "grant" if request.action is Action.GRANT else "revoke"
    until = f", until {date(request.expires)}" if request.expires is not None else ""
    asks = f"{mention(request.requester.id)} asks to {verb} {offer(entry.case)} ({worth(request.offer)})"
    return f"• {named}: {asks}{until}"
