"""What became of each row of a list, as codes."""

from typing import Any, Protocol

from bot.domain.outcome_file import Became, Outcome
from bot.domain.request import EXTEND, FIT, FORGOTTEN, ChangeState, Request
from bot.domain.term import Term


class Row(Protocol):
    """What is known of one row, by the names of its columns."""

    def __getitem__(self, name: str, /) -> Any:
        """Return what stands there."""
        ...


def held_until(end: float) -> str:
    """Return the code of a row for which a grant for a time stands by now, of which nobody knew at the approval."""
    return f"ends: {int(end)}"


def outcome_of(row: Row, request: Request, *, term: Term | None) -> Outcome:
    """Return what became of a row; `term`: how long it is to last."""
    became, why = _became(row)
    days = "" if term is None else str(term.days) if term.day is None else term.day.isoformat()
    who = row["address"] or FORGOTTEN
    return Outcome(row["line"], who, request.offer.title, became, why, days, row["reason"] or request.reason)


def _became(row: Row) -> tuple[Became, str]:
    state, error, plan = ChangeState(row["state"]), row["error"], row["plan"]
    excluded = plan not in {"", *FIT}
    match state:
        case ChangeState.SUCCEEDED:
            settled = "settled" if row["receipt"] == "settled" else "taken"
            return Became.DONE, "verified" if row["verified"] is not None else settled
        case ChangeState.UNNEEDED if plan == EXTEND and not error:
            return Became.EXTENDED, "extended"
        case ChangeState.UNNEEDED:
            return Became.UNNEEDED, "already"
        case ChangeState.FAILED:
            return Became.FAILED, error
        case ChangeState.UNKNOWN:
            return Became.UNKNOWN, error or "NotSeen"
        case ChangeState.CANCELLED:
            return (Became.EXCLUDED, error or plan) if excluded else (Became.CANCELLED, "dropped")
        case ChangeState.TODO:
            return (Became.SENT, "unread") if row["sent"] is not None else (Became.WAITING, "")
