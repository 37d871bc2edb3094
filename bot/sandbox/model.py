"""What is there in a workspace: people, channels, posts, views, groups, files."""

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


class SlackError(Exception):
    """Slack refuses: `code` is the answer's `error`, the rest stands beside it."""

    def __init__(self, code: str, /, *, messages: list[str] | None = None, **beside: Any) -> None:
        super().__init__(code, *(messages or []))
        self.code = code
        self.messages = messages or []
        self.beside = beside


class CannotDo(Exception):
    """A person cannot do this in Slack: no such button, an empty required field, not in the channel."""


@dataclass(eq=False)
class Post:
    """A message, or (with `only_for`) an ephemeral one."""

    channel: str
    ts: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    broadcast: bool = False
    metadata: Json | None = None
    bot_id: str | None = None
    edited: Json | None = None
    files: list["File"] = field(default_factory=list)
    reactions: dict[str, list[str]] = field(default_factory=dict)
    only_for: str | None = None
    deleted: bool = False
    values: dict[str, dict[str, Json]] = field(default_factory=dict)

    @property
    def root_ts(self) -> str:
        return self.thread_ts or self.ts

    @property
    def is_reply(self) -> bool:
        return self.thread_ts is not None and self.thread_ts != self.ts


@dataclass(eq=False)
class View:
    """A modal or a Home tab as one person has it before them."""

    id: str
    owner: str
    body: Json
    hash: str
    root_id: str
    previous_id: str | None = None
    values: dict[str, dict[str, Json]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def blocks(self) -> list[Json]:
        blocks: list[Json] = self.body["blocks"]
        return blocks


@dataclass(eq=False)
class Member:
    """Somebody with an account, and what is on their screen."""

    id: str
    name: str
    real_name: str
    team_id: str
    tz: str = "Europe/Berlin"
    email: str = ""
    deleted: bool = False
    guest: bool = False
    bot: bool = False
    admin: bool = False
    locale: str = "en-US"
    updated: int = 0
    modals: list[View] = field(default_factory=list)
    home: View | None = None
    asides: list[Post] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


@dataclass(eq=False)
class Channel:
    """A public or private channel, or a direct conversation (`im`)."""

    id: str
    name: str
    kind: str = "public"
    members: set[str] = field(default_factory=set)
    archived: bool = False
    created: int = 0
    posts: dict[str, Post] = field(default_factory=dict)

    @property
    def is_im(self) -> bool:
        return self.kind == "im"

    def replies(self, root_ts: str) -> list[Post]:
        return [post for post in self.posts.values() if post.is_reply and post.thread_ts == root_ts]


@dataclass(eq=False)
class Group:
    """A user group."""

    id: str
    handle: str
    name: str
    members: list[str] = field(default_factory=list)
    disabled: bool = False
    updated: int = 0


@dataclass(eq=False)
class File:
    id: str
    name: str
    owner: str
    title: str = ""
    content: bytes | None = None
    created: int = 0
    announced_length: int = 0
    shared: bool = False


@dataclass(eq=False)
class Trigger:
    """The permission to open one view, for three seconds."""

    owner: str
    expires: float
    in_view: bool
    used: bool = False


@dataclass(eq=False)
class ReplyLink:
    """A `response_url`: five answers within half an hour, without a token."""

    owner: str
    channel: str
    expires: float
    original: Post | None = None
    uses: int = 0
