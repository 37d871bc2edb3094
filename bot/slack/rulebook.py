"""What is told of the rules themselves?"""

from bot.domain.request import AuditEvent
from bot.slack.content import Content, content, paragraphs
from bot.slack.text import context, date, quoted, safe

#: how much of what is wrong is told
FAULTS = 1500


def changed(event: AuditEvent) -> Content:
    """Tell that other rules are followed from now on."""
    source, before, after = (safe(str(event.data.get(one, "")), 40) for one in ("source", "from", "to"))
    said = f"📜 The rules in {source} have changed."
    kept = "What waits for a decision already is not easier to approve than it was when it was shown."
    return content(
        f"{said} {kept}", paragraphs([said, kept]), context(f"from `{before}` to `{after}` · {date(event.at)}")
    )


def refused(event: AuditEvent) -> Content:
    """Tell that the new rules cannot be used."""
    source = safe(str(event.data.get("source", "")), 40)
    said = f"📜 The new rules in {source} cannot be used, so the old ones stay."
    mend = "Mend the file, see `python -m bot policy check`, and have me read it again (SIGHUP)."
    return content(f"{said} {mend}", paragraphs([said, quoted(event.text, FAULTS), mend]), context(date(event.at)))
