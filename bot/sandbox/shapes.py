"""How Slack writes its objects in JSON (docs.slack.dev/reference/objects)."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote
from zoneinfo import ZoneInfo

from bot.sandbox.model import Channel, File, Group, Json, Member, Post, View

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace

NAMELESS = {"im": "directmessage", "private": "privategroup"}


def user_object(member: Member, world: "Workspace", *, locale: bool = False) -> Json:
    """Slack: Reference, Objects, User; the address only with its scope."""
    local = datetime.fromtimestamp(world.clock(), UTC).astimezone(ZoneInfo(member.tz))
    offset = local.utcoffset()
    profile: Json = {
        "real_name": member.real_name,
        "real_name_normalized": member.real_name,
        "display_name": member.name,
        "display_name_normalized": member.name,
        "team": member.team_id,
    }
    if "users:read.email" in world.manifest.scopes and member.email:
        profile["email"] = member.email
    if member.bot:
        profile |= {"bot_id": world.bot_id, "api_app_id": world.app_id}
    user: Json = {
        "id": member.id,
        "team_id": member.team_id,
        "name": member.name.casefold(),
        "deleted": member.deleted,
        "real_name": member.real_name,
        "tz": member.tz,
        "tz_label": local.tzname(),
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "profile": profile,
        "is_admin": member.admin,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": member.guest,
        "is_ultra_restricted": False,
        "is_bot": member.bot,
        "is_app_user": False,
        "updated": member.updated,
    }
    if member.team_id != world.team_id:
        user["is_stranger"] = True
    if locale:
        user["locale"] = member.locale
    return user


def channel_object(channel: Channel, world: "Workspace") -> Json:
    """Slack: Reference, Objects, Conversation."""
    common: Json = {"id": channel.id, "created": channel.created, "is_archived": channel.archived}
    if channel.is_im:
        other = next(iter(channel.members - {world.bot.id}), world.bot.id)
        return common | {"is_im": True, "user": other, "is_user_deleted": world.members[other].deleted}
    private = channel.kind == "private"
    return common | {
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": not private,
        "is_group": private,
        "is_im": False,
        "is_mpim": False,
        "is_private": private,
        "is_general": channel.name == "general",
        "is_shared": False,
        "is_ext_shared": False,
        "is_member": world.bot.id in channel.members,
        "num_members": len(channel.members),
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
    }


def channel_in_payload(channel: Channel) -> Json:
    """Slack: Reference, Interaction payloads: `channel`."""
    return {"id": channel.id, "name": NAMELESS.get(channel.kind, channel.name)}


def message_object(post: Post, world: "Workspace", *, metadata: bool = False) -> Json:
    """Slack: Reference, Objects, Message: as conversations.history and the payloads of interactions carry it."""
    message: Json = {"type": "message", "user": post.user, "ts": post.ts, "text": post.text}
    if post.bot_id:
        message |= {"bot_id": post.bot_id, "app_id": world.app_id, "bot_profile": bot_profile(world)}
    message["team"] = world.team_id
    if post.blocks:
        message["blocks"] = post.blocks
    if post.attachments:
        message["attachments"] = post.attachments
    if post.files:
        message["files"] = [file_object(file, world) for file in post.files]
    if post.edited:
        message["edited"] = post.edited
    if metadata and post.metadata:
        message["metadata"] = post.metadata
    if post.reactions:
        message["reactions"] = [
            {"name": name, "users": users, "count": len(users)} for name, users in post.reactions.items()
        ]
    return message | _place_in_thread(post, world)


def _place_in_thread(post: Post, world: "Workspace") -> Json:
    channel = world.channels[post.channel]
    if post.is_reply:
        root = channel.posts.get(post.root_ts)
        place: Json = {"thread_ts": post.thread_ts, "parent_user_id": root.user if root else ""}
        if post.broadcast:
            place["subtype"] = "thread_broadcast"
        return place
    replies = channel.replies(post.ts)
    if not replies:
        return {}
    return {
        "thread_ts": post.ts,
        "reply_count": len(replies),
        "reply_users": sorted({reply.user for reply in replies}),
        "latest_reply": replies[-1].ts,
    }


def bot_profile(world: "Workspace") -> Json:
    """Slack: Reference, Objects, Message: `bot_profile`."""
    return {
        "id": world.bot_id,
        "app_id": world.app_id,
        "user_id": world.bot.id,
        "name": world.bot.name,
        "deleted": False,
        "updated": world.bot.updated,
        "team_id": world.team_id,
    }


def view_object(view: View, world: "Workspace") -> Json:
    """Slack: Reference, Views: as the app gets it in answers and payloads."""
    body = view.body
    return {
        "id": view.id,
        "team_id": world.team_id,
        "type": body["type"],
        "blocks": view.blocks,
        "private_metadata": body.get("private_metadata", ""),
        "callback_id": body.get("callback_id", ""),
        "state": {"values": view.values},
        "hash": view.hash,
        "title": body.get("title"),
        "clear_on_close": body.get("clear_on_close", False),
        "notify_on_close": body.get("notify_on_close", False),
        "close": body.get("close"),
        "submit": body.get("submit"),
        "previous_view_id": view.previous_id,
        "root_view_id": view.root_id,
        "app_id": world.app_id,
        "external_id": body.get("external_id", ""),
        "app_installed_team_id": world.team_id,
        "bot_id": world.bot_id,
    }


def group_object(group: Group, world: "Workspace", *, users: bool = False) -> Json:
    """Slack: Reference, Objects, User group."""
    shape: Json = {
        "id": group.id,
        "team_id": world.team_id,
        "is_usergroup": True,
        "name": group.name,
        "description": "",
        "handle": group.handle,
        "is_external": False,
        "date_create": 0,
        "date_update": group.updated,
        "date_delete": group.updated if group.disabled else 0,
        "user_count": len(group.members),
    }
    return shape | {"users": list(group.members)} if users else shape


def file_object(file: File, world: "Workspace") -> Json:
    """Slack: Reference, Objects, File."""
    kind = file.name.rpartition(".")[2].casefold()
    address, name = f"{world.base_url}/files-pri/{world.team_id}-{file.id}", quote(file.name, safe="")
    return {
        "id": file.id,
        "created": file.created,
        "timestamp": file.created,
        "name": file.name,
        "title": file.title or file.name,
        "mimetype": {"csv": "text/csv", "txt": "text/plain"}.get(kind, "application/octet-stream"),
        "filetype": kind,
        "user": file.owner,
        "user_team": world.team_id,
        "size": len(file.content or b""),
        "mode": "hosted",
        "is_external": False,
        "is_public": False,
        "url_private": f"{address}/{name}",
        "url_private_download": f"{address}/download/{name}",
    }
