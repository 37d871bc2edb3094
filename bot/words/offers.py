"""What is said of offers: of those that were looked for, of one of them, and of what can be chosen in a form?"""

from collections.abc import Iterator

from bot.domain.request import Offer
from bot.words.text import listed, safe, worth

#: what a form's type-ahead says where there is nothing to choose
NO_FIT, NOT_KNOWN_YET = "No offer fits these words.", "No offers are known yet. Try again in a minute."
NO_CUSTOMER = "Give the customer’s e-mail address first."
HELD_NO_FIT, NOTHING_HELD = "Nothing the customer holds fits these words.", "The customer holds nothing."


def unanswered(provider: str) -> str:
    """Say in a form why there is nothing to choose yet."""
    return f"{provider} has not answered yet. Type again in a moment."


def none_found(words: str, *, provider: str) -> str:
    """Say that nothing fits."""
    return f"{safe(provider, 40)} has no offer{_about(words)}. Try fewer words."


def counted(offers: int, words: str, *, provider: str, by_price: bool, descending: bool) -> str:
    """Say how many there are, and in what order they come."""
    order = "" if not by_price else ", dearest first" if descending else ", cheapest first"
    return f"{offers} offer{'' if offers == 1 else 's'}{_about(words)} at {safe(provider, 40)}{order}"


def place(first: int, last: int) -> str:
    """Say which of them are shown; begins with a dot."""
    return f" · {first} to {last}"


def row(offer: Offer) -> str:
    """Say in a line what tells it from others."""
    apart = offer.internal_title if offer.internal_title != offer.title else ""
    parts = [f"*{safe(offer.title, 80)}*", worth(offer), safe(apart, 60), safe(offer.id, 30)]
    return f"• {' · '.join(filter(None, parts))}"


def details(offer: Offer, *, provider: str) -> Iterator[str]:
    """Say all that is known of one."""
    yield f"*{safe(offer.title, 150)}* · {worth(offer)}"
    if offer.internal_title and offer.internal_title != offer.title:
        yield f"Internal title: {safe(offer.internal_title, 150)}"
    if offer.products:
        yield f"Products: {listed(safe(one, 80) for one in offer.products[:20])}"
    if not offer.listed:
        yield f":warning: It is archived at {safe(provider, 40)}: it can be revoked, not granted."


def _about(words: str) -> str:
    return f" with “{safe(words, 80)}”" if words.strip() else ""
