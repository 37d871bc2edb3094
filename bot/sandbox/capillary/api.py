"""Which address is answered by what. An address that is not here gets a page of HTML."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from bot.sandbox.capillary.access import Access
from bot.sandbox.capillary.answers import Refusal, errors
from bot.sandbox.capillary.books import Books
from bot.sandbox.capillary.conduct import Conduct
from bot.sandbox.capillary.finding import Finder
from bot.sandbox.capillary.reads import Reads
from bot.sandbox.capillary.writes import Writes
from bot.sandbox.remote.answers import Answer, Incoming, page

Handler = Callable[..., Answer]

GRANT, REVOKE = "/v2/promotion/bulk/enrolAndEarn", "/v2/promotion/bulk/revokeEnrolAndEarn"
ROUTES: dict[tuple[str, str], Handler] = {
    ("GET", "/v2/organization/programs"): Reads.programs,
    ("GET", "/api_gateway/loyalty/v1/programs/promotions/list"): Reads.promotions,
    ("GET", "/api_gateway/loyalty/v1/programs/{program_id}/promotions/{id}/get"): Reads.promotion,
    ("GET", "/v2/customers/lookup"): Reads.customer_id,
    ("GET", "/v2/customers/lookup/promotionData"): Reads.promotion_data,
    ("GET", "/v2/customers/{id}"): Reads.customer,
    ("POST", GRANT): Writes.grant,
    ("POST", REVOKE): Writes.revoke,
}

TOKEN = ("POST", "/v3/oauth/token/generate")
PATTERNS = [(key, re.compile(re.sub(r"\{\w+\}", r"([^/]+)", key[1]))) for key in ROUTES]


def answer(call: Incoming, *, books: Books, access: Access, conduct: Conduct, finder: Finder) -> Answer:
    """What Capillary answers when nothing is wrong with it."""
    if (call.method, call.path) == TOKEN:
        return access.issue(call)
    refused = access.refusal(call)
    if refused is not None:
        return refused
    for (method, _), pattern in PATTERNS:
        found = pattern.fullmatch(call.path)
        if found and method == call.method:
            desk: Any = Reads if method == "GET" else Writes
            try:
                return ROUTES[method, _](desk(books, conduct, call, finder), *found.groups())
            except Refusal as refusal:
                return errors(refusal.code, refusal.message, status=conduct.not_found_status)
    return page(404, "404 Not Found")
