"""Resources as JSON:API documents: attributes, relationships, sparse fields, included."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.sandbox.kajabi.books import Books, View
from bot.sandbox.kajabi.conduct import Conduct
from bot.sandbox.kajabi.nouns import Contact, Customer, Offer, Product, Purchase, Site
from bot.sandbox.remote.answers import Incoming, timestamp

Resource = dict[str, Any]

EMPTY_IN_CONTACTS = (
    "phone_number",
    "business_number",
    "address_line_1",
    "address_line_2",
    "address_city",
    "address_state",
    "address_country",
    "address_zip",
    "external_user_id",
)
EMPTY_IN_CUSTOMERS = (
    "avatar",
    "external_user_id",
    "public_bio",
    "public_location",
    "public_website",
    "socials",
    "last_request_at",
    "bounced_at",
)
EMPTY_IN_PURCHASES = ("cardholder_name", "billing_address_zip", "coupon_code", "source", "referrer")


def identifier(kind: str, resource_id: str) -> Resource:
    return {"id": resource_id, "type": kind}


def to_one(kind: str, resource_id: str) -> Resource:
    return {"data": identifier(kind, resource_id)}


def to_many(kind: str, ids: Iterable[str]) -> Resource:
    return {"data": [identifier(kind, each) for each in ids]}


class Documents:
    """Draws resources for one request, which decides the fields and what the books look like."""

    def __init__(self, books: Books, conduct: Conduct, call: Incoming) -> None:
        self.books = books
        self.conduct = conduct
        self.call = call
        self.view = View(books, call.path)

    def url(self, path: str) -> str:
        return self.call.base_url + path

    def resource(
        self, kind: str, resource_id: str, *, attributes: Resource, relationships: Resource | None = None
    ) -> Resource:
        fields = self.call.query.get(f"fields[{kind}]")
        drawn: Resource = {"id": resource_id, "type": kind, "attributes": attributes}
        if relationships is not None:
            drawn["relationships"] = relationships
        if fields is None:
            return drawn
        named = {name.strip() for name in fields.split(",")}
        drawn["attributes"] = {name: attributes[name] for name in attributes if name in named}
        if relationships is not None and not self.conduct.sparse_relationships:
            drawn["relationships"] = {name: relationships[name] for name in relationships if name in named}
        return drawn

    def site(self, site: Site) -> Resource:
        moment = timestamp(site.created_at)
        attributes = {
            "title": site.title,
            "subdomain": site.subdomain,
            "created_at": moment,
            "updated_at": moment,
        }
        return self.resource("sites", site.id, attributes=attributes)

    def product(self, product: Product) -> Resource:
        attributes = {
            "created_at": timestamp(product.created_at),
            "title": product.title,
            "description": product.description,
            "status": "ready",
            "members_aggregate_count": 0,
            "product_type_name": "Course",
            "product_type_id": int(product.id),
            "publish_status": "published",
            "thumbnail_url": None,
            "url": None,
        }
        relationships = {"site": to_one("sites", product.site_id)}
        return self.resource("products", product.id, attributes=attributes, relationships=relationships)

    def offer(self, offer: Offer) -> Resource:
        attributes = {
            "title": offer.title,
            "description": offer.description,
            "internal_title": offer.internal_title,
            "currency": offer.currency,
            "price_in_cents": offer.price_in_cents,
            "payment_type": offer.payment_type,
            "token": f"tok{offer.id}",
            "payment_method": "stripe" if offer.price_in_cents else "",
            "checkout_url": self.url(f"/checkout/tok{offer.id}"),
            "recurring_offer": offer.recurring,
            "subscription": offer.subscription,
            "one_time": not offer.recurring,
            "single": not offer.recurring,
            "free": offer.price_in_cents == 0,
            "image_url": None,
        }
        relationships = {
            "site": to_one("sites", offer.site_id),
            "products": to_many("products", offer.products),
        }
        return self.resource("offers", offer.id, attributes=attributes, relationships=relationships)

    def contact(self, contact: Contact, *, listed: bool) -> Resource:
        """A list links to the offers; a single contact names them, if they are included."""
        moment = timestamp(contact.created_at)
        attributes = {
            "name": contact.name,
            "email": contact.email,
            "subscribed": False,
            **dict.fromkeys(EMPTY_IN_CONTACTS),
            "created_at": moment,
            "updated_at": moment,
        }
        offers = {"links": {"self": self.url(f"/v1/contacts/{contact.id}/relationships/offers")}}
        if not listed and "offers" in self.included_names():
            offers |= to_many("offers", self.offers_of(contact))
        relationships = {
            "site": to_one("sites", contact.site_id),
            "tags": to_many("contact_tags", []),
            "offers": offers,
            **self._customer_of(contact),
        }
        drawn = self.resource("contacts", contact.id, attributes=attributes, relationships=relationships)
        if contact.customer_id:
            drawn["links"] = {"customer": self.url(f"/v1/customers/{contact.customer_id}")}
        return drawn

    def _customer_of(self, contact: Contact) -> Resource:
        if contact.customer_id:
            return {"customer": to_one("customers", contact.customer_id)}
        forms: dict[str, Resource] = {
            "empty": {"customer": {"data": None}},
            "null": {"customer": None},
            "missing": {},
        }
        return forms[self.conduct.no_customer]

    def customer(self, customer: Customer, *, listed: bool) -> Resource:
        contact = self.books.contacts[customer.contact_id]
        moment = timestamp(customer.created_at)
        attributes = {
            "name": contact.name,
            "email": contact.email.strip().lower(),
            **dict.fromkeys(EMPTY_IN_CUSTOMERS),
            "net_revenue": f"{self.revenue(customer) / 100:.2f}",
            "sign_in_count": 0,
            "created_at": moment,
            "updated_at": moment,
        }
        offers = {"links": {"self": self.url(f"/v1/customers/{customer.id}/relationships/offers")}}
        held = self.offers_of(contact)
        if not listed and "offers" in self.included_names():
            offers |= to_many("offers", held)
        relationships = {
            "contact": to_one("contacts", contact.id),
            "site": to_one("sites", contact.site_id),
            "offers": offers,
            "products": to_many("products", self.products_of(held)),
        }
        drawn = self.resource("customers", customer.id, attributes=attributes, relationships=relationships)
        return drawn | {"links": {"contact": self.url(f"/v1/contacts/{contact.id}")}}

    def purchase(self, purchase: Purchase) -> Resource:
        active = self.view.is_active(purchase)
        moment = timestamp(purchase.created_at)
        attributes: Resource = {
            "amount_in_cents": purchase.amount_in_cents,
            "payment_type": purchase.payment_type,
            "multipay_payments_made": 1 if purchase.payment_type == "multipay" else None,
            "status": purchase.status,
            "opt_in": False,
            "raw_extra_contact_information": {},
            "currency": purchase.currency,
            "effective_start_at": purchase.effective_start_at,
            **dict.fromkeys(EMPTY_IN_PURCHASES),
            "deactivated_at": None if active else purchase.deactivated_at,
            "deactivation_reason": None if active else purchase.deactivation_reason,
            "quantity": 1,
            "created_at": moment,
            "updated_at": moment,
        }
        relationships = {
            "offer": to_one("offers", purchase.offer_id),
            "customer": to_one("customers", purchase.customer_id),
            "transactions": to_many("transactions", []),
            "products": to_many("products", self.books.offers[purchase.offer_id].products),
        }
        return self.resource("purchases", purchase.id, attributes=attributes, relationships=relationships)

    def offers_of(self, contact: Contact) -> list[str]:
        return self.view.offers_of(contact, bought_too=self.conduct.purchases_in_relationship)

    def products_of(self, offer_ids: Iterable[str]) -> list[str]:
        return list(dict.fromkeys(each for offer in offer_ids for each in self.books.offers[offer].products))

    def revenue(self, customer: Customer) -> int:
        bought = self.books.purchases_of(self.books.contacts[customer.contact_id])
        return sum(purchase.amount_in_cents for purchase in bought)

    def included_names(self) -> list[str]:
        return [name.strip() for name in self.call.query.get("include", "").split(",") if name.strip()]
