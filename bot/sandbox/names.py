"""Who and what is meant by a name: the registers of a workspace and looking things up in them."""

from itertools import count

from bot.sandbox.model import CannotDo, Channel, Group, Member, Post


class Ids:
    """Ids in Slack's form, in order: the same world twice has the same ids."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def new(self, prefix: str) -> str:
        return f"{prefix}0{next(self._numbers):08X}"

    def __next__(self) -> str:
        """Short ids, as Slack gives to blocks that have none."""
        return f"b{next(self._numbers):04x}"

    def __iter__(self) -> "Ids":
        return self


class Register:
    """People, channels and groups by id, by name and by what a person would write."""

    def __init__(self) -> None:
        self.members: dict[str, Member] = {}
        self.channels: dict[str, Channel] = {}
        self.groups: dict[str, Group] = {}

    def member(self, name_or_id: str) -> Member:
        wanted = name_or_id.removeprefix("@")
        if wanted in self.members:
            return self.members[wanted]
        for member in self.members.values():
            if wanted.casefold() in (member.name.casefold(), member.real_name.casefold()):
                return member
        raise CannotDo(f"nobody here is called {name_or_id!r}")

    def channel(self, name_or_id: str | Channel) -> Channel:
        if isinstance(name_or_id, Channel):
            return name_or_id
        wanted = name_or_id.removeprefix("#")
        if wanted in self.channels:
            return self.channels[wanted]
        for channel in self.channels.values():
            if channel.name == wanted and not channel.is_im:
                return channel
        raise CannotDo(f"there is no channel {name_or_id!r}")

    def group(self, handle_or_id: str) -> Group:
        wanted = handle_or_id.removeprefix("@")
        if wanted in self.groups:
            return self.groups[wanted]
        for group in self.groups.values():
            if wanted in (group.handle, group.name):
                return group
        raise CannotDo(f"there is no user group {handle_or_id!r}")

    def direct(self, one: str, other: str) -> Channel | None:
        pair = {one, other}
        return next((c for c in self.channels.values() if c.is_im and c.members == pair), None)

    def replies(self, post: Post) -> list[Post]:
        return self.channels[post.channel].replies(post.root_ts)
