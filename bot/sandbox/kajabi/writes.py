"""What changes something: grant, revoke, and the creation of a contact."""

from __future__ import annotations

import re
from typing import Any

from bot.sandbox.kajabi.answers import Refusal, document, json_body
from bot.sandbox.kajabi.books import Books
from bot.sandbox.kajabi.conduct import Conduct
from bot.sandbox.kajabi.documents import Documents, to_many
from bot.sandbox.kajabi.nouns import Contact, Mail, Offer
from bot.sandbox.kajabi.reads import look_up, not_found
from bot.sandbox.remote.answers import Answer, Incoming

ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")

ALREADY_GRANTED = "The offer has already been granted to this member"
NOT_HELD = "Offer grant not found for offer on member"
NOT_GRANTABLE = "The offer is archived and cannot be granted"


class Writes:
    """Answers one request, and changes the books as it says."""

    def __init__(self, books: Books, conduct: Conduct, call: Incoming) -> None:
        self.books = books
        self.conduct = conduct
        self.call = call

    # Grants

    def grant(self, contact_id: str) -> Answer:
        contact = look_up(self.books.contacts, contact_id)
        body = json_body(self.call)
        meta = body.get("meta")
        silent = isinstance(meta, dict) and meta.get("send_customer_welcome_email") is False
        offers, unknown = self._named_offers(contact, body["data"], action="grant")
        self._refuse_grant(contact, offers)
        self._hide(contact)
        for offer in offers:
            if offer.id not in contact.granted or self.conduct.second_grant == "repeated":
                self._grant(contact, offer, silent=silent)
        return self._offers_left(contact, unknown=unknown)

    def _refuse_grant(self, contact: Contact, offers: list[Offer]) -> None:
        for offer in offers:
            if offer.archived and self.conduct.archived_grant == "refused":
                raise Refusal(422, NOT_GRANTABLE, pointer="/data")
            if offer.id in contact.granted and self.conduct.second_grant == "refused":
                raise Refusal(422, ALREADY_GRANTED, pointer="/data")

    def _grant(self, contact: Contact, offer: Offer, *, silent: bool) -> None:
        new = contact.customer_id is None
        self.books.grant(contact, offer)
        self.books.effects["grant", contact.id, offer.id] += 1
        if not silent and (new or self.conduct.welcome_mail == "always"):
            mail = Mail(to=contact.email, contact_id=contact.id, offer_id=offer.id, at=self.books.clock())
            self.books.mails.append(mail)

    # Revokes

    def revoke(self, contact_id: str) -> Answer:
        contact = look_up(self.books.contacts, contact_id)
        offers, unknown = self._named_offers(contact, json_body(self.call)["data"], action="revoke")
        self._refuse_revoke(contact, offers)
        self._hide(contact)
        for offer in offers:
            if self.books.revoke(contact, offer, reason="Revoked by owner@example.com"):
                self.books.effects["revoke", contact.id, offer.id] += 1
        return self._offers_left(contact, unknown=unknown)

    def _refuse_revoke(self, contact: Contact, offers: list[Offer]) -> None:
        if self.conduct.revoke_of_nothing == "unchanged":
            return
        held = {each.offer_id for each in self.books.purchases_of(contact) if each.active}
        held |= set(contact.granted)
        if any(offer.id not in held for offer in offers):
            raise Refusal(422, NOT_HELD, pointer="/data")

    # Both

    def _named_offers(self, contact: Contact, data: Any, *, action: str) -> tuple[list[Offer], bool]:
        """The offers that exist, and whether others were named too. Each is counted as asked for."""
        if not isinstance(data, list):
            raise Refusal(400, "data must be an array of resource identifiers", pointer="/data")
        ids = [offer_id(item) for item in data]
        for each in ids:
            self.books.writes[action, contact.id, each] += 1
        offers = [self.books.offers[each] for each in ids if each in self.books.offers]
        unknown = len(offers) < len(ids)
        if unknown and (not offers or self.conduct.mixed_ids == "nothing"):
            raise not_found()
        return offers, unknown

    def _hide(self, contact: Contact) -> None:
        if self.call.lag is not None:
            self.books.hide(contact, self.call.lag)

    def _offers_left(self, contact: Contact, *, unknown: bool) -> Answer:
        if unknown and self.conduct.mixed_ids == "partly":
            raise not_found()
        link = {"self": self.call.base_url + self.call.target}
        return document(to_many("offers", contact.granted) | {"links": link})

    # Contacts

    def create_contact(self) -> Answer:
        data = json_body(self.call)["data"]
        attributes = part(data, "attributes")
        site_id = part(part(part(data, "relationships"), "site"), "data").get("id")
        if site_id not in self.books.sites:
            raise Refusal(400, "A site relationship is required", pointer="/data/relationships/site")
        email, name = attributes.get("email"), attributes.get("name")
        if not isinstance(email, str) or not isinstance(name, str | None):
            raise Refusal(400, "name and email must be strings", pointer="/data/attributes")
        self._refuse_address(email.strip(), site_id)
        contact = Contact(
            id=self.books.next_id("contacts"),
            email=email.strip(),
            name=name or email.partition("@")[0],
            site_id=site_id,
            created_at=self.books.clock(),
        )
        self.books.contacts[contact.id] = contact
        self.books.writes["create", contact.id, ""] += 1
        self.books.effects["create", contact.id, ""] += 1
        if self.call.lag is not None:
            self.books.hide(contact, self.call.lag, listed=False)
        drawn = Documents(self.books, self.conduct, self.call).contact(contact, listed=True)
        return document({"data": drawn}, status=201)

    def _refuse_address(self, email: str, site_id: str) -> None:
        pointer = "/data/attributes/email"
        if not ADDRESS.fullmatch(email):
            raise Refusal(422, "Please double check your email address.", pointer=pointer)
        if email.lower().endswith(tuple(self.books.undeliverable)):
            raise Refusal(422, "Undeliverable address", pointer=pointer)
        for contact in self.books.contacts.values():
            if contact.site_id == site_id and contact.email.lower() == email.lower():
                raise Refusal(422, "Email has already been taken", pointer=pointer)


def part(content: Any, name: str) -> dict[str, Any]:
    """A member that is an object, or an empty one: what is missing is refused by its absence."""
    inner = content.get(name) if isinstance(content, dict) else None
    return inner if isinstance(inner, dict) else {}


def offer_id(item: Any) -> str:
    named = isinstance(item, dict) and item.get("type") == "offers" and item.get("id")
    if not isinstance(named, str) or not named:
        raise Refusal(400, "data must name offers by type and id", pointer="/data")
    return named
