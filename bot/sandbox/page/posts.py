"""Posts as the page gets them. A post is written out once for all people, and again only when it has changed."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from operator import is_
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from bot.sandbox import shapes
from bot.sandbox.model import Channel, Json, Member, Post

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace

TOMBSTONE = "This message was deleted."
Replies = tuple[int, str | None]
NO_REPLIES: Replies = (0, None)


@dataclass(frozen=True, slots=True)
class Written:
    """What a post was written from, and how it reads."""

    replaced: tuple[Any, ...]
    rest: tuple[Any, ...]
    text: str

    def of(self, replaced: tuple[Any, ...], rest: tuple[Any, ...]) -> bool:
        return self.rest == rest and all(map(is_, self.replaced, replaced))


class Posts:
    """Writes the posts of a channel in JSON, fast however many there are."""

    def __init__(self, world: "Workspace") -> None:
        self._world = world
        self._written: WeakKeyDictionary[Post, Written] = WeakKeyDictionary()

    def of(self, channel: Channel, member: Member) -> str:
        """A JSON list of what this person has in a channel, the oldest first."""
        asides = [one for one in member.asides if one.channel == channel.id]
        everything = [*channel.posts.values(), *asides]
        if asides:
            everything.sort(key=lambda post: post.ts)
        replies = _replies(channel)
        written = [self._text(post, replies.get(post.ts, NO_REPLIES)) for post in everything]
        return f"[{','.join([*self._tombstones(channel, replies), *written])}]"

    def _text(self, post: Post, replies: Replies) -> str:
        before = self._written.get(post)
        # these are replaced when they change; what is changed in place is written each time
        replaced = (post.text, post.blocks, post.attachments, post.edited)
        rest = (post.broadcast, post.deleted, *replies)
        if before is not None and before.of(replaced, rest) and not (post.values or post.reactions or post.files):
            return before.text
        text = json.dumps(self._shown(post, replies))
        self._written[post] = Written(replaced, rest, text)
        return text

    def _shown(self, post: Post, replies: Replies) -> Json:
        return {
            "ts": post.ts,
            "user": post.user,
            "text": post.text,
            "blocks": post.blocks,
            "attachments": post.attachments,
            "thread_ts": post.thread_ts if post.is_reply else None,
            "reply_count": replies[0],
            "latest_reply": replies[1],
            "broadcast": post.broadcast,
            "edited": post.edited,
            "only_for_me": post.only_for is not None,
            "deleted": post.deleted,
            "values": post.values,
            "reactions": post.reactions,
            "files": [shapes.file_object(file, self._world) for file in post.files],
        }

    def _tombstones(self, channel: Channel, replies: dict[str, Replies]) -> Iterator[str]:
        """What stands above replies whose first message is gone."""
        for ts, counted in replies.items():
            if ts not in channel.posts:
                gone = Post(channel.id, ts, "USLACKBOT", TOMBSTONE, deleted=True)
                yield json.dumps(self._shown(gone, counted))


def _replies(channel: Channel) -> dict[str, Replies]:
    found: dict[str, Replies] = {}
    for post in channel.posts.values():
        if post.is_reply:
            found[post.root_ts] = found.get(post.root_ts, NO_REPLIES)[0] + 1, post.ts
    return found
