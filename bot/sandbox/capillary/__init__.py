"""A Capillary to work against without an account: the legacy loyalty promotions, their oddities, and bad days."""

from bot.sandbox.capillary.conduct import Conduct
from bot.sandbox.capillary.nouns import Customer, Enrolment, Issue, Kind, Program, Promotion
from bot.sandbox.capillary.server import LocalCapillary
from bot.sandbox.capillary.troubles import TROUBLES, Trouble

__all__ = [
    "TROUBLES",
    "Conduct",
    "Customer",
    "Enrolment",
    "Issue",
    "Kind",
    "LocalCapillary",
    "Program",
    "Promotion",
    "Trouble",
]
