"""What somebody asks the policy about, in the words of /offer: grant 4242 to jane@example.com by U123."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from time import time

import click

from bot.domain.draft import normal
from bot.domain.errors import BadInput
from bot.domain.parsing import Verb, parse
from bot.domain.request import Action, Contact, Offer
from bot.ports import Store

EXAMPLE = "grant 4242 to jane@example.com by U123"
_BY = re.compile(r"\s+by\s+([UW][A-Z0-9]{2,})\b")
_IN = re.compile(r"\s+in\s+([CG][A-Z0-9]{2,})\b")
_ACTIONS = {Verb.GRANT: Action.GRANT, Verb.REVOKE: Action.REVOKE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Who wants what for whom."""

    action: Action
    #: an offer's id, or words of its title
    offer: str
    address: str
    requester: str
    channel: str
    reason: str
    days: int | None


def read_wish(text: str) -> Wish:
    """Understand it, or say which words would be understood."""
    by, place = _BY.search(text), _IN.search(text)
    try:
        words = parse(_IN.sub("", _BY.sub("", text)))
        action, address = _ACTIONS.get(words.verb), words.customer()
    except BadInput:
        action, address = None, ""
    if action is None or by is None or not words.offer:
        raise click.ClickException(f"This makes no sense to me. Write it like this: {EXAMPLE}.")
    return Wish(
        action=action,
        offer=words.offer,
        address=normal(address),
        requester=by[1],
        channel=place[1] if place is not None else "",
        reason=words.reason,
        days=None if words.term is None else words.term.placed("UTC").in_days(time()),
    )


async def find_offer(wish: Wish, store: Store | None, *, providers: Sequence[str]) -> Offer | None:
    """Find the offer among those that the bot has seen: by id, by title, or because only one fits."""
    if store is None:
        return None
    for provider in providers:
        known = await store.cached_offer(provider, wish.offer.removeprefix(f"{provider}:"))
        if known is not None:
            return known
        fits = await store.suggest(provider, wish.offer, limit=10)
        exact = [one for one in fits if one.title.casefold() == wish.offer.casefold()]
        if len(exact or fits) == 1:
            return (exact or list(fits))[0]
    return None


def customer_of(wish: Wish, offer: Offer) -> Contact:
    """Name the customer as the store knows them."""
    return Contact(provider=offer.provider, address=wish.address)
