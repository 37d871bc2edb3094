"""The account as it is, and as its readers may see it while a write has not reached them yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from bot.sandbox.kajabi.nouns import Contact, Customer, Mail, Offer, Product, Purchase, Site
from bot.sandbox.remote.answers import Lag, timestamp

FIRST_IDS = {
    "sites": 101,
    "products": 601,
    "offers": 2001,
    "contacts": 3001,
    "customers": 40_001,
    "purchases": 50_001,
}

Footprint = tuple[str, str, str]
"""(action, contact id, offer id); the offer is empty where a contact is created."""


@dataclass(kw_only=True)
class Veil:
    """What readers still see of one contact."""

    contact_id: str
    granted: list[str]
    active: set[str]
    listed: bool
    until: float | None
    reads: int | None
    read: Counter[str] = field(default_factory=Counter)

    def hides(self, address: str, *, now: float) -> bool:
        if self.until is not None:
            return now < self.until
        return self.reads is not None and self.read[address] < self.reads


class Books:
    """All state. A copy of it can be written to without a trace in the original."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.sites: dict[str, Site] = {}
        self.products: dict[str, Product] = {}
        self.offers: dict[str, Offer] = {}
        self.contacts: dict[str, Contact] = {}
        self.customers: dict[str, Customer] = {}
        self.purchases: dict[str, Purchase] = {}
        self.bought: dict[str, list[str]] = {}  # contact id -> purchase ids: a list of 100,000 is not searched
        self.mails: list[Mail] = []
        self.undeliverable: set[str] = {"invalid"}
        self.writes: Counter[Footprint] = Counter()
        self.effects: Counter[Footprint] = Counter()
        self.veils: list[Veil] = []
        self.last_ids = Counter({kind: first - 1 for kind, first in FIRST_IDS.items()})

    def next_id(self, kind: str) -> str:
        self.last_ids[kind] += 1
        return str(self.last_ids[kind])

    def now_text(self) -> str:
        return timestamp(self.clock())

    def purchases_of(self, contact: Contact) -> list[Purchase]:
        return [self.purchases[purchase_id] for purchase_id in self.bought.get(contact.id, [])]

    def become_customer(self, contact: Contact) -> bool:
        """Whether this was the first time."""
        if contact.customer_id is not None:
            return False
        customer = Customer(id=self.next_id("customers"), contact_id=contact.id, created_at=self.clock())
        self.customers[customer.id] = customer
        contact.customer_id = customer.id
        return True

    def grant(self, contact: Contact, offer: Offer) -> None:
        self.become_customer(contact)
        if offer.id not in contact.granted:
            contact.granted.append(offer.id)

    def revoke(self, contact: Contact, offer: Offer, *, reason: str) -> bool:
        """Take back grants and deactivate purchases; whether there was anything to take."""
        active = [bought for bought in self.purchases_of(contact) if bought.offer_id == offer.id and bought.active]
        for purchase in active:
            purchase.deactivated_at = self.now_text()
            purchase.deactivation_reason = reason
        granted = offer.id in contact.granted
        if granted:
            contact.granted.remove(offer.id)
        return granted or bool(active)

    def hide(self, contact: Contact, lag: Lag, *, listed: bool = True) -> None:
        """Let readers see what they see now, for as long as the lag says."""
        self.veils.append(
            Veil(
                contact_id=contact.id,
                granted=list(contact.granted),
                active={purchase.id for purchase in self.purchases_of(contact) if purchase.active},
                listed=listed,
                until=None if lag.seconds is None else self.clock() + lag.seconds,
                reads=lag.reads,
            )
        )


class View:
    """The books as one request sees them: a hidden write is counted as missed once per request."""

    def __init__(self, books: Books, address: str) -> None:
        self.books = books
        self.address = address
        self.missed: dict[str, Veil | None] = {}

    def _veil(self, contact_id: str) -> Veil | None:
        if not self.books.veils:
            return None
        if contact_id not in self.missed:
            self.missed[contact_id] = self._lift_or_miss(contact_id)
        return self.missed[contact_id]

    def _lift_or_miss(self, contact_id: str) -> Veil | None:
        now = self.books.clock()
        for veil in self.books.veils:
            if veil.contact_id == contact_id and veil.hides(self.address, now=now):
                veil.read[self.address] += 1
                return veil
        return None

    def lists(self, contact: Contact) -> bool:
        veil = self._veil(contact.id)
        return veil is None or veil.listed

    def granted(self, contact: Contact) -> list[str]:
        veil = self._veil(contact.id)
        return contact.granted if veil is None else veil.granted

    def is_active(self, purchase: Purchase) -> bool:
        veil = self._veil(purchase.contact_id)
        return purchase.active if veil is None else purchase.id in veil.active

    def offers_of(self, contact: Contact, *, bought_too: bool) -> list[str]:
        bought: Iterable[Purchase] = self.books.purchases_of(contact) if bought_too else ()
        active = [purchase.offer_id for purchase in bought if self.is_active(purchase)]
        return list(dict.fromkeys([*self.granted(contact), *active]))
