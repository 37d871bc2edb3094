"""From Kajabi's documents to our nouns."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from bot.domain.draft import normal
from bot.domain.request import Contact, Holding, Offer
from bot.providers.cleaning import cents, clean, clean_private, identifier, moment
from bot.providers.jsonapi import Malformed, Resource, attributes, has_relationship, related

KAJABI = "kajabi"
#: the attributes that `offer_from` reads, and the relationship that tells the site
OFFER_FIELDS = "title,internal_title,description,price_in_cents,currency,recurring_offer,subscription,site"
DESCRIPTION, NAME, REASON, CURRENCY = 2000, 200, 200, 8
#: parts of `payment_type` that mean more payments to come; Kajabi documents no list of its values
_GOING_ON = ("subscri", "multi", "plan", "recurring", "installment")


def offer_from(resource: Resource, *, included: Any = ()) -> Offer | None:
    """Read an offer, with the titles of the products in `included`; None where it has no usable id."""
    told, offer_id = attributes(resource), identifier(resource.get("id"))
    if offer_id is None:
        return None
    return Offer(
        provider=KAJABI,
        id=offer_id,
        title=clean(told.get("title")) or f"Offer {offer_id}",
        internal_title=clean(told.get("internal_title")),
        description=clean(told.get("description"), limit=DESCRIPTION),
        price=cents(told.get("price_in_cents")),
        currency=clean(told.get("currency"), limit=CURRENCY),
        recurring=told.get("recurring_offer") is True or told.get("subscription") is True,
        products=_product_titles(included),
    )


def contact_from(resource: Resource, asked: Contact) -> Contact:
    """Complete the contact that was asked for by what Kajabi knows of it."""
    contact_id = identifier(resource.get("id"))
    if contact_id is None:
        raise Malformed
    name = clean(attributes(resource).get("name"), limit=NAME)
    return replace(asked, id=contact_id, name=name or asked.name, customer_id=_customer_of(resource))


def address_of(resource: Resource) -> str:
    """Return the address of a contact as it is compared; empty where it has none."""
    address = attributes(resource).get("email")
    return normal(address) if isinstance(address, str) else ""


def of_site(resource: Resource, site_id: str) -> bool:
    """Whether a resource is of this site, or does not say of which: then the filter has seen to it."""
    return related(resource, "site") in {None, site_id}


def holdings_from(granted: Sequence[str], purchases: Iterable[Resource]) -> tuple[Holding, ...]:
    """Merge what was granted and what was bought into one holding per offer, those that give access first.

    `paying` rests on the purchases alone, so that it does not depend on which other things were read.
    """
    held = {offer_id: Holding(offer_id=offer_id, granted=True) for offer_id in granted}
    ended: dict[str, Holding] = {}
    for purchase in purchases:
        offer_id = related(purchase, "offer")
        if offer_id is None:
            if not has_relationship(purchase, "offer"):
                raise Malformed
            continue  # of an offer that was deleted
        if attributes(purchase).get("deactivated_at") is None:
            held[offer_id] = _with_purchase(held.get(offer_id, Holding(offer_id=offer_id)), purchase)
        else:
            ended[offer_id] = _latest(ended.get(offer_id), _ended(offer_id, purchase))
    return (*held.values(), *(one for offer_id, one in ended.items() if offer_id not in held))


def _with_purchase(holding: Holding, purchase: Resource) -> Holding:
    told, purchase_id = attributes(purchase), identifier(purchase.get("id"))
    if purchase_id is None:
        raise Malformed
    since = _start(told)
    return replace(
        holding,
        purchases=(*holding.purchases, purchase_id),
        paying=holding.paying or _goes_on(told),
        since=min((one for one in (holding.since, since) if one is not None), default=None),
    )


def _ended(offer_id: str, purchase: Resource) -> Holding:
    told = attributes(purchase)
    # Kajabi names by address who ended it, and previews are kept without addresses
    reason = clean_private(told.get("deactivation_reason"), limit=REASON)
    return Holding(
        offer_id=offer_id, since=_start(told), ended=moment(told.get("deactivated_at")) or 0.0, ended_reason=reason
    )


def _latest(one: Holding | None, other: Holding) -> Holding:
    return other if one is None or (other.ended or 0.0) >= (one.ended or 0.0) else one


def _start(told: Any) -> float | None:
    started = moment(told.get("effective_start_at"))
    return started if started is not None else moment(told.get("created_at"))


def _goes_on(told: Any) -> bool:
    kind = str(told.get("payment_type") or "").casefold()
    return any(part in kind for part in _GOING_ON) or told.get("multipay_payments_made") is not None


def _customer_of(contact: Resource) -> str | None:
    """Read the customer's id from the relationship or, where that is left out, from the link beside it."""
    links = contact.get("links")
    link = links.get("customer") if isinstance(links, dict) else None
    if has_relationship(contact, "customer") or not isinstance(link, str):
        return related(contact, "customer")
    try:
        return identifier(urlsplit(link).path.rpartition("/")[2])
    except ValueError:
        return None


def _product_titles(included: Any) -> tuple[str, ...]:
    resources = [one for one in included if isinstance(one, dict)] if isinstance(included, list) else []
    titles = [clean(attributes(one).get("title")) for one in resources if one.get("type") == "products"]
    return tuple(title for title in titles if title)
