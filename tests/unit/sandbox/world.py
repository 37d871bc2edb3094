"""The workspace that the tests of the local Slack live in."""

from bot.sandbox.workspace import Workspace

MANIFEST = {
    "display_information": {"name": "Offerdesk"},
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "bot_user": {"display_name": "Offerdesk"},
        "slash_commands": [{"command": "/offer", "description": "d", "should_escape": False}],
        "shortcuts": [
            {"name": "Ask", "type": "global", "callback_id": "request_offer", "description": "d"},
            {"name": "Ask", "type": "message", "callback_id": "request_from_message", "description": "d"},
        ],
    },
    "oauth_config": {
        "scopes": {
            "bot": [
                *("app_mentions:read", "commands", "chat:write", "im:write", "users:read", "usergroups:read"),
                *("channels:read", "groups:read", "files:read", "files:write", "reactions:write"),
                *("channels:history", "groups:history", "im:history"),
            ],
            "bot_optional": ["channels:history", "groups:history", "im:history"],
        }
    },
    "settings": {
        "event_subscriptions": {
            "bot_events": [
                *("app_mention", "message.channels", "message.groups", "message.im", "app_home_opened"),
                *("user_change", "subteam_members_changed", "member_joined_channel"),
            ]
        },
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
    },
}


def populated(**more) -> Workspace:
    workspace = Workspace(MANIFEST, **more)
    workspace.add_person("Ada", tz="Europe/Berlin", email="ada@example.com")
    workspace.add_person("Grace", tz="America/New_York")
    workspace.add_person("Mallory")
    workspace.add_person("Gus", guest=True)
    workspace.add_channel("support", members=["Ada", "Grace"])
    workspace.add_channel("random", members=["Ada"], bot=False)
    workspace.add_channel("secret", private=True, members=["Grace"], bot=False)
    workspace.add_group("approvers", members=["Grace"])
    return workspace
