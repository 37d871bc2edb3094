"""The local Capillary on the page: who was issued what, and what can be done in Capillary itself."""

from collections.abc import Callable, Hashable

from bot.sandbox.capillary import Customer, Kind, LocalCapillary, Promotion
from bot.sandbox.model import CannotDo, Json
from bot.sandbox.page.calls import calls_mark, calls_shown
from bot.sandbox.page.given import Malformed, optional_text, text

TYPES = {
    Kind.GENERIC: "available without issue",
    Kind.DIRECT: "direct issue",
    Kind.ENROL_AND_ISSUE: "enrol and issue",
}


class CapillaryPanel:
    """What a program manager would see and do there."""

    name = "capillary"
    title = "Capillary"

    def __init__(self, capillary: LocalCapillary) -> None:
        self._capillary = capillary
        self._changes = 0

    def mark(self) -> Hashable:
        capillary = self._capillary
        return calls_mark(capillary), capillary.effects.total(), len(capillary.books.customers), self._changes

    def shown(self) -> Json:
        books = self._capillary.books
        return {
            "tabs": [["contacts", "Customers"], ["offers", "Promotions"], ["calls", "Calls"]],
            "ends": ["Deactivate", "Activate"],
            "addresses": "text",
            "contacts": [self._customer(one) for one in books.customers.values()],
            "offers": [self._promotion(one) for one in books.promotions.values()],
            "calls": calls_shown(self._capillary),
        }

    def _customer(self, customer: Customer) -> Json:
        held = [self._capillary.promotion(one) for one in sorted(self._capillary.holds(customer))]
        return {
            "id": str(customer.id),
            "name": customer.name,
            "email": " · ".join(_written(kind, value) for kind, value in customer.identifiers.items()),
            "holds": [{"offer_id": str(one.id), "title": one.name, "how": self._how(customer, one)} for one in held],
        }

    def _how(self, customer: Customer, promotion: Promotion) -> str:
        issued = self._capillary.books.issued(customer, promotion)
        redeemed = sum(issue.redeemed for issue in issued)
        words = ["enrolled"] if promotion.kind is Kind.ENROL_AND_ISSUE else []
        words += [f"issued {', '.join(str(issue.id) for issue in issued)}"] if issued else []
        return ", ".join(words + ([f"redeemed {redeemed} times"] if redeemed else []))

    def _promotion(self, promotion: Promotion) -> Json:
        return {
            "id": str(promotion.id),
            "title": promotion.name,
            "internal_title": TYPES[promotion.kind],
            "price": None,
            "archived": not promotion.active,
            "for_all": promotion.kind is Kind.GENERIC,
        }

    # what happens in Capillary itself

    def do(self, given: Json) -> Json:
        deed = DEEDS.get(text(given, "do"))
        if deed is None:
            raise Malformed(f"There is nothing called {given['do']!r} to do in Capillary.")
        try:
            done = deed(self, given)
        except LookupError as missing:
            raise CannotDo(f"Capillary has {missing.args[0]}.") from None
        self._changes += 1
        return {"ok": True} | done

    def grant(self, given: Json) -> Json:
        customer, promotion = self._customer_meant(given), self._promotion_meant(given)
        if promotion.kind is Kind.GENERIC:
            raise CannotDo(f"Everyone has {promotion.name}: there is nothing to issue.")
        self._capillary.issue(customer, promotion)
        return {}

    def revoke(self, given: Json) -> Json:
        customer, promotion = self._customer_meant(given), self._promotion_meant(given)
        if not self._capillary.books.holds(customer, promotion):
            raise CannotDo(f"{customer.name} does not hold {promotion.name}.")
        self._capillary.take_back(customer, promotion)
        return {}

    def archive(self, given: Json) -> Json:
        self._promotion_meant(given).active = False
        return {}

    def restore(self, given: Json) -> Json:
        self._promotion_meant(given).active = True
        return {}

    def add_contact(self, given: Json) -> Json:
        address = text(given, "email").strip()
        kind, value = _read(address)
        if (kind, value.casefold()) in self._capillary.books.known_as:
            raise CannotDo(f"{address} is there already.")
        named: Json = {{"externalId": "external_id"}.get(kind, kind): value}
        name = (optional_text(given, "name") or "").strip() or value
        return {"id": str(self._capillary.add_customer(name, **named).id)}

    def _customer_meant(self, given: Json) -> Customer:
        return self._capillary.customer(text(given, "contact_id"))

    def _promotion_meant(self, given: Json) -> Promotion:
        return self._capillary.promotion(text(given, "offer_id"))


def _written(kind: str, value: str) -> str:
    """As a person may type it to the bot."""
    return {"mobile": "+", "externalId": "ext:"}.get(kind, "") + value


def _read(address: str) -> tuple[str, str]:
    """What kind of identifier a person typed, and its value."""
    digits = address.removeprefix("+")
    if address.startswith("+") and digits.isascii() and digits.isdigit():
        return "mobile", digits
    if address.startswith("ext:") and address != "ext:":
        return "externalId", address.removeprefix("ext:")
    if "@" in address.strip("@") and len(address.split()) == 1:
        return "email", address
    raise CannotDo(f"{address!r} is no e-mail address, no +mobile number and no ext:id.")


DEEDS: dict[str, Callable[[CapillaryPanel, Json], Json]] = {
    deed.__name__: deed
    for deed in (
        CapillaryPanel.grant,
        CapillaryPanel.revoke,
        CapillaryPanel.archive,
        CapillaryPanel.restore,
        CapillaryPanel.add_contact,
    )
}
