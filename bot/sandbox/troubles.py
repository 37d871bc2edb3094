"""Troubles that can be switched on: what Slack does on a bad day."""

from collections.abc import Callable
from dataclasses import dataclass, field

from bot.sandbox.model import Json

ALWAYS = 1_000_000_000


@dataclass
class Trouble:
    """What goes wrong with the next calls of a method, or of several, with blanks between them (`*`: of any).

    `kind` is `refuse` (detail: the error), `limit` (429; detail: seconds), `status` (detail: the HTTP status),
    `drop` (the connection closes, nothing was done), `lose` (it was done, the answer is lost) or
    `slow` (detail: seconds; done after them).
    """

    method: str
    kind: str
    detail: str = ""
    times: int = 1
    when: Callable[[Json], bool] | None = None

    def concerns(self, method: str, args: Json) -> bool:
        named = self.method == "*" or method in self.method.split()
        return self.times > 0 and named and (self.when is None or self.when(args))


@dataclass
class Troubles:
    planned: list[Trouble] = field(default_factory=list)
    down: bool = False
    duplicate_events: int = 0

    def add(self, trouble: Trouble) -> Trouble:
        self.planned.append(trouble)
        return trouble

    def refuse(self, method: str, error: str, *, times: int = 1) -> Trouble:
        return self.add(Trouble(method, "refuse", error, times=times))

    def limit(self, method: str, *, retry_after: int = 1, times: int = 1) -> Trouble:
        return self.add(Trouble(method, "limit", str(retry_after), times=times))

    def fail(self, method: str, *, status: int = 500, times: int = 1) -> Trouble:
        return self.add(Trouble(method, "status", str(status), times=times))

    def drop_before(self, method: str, *, times: int = 1) -> Trouble:
        return self.add(Trouble(method, "drop", times=times))

    def drop_after(self, method: str, *, times: int = 1) -> Trouble:
        """The call is carried out, and its answer never arrives."""
        return self.add(Trouble(method, "lose", times=times))

    def slow(self, method: str, seconds: float, *, times: int = 1) -> Trouble:
        return self.add(Trouble(method, "slow", str(seconds), times=times))

    def clear(self) -> None:
        self.planned.clear()
        self.down = False
        self.duplicate_events = 0

    def take(self, method: str, args: Json) -> Trouble | None:
        """The trouble that meets this call, counted as used."""
        for trouble in self.planned:
            if trouble.concerns(method, args):
                trouble.times -= 1
                return trouble
        return None
