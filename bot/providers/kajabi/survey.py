"""Many contacts in few calls: who is there, who has an offer, who bought it. What each way costs decides between them.

What is trusted, and why:
- A list is paged oldest first, so that whoever is new comes last. It is complete when it named as many as it said it
  has, and said so from its first page to its last; else something moved, and who is absent is asked for singly.
- A contact counts as named by its id and its address together: addresses move, and contacts are merged.
- A filter that is not obeyed names everybody. So a list as long as that of all contacts is believed only when the
  filter for the opposite finds nobody.
- Whether the filter by offer counts purchases is not known: they are looked through apart, where that is asked for.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bot.domain.draft import normal
from bot.domain.errors import ContactAmbiguous, Rejected
from bot.domain.request import Contact
from bot.ports import Sight, Target
from bot.providers.jsonapi import Resource, has_relationship, related
from bot.providers.kajabi import words
from bot.providers.kajabi.lists import CONTACTS, PURCHASES, Listed, Lists, id_of
from bot.providers.kajabi.meaning import KAJABI, address_of, contact_from, holdings_from

#: larger pages of purchases were seen to fail
PURCHASES_PAGE = 25

Found = Contact | Rejected | None


class Singly(Protocol):
    """The same by single calls."""

    async def find(self, contact: Contact) -> Contact | None:
        """Look an address up."""
        ...

    async def granted_to(self, contact_id: str) -> Sequence[str] | None:
        """Name the offers that were granted; None when there is no such contact."""
        ...

    async def purchases_of(self, customer_id: str) -> Sequence[Resource]:
        """Read what a customer bought."""
        ...


@dataclass(slots=True)
class Holders:
    """Who has an offer."""

    #: by id; what a list told of them, or None where they were asked for singly
    named: dict[str, Resource | None] = field(default_factory=dict)
    #: there are no such contacts any more
    gone: set[str] = field(default_factory=set)


@dataclass(slots=True, kw_only=True)
class Survey:
    """One survey."""

    lists: Lists
    singly: Singly
    #: how many contacts there are, where that was told
    everybody: int | None = None
    #: contacts of which was told just now whether they are customers
    fresh: set[str] = field(default_factory=set)

    async def take(self, targets: Sequence[Target], *, purchases: bool) -> list[Sight | Rejected]:
        """Find the contacts, then who has each offer, then what they bought."""
        found = await self._contacts([target.contact for target in targets])
        wanted: dict[str, set[str]] = {}
        for target, contact in zip(targets, found, strict=True):
            if target.offer_id and isinstance(contact, Contact) and contact.id:
                wanted.setdefault(target.offer_id, set()).add(contact.id)
        holders = {offer_id: await self._holders(offer_id, ids) for offer_id, ids in wanted.items()}
        seen: list[tuple[Target, Found, bool]] = [
            (target, *self._named(target, contact, holders)) for target, contact in zip(targets, found, strict=True)
        ]
        bought = await self._bought(contact for _, contact, _ in seen) if purchases else None
        return [_sight(target, contact, bought, holds=holds, fresh=self.fresh) for target, contact, holds in seen]

    # --- who is there --------------------------------------------------------------------------------------------

    async def _contacts(self, asked: Sequence[Contact]) -> list[Found]:
        unknown = {normal(one.address): one for one in asked if one.id is None and one.address}
        if not unknown:
            return [one if one.id is not None else None for one in asked]
        listed = await self.lists.read(CONTACTS, keep=lambda one: address_of(one) in unknown, most=len(unknown))
        self.everybody = listed.total
        by_address: dict[str, list[Resource]] = {}
        for resource in listed.kept:
            by_address.setdefault(address_of(resource), []).append(resource)
        found = {address: self._one_of(named, unknown[address]) for address, named in by_address.items()}
        if not listed.complete:
            found = await self.lists.each(unknown, lambda address: self._looked_up(unknown[address]))
        return [one if one.id is not None else found.get(normal(one.address)) for one in asked]

    def _one_of(self, named: Sequence[Resource], asked: Contact) -> Found:
        return self._told_of(named[0], asked) if len(named) == 1 else ambiguous()

    def _told_of(self, resource: Resource, asked: Contact) -> Contact:
        contact = contact_from(resource, asked)
        if contact.id is not None and (contact.customer_id is not None or has_relationship(resource, "customer")):
            self.fresh.add(contact.id)
        return contact

    async def _looked_up(self, asked: Contact) -> Found:
        try:
            return await self.singly.find(asked)
        except ContactAmbiguous:
            return ambiguous()
        except Rejected as error:
            return error

    # --- who has the offer ---------------------------------------------------------------------------------------

    async def _holders(self, offer_id: str, wanted: set[str]) -> Holders:
        filters = {"filter[has_offer_id]": offer_id}
        listed = await self.lists.read(CONTACTS, filters, keep=lambda one: id_of(one) in wanted, most=len(wanted))
        holders = Holders()
        if listed.kept and await self._believable(listed, offer_id):
            holders.named = {id_of(one): one for one in listed.kept}
        elif listed.kept:
            listed.complete = False
        if not listed.complete:
            rest = await self.lists.each(wanted - holders.named.keys(), self.singly.granted_to)
            holders.gone = {contact_id for contact_id, offers in rest.items() if offers is None}
            holders.named |= {contact_id: None for contact_id, offers in rest.items() if offers and offer_id in offers}
        return holders

    async def _believable(self, listed: Listed, offer_id: str) -> bool:
        """Whether the filter was obeyed."""
        if self.everybody is None:
            self.everybody = await self._count({})
        if listed.total is None or self.everybody is None:
            return False
        return listed.total < self.everybody or await self._count({"filter[has_no_offer_id]": offer_id}) == 0

    async def _count(self, filters: Mapping[str, str]) -> int | None:
        listed = await self.lists.read(CONTACTS, filters, keep=lambda _: False, most=0, size=1)
        return listed.total

    def _named(self, target: Target, contact: Found, holders: Mapping[str, Holders]) -> tuple[Found, bool]:
        """Complete a contact by what the list of holders told of it, and say whether it is one of them."""
        if not isinstance(contact, Contact) or contact.id is None or target.offer_id is None:
            return contact, False
        these = holders[target.offer_id]
        if contact.id in these.gone:
            return None, False
        resource = these.named.get(contact.id)
        if resource is None:
            return contact, contact.id in these.named
        if contact.address and address_of(resource) != normal(contact.address):
            return contact, False
        return self._told_of(resource, contact), True

    # --- who bought something ------------------------------------------------------------------------------------

    async def _bought(self, found: Iterable[Found]) -> Mapping[str, Sequence[Resource]]:
        wanted = {one.customer_id for one in found if isinstance(one, Contact) and one.customer_id is not None}
        bought: dict[str, list[Resource]] = {customer_id: [] for customer_id in wanted}
        if not wanted:
            return bought
        listed = await self.lists.read(
            PURCHASES,
            {"filter[active]": "true"},
            keep=lambda one: related(one, "customer") in wanted,
            most=len(wanted),
            size=PURCHASES_PAGE,
        )
        if not listed.complete:
            return await self.lists.each(wanted, self.singly.purchases_of)
        for purchase in listed.kept:
            bought[related(purchase, "customer") or ""].append(purchase)
        return bought


def _sight(
    target: Target,
    contact: Found,
    bought: Mapping[str, Sequence[Resource]] | None,
    *,
    holds: bool,
    fresh: set[str],
) -> Sight | Rejected:
    if isinstance(contact, Rejected):
        return contact
    if contact is None or contact.id is None or target.offer_id is None:
        return Sight(contact=contact, whole=contact is None)
    customer_id = contact.customer_id
    purchases = bought.get(customer_id, ()) if bought is not None and customer_id is not None else ()
    mine = [one for one in purchases if related(one, "offer") == target.offer_id]
    held = next((one for one in holdings_from([target.offer_id] if holds else [], mine) if one.active), None)
    whole = bought is not None if customer_id is not None else contact.id in fresh
    return Sight(contact=contact, holding=held, whole=whole)


def ambiguous() -> Rejected:
    return Rejected(KAJABI, words.AMBIGUOUS, code=ContactAmbiguous.__name__)
