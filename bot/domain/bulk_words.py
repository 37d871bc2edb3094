"""What became of a row of a list, in the words of the result file."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Protocol

from bot.domain.outcome_file import Outcome
from bot.domain.request import DO, UNNEEDED, ChangeState


class Row(Protocol):
    """What is known of one row, by the names of its columns."""

    def __getitem__(self, name: str, /) -> Any:
        """Return what stands there."""
        ...


WHYS: Mapping[str, str] = {
    "not_found": "Nobody has this address there.",
    "ends": "It is held for a time by an earlier grant: ask for this customer singly to change that.",
    "ContactAmbiguous": "Several contacts have this address there: merge them, then ask again.",
    "WorldChanged": "This customer's account has changed since it was shown. Look at it, then ask again.",
    "OfferChanged": "The offer has changed since it was shown: ask again.",
    "OfferGone": "The offer is gone.",
    "ApprovalTooOld": "The approval had become too old: ask again.",
    "NotApprover": "Who approved may not do so any more: ask again.",
    "AnswerLost": "The answer was lost.",
    "NotSeen": "It was sent, and cannot be seen yet.",
    "GaveUp": "The provider did not take it for too long.",
    "ProviderGone": "The provider is not set up any more.",
    "SettledAsNotDone": "Somebody looked: it is not done.",
    "forgotten": "The customer was forgotten.",
}


def held_until(end: float) -> str:
    """Say of a row that an earlier grant for a time stands, which a list cannot prolong."""
    return f"ends: It is taken back by itself on {datetime.fromtimestamp(end, UTC):%Y-%m-%d} (UTC)."


def outcome_of(row: Row, offer: str) -> Outcome:
    """Say what became of a row."""
    outcome, why = _said(row)
    return Outcome(row["line"], row["address"] or "forgotten", offer, outcome, why)


def _said(row: Row) -> tuple[str, str]:
    state, error, plan = ChangeState(row["state"]), row["error"], row["plan"]
    excluded = plan not in {"", DO, UNNEEDED}
    match state:
        case ChangeState.SUCCEEDED:
            settled = "settled by a person" if row["receipt"] == "settled" else "confirmed, which cannot be read back"
            said = ("done", "verified" if row["verified"] is not None else settled)
        case ChangeState.UNNEEDED:
            said = ("not needed", "it already was so")
        case ChangeState.FAILED:
            said = ("failed", _why(error))
        case ChangeState.UNKNOWN:
            said = ("unknown", _why(error) or WHYS["NotSeen"])
        case ChangeState.CANCELLED:
            said = ("not done", _why(error or plan)) if excluded else ("cancelled", "taken back before it was sent")
        case ChangeState.TODO:
            said = ("under way", "sent, not read back yet") if row["sent"] is not None else ("not done yet", "")
    return said


def _why(code: str) -> str:
    head, _, words = code.partition(": ")
    return " ".join(filter(None, (WHYS.get(head, "" if words else head), words)))
