"""What do the listeners need? What people can do and ask, and how the bot is set up."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol
from uuid import uuid4

from bot.authority import Authority
from bot.domain.errors import OfferdeskError, ProviderError
from bot.domain.home import Part, Place
from bot.domain.request import Person
from bot.lookups import Lookups
from bot.ports import Clock
from bot.service import Service
from bot.slack.tasks import Tasks
from bot.words import refusals
from bot.words.scene import Scene

#: seconds of quiet before an address that is being typed is looked up
QUIET = 0.3
#: forms whose newest drawing is known; one older than that is not open any more
ROOM = 1000
#: told that Slack says something changed about a person or a user group, by id
Refresh = Callable[[str], Awaitable[None]]


class FirstSight(Protocol):
    """Remembers Slack's events (the store's `first_sight`)."""

    async def __call__(self, event_id: str, *, now: float) -> bool: ...


class Homes(Protocol):
    """Has Homes drawn (some of the store's methods)."""

    async def open_home(self, person: Person, *, blank: bool, now: float) -> None: ...

    async def turn_home(self, person: Person, part: Part, place: Place | None, *, now: float) -> None: ...

    async def redraw_home(self, person: str, *, asked: bool = False, anew: bool = False, now: float) -> None: ...


def new_incident() -> str:
    """Return a name under which the log has a failure."""
    return uuid4().hex[:8]


@dataclass(slots=True)
class Screens:
    """Knows which drawing of each form is the newest one."""

    quiet: float = QUIET
    _newest: dict[str, int] = field(default_factory=dict)

    def begin(self, view_id: str) -> int:
        """Begin a new drawing; all older ones are out of date."""
        turn = self._newest.pop(view_id, 0) + 1
        while len(self._newest) >= ROOM:
            self._newest.pop(next(iter(self._newest)))
        self._newest[view_id] = turn
        return turn

    def newest(self, view_id: str, turn: int) -> bool:
        """Whether nothing newer was begun."""
        return self._newest.get(view_id) == turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Everything the input side of Slack works with."""

    #: the bot’s own user id
    bot_user: str
    service: Service
    lookups: Lookups
    authority: Authority
    scene: Scene
    #: the provider of a command that names none
    default_provider: str
    #: where all cards go; None: to the channel of the command
    approvals_channel: str | None
    tasks: Tasks
    clock: Clock
    first_sight: FirstSight
    homes: Homes
    #: names the request in whose thread (channel, thread's ts) something was written
    in_thread: Callable[[str, str], Awaitable[str | None]]
    #: the people's and groups' caches are refreshed by these
    user_changed: Refresh
    group_changed: Refresh
    screens: Screens = field(default_factory=Screens)
    incident: Callable[[], str] = field(default=new_incident)

    def title(self, provider: str | None = None) -> str:
        """Name a provider as people know it."""
        provider = provider or self.default_provider
        return self.scene.titles.get(provider, provider)

    def sentence(self, error: OfferdeskError, *, provider: str | None = None) -> str:
        """Say what is the matter, in mrkdwn."""
        named = error.provider if isinstance(error, ProviderError) else provider
        return refusals.sentence(error, provider=self.title(named))
