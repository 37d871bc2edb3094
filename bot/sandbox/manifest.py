"""What the app's manifest allows: commands, shortcuts, events and scopes. What it does not name does not exist."""

from collections.abc import Iterable
from typing import Any

from bot.sandbox.model import Json

# docs.slack.dev/reference/events: an event arrives when it is subscribed and its scope was granted.
EVENT_SCOPES = {
    "app_mention": "app_mentions:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
    "app_home_opened": "",
    "user_change": "users:read",
    "team_join": "users:read",
    "subteam_created": "usergroups:read",
    "subteam_updated": "usergroups:read",
    "subteam_members_changed": "usergroups:read",
    "reaction_added": "reactions:read",
    "file_shared": "files:read",
    "app_uninstalled": "",
    "tokens_revoked": "",
}
CHANNEL_EVENTS = ("member_joined_channel", "member_left_channel")


class Manifest:
    """Answers questions about a manifest given as the dict of its YAML."""

    def __init__(self, manifest: Json, *, optional_scopes: bool | Iterable[str] = True) -> None:
        self.document = manifest
        declared = self._at("oauth_config", "scopes")
        optional = set(declared.get("bot_optional", []))
        granted = optional & set(optional if optional_scopes is True else optional_scopes or ())
        self.scopes = (set(declared.get("bot", [])) - optional) | granted

    def _at(self, *path: str) -> Json:
        found: Any = self.document
        for step in path:
            found = (found or {}).get(step)
        return found or {}

    @property
    def app_name(self) -> str:
        name: str = self._at("display_information").get("name", "App")
        return name

    @property
    def bot_name(self) -> str:
        name: str = self._at("features", "bot_user").get("display_name", self.app_name)
        return name

    def command(self, name: str) -> Json | None:
        commands: list[Json] = self._at("features").get("slash_commands") or []
        return next((one for one in commands if one["command"] == name), None)

    def shortcut(self, callback_id: str, kind: str) -> Json | None:
        shortcuts: list[Json] = self._at("features").get("shortcuts") or []
        wanted = (callback_id, kind)
        return next((one for one in shortcuts if (one["callback_id"], one["type"]) == wanted), None)

    @property
    def home_tab(self) -> bool:
        return bool(self._at("features", "app_home").get("home_tab_enabled", False))

    @property
    def messages_tab(self) -> bool:
        return bool(self._at("features", "app_home").get("messages_tab_enabled", True))

    @property
    def messages_tab_read_only(self) -> bool:
        return bool(self._at("features", "app_home").get("messages_tab_read_only_enabled", False))

    @property
    def interactive(self) -> bool:
        return bool(self._at("settings", "interactivity").get("is_enabled", False))

    @property
    def suggests_options(self) -> bool:
        """Over HTTP, Slack asks for options only at an address given for them."""
        interactivity = self._at("settings", "interactivity")
        return not interactivity.get("request_url") or bool(interactivity.get("message_menu_options_url"))

    def receives(self, event: str, *, private: bool = False) -> bool:
        if event not in self._at("settings", "event_subscriptions").get("bot_events", []):
            return False
        scope = EVENT_SCOPES.get(event, "")
        if event in CHANNEL_EVENTS:
            scope = "groups:read" if private else "channels:read"
        return not scope or scope in self.scopes
