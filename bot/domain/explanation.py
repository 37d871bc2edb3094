"""Why does a request stand as it does? Which rule decides, who may, who has, and what has happened so far."""

from dataclasses import dataclass

from bot.domain.policy import Tally, Verdict
from bot.domain.request import AuditEvent, Case, Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """All of it, for one reader."""

    case: Case
    #: oldest first
    events: tuple[AuditEvent, ...]
    reader: Person
    #: where the card stands (channel and ts), if anywhere
    card: tuple[str, str] | None = None
    #: of what waits: whether this reader could approve it now; None: nothing waits, or Slack cannot tell
    verdict: Verdict | None = None
    #: of what waits: how far the approvals are
    tally: Tally | None = None
