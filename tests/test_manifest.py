import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft7Validator
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.manifest import OPTIONAL_SCOPES, SCHEMA_LINE, as_yaml, manifest
from bot.words.checks import WITHOUT

ROOT = Path(__file__).parents[1]
SCHEMA = json.loads((ROOT / "tests/contract/specs/slack-manifest.schema.json").read_text())
ADDRESS = "https://bot.example.com"

# Slack's schema knows no names of scopes, events or methods, so what each one needs stands here.
SCOPES_OF_EVENT = {
    "app_home_opened": set(),
    "app_mention": {"app_mentions:read"},
    "message.channels": {"channels:history"},
    "message.groups": {"groups:history"},
    "message.im": {"im:history"},
    "subteam_members_changed": {"usergroups:read"},
    "user_change": {"users:read"},
}
SCOPES_OF_METHOD = {
    "api.test": set(),
    "apps.connections.open": set(),  # asks a scope of the app-level token, which no manifest gives
    "auth.test": set(),
    "bots.info": {"users:read"},
    "chat.delete": {"chat:write"},
    "chat.postEphemeral": {"chat:write"},
    "chat.postMessage": {"chat:write"},
    "chat.update": {"chat:write"},
    "conversations.history": {"channels:history", "groups:history", "im:history"},
    "conversations.info": {"channels:read", "groups:read"},
    "conversations.list": {"channels:read", "groups:read"},
    "conversations.members": {"channels:read", "groups:read"},
    "conversations.open": {"im:write"},
    "conversations.replies": {"channels:history", "groups:history"},
    "files.completeUploadExternal": {"files:write"},
    "files.delete": {"files:write"},
    "files.getUploadURLExternal": {"files:write"},
    "usergroups.list": {"usergroups:read"},
    "usergroups.users.list": {"usergroups:read"},
    "users.info": {"users:read"},
    "users.list": {"users:read"},
    "views.open": set(),
    "views.publish": set(),
    "views.push": set(),
    "views.update": set(),
}
SCOPES_OF_FEATURE = {
    "slash commands and shortcuts": {"commands"},
    "reading a list that was uploaded": {"files:read"},
    "cards in a public channel nobody invited the bot to": {"chat:write.public"},
    "the address of an account in users.info": {"users:read.email"},
}


@pytest.mark.parametrize("http_url", [None, ADDRESS, ADDRESS + "/", "http://127.0.0.1:3000", "http://[::1]:3000"])
def test_every_variant_is_valid_against_slacks_schema(http_url):
    errors = [error.message for error in Draft7Validator(SCHEMA).iter_errors(manifest(http_url=http_url))]

    assert errors == []


def test_the_schema_refuses_a_broken_manifest():
    broken = manifest() | {"features": {"slash_commands": []}}

    assert not Draft7Validator(SCHEMA).is_valid(broken)


def test_the_file_is_what_the_command_prints():
    assert (ROOT / "manifest.yml").read_text() == as_yaml(manifest())


def test_what_is_printed_reads_back_the_same():
    printed = as_yaml(manifest(http_url=ADDRESS))

    assert printed.startswith(SCHEMA_LINE)
    assert yaml.safe_load(printed) == manifest(http_url=ADDRESS)


def test_socket_mode_needs_no_address():
    assert "url" not in as_yaml(manifest()).removeprefix(SCHEMA_LINE)
    assert manifest()["settings"]["socket_mode_enabled"]


@pytest.mark.parametrize("given", [ADDRESS, ADDRESS + "/"])
def test_over_http_everything_goes_to_one_path(given):
    over_http = manifest(http_url=given)
    settings = over_http["settings"]

    assert not settings["socket_mode_enabled"]
    assert {
        over_http["features"]["slash_commands"][0]["url"],
        settings["event_subscriptions"]["request_url"],
        settings["interactivity"]["request_url"],
        settings["interactivity"]["message_menu_options_url"],
    } == {f"{ADDRESS}/slack/events"}


@pytest.mark.parametrize(
    "url",
    [
        "http://bot.example.com",
        "bot.example.com",
        "ftp://bot.example.com",
        "https://",
        "https://bot.example.com?token=x",
        "https://ada:secret@bot.example.com",
        "http://10.0.0.7",
        "http://[::1",
        "",
    ],
)
def test_an_address_that_slack_cannot_call_is_refused(url):
    with pytest.raises(ValueError, match="Slack cannot call"):
        manifest(http_url=url)


def test_a_refused_address_does_not_tell_its_password():
    with pytest.raises(ValueError, match="Slack cannot call") as refused:
        manifest(http_url="https://ada:secret@bot.example.com")

    assert "secret" not in str(refused.value)


def test_every_optional_scope_is_asked_for_as_well():
    scopes = manifest()["oauth_config"]["scopes"]

    assert set(OPTIONAL_SCOPES) == set(scopes["bot_optional"]) < set(scopes["bot"])


def test_every_scope_is_needed_and_every_needed_scope_is_there():
    events = manifest()["settings"]["event_subscriptions"]["bot_events"]
    needed = set().union(
        *SCOPES_OF_FEATURE.values(),
        *(SCOPES_OF_EVENT[event] for event in events),
        *(SCOPES_OF_METHOD[method] for method in methods_called()),
    )

    assert set(manifest()["oauth_config"]["scopes"]["bot"]) == needed


def test_what_is_missing_without_an_optional_scope_is_said():
    assert set(WITHOUT) == set(OPTIONAL_SCOPES)


def test_no_scope_lets_the_bot_act_as_a_person_or_administer():
    scopes = manifest()["oauth_config"]["scopes"]

    assert set(scopes) == {"bot", "bot_optional"}
    assert [
        scope for scope in scopes["bot"] if scope.startswith(("admin", "identify")) or scope.endswith(":manage")
    ] == []


def test_every_event_has_its_listener():
    named = {text for path in slack_modules() for text in strings(path)}
    events = manifest()["settings"]["event_subscriptions"]["bot_events"]

    assert {event.split(".")[0] for event in events} <= named


def test_every_shortcut_and_command_has_its_listener():
    named = {text for path in slack_modules() for text in strings(path)}
    features = manifest()["features"]
    declared = [shortcut["callback_id"] for shortcut in features["shortcuts"]]

    assert {*declared, *(command["command"] for command in features["slash_commands"])} <= named


def methods_called() -> set[str]:
    """Web API methods that the bot names, as an attribute (`chat_update`) or as text (`chat.update`)."""
    known = {name.replace("_", "."): name for name in dir(AsyncWebClient) if "_" in name.strip("_")}
    attributes = {name: dotted for dotted, name in known.items()}
    found = set()
    for path in slack_modules():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute) and node.attr in attributes:
                found.add(attributes[node.attr])
            elif isinstance(node, ast.Constant) and node.value in known:
                found.add(node.value)
    return found - {"api.call"}


def slack_modules() -> Iterator[Path]:
    for path in [ROOT / "bot/app.py", *(ROOT / "bot/slack").rglob("*.py"), *(ROOT / "bot/cli").rglob("*.py")]:
        if path.name != "manifest.py" and path.exists():
            yield path


def strings(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
