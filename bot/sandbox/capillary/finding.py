"""Which customer is meant, by which kind of identifier, of which source."""

from __future__ import annotations

from collections.abc import Mapping

from bot.sandbox.capillary.answers import Refusal
from bot.sandbox.capillary.books import Books
from bot.sandbox.capillary.conduct import Conduct
from bot.sandbox.capillary.nouns import Customer
from bot.sandbox.remote.answers import Incoming

SOURCES = frozenset(
    "FACEBOOK WEB_ENGAGE WECHAT INSTORE MARTJACK TMALL TAOBAO JD ECOMMERCE WEBSITE LINE ALL".split()  # noqa: SIM905 - a row of names reads better without their quotes
)
LOOKED_UP_BY = frozenset({"mobile", "email", "externalId", "cardnumber", "wechat", "martjackId", "fbId"})
#: what the call is attributed to: what is not known there makes every look-up fail
ATTRIBUTION = "X-CAP-API-ATTRIBUTION-ENTITY-CODE"


class Finder:
    """Finds customers, or refuses in Capillary's codes."""

    def __init__(self, books: Books, conduct: Conduct, *, accounts: Mapping[str, set[str]], entities: set[str]) -> None:
        self.books = books
        self.conduct = conduct
        self.accounts = accounts
        self.entities = entities

    def by_query(self, call: Incoming, *, kinds: frozenset[str] | set[str] = LOOKED_UP_BY) -> Customer:
        """By `identifierName`, `identifierValue` and `source` of a read."""
        query = call.query
        kind, value, source = (query.get(name, "") for name in ("identifierName", "identifierValue", "source"))
        if not kind or not value or not source:
            raise Refusal(11013)
        self.check_source(source)
        if kind not in kinds:
            raise Refusal(8013)
        needed = self.accounts.get(source.upper())
        if needed and query.get("accountId") not in needed:
            raise Refusal(8045)
        code = call.headers.get(ATTRIBUTION)
        if code is not None and code not in self.entities:
            raise Refusal(8015)
        return self.by_identifier(kind, value, source)

    def by_identifier(self, kind: str, value: str, source: str) -> Customer:
        primary = self.conduct.primary_identifier
        known = value if kind == "id" else self.books.known_as.get((kind, value.casefold()))
        if known is None or (primary is not None and kind not in {primary, "id"}):
            raise Refusal(8015)
        customer = self.by_id(str(known))
        if source.upper() not in {*customer.sources, "ALL"}:
            raise Refusal(8015)
        if customer.merged_into is not None:
            raise Refusal(8069)
        return customer

    def by_id(self, customer_id: str) -> Customer:
        digits = customer_id.isascii() and customer_id.isdigit()
        customer = self.books.customers.get(int(customer_id)) if digits else None
        if customer is None:
            raise Refusal(8015)
        return customer

    def check_source(self, source: str) -> None:
        upper = source == source.upper() or self.conduct.lower_case_source == "refused"
        if (source if upper else source.upper()) not in SOURCES:
            raise Refusal(8003)
