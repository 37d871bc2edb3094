"""What the core needs from the outside.

The store keeps requests and what they owe; the messenger shows them; people are Slack's; providers are the systems
that grant; the engine sees to it that due rows are worked on. Times are seconds since the epoch, durations seconds.
"""

from bot.ports.providers import (
    Batches,
    Check,
    OfferQuery,
    Permit,
    Provider,
    Sight,
    Surveys,
    TakesIds,
    Target,
    UndoesParts,
    permitted,
)
from bot.ports.records import Findings, Ledger, Page, Records
from bot.ports.requests import Lists, Requests, Rewrite, Take
from bot.ports.running import Clock, Engine, Pacer, Told
from bot.ports.showing import Homes, Outbox
from bot.ports.slack import Delivery, Messenger, People, Screen
from bot.ports.store import Store
from bot.ports.upkeep import Figures, Offers, Slots, Upkeep

__all__ = [
    "Batches",
    "Check",
    "Clock",
    "Delivery",
    "Engine",
    "Figures",
    "Findings",
    "Homes",
    "Ledger",
    "Lists",
    "Messenger",
    "OfferQuery",
    "Offers",
    "Outbox",
    "Pacer",
    "Page",
    "People",
    "Permit",
    "Provider",
    "Records",
    "Requests",
    "Rewrite",
    "Screen",
    "Sight",
    "Slots",
    "Store",
    "Surveys",
    "Take",
    "TakesIds",
    "Target",
    "Told",
    "UndoesParts",
    "Upkeep",
    "permitted",
]
