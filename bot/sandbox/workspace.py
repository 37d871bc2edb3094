"""One Slack workspace with the bot installed in it: its state, and the rules that keep it consistent.

The Web API (`webapi`) and people (`actors`) both act through it; what the app is told goes out by `delivery`.
"""

import secrets
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from bot.sandbox import events
from bot.sandbox.actors import Person
from bot.sandbox.changes import Changes
from bot.sandbox.journal import Journal
from bot.sandbox.limits import Limits
from bot.sandbox.manifest import Manifest
from bot.sandbox.modals import Modals
from bot.sandbox.model import Channel, File, Group, Json, Member, Post, ReplyLink
from bot.sandbox.names import Ids, Register
from bot.sandbox.troubles import Troubles

if TYPE_CHECKING:
    from bot.sandbox.delivery import Delivery

REPLY_LINK_SECONDS = 30 * 60


class Workspace(Register):
    """Who and what is there, and the one app that is installed by its manifest."""

    def __init__(
        self,
        manifest: Json,
        *,
        clock: Callable[[], float] = time.time,
        optional_scopes: bool | Iterable[str] = True,
        token: Callable[[int], str] = secrets.token_hex,
    ) -> None:
        super().__init__()
        self.manifest = Manifest(manifest, optional_scopes=optional_scopes)
        self.clock = clock
        self.new_token = token
        self.ids = Ids()
        self.team_id, self.team_domain = "T0SANDBOX", "sandbox"
        self.app_id, self.bot_id = "A0OFFERDESK", "B0OFFERDESK"
        self.bot_token = f"xoxb-sandbox-{token(12)}"
        self.app_token = f"xapp-sandbox-{token(12)}"
        self.signing_secret = token(16)
        self.verification_token = token(12)
        self.base_url = ""
        self.journal, self.troubles, self.changes = Journal(), Troubles(), Changes()
        self.limits = Limits(clock)
        self.modals = Modals(self)
        self.delivery: Delivery | None = None
        self.files: dict[str, File] = {}
        self.reply_links: dict[str, ReplyLink] = {}
        self._last_ts = 0
        name = self.manifest.bot_name
        self.bot = Member("U0OFFERDESK", name, name, self.team_id, tz="UTC", bot=True)
        self.members[self.bot.id] = self.bot

    # people, channels, groups

    def person(self, name_or_id: str) -> Person:
        return Person(self, self.member(name_or_id))

    def add_person(
        self,
        name: str,
        *,
        id: str | None = None,  # noqa: A002 - the word Slack uses
        real_name: str | None = None,
        team_id: str | None = None,
        **traits: object,
    ) -> Person:
        """Traits are those of Member: tz, email, deleted, guest, bot, admin, locale; another team_id is a foreigner."""
        member = Member(id or self.ids.new("U"), name, real_name or name, team_id or self.team_id)
        member.updated = int(self.clock())
        _set(member, traits)
        self.members[member.id] = member
        return Person(self, member)

    def change_person(self, name_or_id: str, **traits: object) -> Person:
        member = self.member(name_or_id)
        _set(member, traits)
        member.updated = int(self.clock())
        self.emit(events.user_change(self, member))
        return Person(self, member)

    def add_channel(
        self,
        name: str,
        *,
        id: str | None = None,  # noqa: A002 - the word Slack uses
        private: bool = False,
        members: Iterable[str] = (),
        archived: bool = False,
        bot: bool = True,
    ) -> Channel:
        """A channel with these people in it, and with the bot unless told otherwise."""
        channel = Channel(
            id or self.ids.new("C"),
            name.removeprefix("#"),
            kind="private" if private else "public",
            members={self.member(one).id for one in members} | ({self.bot.id} if bot else set()),
            archived=archived,
            created=int(self.clock()),
        )
        self.channels[channel.id] = channel
        return channel

    def join(self, channel: str | Channel, name_or_id: str) -> None:
        place, member = self.channel(channel), self.member(name_or_id)
        place.members.add(member.id)
        self.emit(events.membership(self, "member_joined_channel", place, member))

    def leave(self, channel: str | Channel, name_or_id: str) -> None:
        place, member = self.channel(channel), self.member(name_or_id)
        place.members.discard(member.id)
        self.emit(events.membership(self, "member_left_channel", place, member))

    def direct_channel(self, one: str, other: str | None = None) -> Channel:
        """The direct conversation of two, begun when there is none; the other is the bot unless told."""
        pair = {one, other or self.bot.id}
        found = self.direct(one, other or self.bot.id)
        if found is None:
            found = Channel(self.ids.new("D"), "", kind="im", members=pair, created=int(self.clock()))
            self.channels[found.id] = found
        return found

    def add_group(
        self,
        handle: str,
        *,
        id: str | None = None,  # noqa: A002 - the word Slack uses
        name: str | None = None,
        members: Iterable[str] = (),
    ) -> Group:
        group = Group(id or self.ids.new("S"), handle, name or handle, [self.member(m).id for m in members])
        self.groups[group.id] = group
        return group

    def change_group(self, handle_or_id: str, members: Iterable[str]) -> Group:
        group = self.group(handle_or_id)
        before, group.members = group.members, [self.member(m).id for m in members]
        previous, group.updated = group.updated, int(self.clock())
        self.emit(events.group_changed(self, group, before=before, previous=previous))
        return group

    # posts

    def next_ts(self) -> str:
        """The time in microseconds, and never the same twice: Slack's id of a message."""
        self._last_ts = max(self._last_ts + 1, int(self.clock() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def place(self, post: Post) -> Post:
        """Put a new post where it belongs, and tell those who listen."""
        if post.only_for:
            self.members[post.only_for].asides.append(post)
        else:
            self.channels[post.channel].posts[post.ts] = post
            for event in events.posted(self, post):
                self.emit(event)
        self.changes.tell()
        return post

    def changed(self, post: Post, before: Json) -> None:
        """An edit was made to a post: tell those who listen."""
        self.emit(events.message_changed(self, post, before))
        self.changes.tell()

    def remove(self, post: Post) -> None:
        post.deleted = True
        if post.only_for:
            self.members[post.only_for].asides.remove(post)
        else:
            del self.channels[post.channel].posts[post.ts]
            self.emit(events.message_deleted(self, post))
        self.changes.tell()

    # what is handed out with deliveries

    def reply_link(self, member: Member, channel: Channel, *, path: str, original: Post | None = None) -> str:
        """A fresh `response_url`."""
        key = f"{path}/{self.team_id}/{self.ids.new('R')}/{self.new_token(12)}"
        expires = self.clock() + REPLY_LINK_SECONDS
        self.reply_links[key] = ReplyLink(member.id, channel.id, expires, original=original)
        return f"{self.base_url}/{key}"

    def emit(self, event: Json | None) -> None:
        """Tell the app, if it listens to this: `event` comes from `events`, which knows the subscriptions."""
        if event is not None and self.delivery is not None:
            self.delivery.emit(event)


def _set(member: Member, traits: dict[str, object]) -> None:
    for name, value in traits.items():
        if not hasattr(member, name):
            raise TypeError(f"a person has no {name!r}")
        setattr(member, name, value)
