"""Prepares a list: looks at every customer of it in few calls, and shows the sum to those who may decide.

What was looked at stays so: after an interruption the rest is looked at.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from bot.domain import bulk, preview
from bot.domain.bulk import Looked
from bot.domain.errors import EndsLater, NobodyLeft, OfferGone, ProviderError, ProviderGone, Rejected, TermOver
from bot.domain.request import (
    DO,
    EXTEND,
    FORGOTTEN,
    UNNEEDED,
    WANTED,
    Action,
    Case,
    Change,
    Contact,
    Offer,
    Reading,
    Request,
)
from bot.keeping import Keeper, TakenOver
from bot.pacing import calm
from bot.ports import Provider, Take, Target
from bot.preparer import Preparer, named
from bot.sights import see
from bot.undoing import effects, is_part

#: rows looked at together: more would be more memory, fewer more calls
SLICE = 2_500


@dataclass(frozen=True, slots=True)
class ListPreparer:
    """Works on lists that nobody has decided on yet."""

    preparer: Preparer

    async def prepare(self, case: Case) -> None:
        """Take a list out of *preparing*, or leave it there with a later due date."""
        us = self.preparer
        keeper = Keeper(us.store, case, us.clock, us.lease, us.timing.shows, shown=us.clock())
        try:
            with calm():
                step = await us.step_of(case, self._shown(case, keeper))
        except TakenOver:
            return
        await us.store.step(case.request.id, step)

    async def _shown(self, case: Case, keeper: Keeper) -> Take:
        us, request = self.preparer, case.request
        await us.people.reach(request.channel)
        provider = us.providers.get(request.provider)
        if provider is None:
            raise ProviderGone
        offer = await self._offer(request)
        if bulk.looked_otherwise(request, offer):
            return partial(bulk.look_anew, now=us.clock())
        while rows := await us.store.rows(request.id, looked=False, limit=SLICE):
            await self._look(rows, provider, request=replace(request, offer=offer), keeper=keeper)
        planned = await us.store.planned(request.id)
        if not WANTED & planned.plans.keys():
            raise NobodyLeft
        found = await us.store.case(request.id)
        if found is None or found.request.preview.get("rows") or bulk.looked_otherwise(found.request, offer):
            raise TakenOver
        shown = await us.previews.of_list(found, offer, planned)
        request = replace(request, offer=offer)
        return partial(
            bulk.prepare,
            preview=shown,
            fingerprint=bulk.fingerprint(planned.signed, request=request),
            offer=named(offer, case.request.offer),
            timing=us.timing,
            now=us.clock(),
        )

    async def _offer(self, request: Request) -> Offer:
        live = await self.preparer.readings.live_offer(request.provider, request.offer.id)
        if request.action is Action.GRANT and (live is None or not live.listed):
            raise OfferGone
        return live or request.offer

    async def _look(self, rows: Sequence[Change], provider: Provider, *, request: Request, keeper: Keeper) -> None:
        """Look at some rows, and keep what was found; raise what kept some of them from being looked at."""
        us = self.preparer
        found = [Looked(row.id, FORGOTTEN) for row in rows if not row.contact.known]
        rows = [row for row in rows if row.contact.known]
        targets = [Target(contact=_asked(row.contact), offer_id=request.offer.id) for row in rows]
        readings = await see(provider, targets, whole=True, told=keeper.told)
        ends = await us.store.ends_of(held_already(rows, readings, request.offer.id), request.offer.id)
        trouble = None
        for row, reading in zip(rows, readings, strict=True):
            if isinstance(reading, ProviderError) and not isinstance(reading, Rejected):
                trouble = reading
                continue
            part = is_part(provider, row.undoes)
            one = looked(row, reading, request, end=ends.get(row.id), part=part, now=us.clock())
            if one.plan == DO and isinstance(reading, Reading):
                one = replace(one, effects=_effects(provider, request, reading, undoes=row.undoes))
            found.append(one)
        if not await us.store.looked(request.id, found, offer=request.offer):
            raise TakenOver
        await keeper.keep()
        if trouble is not None:
            raise trouble


def _effects(provider: Provider, request: Request, reading: Reading, *, undoes: str) -> tuple[str, ...]:
    """Say what else will or may happen to one customer."""
    shown = replace(reading, offer=request.offer)
    said = effects(provider, request.action, shown, welcome_email=request.welcome_email, undoes=undoes)
    held = reading.holding(request.offer.id)
    pays = request.action is Action.REVOKE and held is not None and held.paying
    return (*said, bulk.PAYING) if pays else tuple(said)


def held_already(
    rows: Iterable[Change], readings: Iterable[Reading | ProviderError], offer_id: str
) -> dict[int, Contact]:
    """Name those to whom is to be granted what they hold already, which may be for a time."""
    return {
        row.id: replace(reading.contact, ref=row.contact.ref)
        for row, reading in zip(rows, readings, strict=True)
        if isinstance(reading, Reading) and reading.contact is not None
        if row.action is Action.GRANT and preview.already_so(row.action, reading, offer_id)
    }


def looked(
    row: Change,
    reading: Reading | Rejected,
    request: Request,
    *,
    end: float | None = None,
    part: bool = False,
    now: float,
) -> Looked:
    """Say what is to be done for one customer; `end`: when what they hold already is taken back by itself.

    `part`: see `already_so`.
    """
    if isinstance(reading, Rejected):
        return Looked(row.id, f"{reading.code or 'Rejected'}: {reading.detail}")
    contact = reading.contact
    if contact is None:
        return Looked(row.id, "not_found")
    known: dict[str, Any] = {"contact_id": contact.id, "customer_id": contact.customer_id, "name": contact.name}
    term = row.term or request.term
    ends = math.inf if term is None else term.ends(now)
    if ends <= now:
        return Looked(row.id, TermOver.__name__, **known)
    if not preview.already_so(request.action, reading, request.offer.id, part=part):
        return Looked(row.id, DO, fingerprint=signature(reading, request, row), **known)
    if end is None:
        return Looked(row.id, UNNEEDED, **known)
    if ends <= end:
        return Looked(row.id, EndsLater.__name__, **known)
    return Looked(row.id, EXTEND, fingerprint=signature(reading, request, row, end=end), **known)


def signature(reading: Reading, request: Request, row: Change, *, end: float | None = None) -> str:
    """Return what an approval signs of one customer of a list; `end`: when what they hold is taken back by itself."""
    return preview.fingerprint(
        action=request.action,
        reading=reading,
        offer=request.offer,
        welcome_email=request.welcome_email,
        term=row.term or request.term,
        moves=() if end is None else (end,),
    )


def _asked(contact: Contact) -> Contact:
    return replace(contact, id=None, customer_id=None) if contact.address else contact
