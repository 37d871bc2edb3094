"""conversations.* and users.conversations."""

from typing import TYPE_CHECKING

from bot.sandbox import shapes
from bot.sandbox.methods import places
from bot.sandbox.methods.args import Args
from bot.sandbox.model import Channel, Json, Post, SlackError

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace

KINDS = {"public_channel": "public", "private_channel": "private", "im": "im", "mpim": "mpim"}


def open_(world: "Workspace", args: Args) -> Json:
    if args.text("channel"):
        channel = places.visible_channel(world, args.text("channel"))
    else:
        users = args.needed("users").split(",")
        if len(users) > 1:
            raise SlackError("missing_scope", needed="mpim:write")
        channel = places.direct_channel(world, users[0])
    known = args.flag("return_im")
    return {"channel": shapes.channel_object(channel, world) if known else {"id": channel.id}}


def info(world: "Workspace", args: Args) -> Json:
    channel = places.visible_channel(world, args.needed("channel"))
    places.need_scope(world, channel, "read")
    shape = shapes.channel_object(channel, world)
    if not args.flag("include_num_members"):
        shape.pop("num_members", None)
    return {"channel": shape}


def members(world: "Workspace", args: Args) -> Json:
    channel = places.visible_channel(world, args.needed("channel"))
    places.need_scope(world, channel, "read")
    page, more = args.page(sorted(channel.members))
    return {"members": page} | more


def list_(world: "Workspace", args: Args) -> Json:
    found = [c for c in _of_kinds(world, args) if c.kind == "public" or world.bot.id in c.members]
    page, more = args.page(found)
    return {"channels": [shapes.channel_object(channel, world) for channel in page]} | more


def of_user(world: "Workspace", args: Args) -> Json:
    """users.conversations: those of one person that the bot may see, or its own."""
    user = args.text("user", world.bot.id)
    places.known_member(world, user)
    found = [
        channel
        for channel in _of_kinds(world, args)
        if user in channel.members and (channel.kind == "public" or world.bot.id in channel.members)
    ]
    page, more = args.page(found)
    return {"channels": [shapes.channel_object(channel, world) for channel in page]} | more


def _of_kinds(world: "Workspace", args: Args) -> list[Channel]:
    kinds = set()
    for name in args.text("types", "public_channel").split(","):
        if name not in KINDS:
            raise SlackError("invalid_types")
        kinds.add(KINDS[name])
    missing = [f"{places.PREFIX.get(kind, 'mpim')}:read" for kind in sorted(kinds)]
    if any(scope not in world.manifest.scopes for scope in missing):
        raise SlackError("missing_scope", needed=",".join(missing))
    leave_out = args.flag("exclude_archived")
    return [c for c in world.channels.values() if c.kind in kinds and not (leave_out and c.archived)]


def join(world: "Workspace", args: Args) -> Json:
    channel = places.visible_channel(world, args.needed("channel"))
    if channel.kind != "public":
        raise SlackError("method_not_supported_for_channel_type")
    if channel.archived:
        raise SlackError("is_archived")
    world.join(channel, world.bot.id)
    return {"channel": shapes.channel_object(channel, world)}


def history(world: "Workspace", args: Args) -> Json:
    """What stands in the channel itself, the newest first; replies only where they were broadcast."""
    channel = _readable(world, args)
    seen = [post for post in channel.posts.values() if not post.is_reply or post.broadcast]
    page, more = args.page(list(reversed(_between(seen, args))))
    return _messages(world, page, args) | more


def replies(world: "Workspace", args: Args) -> Json:
    """The parent, then its replies, the oldest first."""
    channel = _readable(world, args)
    parent = places.found_post(channel, args.needed("ts"), missing="thread_not_found")
    later = _between(channel.replies(parent.ts), args) if not parent.is_reply else []
    page, more = args.page([parent, *later], default=1000)
    return _messages(world, page, args) | more


def _readable(world: "Workspace", args: Args) -> Channel:
    channel = places.visible_channel(world, args.needed("channel"))
    places.need_scope(world, channel, "history")
    return places.joined_channel(world, channel.id)


def _between(posts: list[Post], args: Args) -> list[Post]:
    oldest, latest = float(args.text("oldest") or 0), float(args.text("latest") or "inf")
    if args.flag("inclusive"):
        return [post for post in posts if oldest <= float(post.ts) <= latest]
    return [post for post in posts if oldest < float(post.ts) < latest]


def _messages(world: "Workspace", posts: list[Post], args: Args) -> Json:
    metadata = args.flag("include_all_metadata")
    shown = [shapes.message_object(post, world, metadata=metadata) for post in posts]
    return {"messages": shown}
