"""Many requests in one town, and everything that people do to them sent off at the same moment, to two bots in turn."""

import asyncio
from copy import deepcopy
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

import pytest

from bot.domain.request import Action, Person, Submission
from bot.sandbox import client, payloads
from bot.sandbox.model import Channel
from bot.sandbox.sight import Message
from bot.store import database_path
from tests.faults.evidence import gathered, held, key_of
from tests.faults.reckoning import disagreements
from tests.flow.conftest import Clock
from tests.flow.following import click_of, offer, rows

UNDER_WAY = """
    select (select count(*) from request where state in ('preparing', 'approved', 'executing'))
        + (select count(*) from message where due is not null)"""


class StillClock(Clock):
    """The time of everybody, which can be made to stand."""

    def __init__(self):
        super().__init__()
        self.stands = None

    def __call__(self):
        return self.stands if self.stands is not None else super().__call__()


@dataclass(frozen=True)
class Waiting:
    """One request that waits for a decision, as its people have it before them."""

    id: str
    card: Any
    question: Any
    direct: Any


class Rush:
    """Two bots on one database, and people who all act at once."""

    def __init__(self, desk, other):
        self.desk, self.other = desk, other
        self.before = held(desk.kajabi)
        self.turns = count()

    async def requests(self, number):
        """Ada has asked for so many grants, each for another customer, and everybody was asked about each."""
        desk = self.desk
        service, bundle = desk.bot.service, offer(desk, "Everything Bundle")
        for one in range(number):
            desk.kajabi.add_contact(f"customer.{one:02}@example.com", f"Customer {one:02}")
        self.before = held(desk.kajabi)
        asked = Submission(
            action=Action.GRANT,
            provider="kajabi",
            requester=Person(desk.workspace.team_id, desk.ada.id),
            channel=desk.workspace.channel("#support").id,
            address="",
            offer_id=bundle.id,
            reason="refund case 4412",
            key="",
        )
        cases = [
            await service.submit(replace(asked, address=f"customer.{one:02}@example.com", key=f"V{one}"))
            for one in range(number)
        ]
        return [await self.waiting(case.request.id) for case in cases]

    async def waiting(self, request_id):
        changes = self.desk.workspace.changes
        await changes.until(lambda: self._seen_by_all(request_id), timeout=20)
        return self._seen_by_all(request_id)

    def _seen_by_all(self, request_id):
        desk = self.desk
        card = self.message(desk.grace, "#support", f"{request_id}/card")
        question = self.message(desk.grace, "#support", f"{request_id}/ask/1")
        direct = self.message(desk.linus, "dm", f"{request_id}/ask/1/{desk.linus.id}")
        shown = card is not None and question is not None and direct is not None
        return Waiting(request_id, card, question, direct) if shown else None

    @staticmethod
    def message(person, place, key):
        channel: Channel = person._place(place)  # noqa: SLF001 - found by its key: people would scroll
        found = next((post for post in channel.posts.values() if key_of(post) == key), None)
        return Message(person._world, person.member, found) if found is not None else None  # noqa: SLF001 - as above

    async def denial(self, one):
        """The form in which Linus denies it, filled, as it leaves the screen."""
        linus = self.desk.linus
        await linus.presses("deny", one.direct)
        await linus.sees(f"Deny {one.id}", in_="view")
        await linus.fills(reason="Too expensive")
        sent = self.form(linus)
        await linus.closes()
        return sent

    def form(self, person):
        """What is sent when somebody presses the button below their form."""
        return person, deepcopy(payloads.submission(self.desk.workspace, person.member, person.form.shown))

    @staticmethod
    def click(person, button, message):
        """A click as it leaves the screen."""
        return person, click_of(person, button, message)

    async def arrives(self, deed):
        """What somebody did reaches the bots, now this one, now the other one."""
        person, payload = deed
        world = self.desk.workspace
        self._takes_turns()
        if "channel" in payload:
            place = world.channels[payload["channel"]["id"]]
            payload["response_url"] = world.reply_link(person.member, place, path="actions")
        return await client.interact(world, person.member, payload)

    async def arrives_when(self, query, deed):
        """The same, as soon as this is found in the database."""
        async with asyncio.timeout(20):
            while not rows(self.desk, query):  # noqa: ASYNC110 - as in `rests`
                await asyncio.sleep(0.005)
        await self.arrives(deed)

    async def brings(self, event):
        """An event reaches the bots in the same way."""
        self._takes_turns()
        return await self.desk.slack.delivery.send("event", event)

    def _takes_turns(self):
        self._lead_to((self.desk.bot, self.other)[next(self.turns) % 2])

    def back_to_one(self):
        """Before the other one ends: what is sent to it then would wait for an answer."""
        self._lead_to(self.desk.bot)

    def _lead_to(self, bot):
        if not self.desk.settings.socket_mode:  # over sockets Slack itself takes turns
            self.desk.slack.events_url = f"http://127.0.0.1:{bot.port}/slack/events"

    async def all_at_once(self, deeds, *, among=()):
        return await asyncio.gather(*(self.arrives(one) for one in deeds), *among)

    async def rests(self):
        """Wait until nothing is under way, and nobody is owed a message."""
        await self.desk.slack.settled()
        async with asyncio.timeout(30):
            while rows(self.desk, UNDER_WAY) != [(0,)]:  # noqa: ASYNC110 - two bots, and one of them tells nobody
                await asyncio.sleep(0.02)

    def evidence(self):
        desk = self.desk
        return gathered(desk.town, desk.kajabi, database_path(desk.settings.database_url), before=self.before)

    def agrees(self):
        """Return what everything is, once it was found that Slack, store and Kajabi agree about it."""
        evidence = self.evidence()
        assert disagreements(evidence, database_path(self.desk.settings.database_url)) == []
        return evidence


def states(evidence):
    return {one["state"] for one in evidence.requests}


@pytest.fixture
def clock():
    return StillClock()


@pytest.fixture
async def rush(idle):
    await idle.start()
    async with idle.another() as other:
        if idle.settings.socket_mode:
            await idle.slack.connected(2)
        rush = Rush(idle, other)
        yield rush
        rush.back_to_one()
