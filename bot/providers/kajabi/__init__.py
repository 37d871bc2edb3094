"""Kajabi: courses and memberships. The facts this rests on are in the reference pages of its Public API V1."""

from bot.providers.kajabi.opening import PROVIDER
from bot.providers.kajabi.provider import Kajabi
from bot.providers.kajabi.settings import KajabiSettings

__all__ = ["PROVIDER", "Kajabi", "KajabiSettings"]
