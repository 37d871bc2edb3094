"""How events and interactions go out: signatures, retries, sockets, three seconds."""

import asyncio
from contextlib import AsyncExitStack

import pytest
from aiohttp import ClientSession, web
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.clock import WorldClock
from tests.unit.sandbox.conftest import over_http, over_sockets


class Address:
    """An HTTP address that keeps what it is sent and answers what it is told."""

    def __init__(self):
        self.requests = []
        self.statuses = []
        self.headers = {}
        self.body = ""

    async def take(self, request):
        self.requests.append((dict(request.headers), await request.read()))
        status = self.statuses.pop(0) if self.statuses else 200
        return web.Response(status=status, headers=self.headers, text=self.body)


@pytest.fixture
async def address(slack):
    told = Address()
    app = web.Application()
    app.router.add_post("/slack/events", told.take)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.events_url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    yield told
    await runner.cleanup()


async def test_every_request_is_signed(address, ada, workspace):
    await ada.types("/offer help", channel="#support")

    [(headers, body)] = address.requests
    verifier = SignatureVerifier(workspace.signing_secret)
    assert verifier.is_valid(body, headers["X-Slack-Request-Timestamp"], headers["X-Slack-Signature"])
    assert not verifier.is_valid(body + b" ", headers["X-Slack-Request-Timestamp"], headers["X-Slack-Signature"])


async def test_an_unanswered_event_comes_again_three_times_with_the_same_id(address, ada, workspace):
    address.statuses = [500, 500, 500, 500]
    await ada.types("hello", channel="#support")
    deliveries = workspace.journal.delivered("event")
    await workspace.changes.until(lambda: len(address.requests) == 4 or None, timeout=2)

    numbers = [headers.get("X-Slack-Retry-Num") for headers, _ in address.requests]
    assert numbers == [None, "1", "2", "3"]
    assert address.requests[1][0]["X-Slack-Retry-Reason"] == "http_error"
    assert len({one.payload["event_id"] for one in deliveries}) == 1


async def test_a_retry_comes_when_it_is_due_by_the_clock_of_the_world(address, ada, workspace, slack, tmp_path):
    workspace.clock = WorldClock(tmp_path / "clock")
    slack.delivery.retry_seconds = (3600,)
    address.statuses = [500]
    await ada.types("hello", channel="#support")
    early = len(address.requests)
    workspace.clock.forward(3600)
    workspace.changes.tell()

    assert await workspace.changes.until(lambda: len(address.requests) == early + 1 or None, timeout=5)


async def test_an_app_can_refuse_to_be_asked_again(address, ada, workspace):
    address.statuses, address.headers = [500], {"x-slack-no-retry": "1"}
    await ada.types("hello", channel="#support")
    await workspace.changes.until(lambda: len(address.requests) > 1 or None, timeout=0.1)

    assert len(address.requests) == 1


async def test_an_interaction_never_comes_again(address, ada, workspace):
    address.statuses = [500]
    await ada.opens_shortcut("request_offer")
    await workspace.changes.until(lambda: len(address.requests) > 1 or None, timeout=0.1)

    assert len(address.requests) == 1
    assert ada.notices == ['shortcut failed with the error "dispatch_failed"']


async def test_a_late_answer_is_a_timeout(bot, ada):
    @bot.command("/offer")
    async def slow(ack):
        await asyncio.sleep(0.7)
        await ack("too late")

    told = await ada.types("/offer", channel="#support")

    assert told.plain == '/offer failed with the error "operation_timeout"'


async def test_a_bad_answer_to_a_command_is_told(address, ada, workspace):
    address.headers, address.body = {"Content-Type": "application/json"}, '{"blocks": [{"type": "nonsense"}]}'

    told = await ada.types("/offer", channel="#support")

    assert told.plain == '/offer failed with the error "invalid_command_response"'
    assert "nonsense" in workspace.journal.faults[0]


async def test_a_request_address_is_tried_before_it_is_used(app, slack):
    async with over_http(app, slack):
        assert await slack.verify_url()


async def test_an_event_can_arrive_twice(bot, ada, workspace, slack):
    heard = []

    @bot.event("user_change")
    async def changed(body):
        heard.append(body["event_id"])

    workspace.troubles.duplicate_events = 1
    workspace.change_person("Mallory", tz="UTC")
    await slack.settled()
    workspace.change_person("Mallory", tz="Europe/Paris")
    await slack.settled()

    assert len(heard) == 3
    assert heard[0] == heard[1] != heard[2]


async def test_each_envelope_goes_to_one_socket(app, slack, ada):
    heard = []

    @app.command("/offer")
    async def answer(ack, command):
        heard.append(command["text"])
        await ack()

    second = AsyncSocketModeHandler(app, slack.workspace.app_token)
    async with over_sockets(app, slack):
        await second.connect_async()
        await slack.connected(2)
        for number in range(6):
            await ada.types(f"/offer {number}", channel="#support")
        await second.close_async()

    assert heard == [str(number) for number in range(6)]


async def test_a_dropped_socket_is_opened_again_and_events_catch_up(app, slack, ada):
    heard = asyncio.Event()

    @app.event("app_mention")
    async def mentioned():
        heard.set()

    slack.delivery.retry_seconds = (0.05,) * 40
    async with over_sockets(app, slack):
        await slack.delivery.sockets.disconnect()
        await slack.connected()
        slack.drop_sockets()
        await ada.types("@Offerdesk are you there?", channel="#support")
        await asyncio.wait_for(heard.wait(), timeout=4)


async def test_with_no_socket_open_a_command_fails_at_once(slack, ada):
    told = await ada.types("/offer", channel="#support")

    assert told.plain == '/offer failed with the error "dispatch_failed"'


async def test_a_ticket_opens_one_socket(app, slack, client):
    async with over_sockets(app, slack):
        used = slack.workspace.journal.called("apps.connections.open")[0].answer["url"]
        async with ClientSession() as stranger, stranger.get(used.replace("ws", "http", 1)) as answer:
            assert answer.status == 408


async def test_no_more_than_ten_sockets_are_open(slack, workspace):
    workspace.limits.enforced = False  # else the eleventh call of a minute is refused for another reason
    client = AsyncWebClient(workspace.app_token, base_url=slack.api_url, retry_handlers=[])
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(ClientSession())
        for _ in range(10):
            address = (await client.apps_connections_open(app_token=workspace.app_token))["url"]
            socket = await stack.enter_async_context(session.ws_connect(address))
            hello = await socket.receive_json()
        with pytest.raises(SlackApiError, match="too_many_websockets"):
            await client.apps_connections_open(app_token=workspace.app_token)

    assert (hello["type"], hello["num_connections"]) == ("hello", 10)


async def test_a_bot_that_came_back_is_reached_again(app, slack, ada):
    @app.command("/offer")
    async def answer(ack):
        await ack("here")

    for _ in range(2):
        async with over_http(app, slack):
            assert (await ada.types("/offer", channel="#support")).plain == "here"
        gone = await ada.types("/offer", channel="#support")
        assert gone.plain == '/offer failed with the error "dispatch_failed"'


@pytest.mark.parametrize("what", ["command", "event"])
async def test_what_the_manifest_does_not_name_does_not_arrive(bot, ada, workspace, what):
    workspace.manifest.document = workspace.manifest.document | {"features": {}, "settings": {}}
    if what == "command":
        told = await ada.types("/offer", channel="#support")
        assert told.plain == "/offer is not a valid command."
    else:
        await ada.types("@Offerdesk hello", channel="#support")

    assert workspace.journal.deliveries == []


async def test_an_event_without_its_scope_does_not_arrive(bot, ada, workspace):
    workspace.manifest.scopes -= {"channels:history", "app_mentions:read"}
    await ada.types("@Offerdesk hello", channel="#support")

    assert workspace.journal.deliveries == []


async def test_the_bot_hears_nothing_where_it_is_not(bot, ada, workspace):
    await ada.types("@Offerdesk hello", channel="#random")

    assert workspace.journal.deliveries == []
