"""What does Slack have to know about this app before it is installed?

The manifest is data in code, beside the commands, shortcuts and events that it declares; `manifest.yml`
is its printed Socket Mode form.
"""

from typing import Any
from urllib.parse import urlsplit

import yaml

from bot.words import manifest as words

SCHEMA_LINE = (
    "# yaml-language-server: "
    "$schema=https://raw.githubusercontent.com/slackapi/manifest-schema/main/manifest.schema.json\n"
)

SCOPES = (
    "app_mentions:read",  # @Offerdesk approve, in a thread
    "channels:read",  # is this approver in the channel?
    "chat:write",
    "commands",
    "groups:read",  # the same question in a private channel
    "im:write",  # to tell people directly
    "usergroups:read",  # approvers named by group
    "users:read",  # deactivated people, guests and bots never approve
)

# Without the history scopes a message posted by a bot that was killed just then cannot be found again,
# and a bare "ok" goes unseen. Without users:read.email two accounts of one person are not noticed. Without the files
# scopes lists are pasted, and what became of them is exported on the bot's machine.
OPTIONAL_SCOPES = (
    "channels:history",
    "chat:write.public",
    "files:read",
    "files:write",
    "groups:history",
    "im:history",
    "users:read.email",
)

# message.* needs an optional scope: Slack takes the subscription because optional scopes stand under `bot`
# as well, and delivers these events only where the scope was granted.
EVENTS = (
    "app_home_opened",
    "app_mention",
    "message.channels",
    "message.groups",
    "message.im",
    "subteam_members_changed",
    "user_change",
)

# a Slack that runs here needs no certificate
LOOPBACK = {"127.0.0.1", "::1", "localhost"}


def manifest(*, http_url: str | None = None) -> dict[str, Any]:
    """The manifest for Socket Mode, or for signed HTTP below this public address."""
    endpoint = None if http_url is None else f"{public_address(http_url)}/slack/events"
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {
            "name": "Offerdesk",
            "description": words.DESCRIPTION,
            "background_color": "#1f3a5f",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "Offerdesk", "always_online": True},
            "slash_commands": [slash_command() | at("url", endpoint)],
            "shortcuts": shortcuts(),
        },
        # Slack wants an optional scope in both lists.
        "oauth_config": {"scopes": {"bot": sorted(SCOPES + OPTIONAL_SCOPES), "bot_optional": sorted(OPTIONAL_SCOPES)}},
        "settings": settings(endpoint),
    }


def settings(endpoint: str | None) -> dict[str, Any]:
    calls = at("request_url", endpoint)
    return {
        "event_subscriptions": calls | {"bot_events": list(EVENTS)},
        "interactivity": {"is_enabled": True} | calls | at("message_menu_options_url", endpoint),
        "org_deploy_enabled": False,
        "socket_mode_enabled": endpoint is None,
        "token_rotation_enabled": False,
    }


def slash_command() -> dict[str, Any]:
    return {
        "command": "/offer",
        "description": words.COMMAND,
        "usage_hint": words.USAGE_HINT,
        "should_escape": True,
    }


def shortcuts() -> list[dict[str, Any]]:
    return [
        {
            "name": words.REQUEST,
            "type": "global",
            "callback_id": "request_offer",
            "description": words.REQUEST_DESCRIPTION,
        },
        {
            "name": words.FROM_MESSAGE,
            "type": "message",
            "callback_id": "request_from_message",
            "description": words.FROM_MESSAGE_DESCRIPTION,
        },
    ]


def as_yaml(data: dict[str, Any]) -> str:
    return SCHEMA_LINE + yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=100)


def at(field: str, url: str | None) -> dict[str, str]:
    """Nothing in Socket Mode, where the bot calls Slack and has no address of its own."""
    return {} if url is None else {field: url}


def public_address(url: str) -> str:
    """The address without its last slash, or a ValueError that says what Slack needs."""
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    host = parts.hostname or ""
    safe = parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK)
    if not host or not safe or parts.query or parts.fragment or parts.username:
        raise ValueError("Slack cannot call this: give the bot's public address, like https://bot.example.com")
    return url.rstrip("/")
