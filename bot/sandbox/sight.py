"""What a person can see, and how it reads."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bot.sandbox import inputs, render, shapes
from bot.sandbox.model import CannotDo, Channel, Json, Member, Post, View
from bot.sandbox.mrkdwn import Reader

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace


class Message:
    """A post or a view before the eyes of one person. It is live: it reads as it stands now."""

    def __init__(self, world: "Workspace", reader: Member, shown: Post | View) -> None:
        self._world = world
        self._reader = reader
        self.shown = shown

    def __repr__(self) -> str:
        return f"<Message for {self._reader.name}: {self.plain!r}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Message) and other.shown is self.shown

    def __hash__(self) -> int:
        return hash(id(self.shown))

    @property
    def post(self) -> Post:
        if isinstance(self.shown, View):
            raise CannotDo("this is a form or the Home tab, not a message")
        return self.shown

    @property
    def ts(self) -> str:
        return self.post.ts

    @property
    def channel(self) -> str:
        return self.post.channel

    @property
    def channel_name(self) -> str:
        return Named(self._world).channel_name(self.post.channel)

    @property
    def thread_ts(self) -> str | None:
        return self.post.thread_ts

    @property
    def text(self) -> str:
        """The notification and what a screen reader says."""
        return self.post.text

    @property
    def blocks(self) -> list[Json]:
        return self.shown.blocks

    @property
    def metadata(self) -> Json | None:
        return self.post.metadata

    @property
    def user(self) -> str:
        return self.post.user

    @property
    def author(self) -> str:
        return Named(self._world).user_name(self.post.user)

    @property
    def edited(self) -> bool:
        return self.post.edited is not None

    @property
    def deleted(self) -> bool:
        return self.post.deleted

    @property
    def is_ephemeral(self) -> bool:
        return self.post.only_for is not None

    @property
    def raw(self) -> Json:
        """As the Web API shows it."""
        return shapes.message_object(self.post, self._world, metadata=True)

    @property
    def plain(self) -> str:
        return read(self._world, self._reader, self.shown)

    @property
    def thread(self) -> list["Message"]:
        """The replies, and what only this person was told there, in order."""
        post = self.post
        replies = self._world.channels[post.channel].replies(post.root_ts)
        asides = [one for one in self._reader.asides if one.thread_ts == post.root_ts]
        everything = sorted([*replies, *asides], key=lambda one: one.ts)
        return [Message(self._world, self._reader, one) for one in everything]

    @property
    def buttons(self) -> list[str]:
        """The labels of the buttons this person sees on it."""
        return [element["text"]["text"] for _, element in buttons(self.shown, self._reader)]


class Named:
    """Names for ids, as the client shows them."""

    def __init__(self, world: "Workspace") -> None:
        self._world = world

    def user_name(self, key: str) -> str:
        member = self._world.members.get(key)
        return member.name if member else "Slackbot" if key == "USLACKBOT" else key

    def channel_name(self, key: str) -> str:
        channel = self._world.channels.get(key)
        return channel.name if channel and channel.name else "dm" if channel else key

    def group_name(self, key: str) -> str:
        group = self._world.groups.get(key)
        return group.handle if group else key


def read(world: "Workspace", reader: Member, shown: Post | View) -> str:
    eyes = Reader(reader.id, reader.tz, world.clock(), Named(world))
    return render.view(shown, eyes) if isinstance(shown, View) else render.message(shown, eyes)


def buttons(shown: Post | View, reader: Member) -> Iterator[tuple[Json, Json]]:
    for block, element in inputs.elements(shown.blocks):
        if element["type"] == "button" and render.visible(element, reader.id):
            yield block, element


def in_sight(world: "Workspace", reader: Member, place: "str | Channel | Message | None") -> Iterator[Post | View]:
    """What this person can look at in a place, the newest first; everywhere when none is named."""
    match place:
        case None:
            yield from reader.modals[-1:]
            yield from sorted(_everything(world, reader), key=lambda post: post.ts, reverse=True)
        case "view":
            yield from reader.modals[-1:]
        case "home":
            yield from [reader.home] if reader.home else []
        case "ephemeral":
            yield from reversed(reader.asides)
        case Message():
            yield from (message.post for message in reversed(place.thread))
        case _:
            yield from _timeline(world, reader, place)


def _everything(world: "Workspace", reader: Member) -> Iterator[Post]:
    yield from reader.asides
    for channel in world.channels.values():
        if reader.id in channel.members:
            yield from channel.posts.values()


def _timeline(world: "Workspace", reader: Member, place: str | Channel) -> Iterator[Post]:
    """A channel as it scrolls: replies stand in their threads, unless they were broadcast."""
    channel = world.direct_channel(reader.id) if place == "dm" else world.channel(place)
    if reader.id not in channel.members:
        raise CannotDo(f"{reader.name} is not in #{channel.name}")
    asides = [one for one in reader.asides if one.channel == channel.id and not one.is_reply]
    posts = [one for one in channel.posts.values() if channel.is_im or not one.is_reply or one.broadcast]
    yield from sorted([*posts, *asides], key=lambda post: post.ts, reverse=True)
