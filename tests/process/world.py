"""The bot as a process between a local Slack and a local Kajabi, and what people do with it."""

import re
import sqlite3
from contextlib import closing, contextmanager

from bot.sandbox.child import BotProcess, free_port

GRANT = "/offer grant jane@example.com everything bundle because refund case 4412"
TITLE = "Everything Bundle"
WRITES = {"method": "POST", "path": "*/relationships/offers"}


async def asked(world, command=GRANT):
    """Ada asks; the question that Grace can answer."""
    ada, grace = world.town.ada, world.town.grace
    await ada.types(command, channel="#support")
    await ada.sees("Send", in_="view")
    assert await ada.submits() == {}
    card = await grace.sees("Waiting for a decision", in_="#support", timeout=10)
    return card, await grace.sees("Approve", in_=card, timeout=10)


async def told(world, text="Done, verified"):
    """Wait until Ada has been told in a direct message."""
    return await world.town.ada.sees(text, in_="dm", timeout=15)


async def held_while_writing(world, *, done):
    """Grace approves, and Kajabi does not answer."""
    held = world.kajabi.trouble("held", done=done, **WRITES)
    card, question = await asked(world)
    await world.town.grace.presses("approve", question)
    await world.kajabi.until_called(WRITES["method"], WRITES["path"], within=10)
    return held, card


def effects(world):
    """How often Jane was given something since the beginning."""
    return sum(count for (action, *_), count in world.kajabi.books.effects.items() if action == "grant")


def writes(world):
    """How often Kajabi was told to."""
    return sum(count for (action, *_), count in world.kajabi.books.writes.items() if action == "grant")


def holds(world, address="jane@example.com"):
    return {world.kajabi.offer(one).title for one in world.kajabi.holds(address)}


def endings(world):
    """What Ada, and the thread, were told at the end, each message once."""
    direct = [one.plain for one in world.town.ada.messages("dm") if "Done, verified" in one.plain]
    card = next(one for one in reversed(world.town.grace.messages("#support")) if "R-" in one.plain)
    thread = [one.plain for one in card.thread if re.match("✅ Done, verified", one.plain)]
    return len(direct), len(thread)


def rows(world, query):
    with closing(sqlite3.connect(database(world))) as sqlite:
        return sqlite.execute(query).fetchall()


def database(world):
    return world.bot.folder / "offerdesk.db"


def another(bot, **changes):
    """A second process with the same settings, on the same database."""
    process = BotProcess(bot.settings | {"PORT": str(free_port())} | changes, folder=bot.folder)
    process.log = bot.folder / "another.log"
    return process


@contextmanager
def altered(bot, **changes):
    """With other settings at its next start."""
    before = bot.settings
    bot.settings = {name: value for name, value in (before | changes).items() if value is not None}
    try:
        yield
    finally:
        bot.settings = before
