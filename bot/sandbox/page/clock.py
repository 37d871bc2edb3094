"""The world's clock on the page: what time it is there, and how far it is to be moved forward."""

from bot.sandbox.model import CannotDo, Json
from bot.sandbox.page.given import whole
from bot.sandbox.timeline import FIXED, Timeline


class ClockPanel:
    """Moves one step at a time: two windows that press at once move it twice."""

    def __init__(self, timeline: Timeline | None) -> None:
        self._timeline = timeline

    def shown(self) -> Json | None:
        """`ahead`: of the machine, in seconds; `next`: what is due by itself. None where the clock cannot be moved."""
        if self._timeline is None:
            return None
        entry = self._timeline.next
        return {
            "ahead": self._timeline.clock.ahead,
            "next": None if entry is None else {"at": entry.at, "what": entry.what},
        }

    async def do(self, given: Json) -> Json:
        """Move `by` so many seconds, or without it to what is due next. Raises `CannotDo` or `Malformed`."""
        if self._timeline is None:
            raise CannotDo(FIXED)
        if given.get("by") is None:
            await self._timeline.to_next()
        else:
            await self._timeline.forward(whole(given, "by", least=1))
        return {"ok": True}
