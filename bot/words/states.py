"""By which sign, and in which words, is a request’s state told?"""

from collections.abc import Mapping

from bot.domain.request import State

EMOJI: Mapping[State, str] = {
    State.PREPARING: "🔎",
    State.PENDING: "⏳",
    State.APPROVED: "👍",
    State.EXECUTING: "⚙️",
    State.SUCCEEDED: "✅",
    State.FAILED: "❌",
    State.PARTLY: "⚠️",
    State.UNKNOWN: "❓",
    State.UNNEEDED: "👌",
    State.DENIED: "⛔",
    State.EXPIRED: "⌛",
    State.CANCELLED: "↩️",
}

#: continues “it is …”
STATES: Mapping[State, str] = {
    State.PREPARING: "being prepared",
    State.PENDING: "waiting for a decision",
    State.APPROVED: "approved",
    State.EXECUTING: "being carried out",
    State.SUCCEEDED: "done and verified",
    State.FAILED: "not done: it failed",
    State.PARTLY: "done in part",
    State.UNKNOWN: "unknown: nobody can say yet whether it took effect",
    State.UNNEEDED: "not needed, it already was so",
    State.DENIED: "denied",
    State.EXPIRED: "expired",
    State.CANCELLED: "cancelled",
}
