"""Capillary: loyalty promotions of the legacy family (`v2/promotion/…`), issued to customers and revoked."""

from bot.providers.capillary.opening import PROVIDER
from bot.providers.capillary.provider import Capillary
from bot.providers.capillary.settings import CapillarySettings

__all__ = ["PROVIDER", "Capillary", "CapillarySettings"]
