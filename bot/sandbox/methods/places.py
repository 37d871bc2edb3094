"""Where a call may act: the channel it names, as the bot may see it."""

from typing import TYPE_CHECKING

from bot.sandbox.model import Channel, Member, Post, SlackError

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace

PREFIX = {"public": "channels", "private": "groups", "im": "im"}


def visible_channel(world: "Workspace", key: str) -> Channel:
    """By id; a private channel without the bot does not exist for it."""
    channel = world.channels.get(key)
    if channel is None or (channel.kind != "public" and world.bot.id not in channel.members):
        raise SlackError("channel_not_found")
    return channel


def joined_channel(world: "Workspace", key: str) -> Channel:
    channel = visible_channel(world, key)
    if world.bot.id not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def channel_to_post(world: "Workspace", key: str) -> Channel:
    """What chat.postMessage takes: an id, a name, or a person's id for the direct conversation."""
    if key in world.members:
        channel = direct_channel(world, key)
    else:
        name = key.removeprefix("#")
        named = next((c for c in world.channels.values() if c.name == name and not c.is_im), None)
        channel = visible_channel(world, named.id if named else key)
    if channel.archived:
        raise SlackError("is_archived")
    if world.bot.id not in channel.members and "chat:write.public" not in world.manifest.scopes:
        raise SlackError("not_in_channel")
    if channel.is_im:
        _check_direct(world, channel)
    return channel


def _check_direct(world: "Workspace", channel: Channel) -> None:
    if any(world.members[one].deleted for one in channel.members):
        raise SlackError("user_disabled")
    if not world.manifest.messages_tab:
        raise SlackError("messages_tab_disabled")


def direct_channel(world: "Workspace", user: str) -> Channel:
    member = known_member(world, user)
    if member.deleted:
        raise SlackError("user_disabled")
    if member.bot or member.team_id != world.team_id:
        raise SlackError("cannot_dm_bot" if member.bot else "user_not_visible")
    return world.direct_channel(member.id)


def known_member(world: "Workspace", user: str) -> Member:
    member = world.members.get(user)
    if member is None:
        raise SlackError("user_not_found")
    return member


def need_scope(world: "Workspace", channel: Channel, right: str) -> None:
    """`channels:read`, `groups:history`, `im:read`: as the kind of the channel wants it."""
    scope = f"{PREFIX[channel.kind]}:{right}"
    if scope not in world.manifest.scopes:
        raise SlackError("missing_scope", needed=scope)


def found_post(channel: Channel, ts: str, *, missing: str = "message_not_found") -> Post:
    post = channel.posts.get(ts)
    if post is None:
        raise SlackError(missing)
    return post
