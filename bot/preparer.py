"""Prepares a new request: asks the provider, and shows it to those who may decide, or gives it back."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

import structlog

from bot.domain import editing, lifecycle, preview
from bot.domain.errors import (
    ContactExists,
    ContactNotFound,
    GivenBack,
    NotPrepared,
    ProviderDown,
    ProviderError,
    ProviderGone,
    ProviderRefused,
    Rejected,
    RuledOut,
    StandingUnknown,
    Unavailable,
    Unknown,
)
from bot.domain.request import Case, Offer, Reading
from bot.domain.states import Timing
from bot.ports import Clock, People, Provider, Store, Take
from bot.previews import Previews
from bot.readings import Readings

log = structlog.get_logger()
#: why preparing takes longer, as it is told
CODES: Mapping[type[Exception], str] = {
    Unavailable: "Unavailable",
    Unknown: "Unknown",
    StandingUnknown: "StandingUnknown",
    TimeoutError: "NoTurn",
}


@dataclass(frozen=True, slots=True)
class Preparer:
    """Works on requests that nobody but the requester has seen yet."""

    store: Store
    readings: Readings
    previews: Previews
    people: People
    providers: Mapping[str, Provider]
    clock: Clock
    timing: Timing
    #: seconds for which a request is ours
    lease: float

    async def prepare(self, case: Case) -> None:
        """Take a request out of *preparing*, or leave it there with a later due date."""
        try:
            async with asyncio.timeout(self.lease * 0.8):
                step = await self._shown(case)
        except RuledOut as refusal:
            step = partial(lifecycle.give_back, refusal=refusal, text=refusal.words, now=self.clock())
        except GivenBack as refusal:
            step = partial(lifecycle.give_back, refusal=refusal, now=self.clock())
        except Rejected as refusal:
            step = partial(lifecycle.give_back, refusal=ProviderRefused(), text=refusal.detail, now=self.clock())
        except (Unavailable, Unknown, StandingUnknown, TimeoutError) as trouble:
            step = self._later(case, trouble)
        except Exception as fault:  # a fault of ours: it must have an end that is told
            log.exception("preparing broken", request=case.request.id)
            step = self._later(case, fault)
        await self.store.step(case.request.id, partial(editing.unless_edited, step=step, version=case.request.version))

    async def _shown(self, case: Case) -> Take:
        request = case.request
        await self.people.reach(request.channel)
        if request.provider not in self.providers:
            raise ProviderGone
        if not case.main.contact.address:
            raise ContactNotFound  # forgotten since it was asked for
        reading = await self.readings.of(request.provider, case.main.contact.address)
        self._check_contact(case, reading)
        live = await self.readings.live_offer(request.provider, request.offer.id)
        offer = preview.refuse_pointless(request.action, replace(reading, offer=live), request.offer)
        shown, fingerprint = await self.previews.of(case, reading, offer)
        return partial(
            lifecycle.prepare,
            preview=shown,
            fingerprint=fingerprint,
            offer=_named(offer, request.offer),
            contact=reading.contact,
            timing=self.timing,
            now=self.clock(),
        )

    @staticmethod
    def _check_contact(case: Case, reading: Reading) -> None:
        if reading.contact is None and not case.request.creates_contact:
            raise ContactNotFound
        if reading.contact is not None and case.request.creates_contact:
            raise ContactExists

    def _later(self, case: Case, trouble: Exception) -> Take:
        now = self.clock()
        since = case.request.troubled if case.request.troubled is not None else now
        if now - since > self.timing.give_up:
            refusal = ProviderDown() if isinstance(trouble, ProviderError) else NotPrepared()
            return partial(lifecycle.give_back, refusal=refusal, now=now)
        after = trouble.retry_after if isinstance(trouble, Unavailable) else None
        until = now + max(after or 0.0, self.timing.pause(now - since))
        return partial(lifecycle.postpone, until=until, code=CODES.get(type(trouble), "Broken"), now=now)


def _named(offer: Offer, known: Offer) -> Offer:
    """Keep a description out of the request: it is long, and nobody decides by it."""
    return replace(offer, description="", internal_title=offer.internal_title or known.internal_title)
