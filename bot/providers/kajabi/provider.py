"""The calls of Kajabi's Public API V1 that look up, grant, revoke and create."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from types import TracebackType
from typing import Any, Self, TypeVar

from bot.domain.draft import AddressKind, normal
from bot.domain.errors import ContactAmbiguous, OfferElsewhere, ProviderError, Rejected, Unavailable
from bot.domain.request import Action, Change, Contact, Offer, Reading
from bot.ports import Check, Clock, OfferQuery, Pacer, Permit, Sight, Target, Told, permitted
from bot.providers.base import TIMEOUT, Answer, Api, check_url
from bot.providers.cleaning import identifier
from bot.providers.jsonapi import JsonApi, Malformed, Resource, errors_said, named_ids, related
from bot.providers.kajabi import words
from bot.providers.kajabi.checks import Checks
from bot.providers.kajabi.effects import effects
from bot.providers.kajabi.lists import Lists
from bot.providers.kajabi.meaning import (
    KAJABI,
    OFFER_FIELDS,
    address_of,
    contact_from,
    holdings_from,
    of_site,
    offer_from,
)
from bot.providers.kajabi.settings import KajabiSettings
from bot.providers.kajabi.site import Site
from bot.providers.kajabi.survey import PURCHASES_PAGE, Survey
from bot.providers.oauth import ClientCredentials
from bot.providers.words import NO_SENSE

Result = TypeVar("Result")

OFFERS_OF_CONTACT = "/v1/contacts/{contact_id}/relationships/offers"
#: pages of contacts whose addresses contain the one looked for; more means that the filter was not obeyed
CONTACT_PAGES = 20
#: ids that a receipt names
RECEIPT_IDS = 10


class Kajabi:
    """One site of a Kajabi account.

    What may be sent once more when an answer is lost and reading says no: a grant, since Kajabi checks whether the
    contact was already granted the offer; a revoke, which only affects active offers (both say the reference pages);
    and the creation of a contact, since a site has an address once and says 422 "already been taken" (seen by others).
    """

    name: str = KAJABI
    title: str = "Kajabi"
    repeatable: frozenset[Action] = frozenset(Action)
    creates_contacts: bool = True
    sends_welcome: bool = True
    addresses: frozenset[AddressKind] = frozenset({AddressKind.EMAIL})

    def __init__(self, settings: KajabiSettings, *, pacer: Pacer, clock: Clock, timeout: float = TIMEOUT) -> None:
        url = check_url("KAJABI_API_URL", settings.api_url)
        self._api = Api(KAJABI, url=url, pacer=pacer, clock=clock, explain=errors_said, timeout=timeout)
        self._door = ClientCredentials(
            self._api,
            path="/v1/oauth/token",
            client_id=settings.client_id,
            client_secret=settings.client_secret,
            refused=words.CREDENTIALS,
            clock=clock,
        )
        self._json_api = JsonApi(self._door)
        self._site = Site(self._json_api, settings.site_id)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """End all connections."""
        await self._door.close()
        await self._api.close()

    async def check(self) -> Sequence[Check]:
        """Try address, credentials, site, and what must be readable."""
        return await Checks(self._api, self._door, self._json_api, self._site).run()

    def effects(self, action: Action, reading: Reading, *, welcome_email: bool) -> tuple[str, ...]:
        """Say what else will or may happen."""
        return effects(action, reading, welcome_email=welcome_email)

    # --- offers --------------------------------------------------------------------------------------------------

    async def list_offers(self, query: OfferQuery) -> Sequence[Offer]:
        """List what can be granted; words are looked for as they stand, in the title and in the description."""
        site_id = await self._site.id()
        sort = ("-" if query.descending else "") + ("price_in_cents" if query.by_price else "title")
        asked = {"filter[site_id]": site_id, "sort": sort, "fields[offers]": OFFER_FIELDS}
        sought = " ".join(query.words.split())
        filters = ("filter[title_cont]", "filter[description_cont]") if sought else ()
        queries = [{**asked, name: sought} for name in filters] or [asked]
        found: dict[str, Offer] = {}
        for one in queries:
            for resource in await self._json_api.listed("/v1/offers", query=one):
                offer = offer_from(resource) if of_site(resource, site_id) else None
                if offer is not None:
                    found.setdefault(offer.id, offer)
        return _in_order(found.values(), query)

    async def offer(self, offer_id: str) -> Offer | None:
        """Read one offer; raise `OfferElsewhere` for one of another site.

        Whether Kajabi shows an archived offer by its id is not known: whether it is listed, only the list says.
        """
        if identifier(offer_id) is None:
            return None
        try:
            document = await self._json_api.document(
                "/v1/offers/{offer_id}", ids={"offer_id": offer_id}, query={"include": "products"}
            )
        except Rejected as error:
            if error.code == "not_found":
                return None
            raise
        if not of_site(document["data"], await self._site.id()):
            raise OfferElsewhere
        offer = offer_from(document["data"], included=document.get("included"))
        if offer is None or offer.id != offer_id:
            raise self._broken()
        return offer

    # --- contacts and what they hold -----------------------------------------------------------------------------

    async def read(self, targets: Sequence[Target], *, with_offers: bool = True) -> Sequence[Reading | ProviderError]:
        """Read contacts by id, or by exact address, and what they hold.

        Raises `ContactAmbiguous` and `OfferElsewhere`, which are no failures of Kajabi's.
        """
        return await _each(self._read(target, with_offers=with_offers) for target in targets)

    async def survey(
        self, targets: Sequence[Target], *, purchases: bool = False, told: Told | None = None
    ) -> Sequence[Sight | ProviderError]:
        """See many contacts by lists; an address that several contacts have is `Rejected` in its place."""
        lists = Lists(json_api=self._json_api, site_id=await self._site.id(), told=told)
        try:
            return await Survey(lists=lists, singly=self).take(targets, purchases=purchases)
        except Malformed:
            raise self._broken() from None

    async def _read(self, target: Target, *, with_offers: bool) -> Reading:
        offer = await self.offer(target.offer_id) if with_offers and target.offer_id else None
        nobody = Reading(contact=None, offer=offer)
        known = target.contact.id is not None
        contact = target.contact if known else await self.find(target.contact)
        if contact is None or contact.id is None:
            return nobody
        try:
            granted = await self._json_api.identifiers(OFFERS_OF_CONTACT, ids={"contact_id": contact.id}, kind="offers")
            # only a contact with a customer can have bought; where the offer in question is granted anyway, a contact
            # known without one is not asked about again: that would be two more calls for every first grant
            answered = not with_offers and target.offer_id in granted
            if known and contact.customer_id is None and not answered:
                contact = await self._by_id(contact, contact.id)
        except Rejected as error:
            if error.code == "not_found":
                return nobody
            raise
        purchases = await self.purchases_of(contact.customer_id) if contact.customer_id is not None else []
        try:
            return Reading(contact=contact, holdings=holdings_from(granted, purchases), offer=offer)
        except Malformed:
            raise self._broken() from None

    async def find(self, contact: Contact) -> Contact | None:
        """Look an address up. Kajabi has no exact filter, so what it finds is compared, and never the first taken."""
        wanted = normal(contact.address)
        if not wanted:  # which some contacts have: they are somebody else
            return None
        site_id = await self._site.id()
        query = {"filter[site_id]": site_id, "filter[email_contains]": contact.address.strip().lower()}
        resources = await self._json_api.listed("/v1/contacts", query=query, most=CONTACT_PAGES)
        same = [one for one in resources if address_of(one) == wanted and of_site(one, site_id)]
        if len(same) > 1:
            raise ContactAmbiguous
        return contact_from(same[0], contact) if same else None

    async def _by_id(self, contact: Contact, contact_id: str) -> Contact:
        document = await self._json_api.document("/v1/contacts/{contact_id}", ids={"contact_id": contact_id})
        if identifier(document["data"].get("id")) != contact_id:
            raise self._broken()
        return contact_from(document["data"], contact)

    async def granted_to(self, contact_id: str) -> list[str] | None:
        """Name the offers that were granted; None when there is no such contact."""
        try:
            return await self._json_api.identifiers(OFFERS_OF_CONTACT, ids={"contact_id": contact_id}, kind="offers")
        except Rejected as error:
            if error.code == "not_found":
                return None
            raise

    async def purchases_of(self, customer_id: str) -> list[Resource]:
        """Read what a customer bought, whether it gives access or not."""
        query = {"filter[customer_id]": customer_id}
        purchases = await self._json_api.listed("/v1/purchases", query=query, size=PURCHASES_PAGE)
        if any(related(one, "customer") not in {None, customer_id} for one in purchases):
            raise self._broken()  # those of somebody else prove nothing, and hers may be missing
        return purchases

    # --- changes -------------------------------------------------------------------------------------------------

    async def write(self, changes: Sequence[Change], *, permit: Permit = permitted) -> Sequence[str | ProviderError]:
        """Make each change by a call of its own: what Kajabi does with a mixed list when a part fails is not known."""
        return await _each(self._write(change, partial(permit, change)) for change in changes)

    async def _write(self, change: Change, permit: Callable[[], Awaitable[bool]]) -> str:
        if change.action is Action.CREATE:
            return await self._create(change.contact, permit)
        if change.contact.id is None:
            raise Rejected(KAJABI, words.NO_CONTACT, code="no_contact")
        content: dict[str, Any] = {"data": [{"type": "offers", "id": change.offer_id}]}
        if change.action is Action.GRANT:
            content["meta"] = {"send_customer_welcome_email": change.welcome_email}
        method = "POST" if change.action is Action.GRANT else "DELETE"
        ids = {"contact_id": change.contact.id}
        return _receipt(await self._json_api.write(method, OFFERS_OF_CONTACT, ids=ids, content=content, permit=permit))

    async def _create(self, contact: Contact, permit: Callable[[], Awaitable[bool]]) -> str:
        data = {
            "type": "contacts",
            "attributes": {"name": contact.name, "email": contact.address},
            "relationships": {"site": {"data": {"type": "sites", "id": await self._site.id()}}},
        }
        try:
            answer = await self._json_api.write("POST", "/v1/contacts", ids={}, content={"data": data}, permit=permit)
        except Rejected as error:
            if words.TAKEN in error.detail:
                raise Rejected(KAJABI, error.detail, code="taken") from None
            raise
        return _receipt(answer)

    def _broken(self) -> Unavailable:
        return Unavailable(KAJABI, NO_SENSE, code="broken")


async def _each(asked: Iterable[Awaitable[Result]]) -> list[Result | ProviderError]:
    """Ask all at once, as far as the pace allows; a failure of one is its own answer."""
    results: list[Result | ProviderError] = []
    for answer in await asyncio.gather(*asked, return_exceptions=True):
        if isinstance(answer, BaseException) and not isinstance(answer, ProviderError):
            raise answer
        results.append(answer)
    return results


def _in_order(offers: Iterable[Offer], query: OfferQuery) -> list[Offer]:
    """Sort as asked; offers whose price is not told come last either way."""
    by_title = sorted(offers, key=lambda one: (one.title.casefold(), one.id), reverse=query.descending)
    if not query.by_price:
        return by_title
    priced = sorted((one for one in by_title if one.price is not None), key=_price, reverse=query.descending)
    return priced + [one for one in by_title if one.price is None]


def _price(offer: Offer) -> int:
    return offer.price or 0


def _receipt(answer: Answer) -> str:
    """Keep the status and the ids that the answer names: after a grant or a revoke, the offers that are granted."""
    data = answer.document.get("data") if isinstance(answer.document, dict) else None
    if isinstance(data, dict) and (contact_id := identifier(data.get("id"))) is not None:
        return f"{answer.status}: contact {contact_id}"
    try:
        ids = named_ids(data, "offers")
    except Malformed:
        return str(answer.status)
    more = ", …" if len(ids) > RECEIPT_IDS else ""
    return f"{answer.status}: offers {', '.join(ids[:RECEIPT_IDS]) or 'none'}{more}"
