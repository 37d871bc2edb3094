"""What one person's Home tab shows: what waits for them, what they asked for, how things ended, what they may do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.errors import NotAllowed
from bot.domain.pause import Pause
from bot.domain.request import Case, Person


class Part(StrEnum):
    """The lists on a Home, each turned page by page."""

    WAITING = "waiting"  #: what this person may decide or settle, the longest waiting first
    MINE = "mine"  #: what this person asked for and what is not at its end, the newest first
    ENDING = "ending"  #: what was granted for a time and ends by itself, the earliest first
    ENDED = "ended"  #: how things ended, the latest first


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: behind one row. Going back, it is the row that the page ends before."""

    at: float
    number: int
    back: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """One person's Home, as it is kept."""

    person: Person
    #: the pages that are not the first ones
    places: Mapping[Part, Place] = field(default_factory=dict)
    #: of the drawing that is on the screen; empty: nobody knows what is
    digest: str = ""
    #: raised whenever it has to be drawn anew
    version: int = 1
    #: the person is waiting for it right now
    asked: bool = False
    attempts: int = 0
    due: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One request on a Home."""

    case: Case
    #: where its card stands: channel and ts; None before it has one
    card: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One page of a part, and where its neighbours begin."""

    entries: tuple[Entry, ...] = ()
    before: Place | None = None
    after: Place | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """All that a Home shows, read at one moment."""

    person: Person
    #: why this account can take no part; then nothing else is told
    refusal: NotAllowed | None = None
    #: why this person cannot ask for anything
    asking: NotAllowed | None = None
    #: whether this person is among those who decide, may read what others asked, may pause and resume
    decides: bool = False
    reads_all: bool = False
    stops: bool = False
    pause: Pause | None = None
    leaves: Mapping[Part, Leaf] = field(default_factory=dict)

    @property
    def oversees(self) -> bool:
        """Whether what others ask is on this person's Home as well."""
        return self.decides or self.reads_all
