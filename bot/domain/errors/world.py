"""The world makes a request pointless: customers, offers, places, the provider."""

from bot.domain.errors.base import GivenBack
from bot.domain.request import Holding


class ContactNotFound(GivenBack):
    """The provider knows no contact with exactly this address."""

    field = "customer"


class NobodyByThis(ContactNotFound):
    """The same at a provider that knows customers by several identifiers: they may be known by another one first."""


class ContactAmbiguous(GivenBack):
    """Several contacts have exactly this address."""

    field = "customer"


class ContactExists(GivenBack):
    """A contact was to be created, and the provider knows the address already."""

    field = "customer"


class OfferGone(GivenBack):
    """The provider no longer has the offer, or has archived it."""

    field = "offer"


class OfferElsewhere(GivenBack):
    """The offer belongs to another site than the one this bot works for."""

    field = "offer"


class AlreadyHeld(GivenBack):
    """The customer has the offer already."""

    field = "offer"

    def __init__(self, holding: Holding | None = None) -> None:
        super().__init__()
        self.holding = holding


class TermOver(GivenBack):
    """The day until which it was to be granted has passed since it was asked for."""

    field = "until"


class EndsLater(GivenBack):
    """The customer has it for longer already."""

    field = "days"


class NotHeld(GivenBack):
    """The customer does not have the offer, so there is nothing to revoke."""

    field = "offer"


class ChannelUnreachable(GivenBack):
    """The bot cannot post in the channel: not invited, archived, or gone."""

    field = "channel"


class RoomClosed(GivenBack):
    """The bot cannot post in the channel in which the rules want it decided."""


class RuledOut(GivenBack):
    """The policy, with all that is known by now, does not allow it; `words` are the rule's own, where it has some."""

    def __init__(self, words: str = "") -> None:
        super().__init__(words)
        self.words = words


class ProviderRefused(GivenBack):
    """The provider rejected the look-up itself, in words that are safe to show."""


class ProviderGone(GivenBack):
    """The provider is no longer set up here."""


class NotPrepared(GivenBack):
    """Something other than the provider kept it from being prepared for so long that waiting on is pointless."""


class ProviderDown(GivenBack):
    """The provider could not be asked for so long that waiting on is pointless."""
