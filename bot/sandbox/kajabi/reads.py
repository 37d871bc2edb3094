"""GET: sites, offers, products, contacts, customers, purchases."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

from bot.sandbox.kajabi.answers import Refusal, document
from bot.sandbox.kajabi.books import Books
from bot.sandbox.kajabi.conduct import Conduct
from bot.sandbox.kajabi.documents import Documents, Resource, to_many
from bot.sandbox.kajabi.nouns import Contact, Offer, Purchase
from bot.sandbox.kajabi.paging import in_order, paged, refuse_unknown_filters
from bot.sandbox.remote.answers import Answer, Incoming

Noun = TypeVar("Noun")

PERSON_FILTERS = {
    "site_id",
    "search",
    "name_contains",
    "email_contains",
    "has_offer_id",
    "has_no_offer_id",
}


class Reads:
    """Answers one request; it changes nothing."""

    def __init__(self, books: Books, conduct: Conduct, call: Incoming) -> None:
        self.books = books
        self.conduct = conduct
        self.call = call
        self.documents = Documents(books, conduct, call)

    def filtered_by(self, name: str) -> str | None:
        return self.call.query.get(f"filter[{name}]")

    def self_link(self) -> dict[str, str]:
        return {"self": self.call.base_url + self.call.target}

    def single(self, resource: Resource, *, included: list[Resource] | None = None) -> Answer:
        body: dict[str, Any] = {"data": resource}
        if self.documents.included_names():
            body["included"] = included or []
        return document(body | {"links": self.self_link()})

    # The account

    def me(self) -> Answer:
        attributes = {"initials": "OO", "name": "Olga Owner", "email": "owner@example.com"}
        data = {"id": "1", "type": "users", "attributes": attributes | {"role_level": "OWNER"}}
        return document({"data": data})

    def version(self) -> Answer:
        return document(
            {
                "meta": {"title": "Kajabi API V1", "version": "1.1.0"},
                "links": {"documentation": "https://developers.kajabi.com"},
                "jsonapi": {"version": "1.0", "specification": "https://jsonapi.org/format/1.0/"},
            }
        )

    def sites(self) -> Answer:
        refuse_unknown_filters(self.call, self.conduct, known={"title_cont", "subdomain_cont"})
        part, place = self.filtered_by("title_cont") or "", self.filtered_by("subdomain_cont") or ""
        found = [
            site for site in self.books.sites.values() if contains(site.title, part) and contains(site.subdomain, place)
        ]
        keys = {"title": lambda site: site.title.casefold(), "subdomain": lambda site: site.subdomain}
        ordered = in_order(found, self.call, keys=keys, default="")
        return paged(ordered, self.call, conduct=self.conduct, draw=self.documents.site)

    def site(self, site_id: str) -> Answer:
        return self.single(self.documents.site(look_up(self.books.sites, site_id)))

    # Offers and products

    def offers(self) -> Answer:
        known = {"site_id", "title_cont", "description_cont"}
        refuse_unknown_filters(self.call, self.conduct, known=known)
        site_id = self.filtered_by("site_id")
        title, description = self.filtered_by("title_cont"), self.filtered_by("description_cont")
        listed = [
            offer
            for offer in self.books.offers.values()
            if not offer.archived
            and (site_id is None or offer.site_id == site_id)
            and contains(offer.title, title or "")
            and contains(offer.description or "", description or "")
        ]
        keys: dict[str, Callable[[Offer], Any]] = {
            "title": lambda offer: offer.title.casefold(),
            "price_in_cents": lambda offer: offer.price_in_cents,
        }
        ordered = in_order(listed, self.call, keys=keys, default="")
        return paged(ordered, self.call, conduct=self.conduct, draw=self.documents.offer)

    def offer(self, offer_id: str) -> Answer:
        offer = look_up(self.books.offers, offer_id)
        if offer.archived and self.conduct.archived_offer == "missing":
            raise not_found()
        products = self.included_products(offer.products)
        return self.single(self.documents.offer(offer), included=products)

    def offer_products(self, offer_id: str) -> Answer:
        offer = look_up(self.books.offers, offer_id)
        return document(to_many("products", offer.products) | {"links": self.self_link()})

    def product(self, product_id: str) -> Answer:
        return self.single(self.documents.product(look_up(self.books.products, product_id)))

    def included_products(self, ids: list[str]) -> list[Resource]:
        if "products" not in self.documents.included_names():
            return []
        return [self.documents.product(self.books.products[each]) for each in ids]

    def included_offers(self, ids: list[str]) -> list[Resource]:
        if "offers" not in self.documents.included_names():
            return []
        return [self.documents.offer(self.books.offers[each]) for each in ids]

    # Contacts and customers

    def contacts(self) -> Answer:
        people = self.matching(list(self.books.contacts.values()))
        ordered = in_order(people, self.call, keys=PERSON_ORDER, default="-created_at")
        return paged(ordered, self.call, conduct=self.conduct, draw=self.listed_contact)

    def listed_contact(self, contact: Contact) -> Resource:
        return self.documents.contact(contact, listed=True)

    def contact(self, contact_id: str) -> Answer:
        contact = look_up(self.books.contacts, contact_id)
        included = self.included_offers(self.documents.offers_of(contact))
        if "customer" in self.documents.included_names() and contact.customer_id:
            customer = self.books.customers[contact.customer_id]
            included.append(self.documents.customer(customer, listed=True))
        return self.single(self.documents.contact(contact, listed=False), included=included)

    def contact_offers(self, contact_id: str) -> Answer:
        contact = look_up(self.books.contacts, contact_id)
        held = self.documents.offers_of(contact)
        return document(to_many("offers", held) | {"links": self.self_link()})

    def customers(self) -> Answer:
        contacts = [self.books.contacts[each.contact_id] for each in self.books.customers.values()]
        ordered = in_order(self.matching(contacts), self.call, keys=PERSON_ORDER, default="-created_at")
        return paged(ordered, self.call, conduct=self.conduct, draw=self.listed_customer)

    def listed_customer(self, contact: Contact) -> Resource:
        return self.documents.customer(self.books.customers[contact.customer_id or ""], listed=True)

    def customer(self, customer_id: str) -> Answer:
        customer = look_up(self.books.customers, customer_id)
        contact = self.books.contacts[customer.contact_id]
        held = self.documents.offers_of(contact)
        included = self.included_offers(held) + self.included_products(self.documents.products_of(held))
        if "contact" in self.documents.included_names():
            included.append(self.documents.contact(contact, listed=True))
        return self.single(self.documents.customer(customer, listed=False), included=included)

    def matching(self, people: list[Contact]) -> list[Contact]:
        refuse_unknown_filters(self.call, self.conduct, known=PERSON_FILTERS)
        site_id = self.filtered_by("site_id")
        if site_id is None and len(self.books.sites) > 1 and self.conduct.missing_site_filter == "refused":
            raise Refusal(400, "filter[site_id] is required when the account has multiple sites")
        tests = self.person_tests()
        return [person for person in people if all(test(person) for test in tests)]

    def person_tests(self) -> list[Callable[[Contact], bool]]:
        """Only the filters that are there: a list of 100,000 is gone through for every page."""
        makers: dict[str, Callable[[str], Callable[[Contact], bool]]] = {
            "site_id": lambda site_id: lambda person: person.site_id == site_id,
            "name_contains": lambda part: lambda person: contains(person.name, part),
            "email_contains": lambda part: lambda person: contains(person.email, part),
            "search": resembling,
            "has_offer_id": lambda offer: lambda person: offer in self.documents.offers_of(person),
            "has_no_offer_id": lambda offer: lambda person: offer not in self.documents.offers_of(person),
        }
        if self.conduct.offer_filter == "ignored":
            del makers["has_offer_id"], makers["has_no_offer_id"]
        given = [(maker, self.filtered_by(name)) for name, maker in makers.items()]
        return [self.documents.view.lists, *(maker(value) for maker, value in given if value is not None)]

    # Purchases

    def purchases(self) -> Answer:
        known = {"active", "deactivated", "site_id", "customer_id"}
        refuse_unknown_filters(self.call, self.conduct, known=known)
        listed = [each for each in self.books.purchases.values() if self.wants(each)]
        keys: dict[str, Callable[[Purchase], Any]] = {
            "created_at": lambda purchase: (purchase.created_at, int(purchase.id)),
            "effective_start_at": lambda purchase: purchase.effective_start_at,
        }
        ordered = in_order(listed, self.call, keys=keys, default="-created_at")
        return paged(ordered, self.call, conduct=self.conduct, draw=self.documents.purchase)

    def wants(self, purchase: Purchase) -> bool:
        customer_id, site_id = self.filtered_by("customer_id"), self.filtered_by("site_id")
        if customer_id is not None and purchase.customer_id != customer_id:
            return False
        if site_id is not None and self.books.contacts[purchase.contact_id].site_id != site_id:
            return False
        active = self.documents.view.is_active(purchase)
        wanted = {"true": True, "false": False}
        return (
            wanted.get(self.filtered_by("active") or "", active) is active
            and wanted.get(self.filtered_by("deactivated") or "", not active) is not active
        )

    def purchase(self, purchase_id: str) -> Answer:
        return self.single(self.documents.purchase(look_up(self.books.purchases, purchase_id)))


PERSON_ORDER: dict[str, Callable[[Contact], Any]] = {
    "created_at": lambda person: (person.created_at, int(person.id)),
    "name": lambda person: person.name.casefold(),
    "email": lambda person: person.email.lower(),
}


def contains(text: str, part: str) -> bool:
    return not part or part.casefold() in text.casefold()


def resembling(sought: str) -> Callable[[Contact], bool]:
    """Fuzzy: every word occurs somewhere, so that a search for one address also finds its neighbours."""
    words = [word.casefold() for word in re.split(r"[^\w]+", sought)]
    return lambda person: all(word in f"{person.name} {person.email}".casefold() for word in words)


def look_up(among: dict[str, Noun], wanted: str) -> Noun:
    if wanted not in among:
        raise not_found()
    return among[wanted]


def not_found() -> Refusal:
    return Refusal(404, "The requested resource could not be found")
