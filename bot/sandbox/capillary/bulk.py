"""The body of a bulk write, read and checked: what is wrong with it as a whole fails as one item."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.sandbox.capillary.answers import Refusal
from bot.sandbox.capillary.books import Books
from bot.sandbox.capillary.conduct import Conduct
from bot.sandbox.capillary.finding import Finder
from bot.sandbox.capillary.nouns import Customer, Kind, Promotion

WRITTEN_BY = frozenset({"id", "mobile", "email"})
#: which actions each type of promotion knows, in either call
ALLOWED = {
    Kind.GENERIC: frozenset[str](),
    Kind.DIRECT: frozenset({"EARN", "REVOKE_EARN"}),
    Kind.ENROL_AND_ISSUE: frozenset({"ENROL", "EARN", "REVOKE_ENROL", "REVOKE_EARN"}),
}


@dataclass(frozen=True, kw_only=True)
class Bulk:
    """What is to be done to whom."""

    action: str
    promotion: Promotion
    #: how the body named the promotion; the answer names it the same way
    named: dict[str, int | str]
    identifier: str
    entries: list[dict[str, Any]]


def read_bulk(body: dict[str, Any], *, actions: frozenset[str], books: Books, conduct: Conduct) -> Bulk:
    """Raises `Refusal` for what concerns all customers."""
    _check_type(body.get("type"))
    details = body.get("promotionDetails")
    promotion, named = _promotion(details if isinstance(details, dict) else {}, books)
    if promotion.status(books.clock()) in {"INACTIVE", "COMPLETED"}:
        raise Refusal(8892)
    action = body.get("bulkAction")
    if action not in actions or action not in ALLOWED[promotion.kind]:
        revoking = "REVOKE_EARN" in actions
        raise Refusal(
            8902, f"{'revoke ' * revoking}bulk action passed not supported for loyalty/generic promotion type"
        )
    customers, identifier = body.get("customers"), body.get("identifierName")
    if not isinstance(customers, list) or not customers or not isinstance(identifier, str) or not identifier:
        raise Refusal(11013)
    if identifier not in WRITTEN_BY:
        raise Refusal(8013)
    if len(customers) > conduct.batch_limit:
        raise Refusal(1060)
    if not all(_whole(entry) for entry in customers):
        raise Refusal(11013)
    return Bulk(action=action, promotion=promotion, named=named, identifier=identifier, entries=customers)


def find_customer(entry: dict[str, Any], bulk: Bulk, *, finder: Finder, conduct: Conduct) -> Customer:
    """Raises `Refusal` for what concerns this customer."""
    finder.check_source(entry["source"])
    try:
        customer = finder.by_identifier(bulk.identifier, entry["identifierValue"], entry["source"])
    except Refusal as refusal:
        raise Refusal(conduct.unknown_customer) if refusal.code == 8015 else refusal from None  # noqa: PLR2004 - Capillary's code
    if not customer.loyal:
        raise Refusal(8089)
    return customer


def _check_type(kind: Any) -> None:
    if kind == "USER_GROUP":
        raise Refusal(8899)
    if kind != "CUSTOMER":
        raise Refusal(8901)


def _promotion(details: dict[str, Any], books: Books) -> tuple[Promotion, dict[str, int | str]]:
    """Lenient about numbers: the pages send them as texts, too."""
    program_id, promotion_id = _number(details.get("programId")), details.get("promotionId")
    identifier = details.get("promoIdentifier")
    if program_id is None or (promotion_id is None and identifier is None):
        raise Refusal(8881)
    if program_id not in books.programs:
        raise Refusal(1101)
    wanted = _number(promotion_id)
    for promotion in books.promotions.values():
        same = promotion.id == wanted if promotion_id is not None else promotion.identifier == identifier
        if same and promotion.program_id == program_id:
            by_number = promotion_id is not None
            return promotion, (
                {"promotionId": promotion.id} if by_number else {"promoIdentifier": promotion.identifier}
            )
    raise Refusal(8874)


def _number(given: Any) -> int | None:
    if isinstance(given, str) and given.isascii() and given.isdigit():
        return int(given)
    return given if isinstance(given, int) and not isinstance(given, bool) else None


def _whole(entry: Any) -> bool:
    needed = ("identifierValue", "source")
    return isinstance(entry, dict) and all(isinstance(entry.get(name), str) and entry[name] for name in needed)
