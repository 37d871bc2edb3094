"""A Kajabi to work against without an account: the documented API, its oddities, and its bad days."""

from bot.sandbox.kajabi.conduct import Conduct
from bot.sandbox.kajabi.nouns import Contact, Mail, Offer, Product, Purchase, Site
from bot.sandbox.kajabi.server import LocalKajabi
from bot.sandbox.kajabi.troubles import TROUBLES, Trouble
from bot.sandbox.remote.server import Call, Exchange

__all__ = [
    "TROUBLES",
    "Call",
    "Conduct",
    "Contact",
    "Exchange",
    "LocalKajabi",
    "Mail",
    "Offer",
    "Product",
    "Purchase",
    "Site",
    "Trouble",
]
