"""Prepares a list: looks at every customer of it in few calls, and shows the sum to those who may decide.

What was looked at stays so: after an interruption the rest is looked at.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from bot.domain import bulk, preview
from bot.domain.bulk import Looked
from bot.domain.bulk_words import held_until
from bot.domain.errors import NobodyLeft, OfferGone, ProviderError, ProviderGone, Rejected
from bot.domain.request import DO, UNNEEDED, Action, Case, Change, Contact, Offer, Reading, Request
from bot.keeping import Keeper, TakenOver
from bot.pacing import calm
from bot.ports import Provider, Take, Target
from bot.preparer import Preparer, named
from bot.sights import see

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
        while rows := await us.store.rows(request.id, looked=False, limit=SLICE):
            await self._look(rows, provider, request=replace(request, offer=offer), keeper=keeper)
        plans, signed = await us.store.planned(request.id)
        if not plans.get(DO):
            raise NobodyLeft
        found = await us.store.case(request.id)
        if found is None or found.request.preview.get("rows"):
            raise TakenOver
        shown = await us.previews.of_list(found, offer, plans)
        request = replace(request, offer=offer)
        return partial(
            bulk.prepare,
            preview=shown,
            fingerprint=bulk.fingerprint(signed, request=request),
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
        targets = [Target(contact=_asked(row.contact), offer_id=request.offer.id) for row in rows]
        readings = await see(provider, targets, whole=True, told=keeper.told)
        ends = await us.store.ends_of(held_already(rows, readings, request.offer.id), request.offer.id)
        trouble, found, effects = None, list[Looked](), Counter[str]()
        for row, reading in zip(rows, readings, strict=True):
            if isinstance(reading, ProviderError) and not isinstance(reading, Rejected):
                trouble = reading
                continue
            one = looked(row, reading, request, end=ends.get(row.id))
            found.append(one)
            if one.plan == DO and isinstance(reading, Reading):
                effects.update(
                    provider.effects(
                        request.action, replace(reading, offer=request.offer), welcome_email=request.welcome_email
                    )
                )
                held = reading.holding(request.offer.id)
                effects[bulk.PAYING] += request.action is Action.REVOKE and held is not None and held.paying
        await us.store.looked(request.id, found, effects=effects)
        await keeper.keep()
        if trouble is not None:
            raise trouble


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


def looked(row: Change, reading: Reading | Rejected, request: Request, *, end: float | None = None) -> Looked:
    """Say what is to be done for one customer; `end`: when what they hold already is taken back by itself."""
    if isinstance(reading, Rejected):
        return Looked(row.id, reading.code or f"Rejected: {reading.detail}")
    contact = reading.contact
    if contact is None:
        return Looked(row.id, "not_found")
    known: dict[str, Any] = {"contact_id": contact.id, "customer_id": contact.customer_id, "name": contact.name}
    if preview.already_so(request.action, reading, request.offer.id):
        return Looked(row.id, UNNEEDED if end is None else held_until(end), **known)
    return Looked(row.id, DO, fingerprint=signature(reading, request), **known)


def signature(reading: Reading, request: Request) -> str:
    """Return what an approval signs of one customer of a list."""
    return preview.fingerprint(
        action=request.action, reading=reading, offer=request.offer, welcome_email=request.welcome_email
    )


def _asked(contact: Contact) -> Contact:
    return replace(contact, id=None, customer_id=None) if contact.address else contact
