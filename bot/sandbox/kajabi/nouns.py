"""What a Kajabi account is made of, as the local Kajabi keeps it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(kw_only=True)
class Site:
    id: str
    title: str
    subdomain: str
    created_at: float


@dataclass(kw_only=True)
class Product:
    id: str
    title: str
    site_id: str
    description: str | None
    created_at: float


@dataclass(kw_only=True)
class Offer:
    id: str
    title: str
    site_id: str
    internal_title: str | None
    description: str | None
    currency: str
    price_in_cents: int
    recurring: bool
    subscription: bool
    archived: bool
    products: list[str] = field(default_factory=list)

    @property
    def payment_type(self) -> str:
        if self.subscription:
            return "subscription"
        if self.recurring:
            return "multipay"
        return "single" if self.price_in_cents else "free"


@dataclass(kw_only=True)
class Contact:
    id: str
    email: str
    name: str
    site_id: str
    created_at: float
    customer_id: str | None = None
    granted: list[str] = field(default_factory=list)


@dataclass(kw_only=True)
class Customer:
    """The login of a contact: it comes with the first grant or purchase, under an id of its own."""

    id: str
    contact_id: str
    created_at: float


@dataclass(kw_only=True)
class Purchase:
    id: str
    customer_id: str
    contact_id: str
    offer_id: str
    payment_type: str
    amount_in_cents: int
    currency: str
    status: str
    created_at: float
    effective_start_at: str
    deactivated_at: str | None = None
    deactivation_reason: str | None = None

    @property
    def active(self) -> bool:
        return self.deactivated_at is None


@dataclass(frozen=True, kw_only=True)
class Mail:
    """A customer welcome mail that Kajabi would have sent."""

    to: str
    contact_id: str
    offer_id: str
    at: float
