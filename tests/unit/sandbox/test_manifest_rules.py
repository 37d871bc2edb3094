"""What the manifest does not name does not exist."""

from pathlib import Path

import pytest
import yaml

from bot.sandbox.manifest import Manifest
from bot.sandbox.workspace import Workspace

ROOT = Path(__file__).parents[3]


def scopes(**named):
    return {"oauth_config": {"scopes": named}}


@pytest.mark.parametrize(
    ("granted", "expected"),
    [
        (True, {"chat:write", "channels:history", "groups:history"}),
        (False, {"chat:write"}),
        (["groups:history", "chat:write.public"], {"chat:write", "groups:history"}),
    ],
)
def test_optional_scopes_are_granted_or_not(granted, expected):
    declared = scopes(bot=["chat:write", "channels:history"], bot_optional=["channels:history", "groups:history"])

    assert Manifest(declared, optional_scopes=granted).scopes == expected


@pytest.mark.parametrize(
    ("scope", "private", "arrives"),
    [("channels:read", False, True), ("channels:read", True, False), ("groups:read", True, True)],
)
def test_an_event_needs_its_subscription_and_its_scope(scope, private, arrives):
    events = {"settings": {"event_subscriptions": {"bot_events": ["member_joined_channel"]}}}
    manifest = Manifest(scopes(bot=[scope]) | events)

    assert manifest.receives("member_joined_channel", private=private) is arrives
    assert not manifest.receives("member_left_channel", private=private)


@pytest.mark.parametrize(
    ("interactivity", "asked"),
    [
        ({"is_enabled": True}, True),
        ({"is_enabled": True, "request_url": "https://x.example"}, False),
        ({"request_url": "https://x.example", "message_menu_options_url": "https://x.example"}, True),
    ],
)
def test_over_http_options_need_an_address_of_their_own(interactivity, asked):
    assert Manifest({"settings": {"interactivity": interactivity}}).suggests_options is asked


def test_the_manifest_of_the_project_installs():
    manifest = yaml.safe_load((ROOT / "manifest.yml").read_text())
    workspace = Workspace(manifest)

    assert workspace.bot.name == "Offerdesk"
    assert workspace.manifest.command("/offer") is not None
    assert workspace.manifest.shortcut("request_offer", "global") is not None
    assert workspace.manifest.receives("app_mention")
