"""What one process knows of a list that it carries out, from one slice of work to the next; all of it may be lost."""

from dataclasses import dataclass

from bot.domain.errors import ProviderError
from bot.domain.request import Case, Change
from bot.domain.states import Timing
from bot.executor import Kept
from bot.foresight import Foresight


@dataclass(slots=True)
class View:
    """How far it is, and what stands in its way."""

    #: what was seen of the rows that come next
    foresight: Foresight
    #: when the offer was looked at
    offer_at: float = 0.0
    #: when rows were read back
    read_back: float | None = None
    #: what kept the last rows from being sent
    trouble: ProviderError | None = None
    #: nothing is let go for now
    kept: bool = False
    #: whether any row was sent or ended, and since when none of them was
    moved: bool = False
    still: float | None = None
    #: when its card was shown last
    shown: float = 0.0
    #: somebody here is at it
    busy: bool = False
    #: the list as it was claimed once more meanwhile
    anew: Case | None = None

    def begin(self) -> None:
        """Some rows are about to be sent."""
        self.moved = self.kept = False

    def sent(self, change: Change, going: Change | Kept) -> None:
        """Hear whether a row was let go. It is looked at anew before it goes once more, unless nothing goes at all."""
        self.moved = self.moved or isinstance(going, Change)
        self.kept = self.kept or going is Kept.HELD
        if going is not Kept.HELD:
            self.foresight.forget(change)

    def ended(self, change: Change, *, done: bool) -> None:
        """Hear whether a row could be ended."""
        self.moved = self.moved or done
        self.foresight.forget(change)

    def back_at(self, now: float, timing: Timing) -> float:
        """Come back at once, but at leisure where all that is left waits for something else."""
        if self.moved:
            self.still = None
            return now
        self.still = now if self.still is None else min(self.still, now)
        return now + timing.pause(now - self.still, least=timing.busy)
