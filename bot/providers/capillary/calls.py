"""The calls of Capillary's legacy family that this bot makes, each as its reference page describes it."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, NoReturn

from bot.domain.errors import ProviderError, Rejected, Unavailable, Withheld
from bot.providers.base import Call
from bot.providers.capillary import bulk
from bot.providers.capillary.bulk import Outcome, Step
from bot.providers.capillary.door import Door
from bot.providers.capillary.faults import CAPILLARY, NO_CUSTOMER, NO_PROMOTION, TOO_MANY, Fault, faults_of, first_of
from bot.providers.capillary.meaning import Json, name_in, of_program, promotion_id
from bot.providers.capillary.settings import CapillarySettings
from bot.providers.cleaning import identifier
from bot.providers.words import NO_SENSE, too_many_pages

#: what a page of a list is asked to hold, and how many pages a list may have
PAGE, MOST_PAGES = 100, 100
#: how a page may be refused that there is not
NO_PAGE = frozenset({"2010", "4053", "4054", "4057", "not_found"})
#: nobody's: asking for it shows whether customers may be looked up
NOBODY = "offerdesk-start-up-check"
PROMOTIONS = "/api_gateway/loyalty/v1/programs"
#: for each customer, whether a call may be made for them now
Permits = Mapping[str, Callable[[], Awaitable[bool]]]


class Calls:
    """Raises as `Api` does; what Capillary says in a document is told apart here, whatever status it came with."""

    def __init__(self, door: Door, settings: CapillarySettings) -> None:
        self._door, self._settings = door, settings
        #: how many customers a call may name, as far as is known
        self._most = settings.batch
        self._from = {"source": settings.source}
        if settings.account_id is not None:
            self._from["accountId"] = settings.account_id

    # --- customers -----------------------------------------------------------------------------------------------

    async def customer(self, kind: str, value: str) -> str | None:
        """Return the id of a customer, or None. A customer may be known by another identifier first."""
        query = {"identifierName": kind, "identifierValue": value, **self._from}
        document = await self._about_customer("/v2/customers/lookup", query=query)
        if document is None:
            return None
        found = identifier(document.get("entity"))
        if found is None or not found.isdigit():
            _make_no_sense()
        return found

    async def name(self, customer_id: str) -> str:
        """Return a customer's name; empty where it is not told."""
        try:
            document = await self._about_customer(
                "/v2/customers/{customer_id}", ids={"customer_id": customer_id}, query=self._from
            )
        except Rejected:
            return ""  # a missing name is no reason to show nothing
        return name_in(document.get("profiles")) if document is not None else ""

    async def promotions_of(self, customer_id: str) -> list[Json] | None:
        """List the promotions of the program as they are for a customer, page by page; None: no such customer."""
        found = await self.promotions_by("id", customer_id)
        return None if found is None else found[1]

    async def promotions_by(self, kind: str, value: str) -> tuple[str | None, list[Json]] | None:
        """Do the same for a customer who is named by something else, and say by which id they are known."""
        customer_id = value if kind == "id" else None
        query = {
            "identifierName": kind,
            "identifierValue": value,
            "programs": str(self._settings.program_id),
            "limit": str(PAGE),
            **self._from,
        }
        found: list[Json] = []
        for _ in range(MOST_PAGES):
            page = await self._about_customer(
                "/v2/customers/lookup/promotionData", query={**query, "offset": str(len(found))}
            )
            if page is None:
                return None
            told, total = _list(page, "promotions"), _total(page)
            whose = identifier(page.get("customerId")) or customer_id
            if whose is not None and (customer_id not in {None, whose} or not whose.isdigit()):
                _make_no_sense()  # what somebody else holds proves nothing
            customer_id = whose
            if not all(isinstance(one, dict) for one in told) or (told and told == found[-len(told) :]):
                _make_no_sense()  # neither does a page that comes again and again
            found += told
            if not told or (total is not None and len(found) >= total):  # pages may be smaller than was asked for
                return customer_id, of_program(found, self._settings.program_id)
        raise Rejected(CAPILLARY, too_many_pages(MOST_PAGES), code="too_many")

    async def _about_customer(
        self, path: str, *, query: Mapping[str, str], ids: Mapping[str, str] | None = None
    ) -> Json | None:
        document = await self._read(path, ids=ids or {}, query=query)
        faults = faults_of(document)
        if first_of(faults, *NO_CUSTOMER):
            return None
        return _sound(document, faults)

    # --- promotions ----------------------------------------------------------------------------------------------

    async def promotions(self) -> list[Json]:
        """List the live promotions of the program. Here, `offset` counts pages.

        Examples count from one on. That there is no page nought is not documented, nor whether an answer tells how
        many there are: unless as many were found, all is asked for that could be more.
        """
        found: dict[str, Json] = {}
        total = None
        for page in range(1, MOST_PAGES + 1):
            new, total = await (self._page_of_promotions(page) if page == 1 else self._perhaps_a_page(page, total))
            more = new.keys() - found.keys()
            found |= new
            if not more or len(found) == total:
                break
        else:
            raise Rejected(CAPILLARY, too_many_pages(MOST_PAGES), code="too_many")
        if len(found) != total:
            found |= (await self._perhaps_a_page(0, total))[0]
        return of_program(found.values(), self._settings.program_id)

    async def _perhaps_a_page(self, page: int, total: int | None) -> tuple[dict[str, Json], int | None]:
        """Do as `_page_of_promotions`, for a page that there may not be: asking for it may be refused."""
        try:
            return await self._page_of_promotions(page)
        except Rejected as error:
            if error.code not in NO_PAGE or 0 < page * PAGE < (total or 0):
                raise
            return {}, total

    async def _page_of_promotions(self, page: int) -> tuple[dict[str, Json], int | None]:
        """Return what a page holds, and how many there are in all, where that is told."""
        program = str(self._settings.program_id)
        query = {"program": program, "status": "LIVE", "limit": str(PAGE), "offset": str(page)}
        document = await self._read(f"{PROMOTIONS}/promotions/list", ids={}, query=query)
        told = _list(_sound(document, faults_of(document)), "data")
        if not all(isinstance(one, dict) for one in told):
            _make_no_sense()
        new: dict[str, Json] = {key: one for one in told if (key := promotion_id(one, "id"))}
        return new, _total(document)

    async def promotion(self, wanted: str) -> Json | None:
        """Read one promotion; None where there is none with this id."""
        ids = {"program_id": str(self._settings.program_id), "promotion_id": wanted}
        try:
            document = await self._read(
                f"{PROMOTIONS}/{{program_id}}/promotions/{{promotion_id}}/get", ids=ids, query={}
            )
        except Rejected as error:
            if error.code == "not_found":
                return None
            raise
        faults = faults_of(document)
        if first_of(faults, *NO_PROMOTION):
            return None
        told = _list(_sound(document, faults), "data")
        if not told:
            return None
        if not isinstance(told[0], dict) or promotion_id(told[0], "id", "promotionId") != wanted:
            _make_no_sense()
        return told[0]

    # --- what changes something ------------------------------------------------------------------------------------

    async def send(
        self, step: Step, promotion: str, customers: Mapping[str, Sequence[str]], permits: Permits
    ) -> Mapping[str, Outcome]:
        """Take a step for customers, with the ids it is about; every customer gets an answer of their own.

        A call that names more of them than it may has done nothing: it is made anew for fewer, and so are all others.
        """
        found: dict[str, Outcome] = {}
        left = list(customers)
        while left:
            some = left[: self._most]
            outcomes = await self._permitted(step, promotion, {one: customers[one] for one in some}, permits)
            if len(some) > 1 and all(map(_is_too_many, outcomes.values())):
                self._most = len(some) // 2
                continue
            found |= outcomes
            left = left[len(some) :]
        return found

    async def _permitted(
        self, step: Step, promotion: str, customers: Mapping[str, Sequence[str]], permits: Permits
    ) -> Mapping[str, Outcome]:
        """Make one call; with somebody who gets no permit it is not made, but made up anew for the others."""
        refused: list[str] = []

        async def permit() -> bool:
            given = await asyncio.gather(*(permits[one]() for one in customers))
            refused[:] = [one for one, may in zip(customers, given, strict=True) if not may]
            return not refused

        try:
            return await self._send(step, promotion, customers, permit)
        except Withheld as error:
            rest = {one: ids for one, ids in customers.items() if one not in refused}
            others = await self._permitted(step, promotion, rest, permits) if rest else {}
            return {**others, **dict.fromkeys(refused, error)}
        except ProviderError as error:
            return dict.fromkeys(customers, error)

    async def _send(
        self,
        step: Step,
        promotion: str,
        customers: Mapping[str, Sequence[str]],
        permit: Callable[[], Awaitable[bool]],
    ) -> Mapping[str, Outcome]:
        content = {
            "type": "CUSTOMER",
            "bulkAction": step.name,
            "promotionDetails": {"programId": self._settings.program_id, "promotionId": int(promotion)},
            "identifierName": "id",
            "customers": [self._entry(one, ids) for one, ids in customers.items()],
        }
        call = Call(method="POST", path=step.path, body=json.dumps(content).encode(), writes=True, permit=permit)
        answer = await self._door.send(call)
        return bulk.outcomes(answer.document, step, promotion=promotion, customers=customers)

    def _entry(self, customer_id: str, ids: Sequence[str]) -> dict[str, Any]:
        entry: dict[str, Any] = {"identifierValue": customer_id, "source": self._settings.source}
        return entry | ({"earnIds": [int(one) for one in ids]} if ids else {})

    async def _read(self, path: str, *, ids: Mapping[str, str], query: Mapping[str, str]) -> Json:
        call = Call(method="GET", path=path, ids=ids, query=query, about=query.get("identifierValue", ""))
        document: Json = (await self._door.send(call)).document
        return document


def _sound(document: Json, faults: Sequence[Fault]) -> Json:
    """Return the document, or raise what it says is wrong."""
    if faults:
        raise faults[0].as_error(writes=False)
    return document


def _list(document: Json, name: str) -> list[Any]:
    told = document.get(name)
    if not isinstance(told, list):
        _make_no_sense()
    return told


def _is_too_many(outcome: Outcome) -> bool:
    return isinstance(outcome, Rejected) and outcome.code == str(TOO_MANY)


def _total(document: Json) -> int | None:
    """Read how many there are on all pages, where that is told."""
    details = document.get("pageDetails")
    total = identifier(details.get("totalEntries")) if isinstance(details, dict) else None
    return int(total) if total is not None and total.isdigit() else None


def _make_no_sense() -> NoReturn:
    raise Unavailable(CAPILLARY, NO_SENSE, code="broken")
