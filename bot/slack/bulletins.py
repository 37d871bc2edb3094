"""What is told in the alerts channel that is about no request in particular?"""

from collections.abc import Callable, Mapping

from bot.domain.request import AuditEvent, Message
from bot.slack import pausing, rulebook
from bot.slack.content import Content, content, paragraphs
from bot.slack.text import context, date, safe


def bulletin(message: Message, event: AuditEvent | None) -> Content:
    """Draw one from the event it tells."""
    if event is None:
        raise ValueError(f"{message.key}: a bulletin tells an event")
    return BULLETINS[event.name](event)


def head(event: AuditEvent) -> Content:
    """Tell how the audit ends, for whoever is to prove one day that nothing of it was cut off."""
    line, digest = int(event.data.get("line", 0)), safe(str(event.data.get("hash", "")), 64)
    said = f"🔏 The audit has {line:,} line{'' if line == 1 else 's'}; this is its head:"
    check = "`python -m bot audit verify --head` with it shows one day whether all of them are still there"
    return content(
        f"{said} {line}:{digest}", paragraphs([said, f"`{line}:{digest}`"]), context(f"{check} · {date(event.at)}")
    )


BULLETINS: Mapping[str, Callable[[AuditEvent], Content]] = {
    "execution.paused": pausing.alert,
    "execution.resumed": pausing.alert,
    "audit.told": head,
    "policy.changed": rulebook.changed,
    "policy.refused": rulebook.refused,
}
