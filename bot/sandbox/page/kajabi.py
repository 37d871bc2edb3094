"""The local Kajabi on the page: who holds what, and what can be done in Kajabi itself."""

from collections.abc import Callable, Hashable

from bot.sandbox.kajabi import Contact, LocalKajabi, Offer
from bot.sandbox.model import CannotDo, Json
from bot.sandbox.page.calls import calls_mark, calls_shown
from bot.sandbox.page.given import Malformed, optional_text, text, whole


class KajabiPanel:
    """What an owner of the account would see and do there: no call is recorded for it, and no mail sent."""

    name = "kajabi"
    title = "Kajabi"

    def __init__(self, kajabi: LocalKajabi) -> None:
        self._kajabi = kajabi
        self._changes = 0

    def mark(self) -> Hashable:
        """Something that differs once there is news."""
        kajabi = self._kajabi
        return calls_mark(kajabi), kajabi.effects.total(), len(kajabi.books.contacts), self._changes

    def shown(self) -> Json:
        books = self._kajabi.books
        return {
            "tabs": [["contacts", "Contacts"], ["offers", "Offers"], ["calls", "Calls"], ["mails", "Mails"]],
            "ends": ["Archive", "Restore"],
            "addresses": "email",
            "contacts": [self._contact(contact) for contact in books.contacts.values()],
            "offers": [_offer(offer) for offer in books.offers.values()],
            "calls": calls_shown(self._kajabi),
            "mails": [{"to": mail.to, "offer": self._title(mail.offer_id), "at": mail.at} for mail in books.mails],
        }

    def _contact(self, contact: Contact) -> Json:
        books = self._kajabi.books
        granted = [(offer_id, "granted") for offer_id in contact.granted]
        bought = [(one.offer_id, f"bought ({one.payment_type})") for one in books.purchases_of(contact) if one.active]
        holds = [
            {"offer_id": offer_id, "title": self._title(offer_id), "how": how} for offer_id, how in [*granted, *bought]
        ]
        return {"id": contact.id, "name": contact.name, "email": contact.email, "holds": holds}

    def _title(self, offer_id: str) -> str:
        offer = self._kajabi.books.offers.get(offer_id)
        return offer.title if offer else offer_id

    # what happens in Kajabi itself

    def do(self, given: Json) -> Json:
        """One change. Raises `CannotDo` or `Malformed` with the reason."""
        deed = DEEDS.get(text(given, "do"))
        if deed is None:
            raise Malformed(f"There is nothing called {given['do']!r} to do in Kajabi.")
        try:
            done = deed(self, given)
        except LookupError as missing:
            raise CannotDo(f"Kajabi has {missing.args[0] if missing.args else 'no such thing'}.") from None
        self._changes += 1
        return {"ok": True} | done

    def grant(self, given: Json) -> Json:
        self._kajabi.grant(self._contact_meant(given), self._offer_meant(given))
        return {}

    def revoke(self, given: Json) -> Json:
        contact, offer = self._contact_meant(given), self._offer_meant(given)
        if offer.id not in self._kajabi.holds(contact):
            raise CannotDo(f"{contact.name} does not hold {offer.title}.")
        self._kajabi.revoke(contact, offer)
        return {}

    def archive(self, given: Json) -> Json:
        self._offer_meant(given).archived = True
        return {}

    def restore(self, given: Json) -> Json:
        self._offer_meant(given).archived = False
        return {}

    def price(self, given: Json) -> Json:
        self._kajabi.set_price(self._offer_meant(given), whole(given, "price_in_cents"))
        return {}

    def add_contact(self, given: Json) -> Json:
        email = text(given, "email").strip()
        if "@" not in email.strip("@") or len(email.split()) != 1:
            raise CannotDo(f"{email!r} is not an address.")
        if any(one.email.casefold() == email.casefold() for one in self._kajabi.books.contacts.values()):
            raise CannotDo(f"{email} is there already.")
        return {"id": self._kajabi.add_contact(email, (optional_text(given, "name") or "").strip()).id}

    def _contact_meant(self, given: Json) -> Contact:
        return self._kajabi.contact(text(given, "contact_id"))

    def _offer_meant(self, given: Json) -> Offer:
        offer_id = text(given, "offer_id")
        if offer_id not in self._kajabi.books.offers:
            raise LookupError(f"no offer {offer_id}")
        return self._kajabi.offer(offer_id)


def _offer(offer: Offer) -> Json:
    return {
        "id": offer.id,
        "title": offer.title,
        "internal_title": offer.internal_title,
        "price": offer.price_in_cents / 100,
        "price_in_cents": offer.price_in_cents,
        "currency": offer.currency,
        "archived": offer.archived,
        "recurring": offer.recurring,
    }


DEEDS: dict[str, Callable[[KajabiPanel, Json], Json]] = {
    deed.__name__: deed
    for deed in (
        KajabiPanel.grant,
        KajabiPanel.revoke,
        KajabiPanel.archive,
        KajabiPanel.restore,
        KajabiPanel.price,
        KajabiPanel.add_contact,
    )
}
