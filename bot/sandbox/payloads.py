"""What Slack sends to an app when a person does something.

Shapes: docs.slack.dev/interactivity/implementing-slash-commands, reference/interaction-payloads/*
and apis/events-api.
"""

from typing import TYPE_CHECKING

from bot.sandbox import inputs, shapes
from bot.sandbox.model import Channel, Json, Member, Post, View

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace


def command(world: "Workspace", member: Member, channel: Channel, *, name: str, text: str) -> Json:
    """Slack: Interactivity, Implementing slash commands (docs.slack.dev/interactivity/implementing-slash-commands)."""
    place = shapes.channel_in_payload(channel)
    return {
        "token": world.verification_token,
        "team_id": world.team_id,
        "team_domain": world.team_domain,
        "channel_id": place["id"],
        "channel_name": place["name"],
        "user_id": member.id,
        "user_name": member.name.casefold(),
        "command": name,
        "text": text,
        "api_app_id": world.app_id,
        "is_enterprise_install": "false",
        "response_url": world.reply_link(member, channel, path="commands"),
        "trigger_id": world.modals.trigger(member),
    }


def _interaction(world: "Workspace", kind: str, member: Member) -> Json:
    return {
        "type": kind,
        "user": {
            "id": member.id,
            "username": member.name.casefold(),
            "name": member.name.casefold(),
            "team_id": member.team_id,
        },
        "api_app_id": world.app_id,
        "token": world.verification_token,
        "team": {"id": world.team_id, "domain": world.team_domain},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def shortcut(world: "Workspace", member: Member, callback_id: str) -> Json:
    """Slack: Reference, Interaction payloads, Shortcuts: `shortcut`."""
    return _interaction(world, "shortcut", member) | {
        "action_ts": world.next_ts(),
        "callback_id": callback_id,
        "trigger_id": world.modals.trigger(member),
    }


def message_action(world: "Workspace", member: Member, callback_id: str, post: Post) -> Json:
    """Slack: Reference, Interaction payloads, Shortcuts: `message_action`."""
    channel = world.channels[post.channel]
    return _interaction(world, "message_action", member) | {
        "action_ts": world.next_ts(),
        "callback_id": callback_id,
        "trigger_id": world.modals.trigger(member),
        "response_url": world.reply_link(member, channel, path="app", original=post),
        "channel": shapes.channel_in_payload(channel),
        "message_ts": post.ts,
        "message": shapes.message_object(post, world),
    }


def _action(world: "Workspace", block: Json, element: Json, state: Json | None) -> Json:
    """One of `actions`: the element with what was chosen in it."""
    action: Json = {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "action_ts": world.next_ts(),
    }
    for name in ("text", "value", "style", "url", "placeholder"):
        if name in element:
            action[name] = element[name]
    if state is not None:
        action |= state
    return action


def action_in_message(
    world: "Workspace", member: Member, post: Post, *, operated: tuple[Json, Json], state: Json | None = None
) -> Json:
    """Slack: Reference, Interaction payloads, `block_actions`: from a message."""
    channel = world.channels[post.channel]
    container = {
        "type": "message",
        "message_ts": post.ts,
        "channel_id": post.channel,
        "is_ephemeral": post.only_for is not None,
    }
    if post.thread_ts:
        container["thread_ts"] = post.thread_ts
    payload = _interaction(world, "block_actions", member) | {
        "container": container,
        "trigger_id": world.modals.trigger(member),
        "channel": shapes.channel_in_payload(channel),
        "state": {"values": post.values},
        "response_url": world.reply_link(member, channel, path="actions", original=post),
        "actions": [_action(world, *operated, state)],
    }
    if not post.only_for:
        payload["message"] = shapes.message_object(post, world, metadata=True)
    return payload


def action_in_view(
    world: "Workspace", member: Member, view: View, *, operated: tuple[Json, Json], state: Json | None = None
) -> Json:
    """Slack: Reference, Interaction payloads, `block_actions`: from a modal or the Home tab."""
    return _interaction(world, "block_actions", member) | {
        "container": {"type": "view", "view_id": view.id},
        "trigger_id": world.modals.trigger(member, in_view=view.body["type"] == "modal"),
        "view": shapes.view_object(view, world),
        "actions": [_action(world, *operated, state)],
    }


def suggestion(world: "Workspace", member: Member, view: View, *, operated: tuple[Json, Json], value: str) -> Json:
    """Slack: Reference, Block Kit, Select menu element: external data source, `block_suggestion`."""
    block, element = operated
    return _interaction(world, "block_suggestion", member) | {
        "container": {"type": "view", "view_id": view.id},
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "value": value,
        "view": shapes.view_object(view, world),
    }


def submission(world: "Workspace", member: Member, view: View) -> Json:
    """Slack: Reference, Interaction payloads, View interactions: `view_submission`."""
    return _interaction(world, "view_submission", member) | {
        "trigger_id": world.modals.trigger(member, in_view=True),
        "view": shapes.view_object(view, world),
        "response_urls": _response_urls(world, member, view),
    }


def _response_urls(world: "Workspace", member: Member, view: View) -> list[Json]:
    """For each select of a conversation that asks for one with `response_url_enabled`."""
    urls = []
    for block, element in inputs.elements(view.blocks):
        state = view.values.get(block["block_id"], {}).get(element.get("action_id", ""), {})
        chosen = state.get("selected_conversation") or state.get("selected_channel")
        if element.get("response_url_enabled") and chosen:
            link = world.reply_link(member, world.channels[chosen], path="app")
            place = {"block_id": block["block_id"], "action_id": element["action_id"]}
            urls.append(place | {"channel_id": chosen, "response_url": link})
    return urls


def closed(world: "Workspace", member: Member, view: View, *, is_cleared: bool) -> Json:
    """Slack: Reference, Interaction payloads, View interactions: `view_closed`."""
    return _interaction(world, "view_closed", member) | {
        "view": shapes.view_object(view, world),
        "is_cleared": is_cleared,
    }


def event_callback(world: "Workspace", event: Json) -> Json:
    """Slack: APIs, The Events API: callback field overview."""
    return {
        "token": world.verification_token,
        "team_id": world.team_id,
        "context_team_id": world.team_id,
        "context_enterprise_id": None,
        "api_app_id": world.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": world.ids.new("Ev"),
        "event_time": int(world.clock()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": world.team_id,
                "user_id": world.bot.id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": f"4-{world.new_token(16)}",
    }
