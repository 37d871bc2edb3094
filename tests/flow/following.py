"""How a test follows one request: its clicks on their way, its history, and what is still owed to people."""

import re
import sqlite3

import pytest

from bot.sandbox import client, payloads, sight
from bot.store import database_path

GRANT = "/offer grant jane@example.com everything bundle because refund case 4412"
REVOKE = "/offer revoke mia.chen@example.com pastry basics because asked to leave"
ID = re.compile(r"R-[0-9A-Z]{4,}")

#: for what does not depend on the way in which Slack reaches the bot
over_http = pytest.mark.parametrize("transport", ["http"])
over_socket = pytest.mark.parametrize("transport", ["socket"])


async def approved(desk, command=GRANT, **fields):
    """Ada asks, and Grace approves."""
    card, question = await desk.asks(desk.ada, command, **fields)
    await desk.grace.presses("approve", question)
    return card


async def done(desk, command=GRANT, **fields):
    """Ada asks, Grace approves, and it is done and told."""
    card = await approved(desk, command, **fields)
    await desk.ada.sees("Done, verified", in_=card)
    await all_told(desk)
    return card


def id_of(card):
    found = ID.search(card.plain)
    assert found is not None, card.plain
    return found[0]


async def case_of(desk, card):
    return await desk.bot.parts.store.case(id_of(card))


async def history(desk, card):
    """The names of all that happened to a request."""
    return [one.name for one in await desk.bot.parts.store.history(id_of(card))]


async def all_told(desk):
    """Wait until nobody is owed a message."""
    told = await desk.workspace.changes.until(lambda: owed(desk) == [] or None, timeout=5)
    assert told, f"still owed: {owed(desk)}"


def owed(desk):
    return [row[0] for row in rows(desk, "select key from message where due is not null order by number")]


def rows(desk, query):
    sqlite = sqlite3.connect(database_path(desk.settings.database_url))
    try:
        return sqlite.execute(query).fetchall()
    finally:
        sqlite.close()


def writes(desk, action=None):
    """How often something reached Kajabi's books."""
    return sum(count for footprint, count in desk.kajabi.writes.items() if action in (None, footprint[0]))


def effects(desk, action=None):
    """How often something was changed in Kajabi's books."""
    return sum(count for footprint, count in desk.kajabi.effects.items() if action in (None, footprint[0]))


def offer(desk, title):
    return next(one for one in desk.kajabi.books.offers.values() if one.title == title)


def told(person, place="dm"):
    """What a person reads in a place, the oldest first."""
    return [one.plain for one in reversed(person.messages(place))]


def in_thread(card):
    return [one.plain for one in card.thread]


def cards(desk):
    """Everything that stands in the channel by itself."""
    posts = [one for one in desk.grace.messages("#support") if not one.is_ephemeral]
    return [one for one in posts if one.post.thread_ts in (None, one.ts)]


def click_of(person, button, message):
    """The payload of a click as it leaves the screen: what happens until it arrives changes nothing in it."""
    operated = next(one for one in sight.buttons(message.shown, person.member) if one[1]["action_id"] == button)
    return payloads.action_in_message(person._world, person.member, message.post, operated=operated)  # noqa: SLF001 - a slow line between a screen and the bot is no thing that people do


async def arrives(person, click):
    """A click reaches the bot; Slack's address for the answer is made when it does."""
    channel = person._world.channels[click["channel"]["id"]]  # noqa: SLF001 - as above
    click["response_url"] = person._world.reply_link(person.member, channel, path="actions")  # noqa: SLF001 - as above
    await client.interact(person._world, person.member, click)  # noqa: SLF001 - as above


def mention_in(desk):
    """The last mention that Slack told of, or tried to."""
    events = [one.payload["event"] for one in desk.workspace.journal.delivered("event")]
    return next(one for one in reversed(events) if one["type"] == "app_mention")


async def redelivered(desk, event, *, event_id=None):
    """Slack brings a mention once more."""
    deliveries = desk.workspace.journal.delivered("event")
    payload = next(one.payload for one in reversed(deliveries) if one.payload["event"]["type"] == "app_mention")
    await desk.slack.delivery.send("event", payload | {"event": event, "event_id": event_id or payload["event_id"]})
