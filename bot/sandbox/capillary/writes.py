"""POST: enrol, issue, and take either back, for up to a hundred customers and one promotion a call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.sandbox.capillary.answers import Refusal, failed, json_body, said
from bot.sandbox.capillary.books import Books
from bot.sandbox.capillary.bulk import Bulk, find_customer, read_bulk
from bot.sandbox.capillary.conduct import Conduct
from bot.sandbox.capillary.finding import Finder
from bot.sandbox.capillary.nouns import Customer, Kind
from bot.sandbox.remote.answers import Answer, Incoming, document

Item = dict[str, Any]
#: does one action for one customer; returns what the result says, None at a limit
Deed = Callable[["Writes", Bulk, Customer, Item], Item | None]


class Writes:
    """Answers one request, and changes the books as it says."""

    def __init__(self, books: Books, conduct: Conduct, call: Incoming, finder: Finder) -> None:
        self.books = books
        self.conduct = conduct
        self.call = call
        self.finder = finder

    def grant(self) -> Answer:
        return self._bulk({"ENROL": Writes._enrol, "EARN": Writes._issue})

    def revoke(self) -> Answer:
        return self._bulk({"REVOKE_ENROL": Writes._revoke_enrolment, "REVOKE_EARN": Writes._revoke_issues})

    def _bulk(self, deeds: dict[str, Deed]) -> Answer:
        try:
            bulk = read_bulk(json_body(self.call), actions=frozenset(deeds), books=self.books, conduct=self.conduct)
        except Refusal as refusal:
            return self._answer([failed(refusal)])
        return self._answer([self._item(deeds[bulk.action], bulk, entry) for entry in bulk.entries])

    def _answer(self, items: list[Item]) -> Answer:
        failures = sum(bool(item["errors"]) for item in items)
        match self.conduct.response_order:
            case "reversed":
                items.reverse()
            case "successes first":
                items.sort(key=lambda item: bool(item["errors"]))
        status = 200
        if failures:
            status = self.conduct.failure_status if failures == len(items) else self.conduct.partial_status
        return document({"response": items, "totalCount": len(items), "failureCount": failures}, status=status)

    def _item(self, deed: Deed, bulk: Bulk, entry: Item) -> Item:
        try:
            customer = find_customer(entry, bulk, finder=self.finder, conduct=self.conduct)
            footprint = bulk.action, customer.id, bulk.promotion.id
            self.books.writes[footprint] += 1
            if self.call.lag is not None:
                self.books.hide(customer, self.call.lag)
            told = deed(self, bulk, customer, entry)
        except Refusal as refusal:
            return failed(refusal)
        if told is not None:
            self.books.effects[footprint] += 1
        promotion = {**bulk.named, "programId": bulk.promotion.program_id}
        result = {"entityType": "CUSTOMER", "entityId": customer.id, **promotion, **(told or {})}
        return {"result": result, "errors": [], "warnings": [] if told is not None else [said(8890)]}

    # One customer

    def _enrol(self, bulk: Bulk, customer: Customer, _: Item) -> Item | None:
        enrolment = self.books.enrol(customer, bulk.promotion)
        return None if enrolment is None else {"issualId": str(enrolment.id)}

    def _issue(self, bulk: Bulk, customer: Customer, _: Item) -> Item | None:
        made = self.books.issue(customer, bulk.promotion)
        return None if made is None else {"issualId": str(made[0].id), "earnedId": str(made[1].id)}

    def _revoke_issues(self, bulk: Bulk, customer: Customer, entry: Item) -> Item:
        """Without ids: everything."""
        held = [issue.id for issue in self.books.issued(customer, bulk.promotion)]
        named = entry.get("earnIds")
        if named == [] and self.conduct.empty_earn_ids == "refused":
            raise Refusal(8903)
        if not named and not held:
            raise Refusal(self.conduct.nothing_to_revoke)
        revoked = named or held
        if not isinstance(revoked, list) or not set(revoked) <= set(held):
            raise Refusal(8903)
        self.books.revoke_issues(customer, bulk.promotion, revoked)
        return {"revokedEarnIds": revoked}

    def _revoke_enrolment(self, bulk: Bulk, customer: Customer, _: Item) -> Item:
        enrolment = self.books.enrolment(customer, bulk.promotion)
        if enrolment is None or bulk.promotion.kind is not Kind.ENROL_AND_ISSUE:
            raise Refusal(self.conduct.nothing_to_revoke)
        issued = [issue.id for issue in self.books.issued(customer, bulk.promotion)]
        if issued and self.conduct.remaining_issues == "refused":
            raise Refusal(8904)
        if issued and self.conduct.remaining_issues == "dropped":
            self.books.revoke_issues(customer, bulk.promotion, issued)
        enrolment.revoked = True
        if self.conduct.enrolment_id == "revokedIssualId":
            return {"revokedIssualId": enrolment.id}
        return {"issualId": str(enrolment.id)}
