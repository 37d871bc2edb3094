"""What is told in the alerts channel that is about no request in particular?"""

from collections.abc import Callable, Mapping

from bot.domain.request import AuditEvent, Message
from bot.slack.blocks import context
from bot.slack.content import Content, content, paragraphs
from bot.words import pausing, rulebook
from bot.words.text import date, quoted, safe

#: how much is told of why everything was stopped, and of what is wrong with rules
WHY = 1500


def bulletin(message: Message, event: AuditEvent | None) -> Content:
    """Draw one from the event it tells."""
    if event is None:
        raise ValueError(f"{message.key}: a bulletin tells an event")
    return BULLETINS[event.name](event)


def stopped(event: AuditEvent) -> Content:
    """Tell that an admin stopped everything, or let it go on."""
    said, then = pausing.told(event), pausing.follows(event)
    why = quoted(event.text, WHY) if event.text.strip() else ""
    spoken = " ".join(filter(None, (said, then, safe(event.text, pausing.WHY_SHOWN))))
    return content(spoken, paragraphs([said, why, then]), context(date(event.at)))


def head(event: AuditEvent) -> Content:
    """Tell how the audit ends."""
    line, digest = int(event.data.get("line", 0)), safe(str(event.data.get("hash", "")), 64)
    said = rulebook.audit_head(line)
    return content(
        f"{said} {line}:{digest}",
        paragraphs([said, f"`{line}:{digest}`"]),
        context(rulebook.audit_check(event)),
    )


def changed(event: AuditEvent) -> Content:
    """Tell that other rules are followed from now on."""
    said = rulebook.changed(event)
    return content(f"{said} {rulebook.KEPT}", paragraphs([said, rulebook.KEPT]), context(rulebook.versions(event)))


def refused(event: AuditEvent) -> Content:
    """Tell that the new rules cannot be used."""
    said, mend = rulebook.refused(event), rulebook.MEND
    return content(f"{said} {mend}", paragraphs([said, quoted(event.text, WHY), mend]), context(date(event.at)))


BULLETINS: Mapping[str, Callable[[AuditEvent], Content]] = {
    "execution.paused": stopped,
    "execution.resumed": stopped,
    "audit.told": head,
    "policy.changed": changed,
    "policy.refused": refused,
}
