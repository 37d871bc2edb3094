import hashlib
import hmac
import io
import json
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import urlencode

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestClient, TestServer
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

from bot.domain.errors import StoreUnavailable
from bot.domain.notices import Notices
from bot.domain.request import Action, Offer, Person, Submission
from bot.metrics import Metrics
from bot.slack.bolt import dispatch
from bot.store import open_store
from bot.web import Web

NOW = 1_790_000_000.0
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
FORM = "application/x-www-form-urlencoded"
PRIVATE = "words-of-a-person"
COMMAND = {
    "command": "/offer",
    "text": f"who {PRIVATE}",
    "team_id": "T1",
    "user_id": "U1",
    "trigger_id": "1.2.3",
    "response_url": "https://hooks.slack.com/commands/T1/1/a",
}
CLICK = {
    "type": "block_actions",
    "trigger_id": "1.2.3",
    "team": {"id": "T1"},
    "user": {"id": "U1"},
    "actions": [{"type": "button", "action_id": "approve", "block_id": "decide:1", "value": "R-4F7K"}],
}
EVENT = {
    "type": "event_callback",
    "event_id": "Ev1",
    "team_id": "T1",
    "event": {"type": "app_mention", "user": "U1", "text": "<@U0BOT> approve", "channel": "C1", "ts": "1.2"},
}


@dataclass
class Served:
    """A bot behind its guard, and what got through."""

    client: TestClient
    heard: list[Any] = field(default_factory=list)
    problem: str | Exception | None = None

    async def posts(self, body: bytes, *, at=NOW, secret=SECRET, content_type=FORM, **headers):
        signed = {"Content-Type": content_type, **signature(body, at=at, secret=secret)}
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {name: value for name, value in (signed | given).items() if value is not None}
        return await self.client.post("/slack/events", data=io.BytesIO(body), headers=sent)


def signature(body: bytes, *, at: float = NOW, secret: str = SECRET) -> dict[str, str]:
    stamp = str(int(at))
    digest = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}


def form(**fields: str) -> bytes:
    return urlencode(fields).encode()


def interaction(payload: dict[str, Any]) -> bytes:
    return form(payload=json.dumps(payload))


def bolt(heard: list[Any]) -> AsyncApp:
    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id="T1", bot_user_id="U0BOT", bot_id="B1", bot_token="xoxb-1")

    app = AsyncApp(authorize=authorize, signing_secret=SECRET, process_before_response=True)

    @app.command("/offer")
    async def command(ack, command):
        heard.append(command["text"])
        await ack(f"heard: {command['text']}")

    @app.action("approve")
    async def click(ack, action):
        heard.append(action["value"])
        await ack()

    @app.event("app_mention")
    async def event(event, req):
        heard.append((event["text"], req.headers.get("x-slack-retry-num"), req.headers.get("x-slack-retry-reason")))

    return app


@pytest.fixture
async def store(tmp_path):
    url = f"sqlite:///{tmp_path / 'web.db'}"
    async with open_store(url, notices=Notices(), clock=lambda: NOW) as opened:
        yield opened


@pytest.fixture
async def served(request, store):
    """Served over HTTP; the parameter is the signing secret."""
    heard: list[Any] = []

    async def ready() -> str | None:
        if isinstance(one.problem, Exception):
            raise one.problem
        return one.problem

    web = Web(
        dispatch=partial(dispatch, bolt(heard)),
        ready=ready,
        metrics=Metrics(store, lambda: NOW),
        clock=lambda: NOW,
        signing_secret=getattr(request, "param", SECRET),
    )
    async with TestClient(TestServer(web.application())) as client:
        one = Served(client, heard)
        yield one


async def test_a_command_of_slacks_is_answered(served):
    answer = await served.posts(form(**COMMAND))

    assert (answer.status, await answer.text()) == (200, f"heard: who {PRIVATE}")


async def test_a_click_of_slacks_is_answered(served):
    answer = await served.posts(interaction(CLICK))

    assert (answer.status, await answer.text()) == (200, "")
    assert served.heard == ["R-4F7K"]


async def test_an_event_of_slacks_is_answered(served):
    answer = await served.posts(json.dumps(EVENT).encode(), content_type="application/json; charset=utf-8")

    assert answer.status == 200
    assert served.heard == [("<@U0BOT> approve", None, None)]


async def test_slack_may_check_the_address(served):
    body = json.dumps({"type": "url_verification", "challenge": "3eZbrw1aB"}).encode()
    answer = await served.posts(body, content_type="application/json")

    assert await answer.json() == {"challenge": "3eZbrw1aB"}


async def test_retries_of_an_event_are_told_as_such(served):
    await served.posts(
        json.dumps(EVENT).encode(),
        content_type="application/json",
        X_Slack_Retry_Num="2",
        X_Slack_Retry_Reason="http_timeout",
    )

    assert served.heard == [("<@U0BOT> approve", ["2"], ["http_timeout"])]


@pytest.mark.parametrize(
    "text",
    ["payload", "payload=", "grant payload bundle", "payload={}", 'payload={"type":"block_actions"}', "a&payload=b"],
)
async def test_a_command_may_speak_of_a_payload(served, text):
    answer = await served.posts(form(**COMMAND | {"text": text}))

    assert answer.status == 200
    assert served.heard == [text]


async def test_a_command_with_a_field_named_payload_stays_a_command(served):
    await served.posts(form(**COMMAND, payload=json.dumps(CLICK)))

    assert served.heard == [COMMAND["text"]]


@pytest.mark.parametrize("age", [0, 299, -299])
async def test_a_request_replayed_within_five_minutes_passes_this_guard(served, age):
    body = form(**COMMAND)
    answers = [await served.posts(body, at=NOW - age) for _ in range(2)]

    assert [answer.status for answer in answers] == [200, 200]


BODY = form(**COMMAND)
SIGNED = signature(BODY)
FORGED = {
    "another app's secret": signature(BODY, secret="another"),
    "another body": signature(BODY + b"&"),
    "another time": SIGNED | {"X-Slack-Request-Timestamp": str(int(NOW) - 1)},
    "late": signature(BODY, at=NOW - 301),
    "from the future": signature(BODY, at=NOW + 301),
    "no time": SIGNED | {"X-Slack-Request-Timestamp": None},
    "no signature": SIGNED | {"X-Slack-Signature": None},
    "an empty signature": SIGNED | {"X-Slack-Signature": ""},
    "no version": SIGNED | {"X-Slack-Signature": SIGNED["X-Slack-Signature"].removeprefix("v0=")},
    "a signature cut short": SIGNED | {"X-Slack-Signature": SIGNED["X-Slack-Signature"][:-1]},
    "a signature in capitals": SIGNED | {"X-Slack-Signature": SIGNED["X-Slack-Signature"].upper()},
    "a signature not in ASCII": SIGNED | {"X-Slack-Signature": "v0=é€" + "0" * 62},
    "a time not in ASCII": SIGNED | {"X-Slack-Request-Timestamp": "¹⁷⁹"},
    "words for a time": SIGNED | {"X-Slack-Request-Timestamp": "yesterday"},
    "a time below zero": SIGNED | {"X-Slack-Request-Timestamp": "-1"},
    "a time with a fraction": SIGNED | {"X-Slack-Request-Timestamp": f"{NOW}"},
    "a time of 5000 digits": SIGNED | {"X-Slack-Request-Timestamp": "9" * 5000},
}


@pytest.mark.parametrize("headers", FORGED.values(), ids=FORGED)
async def test_what_slack_did_not_sign_reaches_nobody_and_is_not_logged(served, headers, lines):
    answer = await served.client.post(
        "/slack/events",
        data=BODY,
        headers={"Content-Type": FORM} | {name: value for name, value in headers.items() if value is not None},
    )
    told = lines()

    assert (answer.status, await answer.text()) == (401, "")
    assert served.heard == []
    assert "a request was not Slack's" in told
    assert PRIVATE not in told


@pytest.mark.parametrize(
    ("headers", "says"),
    [
        (signature(BODY, secret="another"), "SLACK_SIGNING_SECRET is another app's"),
        (signature(BODY, at=NOW - 3600), "it is 3600 seconds old"),
    ],
)
async def test_the_log_says_what_to_look_at_when_slack_is_turned_away(served, headers, says, lines):
    await served.client.post("/slack/events", data=BODY, headers={"Content-Type": FORM, **headers})
    told = lines()

    assert says in told
    assert PRIVATE not in told
    assert SECRET not in told


@pytest.mark.parametrize(
    "content_type", ["text/plain", "multipart/form-data; boundary=x", "application/xml", "nonsense"]
)
async def test_another_content_type_is_refused_even_when_signed(served, content_type):
    answer = await served.posts(BODY, content_type=content_type)

    assert answer.status == 415
    assert served.heard == []


async def test_a_missing_content_type_is_refused(served):
    async with ClientSession(skip_auto_headers=["Content-Type"]) as client:
        answer = await client.post(served.client.make_url("/slack/events"), data=BODY, headers=SIGNED)

    assert answer.status == 415


async def test_a_body_of_more_than_a_megabyte_is_refused(served):
    answer = await served.posts(form(**COMMAND | {"text": "x" * 1024 * 1024}))

    assert answer.status == 413
    assert served.heard == []


async def test_a_large_body_below_the_limit_is_taken(served):
    answer = await served.posts(form(**COMMAND | {"text": "x" * 1_000_000}))

    assert answer.status == 200


UNREADABLE = {
    "deep JSON": (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "application/json"),
    "deep JSON in a form": (b"payload=" + b"[" * 100_000, FORM),
    "broken JSON": (b'{"type": ', "application/json"),
    "JSON that is no object": (b"[1]", "application/json"),
    "a number of 5000 digits": (b'{"a": ' + b"9" * 5000 + b"}", "application/json"),
    "nothing": (b"", "application/json"),
    "bytes that are no text": (b'{"a": "\xff"}', "application/json"),
    "bytes that are no text in a form": (b"command=/offer&text=%FF", FORM),
    "a broken payload": (b"payload=", FORM),
    "a payload that is no object": (b"payload=null", FORM),
    "a hundred fields and one": (b"&".join(b"a=1" for _ in range(101)), FORM),
}


@pytest.mark.parametrize(("body", "content_type"), UNREADABLE.values(), ids=UNREADABLE)
async def test_what_cannot_be_read_is_refused_even_when_signed(served, body, content_type, lines):
    answer = await served.posts(body, content_type=content_type)

    assert answer.status == 400
    assert served.heard == []
    assert len(lines()) < 300


async def test_an_unknown_command_is_not_found(served):
    answer = await served.posts(form(**COMMAND | {"command": "/other"}))

    assert answer.status == 404


@pytest.mark.parametrize("served", [None], indirect=True)
async def test_in_socket_mode_slack_cannot_send_here(served):
    assert (await served.posts(BODY)).status == 404
    assert (await served.client.get("/healthz")).status == 200
    assert served.heard == []


async def test_only_posts_are_taken(served):
    assert (await served.client.get("/slack/events")).status == 405


async def test_health_says_that_the_process_is_up(served):
    served.problem = "the database cannot be written"
    answer = await served.client.get("/healthz")

    assert (answer.status, await answer.text()) == (200, "ok\n")


@pytest.mark.parametrize(
    ("problem", "status", "says"),
    [
        (None, 200, "ready\n"),
        ("Slack is not connected", 503, "Slack is not connected\n"),
        (StoreUnavailable("disk full"), 503, "The database cannot be written (disk full); nothing was done.\n"),
    ],
)
async def test_readiness_says_what_is_in_the_way(served, problem, status, says):
    served.problem = problem
    answer = await served.client.get("/readyz")

    assert (answer.status, await answer.text()) == (status, says)


async def test_metrics_tell_what_happened_what_waits_and_what_is_late(served, store):
    offer = Offer(provider="kajabi", id="7", title="Bundle")
    submission = Submission(
        action=Action.GRANT,
        provider="kajabi",
        requester=Person("T1", "UADA"),
        channel="C1",
        address=PRIVATE,
        offer_id="7",
        reason="why",
        key="V1",
    )
    await served.client.get("/metrics")
    await store.submit(submission, offer=offer, now=NOW - 60)

    answer = await served.client.get("/metrics")
    said = await answer.text()

    assert answer.headers["Content-Type"].startswith("text/plain; version=")
    assert 'offerdesk_events_total{event="request.submitted"} 1.0' in said
    assert 'offerdesk_open_requests{state="preparing"} 1.0' in said
    assert 'offerdesk_late_seconds{kind="requests"} 60.0' in said
    assert PRIVATE not in said
