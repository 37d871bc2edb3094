"""Prepares a new request: asks the provider, and shows it to those who may decide, or gives it back."""

import asyncio
from collections.abc import Awaitable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial

import structlog

from bot.domain import editing, lifecycle, preview
from bot.domain.errors import (
    ChannelUnreachable,
    ContactExists,
    ContactNotFound,
    EndsLater,
    GivenBack,
    GroupGone,
    NotPrepared,
    Overdrawn,
    ProviderDown,
    ProviderError,
    ProviderGone,
    ProviderRefused,
    Rejected,
    RoomClosed,
    RuledOut,
    StandingUnknown,
    TermOver,
    Unavailable,
    Unknown,
)
from bot.domain.request import Case, Offer, Reading
from bot.domain.states import Step, Timing
from bot.domain.term import Term
from bot.keeping import TakenOver
from bot.ports import Clock, People, Provider, Store, Take
from bot.previews import Moves, Previews
from bot.readings import Readings, nobody
from bot.undoing import is_part

log = structlog.get_logger()
#: how often one request is ruled while others take what is left; then it waits for its next turn
TRIES = 3
#: why preparing takes longer, as it is told
CODES: Mapping[type[Exception], str] = {
    Unavailable: "Unavailable",
    Unknown: "Unknown",
    StandingUnknown: "StandingUnknown",
    GroupGone: "GroupGone",
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
        for _ in range(TRIES):
            step = await self.step_of(case, self._shown_in_time(case))
            with suppress(Overdrawn):  # others took what was left meanwhile: it is ruled anew
                await self.store.step(
                    case.request.id, partial(editing.unless_edited, step=step, version=case.request.version)
                )
                return

    async def step_of(self, case: Case, shown: Awaitable[Take]) -> Take:
        """Return the step that shows it, or what has to be done instead."""
        try:
            return await shown
        except TakenOver:
            raise
        except RuledOut as refusal:
            return partial(lifecycle.give_back, refusal=refusal, text=refusal.words, now=self.clock())
        except GivenBack as refusal:
            return partial(lifecycle.give_back, refusal=refusal, now=self.clock())
        except Rejected as refusal:
            return partial(lifecycle.give_back, refusal=ProviderRefused(), text=refusal.detail, now=self.clock())
        except (Unavailable, Unknown, StandingUnknown, TimeoutError) as trouble:
            return self._later(trouble)
        except Exception as fault:  # a fault of ours: it must have an end that is told
            log.exception("preparing broken", request=case.request.id)
            return self._later(fault)

    async def _shown_in_time(self, case: Case) -> Take:
        async with asyncio.timeout(self.lease * 0.8):
            return await self._shown(case)

    async def _shown(self, case: Case) -> Take:
        request = case.request
        room = await self.previews.room(case)
        await self._reach(case, room)
        if request.provider not in self.providers:
            raise ProviderGone
        if not case.main.contact.address:
            raise ContactNotFound  # forgotten since it was asked for
        reading = await self.readings.of(request.provider, case.main.contact.address)
        self._check_contact(case, reading)
        live = await self.readings.live_offer(request.provider, request.offer.id)
        moves = await self.previews.moves(case, reading)
        offer = preview.refuse_pointless(
            request.action,
            replace(reading, offer=live),
            request.offer,
            extends=bool(moves),
            ids=case.main.ids,
            part=is_part(self.providers[request.provider], case.main.undoes),
        )
        if request.term is not None:
            self._check_term(request.term, moves if reading.holding(offer.id) is not None else ())
        shown, fingerprint = await self.previews.of(case, reading, offer)
        if shown.channel != room:  # another rule decides, now that the offer is known as it is
            await self._reach(case, shown.channel)
        return partial(
            lifecycle.prepare,
            preview=shown,
            fingerprint=fingerprint,
            offer=named(offer, request.offer),
            contact=reading.contact,
            timing=self.timing,
            within=await self.previews.caps(case, shown, offer),
            now=self.clock(),
        )

    async def _reach(self, case: Case, room: str) -> None:
        """Raise where the card could not be posted; `room`: where the rules want it, if anywhere."""
        try:
            await self.people.reach(room or case.request.channel)
        except ChannelUnreachable:
            raise (RoomClosed if room else ChannelUnreachable) from None

    def _check_contact(self, case: Case, reading: Reading) -> None:
        if reading.contact is None and not case.request.creates_contact:
            raise nobody(self.providers[case.request.provider])
        if reading.contact is not None and case.request.creates_contact:
            raise ContactExists

    def _check_term(self, term: Term, moves: Moves) -> None:
        """Refuse what would be over before it begins, or would change nothing. `moves`: by what it is held until."""
        ends = term.ends(self.clock())
        if ends <= self.clock():
            raise TermOver
        if moves and ends <= moves[1]:
            raise EndsLater

    def _later(self, trouble: Exception) -> Take:
        now, timing = self.clock(), self.timing

        def step(case: Case) -> Step | None:  # of a list, something may have been looked at since it was claimed
            since = case.request.troubled if case.request.troubled is not None else now
            if now - since > timing.give_up:
                refusal = ProviderDown() if isinstance(trouble, ProviderError) else NotPrepared()
                return lifecycle.give_back(case, refusal=refusal, now=now)
            after = trouble.retry_after if isinstance(trouble, Unavailable) else None
            until = now + max(after or 0.0, timing.pause(now - since))
            return lifecycle.postpone(case, until=until, code=CODES.get(type(trouble), "Broken"), now=now)

        return step


def named(offer: Offer, known: Offer) -> Offer:
    """Keep a description out of the request: it is long, and nobody decides by it."""
    return replace(offer, description="", internal_title=offer.internal_title or known.internal_title)
