"""What each person has not seen yet, and when there is nothing more to wait for."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress

from bot.sandbox.actors import Person
from bot.sandbox.local_world import LocalWorld
from bot.sandbox.model import View
from bot.sandbox.sight import Message

#: what follows a command or a click comes without longer gaps than this, in seconds
GAP = 1.2
#: and takes no longer in all
LONGEST = 8.0


class Lookout:
    """Remembers what was shown to whom."""

    def __init__(self, world: LocalWorld) -> None:
        self._world = world
        self._seen: dict[Person, dict[Message, str]] = defaultdict(dict)
        self._hinted: dict[Person, dict[Message, str]] = defaultdict(dict)
        self._told: dict[Person, int] = defaultdict(int)
        for person in world.town.everybody:
            self.news(person)

    def news(self, person: Person) -> Sequence[Message]:
        """Name what is new or has changed for somebody, the oldest first. Asked again, it is not new any more."""
        new = self._new(person)
        self._seen[person] |= {message: message.plain for message in new}
        return new

    def notices(self, person: Person) -> Sequence[str]:
        """Name what Slack itself has told somebody since."""
        new = person.notices[self._told[person] :]
        self._told[person] += len(new)
        return new

    def curious(self, but: Person | None) -> Sequence[Person]:
        """Name the others for whom something is new, and who were not named for it before."""
        others = [person for person in self._world.town.everybody if person != but]
        return [person for person in others if self._is_hint(person)]

    def _is_hint(self, person: Person) -> bool:
        new = {message: message.plain for message in self._new(person)}
        hinted, self._hinted[person] = self._hinted[person], new
        return not new.items() <= hinted.items()

    def _new(self, person: Person) -> Sequence[Message]:
        seen = self._seen[person]
        messages = [message for message in reversed(person.messages()) if not _by(person, message)]
        return [message for message in messages if seen.get(message) != message.plain]


async def quiet(world: LocalWorld, *, gap: float = GAP) -> None:
    """Wait until nothing more comes."""
    with suppress(TimeoutError):
        async with asyncio.timeout(LONGEST):
            while await _more(world, gap=gap):
                pass


async def _more(world: LocalWorld, *, gap: float) -> bool:
    before = _traffic(world)
    changes = world.slack.workspace.changes
    return bool(await changes.until(lambda: _traffic(world) != before or None, timeout=gap))


def _traffic(world: LocalWorld) -> tuple[int, int, int]:
    journal = world.slack.workspace.journal
    return len(journal.calls), len(journal.deliveries), len(world.kajabi.calls)


def _by(person: Person, message: Message) -> bool:
    return not isinstance(message.shown, View) and message.user == person.id


def where(message: Message) -> str:
    """Say where somebody sees it."""
    if isinstance(message.shown, View):
        return "a form"
    if message.channel_name == "dm":
        return "in a direct message"
    if message.is_ephemeral:
        return f"in #{message.channel_name}, privately"
    if message.post.is_reply and not message.post.broadcast:
        return f"in a thread of #{message.channel_name}"
    return f"in #{message.channel_name}"
