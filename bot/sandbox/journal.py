"""What went in and out, for tests and for whoever wants to look."""

from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.model import Json


@dataclass
class Call:
    """One call of the Web API or of a `response_url`, as it was answered."""

    method: str
    args: Json
    at: float
    status: int = 0
    answer: Json = field(default_factory=dict)
    seconds: float = 0.0
    trouble: str = ""

    @property
    def ok(self) -> bool:
        return bool(self.answer.get("ok"))


@dataclass
class Delivered:
    """One delivery to the app, and how it was acknowledged."""

    kind: str
    payload: Json
    transport: str
    at: float
    attempt: int = 0
    ack: Any = None
    error: str = ""
    seconds: float = 0.0


@dataclass
class Journal:
    calls: list[Call] = field(default_factory=list)
    deliveries: list[Delivered] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def called(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method]

    def delivered(self, kind: str) -> list[Delivered]:
        """Deliveries of a kind: `command`, `event`, or an interaction's `type`."""
        return [one for one in self.deliveries if one.kind == kind]

    @property
    def refused(self) -> list[Call]:
        """Calls that Slack refused of itself, not because of a trouble that was switched on."""
        return [call for call in self.calls if not call.ok and not call.trouble]
