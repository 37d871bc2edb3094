"""How figures come about: the compared take turns, and each figure is the median of the ratios of neighbours.

So what else the machine does meanwhile, and how fast it is today, is in both halves of a ratio.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from tests.bench.load import Slice, run
from tests.bench.servers import Server
from tests.bench.words import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much is measured."""

    #: how often the servers take turns
    rounds: int = 15
    #: requests in a slice with one client, and with many
    alone: int = 120
    together: int = 640
    clients: int = 64
    #: offers to type ahead among
    offers: int = 10_000
    more_offers: int = 100_000
    starts: int = 7
    #: rows written in a slice
    commits: int = 500
    #: how often each pace is kept, and for how many seconds
    paces: int = 2
    seconds: float = 15

    @property
    def clicks(self) -> int:
        """How many requests wait to be approved."""
        return self.rounds * (self.alone + self.together) + 1


TINY = Size(
    rounds=2, alone=10, together=40, clients=8, offers=200, more_offers=400, starts=1, commits=50, paces=1, seconds=1.5
)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    what: str
    floor: str
    #: how many times the floor, one for each round
    ratios: Sequence[float]
    #: where we want to be
    at_most: float | None = None
    at_least: float | None = None

    @property
    def ratio(self) -> float:
        return median(self.ratios)

    @property
    def aim(self) -> str:
        if self.at_most is not None:
            return f"≤ {self.at_most:g} ×"
        return f"≥ {self.at_least:g} ×" if self.at_least is not None else ""

    @property
    def met(self) -> str:
        if not self.aim:
            return ""
        low = self.at_most is None or self.ratio <= self.at_most
        high = self.at_least is None or self.ratio >= self.at_least
        return "yes" if low and high else "no"


Figure = Callable[[Slice], float]
#: by the name of the server, one of each round
Slices = Mapping[str, Sequence[Slice]]


async def take_turns(servers: Mapping[str, Server], source: Source, size: Size, *, clients: int) -> Slices:
    """Have each server answer the same requests, one server after the other, back and forth."""
    slices: dict[str, list[Slice]] = {name: [] for name in servers}
    for turn in range(size.rounds):
        requests = source(size.alone if clients == 1 else size.together)
        for name in list(servers) if turn % 2 == 0 else list(servers)[::-1]:
            slices[name].append(await run(servers[name].port, requests, clients=clients))
    return slices


def compared(slices: Slices, ours: str, floor: str, figure: Figure) -> Sequence[float]:
    return [figure(our) / figure(their) for our, their in zip(slices[ours], slices[floor], strict=True)]


def p50(one: Slice) -> float:
    return one.share(0.5)


def p99(one: Slice) -> float:
    return one.share(0.99)


def rate(one: Slice) -> float:
    return len(one.waits) / one.seconds
