"""Which address is answered by what. An address that is not here gets a page of HTML, as at Kajabi."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from bot.sandbox.kajabi.access import Access
from bot.sandbox.kajabi.answers import Refusal
from bot.sandbox.kajabi.books import Books
from bot.sandbox.kajabi.conduct import Conduct
from bot.sandbox.kajabi.reads import Reads
from bot.sandbox.kajabi.writes import Writes
from bot.sandbox.remote.answers import Answer, Incoming, page

Handler = Callable[..., Answer]

ROUTES: dict[tuple[str, str], Handler] = {
    ("GET", "/v1/me"): Reads.me,
    ("GET", "/v1/version"): Reads.version,
    ("GET", "/v1/sites"): Reads.sites,
    ("GET", "/v1/sites/{id}"): Reads.site,
    ("GET", "/v1/contacts"): Reads.contacts,
    ("POST", "/v1/contacts"): Writes.create_contact,
    ("GET", "/v1/contacts/{id}"): Reads.contact,
    ("GET", "/v1/contacts/{contact_id}/relationships/offers"): Reads.contact_offers,
    ("POST", "/v1/contacts/{contact_id}/relationships/offers"): Writes.grant,
    ("DELETE", "/v1/contacts/{contact_id}/relationships/offers"): Writes.revoke,
    ("GET", "/v1/customers"): Reads.customers,
    ("GET", "/v1/customers/{id}"): Reads.customer,
    ("GET", "/v1/offers"): Reads.offers,
    ("GET", "/v1/offers/{id}"): Reads.offer,
    ("GET", "/v1/offers/{offer_id}/relationships/products"): Reads.offer_products,
    ("GET", "/v1/products/{id}"): Reads.product,
    ("GET", "/v1/purchases"): Reads.purchases,
    ("GET", "/v1/purchases/{id}"): Reads.purchase,
}

TOKEN = ("POST", "/v1/oauth/token")
OPEN = {("GET", "/v1/version")}
PATTERNS = [(key, re.compile(re.sub(r"\{\w+\}", r"([^/]+)", key[1]))) for key in ROUTES]


def answer(call: Incoming, *, books: Books, access: Access, conduct: Conduct) -> Answer:
    """What Kajabi answers when nothing is wrong with it."""
    if (call.method, call.path) == TOKEN:
        return access.issue(call)
    route = match(call)
    if route is None:
        return page(404, "The page you were looking for doesn't exist (404)")
    key, ids = route
    if key not in OPEN:
        refused = access.refusal(call)
        if refused is not None:
            return refused
    desk: Any = Reads if call.method == "GET" else Writes
    try:
        return ROUTES[key](desk(books, conduct, call), *ids)
    except Refusal as refusal:
        return refusal.answer


def match(call: Incoming) -> tuple[tuple[str, str], tuple[str, ...]] | None:
    for key, pattern in PATTERNS:
        found = pattern.fullmatch(call.path)
        if found and key[0] == call.method:
            return key, found.groups()
    return None
