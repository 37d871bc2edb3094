"""What somebody typed or chose cannot be used."""

from collections.abc import Sequence

from bot.domain.errors.base import BadInput, GivenBack
from bot.domain.request import Offer


class Misunderstood(BadInput):
    """Some words made no sense; `example` would have."""

    def __init__(self, words: str, example: str) -> None:
        super().__init__(words, example)
        self.words, self.example = words, example


class FormOutdated(BadInput):
    """The form is not one that this release has drawn."""


class AddressMissing(BadInput):
    """No customer was named."""

    field = "customer"


class AddressMalformed(BadInput):
    """The customer is not named in a way that the provider takes; `kinds` are those it does."""

    field = "customer"

    def __init__(self, typed: str, *, kinds: Sequence[str] = ()) -> None:
        super().__init__()
        self.typed, self.kinds = typed, tuple(kinds)


class SeveralAddresses(BadInput):
    """One request is for one customer."""

    field = "customer"

    def __init__(self, addresses: Sequence[str]) -> None:
        super().__init__()
        self.addresses = tuple(addresses)


class OfferMissing(BadInput):
    """No offer was chosen."""

    field = "offer"


class OfferNotFound(BadInput):
    """Nothing the provider sells fits the words."""

    field = "offer"

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


class OfferAmbiguous(BadInput):
    """Several offers fit the words."""

    field = "offer"

    def __init__(self, words: str, offers: Sequence[Offer]) -> None:
        super().__init__(words)
        self.words, self.offers = words, tuple(offers)


class OfferForeign(BadInput):
    """The option chosen belongs to another provider, or was never offered."""

    field = "offer"


class NameMissing(BadInput):
    """A contact cannot be created without a name."""

    field = "name"


class NothingEdited(BadInput):
    """The form asks for what is asked already."""


class ReasonMissing(BadInput):
    """Every request says why."""

    field = "reason"


class ReasonTooLong(BadInput):
    """The reason does not fit a card."""

    field = "reason"

    def __init__(self, length: int, limit: int) -> None:
        super().__init__(length, limit)
        self.length, self.limit = length, limit


class ReasonUnfit(BadInput):
    """A rule wants something in the reason that is not there; `example` has it."""

    field = "reason"

    def __init__(self, example: str) -> None:
        super().__init__(example)
        self.example = example


class TooManyDays(BadInput):
    """A rule limits for how long this may be granted."""

    field = "days"

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


class TermMalformed(BadInput):
    """What was typed as a number of days is none."""

    field = "days"

    def __init__(self, typed: str) -> None:
        super().__init__(typed)
        self.typed = typed


class TermTooLong(BadInput):
    """So long a time limit is none."""

    field = "days"

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


class TermTwice(BadInput):
    """A number of days and a day: one of them counts."""

    field = "until"


class DayPassed(BadInput):
    """The day until which it is to be granted is over."""

    field = "until"


class IdsMalformed(BadInput):
    """What was typed as ids of what is to be revoked are none, or more than `limit`."""

    field = "ids"

    def __init__(self, typed: str, limit: int) -> None:
        super().__init__(typed, limit)
        self.typed, self.limit = typed, limit


class IdsNotTaken(BadInput):
    """Ids of what is to be revoked are given, and the provider takes none."""

    field = "ids"


class TooManyCustomers(BadInput):
    """A rule limits for how many customers this may be asked at once."""

    field = "customer"

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


class ChannelMissing(BadInput):
    """There is no channel to show the card in."""

    field = "channel"


class IdsNeeded(GivenBack):
    """The provider revokes what is named by its ids, and only a person can say them."""

    field = "ids"
