"""The account from Python: what tests and the story put into it, and ask it afterwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from bot.sandbox.kajabi.books import Books, Footprint
from bot.sandbox.kajabi.conduct import Conduct
from bot.sandbox.kajabi.nouns import Contact, Mail, Offer, Product, Purchase, Site
from bot.sandbox.remote.answers import timestamp


class Account:
    """Changes made here are Kajabi's own: no mail, no effect counted, no call recorded."""

    def __init__(self, *, clock: Callable[[], float], conduct: Conduct) -> None:
        self.books = Books(clock)
        self.conduct = conduct
        self.clock = clock

    # What there is

    def add_site(self, title: str = "Academy", *, subdomain: str = "") -> Site:
        name = subdomain or "-".join(title.lower().split())
        site_id = self.books.next_id("sites")
        site = Site(id=site_id, title=title, subdomain=name, created_at=self.clock())
        self.books.sites[site.id] = site
        return site

    def add_product(self, title: str, *, site: Site | str | None = None, description: str | None = None) -> Product:
        product = Product(
            id=self.books.next_id("products"),
            title=title,
            site_id=self._site_id(site),
            description=description,
            created_at=self.clock(),
        )
        self.books.products[product.id] = product
        return product

    def add_offer(
        self,
        title: str,
        *,
        internal_title: str | None = None,
        description: str | None = None,
        price_in_cents: int = 0,
        currency: str = "USD",
        recurring: bool = False,
        subscription: bool = False,
        site: Site | str | None = None,
        archived: bool = False,
        products: Iterable[Product | str] = (),
    ) -> Offer:
        """Products may be given by their titles; they are added then."""
        site_id = self._site_id(site)
        known = [self.add_product(each, site=site_id) if isinstance(each, str) else each for each in products]
        offer = Offer(
            id=self.books.next_id("offers"),
            title=title,
            site_id=site_id,
            internal_title=internal_title,
            description=description,
            currency=currency,
            price_in_cents=price_in_cents,
            recurring=recurring or subscription,
            subscription=subscription,
            archived=archived,
            products=[product.id for product in known],
        )
        self.books.offers[offer.id] = offer
        return offer

    def add_contact(self, email: str, name: str = "", *, site: Site | str | None = None) -> Contact:
        contact = Contact(
            id=self.books.next_id("contacts"),
            email=email,
            name=name or email.partition("@")[0],
            site_id=self._site_id(site),
            created_at=self.clock(),
        )
        self.books.contacts[contact.id] = contact
        return contact

    def refuse_mail_to(self, ending: str) -> None:
        """Addresses with this ending are undeliverable: no contact is created for them."""
        self.books.undeliverable.add(ending)

    # What happens in Kajabi itself

    def grant(self, contact: Contact | str, offer: Offer | str) -> None:
        self.books.grant(self.contact(contact), self.offer(offer))

    def revoke(self, contact: Contact | str, offer: Offer | str) -> None:
        self.books.revoke(self.contact(contact), self.offer(offer), reason="Revoked in Kajabi")

    def purchase(
        self,
        contact: Contact | str,
        offer: Offer | str,
        *,
        payment_type: str = "",
        amount_in_cents: int | None = None,
        status: str = "",
        deactivated_at: str | None = None,
        reason: str | None = None,
    ) -> Purchase:
        """Payment type and amount are those of the offer, where nothing is said."""
        buyer, bought = self.contact(contact), self.offer(offer)
        self.books.become_customer(buyer)
        kind = payment_type or bought.payment_type
        purchase = Purchase(
            id=self.books.next_id("purchases"),
            customer_id=buyer.customer_id or "",
            contact_id=buyer.id,
            offer_id=bought.id,
            payment_type=kind,
            amount_in_cents=bought.price_in_cents if amount_in_cents is None else amount_in_cents,
            currency=bought.currency,
            status=status or ("active" if kind in {"subscription", "multipay"} else "succeeded"),
            created_at=self.clock(),
            effective_start_at=timestamp(self.clock()),
            deactivated_at=deactivated_at,
            deactivation_reason=reason,
        )
        self.books.purchases[purchase.id] = purchase
        self.books.bought.setdefault(buyer.id, []).append(purchase.id)
        return purchase

    def archive(self, offer: Offer | str) -> None:
        self.offer(offer).archived = True

    def set_price(self, offer: Offer | str, price_in_cents: int) -> None:
        self.offer(offer).price_in_cents = price_in_cents

    def delete_contact(self, contact: Contact | str) -> None:
        gone = self.contact(contact)
        del self.books.contacts[gone.id]
        self.books.customers.pop(gone.customer_id or "", None)
        for purchase_id in self.books.bought.pop(gone.id, []):
            del self.books.purchases[purchase_id]

    # What is so

    def contact(self, who: Contact | str) -> Contact:
        """By the contact itself, an id or an address (the oldest contact that has it)."""
        if isinstance(who, Contact):
            return who
        if who in self.books.contacts:
            return self.books.contacts[who]
        wanted = who.strip().lower()
        for contact in self.books.contacts.values():
            if contact.email.lower() == wanted:
                return contact
        raise LookupError(f"no contact {who}")

    def offer(self, which: Offer | str) -> Offer:
        return which if isinstance(which, Offer) else self.books.offers[which]

    def granted(self, who: Contact | str) -> set[str]:
        return set(self.contact(who).granted)

    def holds(self, who: Contact | str) -> set[str]:
        """The ids of all offers this contact has access to: granted, or bought and not deactivated."""
        contact = self.contact(who)
        bought = {each.offer_id for each in self.books.purchases_of(contact) if each.active}
        return set(contact.granted) | bought

    @property
    def mails(self) -> list[Mail]:
        return self.books.mails

    @property
    def writes(self) -> Counter[Footprint]:
        """How often each (action, contact id, offer id) was asked for over HTTP and reached the books."""
        return self.books.writes

    @property
    def effects(self) -> Counter[Footprint]:
        """How often each (action, contact id, offer id) asked for over HTTP changed something."""
        return self.books.effects

    def _site_id(self, site: Site | str | None) -> str:
        """Where none is named, the account's first site, which is added if need be."""
        if isinstance(site, Site):
            return site.id
        if site is not None:
            return self.books.sites[site].id
        return next(iter(self.books.sites), None) or self.add_site().id
