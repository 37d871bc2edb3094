"""A workspace of four people, and a small Bolt app in it over either transport."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.server import LocalSlack
from bot.sandbox.workspace import Workspace
from tests.unit.sandbox.world import populated


@pytest.fixture
def workspace() -> Workspace:
    return populated()


@pytest.fixture
async def slack(workspace) -> AsyncIterator[LocalSlack]:
    async with LocalSlack(workspace, ack_seconds=0.5, retry_seconds=(0, 0.01, 0.01)) as running:
        yield running


@pytest.fixture
def client(slack) -> AsyncWebClient:
    return AsyncWebClient(slack.workspace.bot_token, base_url=slack.api_url, retry_handlers=[])


@asynccontextmanager
async def over_http(app: AsyncApp, slack: LocalSlack) -> AsyncIterator[None]:
    runner = web.AppRunner(app.web_app(), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    slack.events_url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    yield
    await runner.cleanup()


@asynccontextmanager
async def over_sockets(app: AsyncApp, slack: LocalSlack) -> AsyncIterator[None]:
    handler = AsyncSocketModeHandler(app, slack.workspace.app_token)
    await handler.connect_async()
    await slack.connected()
    yield
    await handler.close_async()


@pytest.fixture
def app(slack, client) -> AsyncApp:
    """Without listeners: each test adds what it needs."""
    quiet = logging.getLogger("app-in-test")
    quiet.setLevel(logging.CRITICAL)
    return AsyncApp(
        client=client,
        signing_secret=slack.workspace.signing_secret,
        process_before_response=True,
        logger=quiet,
    )


@pytest.fixture(params=[over_http, over_sockets], ids=["http", "socket"])
async def bot(request, app, slack) -> AsyncIterator[AsyncApp]:
    async with request.param(app, slack):
        yield app


@pytest.fixture
def ada(workspace):
    return workspace.person("Ada")


@pytest.fixture
def grace(workspace):
    return workspace.person("Grace")
