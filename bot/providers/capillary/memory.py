"""What was read of a customer a moment ago: a change that follows its look closely need not look once more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.request import Action
from bot.ports import Clock
from bot.providers.capillary.meaning import NOT_TAKEN, NOTHING, UNTOLD, Json, Standing, Taken, promotion_id, standing_in

#: seconds for which a look serves a change, and how many looks are remembered
FRESH: Mapping[Action, float] = {Action.GRANT: 300.0, Action.REVOKE: 60.0}
MOST = 1_000


@dataclass(slots=True)
class Memory:
    """Keeps the last look at a customer's promotion, and gives it away once."""

    clock: Clock
    _looks: dict[tuple[str, str], tuple[float, Standing]] = field(default_factory=dict)

    def keep(self, promotion: str, customer: str, standing: Standing) -> None:
        """Remember how a customer stands to a promotion; the oldest is forgotten where there are too many."""
        self._looks.pop((promotion, customer), None)
        self._looks[promotion, customer] = self.clock(), standing
        if len(self._looks) > MOST:
            del self._looks[next(iter(self._looks))]

    def take(self, promotion: str, customer: str, *, action: Action) -> Standing | None:
        """Return what was seen, unless that is too long ago; None the next time."""
        at, standing = self._looks.pop((promotion, customer), (0.0, None))
        return standing if 0 <= self.clock() - at <= FRESH[action] else None


def standing_of(promotions: Sequence[Json], promotion: str, now: float, taken: Taken = NOT_TAKEN) -> Standing:
    """Say how the customer whose promotions these are stands to one of them; `taken`: what was taken back from them."""
    named = {promotion_id(one, "promotionId", "id"): one for one in promotions}
    if promotion in named:
        return standing_in(named[promotion], now, taken)
    return UNTOLD if None in named else NOTHING  # the one that does not say which it is may be this one
