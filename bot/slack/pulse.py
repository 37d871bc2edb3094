"""How fast does a list go?"""

from dataclasses import dataclass, field

from bot.domain.request import Case, State


@dataclass(slots=True)
class Pulse:
    """How fast a list goes, as far as this process has seen: for showing it, never for deciding."""

    #: since when it was seen to go, and how many rows were sent then
    _since: dict[str, tuple[float, int]] = field(default_factory=dict)

    def rate(self, case: Case, now: float) -> float | None:
        """Return rows a second; None where nobody can tell yet."""
        request, sent = case.request, case.request.customers - case.unsent
        running = request.state is State.EXECUTING and request.held is None
        if not running:
            self._since.pop(request.id, None)
            return None
        since, before = self._since.setdefault(request.id, (now, sent))
        if sent < before:  # tried again
            self._since[request.id] = now, sent
            return None
        return (sent - before) / (now - since) if now > since and sent > before else None
