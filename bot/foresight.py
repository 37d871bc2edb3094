"""How the customers of a list were seen whose turn comes next, and for how long that serves (P6).

A provider that has lists is asked about many at once; else each is read by itself, right before the call for them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.errors import ProviderError
from bot.domain.request import Action, Change, Reading
from bot.executor import by_address
from bot.ports import Batches, Clock, Provider, Surveys, Target, Told
from bot.sights import TOGETHER, see

#: seconds for which a look at many serves those who are sent after it: not for long where something is taken away
SURVEYED: Mapping[Action, float] = {Action.GRANT: 900.0, Action.REVOKE: 60.0}
#: the same for single looks; for half of it one goes on looking at those who are to be in the same call
READ: Mapping[Action, float] = {Action.GRANT: 300.0, Action.REVOKE: 60.0}


@dataclass(slots=True)
class Foresight:
    """What was seen of rows that are not sent yet."""

    clock: Clock
    action: Action
    _seen: dict[int, tuple[float, Reading | ProviderError]] = field(default_factory=dict)
    #: how old what was seen may be
    _serves: float = 0.0

    def of(self, row: Change) -> Reading | ProviderError | None:
        """Return how a row was seen, if it was."""
        return self._seen[row.id][1] if row.id in self._seen else None

    def forget(self, row: Change) -> None:
        """Look at it anew before it is sent: it was, or it is ended, or something else happens to it."""
        self._seen.pop(row.id, None)

    def lacks(self, rows: Sequence[Change]) -> list[Change]:
        """Name those of which is not known how they are now."""
        now = self.clock()
        return [row for row in rows if not 0 <= now - self._seen.get(row.id, (-1.0, None))[0] <= self._serves]

    async def survey(self, rows: Sequence[Change], provider: Provider, told: Told) -> None:
        """Look at many together: it serves for as long again as it took, in any case."""
        began = self.clock()
        found = await self._look(rows, provider, told)
        self._seen, self._serves = found, max(SURVEYED[self.action], 2 * (self.clock() - began))

    async def read(self, rows: Sequence[Change], provider: Provider, told: Told) -> Sequence[Change]:
        """Look at rows one by one, and return those that are to be sent together: the first ones."""
        began, self._serves = self.clock(), READ[self.action] / 2
        for first in range(0, len(rows), TOGETHER):
            some = self.lacks(rows[first : first + TOGETHER])
            self._seen |= await self._look(some, provider, told)
            if self.clock() - began >= self._serves:
                return rows[: first + TOGETHER]
        return rows

    async def _look(
        self, rows: Sequence[Change], provider: Provider, told: Told
    ) -> dict[int, tuple[float, Reading | ProviderError]]:
        began = self.clock()
        targets = [Target(contact=by_address(row.contact), offer_id=row.offer_id) for row in rows]
        seen = await see(provider, targets, whole=True, told=told) if rows else ()
        return {row.id: (began, one) for row, one in zip(rows, seen, strict=True)}


def together(provider: Provider) -> int:
    """Say how many rows are sent together."""
    return max(TOGETHER, provider.batch) if isinstance(provider, Batches) else TOGETHER


def looks_at_many(provider: Provider) -> bool:
    """Whether a look at many costs less than as many looks at one."""
    return isinstance(provider, Surveys)
