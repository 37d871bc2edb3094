"""What is not Slack's, or not for this app in this workspace, is turned away, and a replay changes nothing."""

import hashlib
import hmac
from copy import deepcopy
from urllib.parse import urlsplit

import aiohttp

from bot.sandbox.delivery import encoded, signed
from tests.flow.following import GRANT, all_told, click_of, over_http, rows
from tests.flow.steps import opened

FORM = "application/x-www-form-urlencoded"


async def post(desk, body, headers, *, content_type=FORM):
    async with aiohttp.ClientSession(trust_env=False) as session:
        answer = await session.post(desk.slack.events_url, data=body, headers=headers | {"Content-Type": content_type})
        return answer.status, await answer.text()


def newest(desk, kind):
    return desk.workspace.journal.delivered(kind)[-1].payload


def genuine(desk, kind):
    """The bytes of the newest thing of this kind that Slack brought, with good headers."""
    body, content_type = encoded(kind, newest(desk, kind))
    return body, signed(body, secret=desk.workspace.signing_secret, now=desk.clock()), content_type


def sign(desk, body, *, timestamp, secret=None):
    base = f"v0:{timestamp}:".encode() + body
    digest = hmac.new((secret or desk.workspace.signing_secret).encode(), base, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={digest}"}


def forgeries(desk, body):
    now = str(int(desk.clock()))
    good = sign(desk, body, timestamp=now)
    yield "no headers", {}
    yield "no signature", {"X-Slack-Request-Timestamp": now}
    yield "no time", {"X-Slack-Signature": good["X-Slack-Signature"]}
    yield "another secret", sign(desk, body, timestamp=now, secret="f" * 32)
    yield "another body", sign(desk, body + b" ", timestamp=now)
    yield "another time", good | {"X-Slack-Request-Timestamp": str(int(now) - 1)}
    yield "late", sign(desk, body, timestamp=str(int(now) - 301))
    yield "early", sign(desk, body, timestamp=str(int(now) + 302))
    for odd in ("", "soon", "-1", f"{now}.5", "1e9", "9" * 400, f" {now}x"):
        yield f"time {odd[:9]!r}", sign(desk, body, timestamp=odd)
    for odd in ("", "v0", "v0=", "v0=zz", good["X-Slack-Signature"][3:], "v1" + good["X-Slack-Signature"][2:]):
        yield f"signature {odd[:9]!r}", good | {"X-Slack-Signature": odd}


def written(desk):
    """All that was ever written down, and how often anybody was told anything."""
    return rows(desk, "select count(*), max(seq) from event"), len(desk.workspace.journal.called("chat.postMessage"))


@over_http
async def test_what_is_forged_late_or_malformed_is_turned_away_and_nothing_is_written(desk, record):
    _, question = await desk.asks(desk.ada, GRANT)
    await opened(desk.ada, GRANT)
    await all_told(desk)
    before = written(desk)
    click, command = click_of(desk.grace, "approve", question), newest(desk, "command")
    tried = 0
    for body, _ in (encoded("block_actions", click), encoded("command", command)):
        for name, headers in forgeries(desk, body):
            assert await post(desk, body, headers) == (401, ""), name
            tried += 1

    assert written(desk) == before
    assert desk.kajabi.writes == {}
    await desk.grace.presses("approve", question)
    await desk.ada.sees("verified", in_="#support")
    record(
        "signatures forged, missing, altered, late, early, or of another body",
        "401, and the log says why without a word of the body",
        f"{tried} tried, nothing written, nobody told anything, nothing sent to Kajabi",
    )


@over_http
async def test_a_click_brought_again_within_the_window_has_no_second_effect(desk, record):
    card, question = await desk.asks(desk.ada, GRANT)
    await desk.grace.presses("approve", question)
    body, headers, content_type = genuine(desk, "block_actions")
    for _ in range(3):
        assert (await post(desk, body, headers, content_type=content_type))[0] == 200
    await desk.ada.sees("verified", in_="#support")
    assert (await post(desk, body, headers, content_type=content_type))[0] == 200

    assert set(desk.kajabi.effects.values()) == {1}
    assert set(desk.kajabi.writes.values()) == {1}
    assert [one.text for one in card.thread].count(question.text) == 1
    record(
        "the bytes of an approval brought again, with their good signature, before and after the work",
        "taken, and answered with what stands on disk",
        "4 replays: one decision, one call, one effect",
    )


@over_http
async def test_a_form_brought_again_within_the_window_is_no_second_request(desk):
    await desk.asks(desk.ada, GRANT)
    body, headers, content_type = genuine(desk, "view_submission")
    for _ in range(3):
        assert (await post(desk, body, headers, content_type=content_type))[0] == 200

    listed = await desk.ada.types("/offer requests", channel="#support")
    assert listed.plain.count("• R-") == 1


# --- signed, but not for this app in this workspace ------------------------------------------------------------------


def strangers(payload):
    """The same thing as it would come for another workspace, another organisation, another app."""

    def altered(**changed):
        other = deepcopy(payload) | changed
        if isinstance(other.get("user"), dict):
            other["user"]["team_id"] = "T0ELSEWHERE"
        return other

    team = {"team_id": "T0ELSEWHERE"} if "team_id" in payload else {"team": {"id": "T0ELSEWHERE", "domain": "else"}}
    nobodys = {"team_id": ""} if "team_id" in payload else {"team": None}
    organisation = {"id": "E0ELSEWHERE", "name": "Elsewhere"}
    yield "another workspace", altered(**team)
    yield "another workspace of another organisation", altered(**team, enterprise=organisation)
    yield "another organisation as a whole", altered(**nobodys, enterprise=organisation, is_enterprise_install=True)
    yield "no workspace at all", altered(**nobodys)
    yield "another app", deepcopy(payload) | {"api_app_id": "A0ELSEWHERE"}


async def test_what_is_for_another_workspace_organisation_or_app_is_turned_away(desk, record):
    card, question = await desk.asks(desk.ada, GRANT)
    await desk.grace.types("@Offerdesk what now", thread=card)
    await desk.grace.sees("@Offerdesk approve", in_="ephemeral")
    await opened(desk.ada, GRANT)
    await desk.ada.suggests("offer", "b")
    await desk.ada.sees("Holds now", in_="view")
    assert list(await desk.ada.submits(reason=" ")) == ["reason"]
    await all_told(desk)
    before, tried = written(desk), 0
    genuine_ones = {kind: newest(desk, kind) for kind in ("command", "view_submission", "block_suggestion")}
    genuine_ones["view_submission"]["view"]["state"]["values"]["reason"]["reason"]["value"] = "because"
    mention = newest(desk, "event") | {"event_id": "Ev0NEVERSEEN"}
    mention["event"] |= {"type": "app_mention", "text": f"<@{desk.workspace.bot.id}> approve"}
    genuine_ones |= {"event": mention, "block_actions": click_of(desk.grace, "approve", question)}
    desk.slack.delivery.ack_seconds = 0.1  # over a socket nothing is answered
    for kind, payload in genuine_ones.items():
        for name, altered in strangers(payload):
            ack = await desk.slack.delivery.send(kind, altered)
            assert ack.body is None, (kind, name)
            tried += 1

    assert written(desk) == before
    assert desk.kajabi.writes == {}
    desk.slack.delivery.ack_seconds = 3
    await desk.grace.presses("approve", question)
    await desk.ada.sees("verified", in_="#support")
    record(
        "clicks, commands, forms, mentions, well signed, of another workspace, organisation or app",
        "401; in Socket Mode no answer",
        f"{tried} tried over each transport, nothing written, nobody told anything",
    )


@over_http
async def test_an_answer_is_sent_to_slack_and_nowhere_else(desk, lines, record):
    _, question = await desk.asks(desk.ada, GRANT)
    elsewhere = {
        "https://evil.example/actions/T0/1/x",
        "http://hooks.slack.com/actions/T0/1/x",
        "https://hooks.slack.com.evil.example/x",
        "https://hooks.slack.com@evil.example/x",
        "http://169.254.169.254/latest/meta-data",
        "http://127.0.0.1:1/x",
        "file:///etc/passwd",
        "http://[::1",
    }
    before = written(desk)
    for url in elsewhere:
        click = click_of(desk.mallory, "approve", question) | {"response_url": url}
        command = newest(desk, "command") | {"text": "who jane@example.com", "response_url": url}
        for kind, payload in (("block_actions", click), ("command", command)):
            assert (await desk.slack.delivery.send(kind, payload)).body is None, url

    assert written(desk) == before
    assert lines().count("with an address for answers that is not Slack's") == 2 * len(elsewhere)
    assert "evil.example" not in lines()
    record(
        "an address for answers that leads to another host, another scheme, or this machine",
        "401, nothing is sent there",
        f"{len(elsewhere)} addresses, no answer to any of them",
    )


async def test_somebody_of_another_workspace_in_a_shared_channel_decides_nothing(desk):
    _, question = await desk.asks(desk.ada, GRANT)
    click = click_of(desk.grace, "approve", question)
    click["user"]["team_id"] = "T0ELSEWHERE"
    await desk.slack.delivery.send("block_actions", click)

    told = await desk.grace.sees("Only members of this workspace ask and decide", in_="ephemeral")
    assert told.is_ephemeral
    assert desk.kajabi.writes == {}
    await desk.grace.presses("approve", question)
    await desk.ada.sees("verified", in_="#support")


@over_http
async def test_what_slack_signed_and_nobody_can_read_is_an_error_and_nothing_else(desk):
    before = written(desk)
    for body in (b"", b"payload=", b"payload=%7B", b"payload=%5B%5D", b"{}", b"\xff\xfe", b"a" * 5000):
        status, said = await post(desk, body, signed(body, secret=desk.workspace.signing_secret, now=desk.clock()))
        assert status in {400, 401, 404}, body
        assert "Traceback" not in said

    assert written(desk) == before


@over_http
async def test_there_is_no_other_door(desk):
    root = "{0.scheme}://{0.netloc}".format(urlsplit(desk.slack.events_url))
    async with aiohttp.ClientSession(trust_env=False) as session:
        found = {path: (await session.get(f"{root}{path}")).status for path in ("/", "/slack/events", "/slack/install")}

    assert found == {"/": 404, "/slack/events": 405, "/slack/install": 404}
