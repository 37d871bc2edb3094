"""A town with the unmodified bot in it, over both transports, each exchange with Kajabi held against its documents."""

import asyncio
import sqlite3
from contextlib import asynccontextmanager, closing
from time import time
from typing import Any

import pytest

from bot import app
from bot.domain.states import Timing
from bot.sandbox.kajabi import LocalKajabi
from bot.sandbox.server import LocalSlack
from bot.sandbox.town import ADMIN, ALERTS, APPROVERS, furnish, settle
from bot.settings import Settings
from bot.slack.manifest import manifest
from bot.store import database_path
from tests.contract.openapi import OpenApiWitness
from tests.flow.manners import assert_manners

#: the same rules, with less waiting
QUICK = Timing(reads=(0.05, 0.1), busy=0.05, shortest=0.1, longest=0.2, first_look=0.3)


class Clock:
    """The time as the bot, Slack and Kajabi see it; it can be moved on."""

    def __init__(self):
        self.ahead = 0.0

    def __call__(self):
        return time() + self.ahead


class Desk:
    """Everything that is running, and how to stop the bot and start it again."""

    def __init__(self, town, slack, kajabi, settings, *, clock):
        self.town, self.slack, self.kajabi, self.settings = town, slack, kajabi, settings
        self.ada, self.grace, self.linus = town.ada, town.grace, town.linus
        self.mallory, self.olga = town.mallory, town.olga
        self.workspace = town.workspace
        self.timing = QUICK
        self.clock = clock
        #: what Slack may refuse in this test
        self.expected_refusals: frozenset[str] = frozenset()
        self.bot: Any = None
        self._running = None

    async def start(self):
        self._running = running(self)
        self.bot = await self._running.__aenter__()
        self.bot.parts.store.subscribe(self.workspace.changes.tell)

    async def stop(self):
        if self._running is not None:
            await self._running.__aexit__(None, None, None)
            self._running = self.bot = None

    async def crashes(self):
        """End the bot in the middle of whatever it does, without time to finish anything."""
        await self.bot.stop(within=0)
        await self.stop()

    def another(self):
        """Run a second bot on the same database, for as long as the `async with` lasts."""
        return running(self)

    async def restart(self):
        await self.stop()
        await self.start()

    async def passes(self, seconds):
        """Let time pass for everybody, when what is under way to or from Slack has arrived."""
        await self.slack.settled()
        while self._messages_under_way():  # noqa: ASYNC110 - that one is put off is announced to nobody
            await asyncio.sleep(0.005)
        self.clock.ahead += seconds
        if self.bot is not None:
            self.bot.engine.wake()

    def _messages_under_way(self):
        with closing(sqlite3.connect(database_path(self.settings.database_url))) as sqlite:
            return self.bot is not None and sqlite.execute("select 1 from message where worker is not null").fetchone()

    def holds(self, address):
        return {self.kajabi.offer(one).title for one in self.kajabi.holds(address)}

    async def asks(self, person, command, **fields):
        """Type a command, fill the form, send it; return the card and the question in its thread."""
        before = {one.ts for one in person.messages("#support")}
        await person.types(command, channel="#support")
        await person.sees("Send", in_="view")
        refused = await person.submits(**fields)
        assert refused == {}, refused
        card = await self.new_card(before)
        return card, await self.grace.sees("Approve", in_=card)

    async def new_card(self, before):
        found = await self.workspace.changes.until(lambda: self._newest(before), timeout=5)
        assert found is not None, "no card appeared"
        return found

    def _newest(self, before):
        posts = [one for one in self.grace.messages("#support") if one.ts not in before and not one.is_ephemeral]
        return next((one for one in posts if one.thread_ts in (None, one.ts)), None)


@asynccontextmanager
async def running(desk):
    async with (
        app.assemble(desk.settings, clock=desk.clock) as parts,
        app.start(parts, timing=desk.timing, tick=0.05) as bot,
    ):
        if not desk.settings.socket_mode:
            desk.slack.events_url = f"http://127.0.0.1:{bot.port}/slack/events"
        else:
            await desk.slack.connected()
        yield bot


def settings_for(slack, kajabi, folder, *, transport, **changed):
    world = slack.workspace
    way = (
        {"slack_signing_secret": world.signing_secret} if transport == "http" else {"slack_app_token": world.app_token}
    )
    return Settings(
        _env_file=None,
        slack_bot_token=world.bot_token,
        slack_api_url=slack.api_url,
        slack_post_rate=100,
        kajabi_client_id="id",
        kajabi_client_secret="secret",
        kajabi_api_url=kajabi.url,
        kajabi_rate=100,
        database_url=f"sqlite:///{folder / 'offerdesk.db'}",
        approvers=changed.pop("approvers", (APPROVERS,)),
        admins=changed.pop("admins", (ADMIN,)),
        alerts_channel=ALERTS,
        port=0,
        **way,
        **changed,
    )


@pytest.fixture(params=["http", "socket"])
def transport(request):
    return request.param


@pytest.fixture
async def witness():
    witness = OpenApiWitness()
    yield witness
    witness.assert_agreement()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
async def town(transport, clock):
    town = settle(manifest(http_url="http://127.0.0.1:1" if transport == "http" else None), clock=clock)
    town.workspace.limits.enforced = False  # nobody here waits as people do: see test_rate_limits
    return town


@pytest.fixture
async def idle(town, transport, witness, clock, tmp_path):
    """Everything but the bot."""
    async with LocalKajabi(on_exchange=witness, clock=clock) as kajabi, LocalSlack(town.workspace) as slack:
        furnish(kajabi)
        settings = settings_for(slack, kajabi, tmp_path, transport=transport)
        desk = Desk(town, slack, kajabi, settings, clock=clock)
        yield desk
        await desk.stop()
        assert_manners(desk.workspace, expected=desk.expected_refusals)


@pytest.fixture
async def desk(idle):
    await idle.start()
    return idle
