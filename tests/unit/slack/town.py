"""A running local Slack with the people that these tests need, and a client of the bot's for it."""

import time
from contextlib import asynccontextmanager
from dataclasses import dataclass

from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.server import LocalSlack
from bot.sandbox.workspace import Workspace
from bot.slack.calls import open_session, slack_client
from bot.slack.installation import Installation, read_installation
from bot.slack.manifest import manifest


class Watch:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = time.time()

    def __call__(self) -> float:
        return self.now


@dataclass(frozen=True)
class Town:
    slack: LocalSlack
    world: Workspace
    client: AsyncWebClient
    clock: Watch

    async def installation(self) -> Installation:
        return await read_installation(self.client)

    def calls(self, method):
        return self.world.journal.called(method)

    def posts(self, channel="C0OFFERS"):
        return list(self.world.channels[channel].posts.values())

    def direct(self, user):
        found = self.world.direct(user, self.world.bot.id)
        return list(found.posts.values()) if found else []


@asynccontextmanager
async def a_town(*, optional_scopes=True, declared=None):
    world = Workspace(declared or manifest(), optional_scopes=optional_scopes)
    for name in ("Ada", "Bob", "Carol"):
        world.add_person(name, id=f"U0{name.upper()}")
    world.add_channel("offers", id="C0OFFERS", members=["U0ADA", "U0BOB"])
    world.add_channel("alerts", id="C0ALERTS")
    async with LocalSlack(world) as slack, open_session() as session:
        client = slack_client(world.bot_token, base_url=slack.api_url, session=session)
        yield Town(slack, world, client, Watch())
