"""What Slack's documentation shows is fed to the unmodified bot, and compared with what the local Slack sends."""

import asyncio
import json
from pathlib import Path

import pytest

from tests.flow.following import over_http, over_socket

FOLDER = Path(__file__).parents[1] / "contract" / "slack_payloads"
RECORDED = {path.stem: json.loads(path.read_text()) for path in sorted(FOLDER.glob("*.json"))}
ENVELOPES = [name for name, one in RECORDED.items() if one["kind"] == "envelope"]
PAYLOADS = [name for name in RECORDED if name not in ENVELOPES]
#: keys of the examples that depend on what a person has, and that the bot never asks for
OPTIONAL = {
    *("enterprise_id", "enterprise_name", "metadata", "message.blocks", "message.client_msg_id", "event.channel_type"),
    *("event.client_msg_id", "event.team", "event.event_ts", "event.blocks", "event.thread_ts", "event.parent_user_id"),
    *("actions.style", "actions.placeholder", "actions.text", "actions.value", "container.thread_ts", "event.view"),
    *("event.user.is_stranger", "event.user.profile.email", "actions.selected_option", "message.thread_ts"),
    *("event.user.who_can_share_contact_card", "event.user.is_email_confirmed", "event.user.color", "event.edited"),
    *("message.edited", "message.metadata", "message.reply_count", "message.reply_users", "message.latest_reply"),
    *("message.bot_profile", "message.parent_user_id", "message.subtype"),
}
#: what the documents leave open, or what one example stands for
LOOSE = (
    "event.user.profile.",
    "message.",
    "view.blocks",
    "view.state",
    "state.",
    "view.title",
    "view.close",
    "response_urls.",
)


def fresh(desk, name):
    """A recorded payload with a trigger and an address for answers that are good here and now."""
    world, ada = desk.workspace, desk.ada.member
    desk.expected_refusals = frozenset({"not_found"})  # the form of the example is on nobody's screen
    payload = json.loads(json.dumps(RECORDED[name]["payload"]))
    for one in (payload, *payload.get("response_urls", ())):
        if "response_url" in one:
            one["response_url"] = world.reply_link(ada, world.channels["C0SUPPORT"], path="actions")
    if "trigger_id" in payload:
        payload["trigger_id"] = world.modals.trigger(ada, in_view=(payload.get("view") or {}).get("type") == "modal")
    return payload


def faults(capsys):
    """What the bot's log has to complain of."""
    written = capsys.readouterr().out
    return [line for line in written.splitlines() if "[error" in line or "turned away" in line or "odd" in line]


@pytest.mark.parametrize("name", PAYLOADS)
async def test_what_the_documents_show_is_answered_kindly(desk, name, capsys):
    if name == "url_verification" and desk.settings.socket_mode:
        return
    ack = await desk.workspace.delivery.send(RECORDED[name]["kind"], fresh(desk, name))
    await desk.slack.settled()

    assert (ack.error, faults(capsys)) == ("", [])
    if name == "url_verification":
        assert "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P" in str(ack.body)


@pytest.mark.parametrize("name", PAYLOADS)
@over_http
async def test_keys_that_slack_adds_some_day_do_not_matter(desk, name, capsys):
    payload = _with_news(fresh(desk, name), depth=3)
    ack = await desk.workspace.delivery.send(RECORDED[name]["kind"], payload)

    assert (ack.error, faults(capsys)) == ("", [])


@over_socket
async def test_documented_envelopes_are_understood_and_the_bot_stays_within_reach(desk, capsys):
    sockets = desk.workspace.delivery.sockets
    (old,) = sockets._open  # noqa: SLF001 - these are Slack's own lines, word for word
    for name in ("envelope_hello", "envelope_disconnect_warning", "envelope_disconnect"):
        await old.send_json(RECORDED[name]["payload"])
    renewed = await desk.workspace.changes.until(
        lambda: (len(sockets) > 0 and old not in sockets._open) or None,  # noqa: SLF001 - as above
        timeout=15,
    )
    assert renewed
    error = "not asked yet"
    async with asyncio.timeout(30):
        while error:  # the SDK has a gap between two connections, and people try again
            await desk.slack.connected()
            await desk.ada.types("/offer help", channel="#support")
            error = desk.workspace.journal.deliveries[-1].error
    await desk.ada.sees("/offer grant", in_="ephemeral")

    assert faults(capsys) == []


@over_http
async def test_the_local_slack_sends_what_the_documents_show(desk):
    sent = await everything_sent(desk)
    assert sent.keys() == {_kind_of(RECORDED[name]["payload"]) for name in PAYLOADS} - NEVER_SENT
    differences = {}
    for kind, payloads in sent.items():
        documented = set().union(*(keys(RECORDED[name]["payload"]) for name in PAYLOADS if _is(name, kind)))
        ours = set().union(*map(keys, payloads))
        differences[kind] = {"invented": _firm(ours - documented), "missing": _firm(documented - ours)}
    assert differences == {kind: {"invented": set(), "missing": set()} for kind in sent}


#: kinds that are Slack's alone, or that nothing in this story brings about
NEVER_SENT = {"url_verification", "member_left_channel", "message", "view_closed"}


async def everything_sent(desk):
    """Payloads by kind, after people did everything once."""
    ada, world = desk.ada, desk.workspace
    _, question = await desk.asks(ada, "/offer grant jane@example.com bundle because of the keys")
    await desk.grace.presses("deny", question)
    await desk.grace.sees("Deny", in_="view")
    await desk.grace.closes()
    await ada.types("/offer grant jane@example.com", channel="#support")
    await ada.sees("Send", in_="view")
    await ada.suggests("offer", "bun")
    await ada.fills(customer="sam@example.com")
    await ada.closes()
    said = await ada.types("please give jane@example.com the bundle", channel="#support")
    await ada.uses_shortcut("request_from_message", said)
    await ada.sees("Send", in_="view")
    await ada.closes()
    await ada.opens_shortcut("request_offer")
    await ada.sees("Send", in_="view")
    await ada.closes()
    await ada.types("@Offerdesk is it everything a river should be?", channel="#support")
    await ada.opens_home()
    world.change_person("Ada", real_name="Ada King")
    world.change_group("offer-approvers", ["Grace"])
    await desk.slack.settled()
    sent: dict[str, list] = {}
    for delivery in world.journal.deliveries:
        sent.setdefault(_kind_of(delivery.payload), []).append(delivery.payload)
    return {kind: found for kind, found in sent.items() if kind not in NEVER_SENT}


def keys(value, at=""):
    """The places of all keys, whatever list they stand in."""
    if isinstance(value, list):
        return set().union(*(keys(one, at) for one in value)) if value else set()
    if not isinstance(value, dict):
        return set()
    here = {f"{at}{name}" for name in value}
    return here.union(*(keys(one, f"{at}{name}.") for name, one in value.items()))


def _firm(places):
    return {one for one in places if one not in OPTIONAL and not one.startswith(LOOSE) and not _in_open(one)}


def _in_open(place):
    """Behind this stand blocks, options and texts, which the validator of Block Kit looks at."""
    return any(part in place for part in (".text.", ".view.", ".selected_option.", "view.submit.", ".blocks."))


def _is(name, kind):
    return _kind_of(RECORDED[name]["payload"]) == kind


def _kind_of(payload):
    return "command" if "command" in payload else payload.get("event", payload)["type"]


def _with_news(value, *, depth):
    if isinstance(value, dict) and depth:
        changed = {name: _with_news(one, depth=depth - 1) for name, one in value.items()}
        return changed | {"added_by_slack_some_day": "new"}
    return value
