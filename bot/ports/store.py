"""All that is kept on disk, behind one door."""

from typing import Protocol

from bot.ports.records import Findings, Records
from bot.ports.requests import Lists, Requests
from bot.ports.showing import Homes, Outbox
from bot.ports.upkeep import Offers, Slots, Upkeep


class Store(Records, Lists, Requests, Findings, Outbox, Homes, Offers, Slots, Upkeep, Protocol):
    """Keeps requests. A method is one transaction, committed to disk when it returns."""
