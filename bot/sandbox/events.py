"""The events an app can subscribe to (docs.slack.dev/reference/events), as this app would get them.

Each function answers None (or nothing) when the manifest does not subscribe to it, a scope is missing,
or the bot is not where it happened.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bot.sandbox import shapes
from bot.sandbox.model import Channel, Group, Json, Member, Post, View

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace

CHANNEL_TYPES = {"public": "channel", "private": "group", "im": "im"}
MESSAGE_EVENTS = {"public": "message.channels", "private": "message.groups", "im": "message.im"}


def _hears(world: "Workspace", channel: Channel) -> bool:
    return world.bot.id in channel.members and world.manifest.receives(MESSAGE_EVENTS[channel.kind])


def posted(world: "Workspace", post: Post) -> Iterator[Json]:
    """Slack: Reference, Events, message.* for every post where the bot is, app_mention for one that names it."""
    channel = world.channels[post.channel]
    event = _plain_message(world, post)
    if _hears(world, channel):
        yield event | {"channel_type": CHANNEL_TYPES[channel.kind]}
    named = f"<@{world.bot.id}>" in post.text and post.user != world.bot.id
    here = not channel.is_im and world.bot.id in channel.members
    if named and here and world.manifest.receives("app_mention"):
        yield event | {"type": "app_mention"}


def _plain_message(world: "Workspace", post: Post) -> Json:
    event = shapes.message_object(post, world, metadata=True)
    event |= {"channel": post.channel, "event_ts": post.ts}
    if not post.bot_id:
        event["client_msg_id"] = f"{post.ts.replace('.', '-')}-{post.user.casefold()}"
    return event


def message_changed(world: "Workspace", post: Post, before: Json) -> Json | None:
    """Slack: Reference, Events, message.message_changed."""
    channel = world.channels[post.channel]
    if post.only_for or not _hears(world, channel):
        return None
    ts = world.next_ts()
    return {
        "type": "message",
        "subtype": "message_changed",
        "hidden": True,
        "message": shapes.message_object(post, world, metadata=True),
        "previous_message": before,
        "channel": post.channel,
        "channel_type": CHANNEL_TYPES[channel.kind],
        "ts": ts,
        "event_ts": ts,
    }


def message_deleted(world: "Workspace", post: Post) -> Json | None:
    """Slack: Reference, Events, message.message_deleted."""
    channel = world.channels[post.channel]
    if not _hears(world, channel):
        return None
    ts = world.next_ts()
    return {
        "type": "message",
        "subtype": "message_deleted",
        "hidden": True,
        "deleted_ts": post.ts,
        "previous_message": shapes.message_object(post, world),
        "channel": post.channel,
        "channel_type": CHANNEL_TYPES[channel.kind],
        "ts": ts,
        "event_ts": ts,
    }


def home_opened(world: "Workspace", member: Member, *, tab: str, view: View | None) -> Json | None:
    """Slack: Reference, Events, app_home_opened."""
    if not world.manifest.receives("app_home_opened"):
        return None
    event: Json = {
        "type": "app_home_opened",
        "user": member.id,
        "channel": world.direct_channel(member.id).id,
        "tab": tab,
        "event_ts": world.next_ts(),
    }
    return event | {"view": shapes.view_object(view, world)} if view else event


def user_change(world: "Workspace", member: Member) -> Json | None:
    """Slack: Reference, Events, user_change."""
    if not world.manifest.receives("user_change"):
        return None
    user = shapes.user_object(member, world, locale=True)
    return {"type": "user_change", "user": user, "cache_ts": member.updated, "event_ts": world.next_ts()}


def group_changed(world: "Workspace", group: Group, *, before: list[str], previous: int) -> Json | None:
    """Slack: Reference, Events, subteam_members_changed."""
    if not world.manifest.receives("subteam_members_changed"):
        return None
    added = [one for one in group.members if one not in before]
    removed = [one for one in before if one not in group.members]
    return {
        "type": "subteam_members_changed",
        "subteam_id": group.id,
        "team_id": world.team_id,
        "date_previous_update": previous,
        "date_update": group.updated,
        "added_users": added,
        "added_users_count": len(added),
        "removed_users": removed,
        "removed_users_count": len(removed),
        "event_ts": world.next_ts(),
    }


def membership(world: "Workspace", kind: str, channel: Channel, member: Member) -> Json | None:
    """Slack: Reference, Events, member_joined_channel and member_left_channel.

    An app hears of its own coming and going too.
    """
    private = channel.kind == "private"
    present = world.bot.id in channel.members or member is world.bot
    if not present or not world.manifest.receives(kind, private=private):
        return None
    return {
        "type": kind,
        "user": member.id,
        "channel": channel.id,
        "channel_type": "G" if private else "C",
        "team": world.team_id,
        "event_ts": world.next_ts(),
    }
