"""What is told of the rules themselves, and of the audit?"""

from bot.domain.request import AuditEvent
from bot.words.text import date, safe

KEPT = "What waits for a decision already is not easier to approve than it was when it was shown."
MEND = "Mend the file, see `python -m bot policy check`, and have me read it again (SIGHUP)."


def changed(event: AuditEvent) -> str:
    """Tell that other rules are followed from now on."""
    return f"📜 The rules in {_source(event)} have changed."


def versions(event: AuditEvent) -> str:
    """Name what they were before and what they are now."""
    before, after = (safe(str(event.data.get(one, "")), 40) for one in ("from", "to"))
    return f"from `{before}` to `{after}` · {date(event.at)}"


def refused(event: AuditEvent) -> str:
    """Tell that the new rules cannot be used."""
    return f"📜 The new rules in {_source(event)} cannot be used, so the old ones stay."


def audit_head(line: int) -> str:
    """Tell how the audit ends, for whoever is to prove one day that nothing of it was cut off."""
    return f"🔏 The audit has {line:,} line{'' if line == 1 else 's'}; this is its head:"


def audit_check(event: AuditEvent) -> str:
    """Say what the head is good for."""
    check = "`python -m bot audit verify --head` with it shows one day whether all of them are still there"
    return f"{check} · {date(event.at)}"


def _source(event: AuditEvent) -> str:
    return safe(str(event.data.get("source", "")), 40)
