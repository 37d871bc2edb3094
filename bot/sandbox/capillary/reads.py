"""GET: programs, promotions, customers, and what a customer holds. Numbers are numbers here, but for limits."""

from __future__ import annotations

from math import ceil
from typing import Any

from bot.sandbox.capillary.answers import Refusal
from bot.sandbox.capillary.books import Books
from bot.sandbox.capillary.conduct import Conduct
from bot.sandbox.capillary.documents import held_promotion, listed_promotion
from bot.sandbox.capillary.finding import Finder
from bot.sandbox.capillary.nouns import Customer, Enrolment, Kind, Promotion
from bot.sandbox.remote.answers import Answer, Incoming, document, page

LARGEST_PAGE = 100
MASK = "****"


class Reads:
    """Answers one request; it changes nothing."""

    def __init__(self, books: Books, conduct: Conduct, call: Incoming, finder: Finder) -> None:
        self.books = books
        self.conduct = conduct
        self.call = call
        self.finder = finder

    # Programs and promotions

    def programs(self) -> Answer:
        named = [
            {"programId": one.id, "programName": one.name, "programDescription": one.description}
            for one in self.books.programs.values()
        ]
        wrapped: Any = named
        if self.conduct.programs_envelope != "list":
            wrapped = {self.conduct.programs_envelope: named, "errors": [], "warnings": []}
        return document(wrapped)

    def promotions(self) -> Answer:
        """`offset` is the number of a page here, of `limit` promotions each, the newest first."""
        if self.conduct.legacy_reads == "gone":
            return page(404, "404 Not Found")
        size, number = whole(self.call.query.get("limit")), whole(self.call.query.get("offset"))
        if size is None or number is None or size < 1 or number < self.conduct.first_page:
            return enveloped(None, code=4053, message="limit and offset are required")
        found = [one for one in self.books.promotions.values() if self._wants(one)]
        found.sort(key=lambda one: one.id, reverse=True)
        size = min(size, self.conduct.promotions_page)
        first = (number - self.conduct.first_page) * size
        shown = [self._listed(one) for one in found[first : first + size]]
        if first and not shown and self.conduct.beyond_pages == "refused":
            return enveloped(None, code=4053, message="offset is not valid")
        return enveloped(shown, pageDetails=self._page_details(number, size, len(found)))

    def _page_details(self, number: int, size: int, total: int) -> dict[str, Any] | None:
        if self.conduct.promotions_counted == "not told":
            return None
        count = str(total) if self.conduct.promotions_counted == "text" else total
        return {"pageNumber": number, "pageSize": size, "totalEntries": count, "pageCount": ceil(total / size)}

    def promotion(self, program_id: str, promotion_id: str) -> Answer:
        if self.conduct.legacy_reads == "gone":
            return page(404, "404 Not Found")
        promotion = self.books.promotions.get(whole(promotion_id) or 0)
        if promotion is not None and str(promotion.program_id) == program_id:
            return enveloped([self._listed(promotion)])
        if self.conduct.missing_promotion == "empty":
            return enveloped([])
        return enveloped(None, code=4054, message="Promotion not found")

    def _listed(self, promotion: Promotion) -> dict[str, Any]:
        return listed_promotion(promotion, self.books.programs[promotion.program_id], now=self.books.clock())

    def _wants(self, promotion: Promotion) -> bool:
        query = self.call.query
        status = promotion.status(self.books.clock())
        return (
            query.get("program", str(promotion.program_id)) == str(promotion.program_id)
            and query.get("status", status) == status
            and query.get("promotionName", promotion.name).casefold() == promotion.name.casefold()
        )

    # Customers

    def customer_id(self) -> Answer:
        return document({"entity": self.finder.by_query(self.call).id, "warnings": []})

    def customer(self, customer_id: str) -> Answer:
        self.finder.check_source(self.call.query.get("source", ""))
        customer = self.finder.by_id(customer_id)
        profile = {
            "firstName": MASK if self.conduct.masked else customer.first_name,
            "lastName": MASK if self.conduct.masked else customer.last_name,
            "identifiers": [{"type": name, "value": value} for name, value in customer.identifiers.items()],
            "userId": customer.id,
            "accountId": customer.account_id or "",
        }
        content: dict[str, Any] = {
            "id": customer.id,
            "profiles": [profile | {"source": source} for source in customer.sources],
            "loyaltyInfo": {"loyaltyType": "loyalty" if customer.loyal else "non_loyalty"},
            "extendedFields": {},
            "warnings": [],
        }
        return document(content)

    # What a customer holds

    def promotion_data(self) -> Answer:
        """`offset` is the position of the first one here."""
        customer = self.finder.by_query(self.call, kinds={"mobile", "email", "externalId", "id"})
        if not customer.loyal:
            raise Refusal(8089)
        size, first = whole(self.call.query.get("limit", "10")), whole(self.call.query.get("offset", "0"))
        if size is None or first is None or not 1 <= size <= LARGEST_PAGE:
            raise Refusal(8100)
        found = self._held(customer)
        details = {"pageNumber": first // size, "pageSize": size, "totalEntries": len(found)}
        content = {
            "pageDetails": details | {"pageCount": ceil(len(found) / size)},
            **({"customerId": customer.id} if self.conduct.whose_promotions == "told" else {}),
            "promotions": found[first : first + size],
            "warnings": [],
        }
        return document(content)

    def _held(self, customer: Customer) -> list[dict[str, Any]]:
        entries: dict[int, list[Enrolment]] = {}
        for enrolment in self.books.seen(customer, self.call.path):
            gone = enrolment.revoked and all(issue.revoked for issue in enrolment.issues)
            if not gone or self.conduct.revoked_entries == "listed":
                entries.setdefault(enrolment.promotion_id, []).append(enrolment)
        unheld = self.conduct.unheld_promotions == "listed"
        promotions = [one for one in self.books.promotions.values() if one.id in entries or (unheld and one.active)]
        return [
            held_promotion(one, entries.get(one.id, []), conduct=self.conduct)
            for one in promotions
            if self._shows(one, entries.get(one.id, []))
        ]

    def _shows(self, promotion: Promotion, entries: list[Enrolment]) -> bool:
        query = self.call.query
        programs = query.get("programs", str(promotion.program_id)).split(",")
        if str(promotion.program_id) not in programs:
            return False
        if query.get("promotionType", promotion.kind.filter_name) != promotion.kind.filter_name:
            return False
        status = query.get("promotionStatusForCustomer")
        return status is None or status in statuses(promotion, entries, now=self.books.clock())


def statuses(promotion: Promotion, entries: list[Enrolment], *, now: float) -> set[str]:
    """What the customer may do with it, in the words of the filter."""
    issued = [issue for one in entries for issue in one.issues if not issue.revoked]
    found = set()
    if not entries and promotion.kind is Kind.ENROL_AND_ISSUE:
        found.add("AVAILABLE_TO_ENROL")
    if not issued and (entries or promotion.kind is Kind.DIRECT):
        found.add("AVAILABLE_TO_EARN")
    if promotion.kind is Kind.GENERIC or any(issue.redeemed < promotion.redemptions for issue in issued):
        found.add("AVAILABLE_TO_REDEEM")
    if now > promotion.ends or (issued and all(now > issue.expires for issue in issued)):
        found.add("EXPIRED")
    return found


def whole(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdigit() else None


def enveloped(data: Any, *, code: int = 200, message: str = "success", **more: Any) -> Answer:
    """As the older gateway answers: what went wrong stands in `status`."""
    ok = data is not None
    content = {"status": {"code": code, "message": message}, "validationErrors": None, "data": data}
    return document(content | more, status=200 if ok else 400)
