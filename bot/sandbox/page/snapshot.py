"""Everything one person has on the screen, whole, as one JSON text."""

import json
from typing import TYPE_CHECKING, Any

from bot.sandbox import shapes
from bot.sandbox.model import Channel, Json, Member, View
from bot.sandbox.page import completion
from bot.sandbox.page.clock import ClockPanel
from bot.sandbox.page.hand import Screens
from bot.sandbox.page.posts import Posts
from bot.sandbox.page.unread import Seen

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace

ORDER = {"public": 0, "private": 0, "im": 1}
#: what the people of the town are there for
ROLES = {
    "U0ADA": "support",
    "U0GRACE": "may approve",
    "U0LINUS": "may approve",
    "U0MALLORY": "may not approve",
    "U0OLGA": "admin",
}


class Snapshots:
    """Takes snapshots: quick however much there is, because a post that did not change is not written again."""

    def __init__(self, world: "Workspace", seen: Seen, screens: Screens, clock: ClockPanel) -> None:
        self._world = world
        self._seen = seen
        self._screens = screens
        self._clock = clock
        self._posts = Posts(world)

    def take(self, member: Member) -> str:
        """The members of the snapshot but for `type` and `now`, without braces: two can be compared."""
        world = self._world
        places = self._places(member)
        parts: dict[str, Any] = {
            "me": _identity(member),
            "people": [self._person(one) for one in world.members.values()],
            "groups": [shapes.group_object(group, world) for group in world.groups.values()],
            "app": self._app(),
            "channels": [self._channel(channel, member) for channel in places],
            "elsewhere": self._elsewhere(member),
            "views": [self._view(view) for view in member.modals],
            "home": self._view(member.home) if member.home else None,
            "notices": member.notices,
            "clock": self._clock.shown(),
        }
        messages = ",".join(f"{json.dumps(one.id)}:{self._posts.of(one, member)}" for one in places)
        return f'{json.dumps(parts)[1:-1]}, "messages": {{{messages}}}'

    def _places(self, member: Member) -> list[Channel]:
        """Channels by name, then direct conversations; the one with the app is always there."""
        world = self._world
        if world.manifest.messages_tab:
            world.direct_channel(member.id)
        mine = [channel for channel in world.channels.values() if member.id in channel.members]
        return sorted(mine, key=lambda channel: (ORDER[channel.kind], self._name(channel, member).casefold()))

    def _elsewhere(self, member: Member) -> list[Json]:
        """Public channels that this person is not in: their names are no secret."""
        return [
            {"id": channel.id, "name": channel.name}
            for channel in self._world.channels.values()
            if channel.kind == "public" and member.id not in channel.members
        ]

    def _channel(self, channel: Channel, member: Member) -> Json:
        other = self._other(channel, member)
        return {
            "id": channel.id,
            "name": self._name(channel, member),
            "kind": channel.kind,
            "with": other.id if other else None,
            "unread": self._seen.unread(member.id, channel),
            "unread_threads": self._seen.unread_threads(member.id, channel),
            "archived": channel.archived,
        }

    def _name(self, channel: Channel, member: Member) -> str:
        other = self._other(channel, member)
        return other.name if other else channel.name

    def _other(self, channel: Channel, member: Member) -> Member | None:
        if not channel.is_im:
            return None
        return self._world.members[next(iter(channel.members - {member.id}), member.id)]

    def _person(self, member: Member) -> Json:
        role = "app" if member.bot else ROLES.get(member.id, "admin" if member.admin else "")
        return _identity(member) | {"role": role, "bot": member.bot, "deleted": member.deleted}

    def _app(self) -> Json:
        world = self._world
        return {
            "id": world.app_id,
            "name": world.manifest.app_name,
            "user": world.bot.id,
            "commands": completion.commands(world.manifest),
            "shortcuts": completion.shortcuts(world.manifest),
            "home_tab": world.manifest.home_tab,
            "messages_read_only": world.manifest.messages_tab_read_only,
        }

    def _view(self, view: View) -> Json:
        shown = shapes.view_object(view, self._world)
        return shown | {"errors": view.errors, "loading": view.id in self._screens.sending}


def _identity(member: Member) -> Json:
    return {"id": member.id, "name": member.name, "real_name": member.real_name, "tz": member.tz}
