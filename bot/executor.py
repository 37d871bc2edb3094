"""Carries out due changes of one request: read, compare, send, write, read back.

It knows neither who calls it nor how often. Whatever happened before, it finds on disk: a change that was never sent
is compared with what was approved; one that was sent is read first, never compared and never written first.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from enum import Enum
from functools import partial
from typing import Any, TypeVar

import structlog

from bot import undoing
from bot.comparison import Comparison
from bot.domain import attempt
from bot.domain.errors import (
    OutOfTurn,
    Paused,
    ProviderError,
    Refusal,
    Rejected,
    StandingUnknown,
    Unavailable,
    Withheld,
)
from bot.domain.request import Action, Case, Change, ChangeState, Contact, Reading
from bot.domain.states import Timing
from bot.pacing import calm
from bot.ports import Clock, Provider, Store, Target
from bot.readings import Readings

log = structlog.get_logger()
Answer = TypeVar("Answer")


class Kept(Enum):
    """Why a change was not let go."""

    #: nothing is sent for now, or something else goes first
    HELD = "held"
    #: another change of the same contact and offer is under way, or it is somebody else's by now
    BUSY = "busy"


#: takes a change past the point of no return and returns it as it is then, or why it must not be called
Send = Callable[[Change], Awaitable[Change | Kept]]


@dataclass(frozen=True, slots=True)
class Turn:
    """What one call of `perform` works with."""

    case: Case
    provider: Provider
    #: when the changes may be somebody else's: nothing is sent after it
    deadline: float
    #: puts the deadline off where that can be done, and says when it is
    prolong: Callable[[], Awaitable[float]] | None = None

    async def is_over(self, clock: Clock) -> bool:
        """Whether nothing may be sent any more."""
        return clock() >= (self.deadline if self.prolong is None else await self.prolong())


@dataclass(frozen=True, slots=True)
class Executor:
    """One attempt at each change it is given."""

    store: Store
    providers: Mapping[str, Provider]
    comparison: Comparison
    readings: Readings
    clock: Clock
    timing: Timing
    #: seconds for which the changes are ours
    lease: float

    async def perform(self, changes: Sequence[Change]) -> None:
        """Work on changes just claimed, all of one request; what cannot be finished keeps a due date."""
        held_until = min(change.due or 0.0 for change in changes)
        left = held_until - self.lease * 0.2 - self.clock()
        try:
            async with asyncio.timeout(max(left, 0.0)):
                await self._work(changes, deadline=self.clock() + left)
        except TimeoutError:
            log.warning("attempt ran out of its lease", request=changes[0].request_id)
            for change in changes:
                await self._wait(change, attempt.NO_TURN)
        except StandingUnknown as trouble:
            for change in changes:
                await self._wait(change, trouble.code)
        except Exception:  # a fault of ours: it must have an end that is told
            log.exception("attempt broken", request=changes[0].request_id)
            for change in changes:
                await self._wait(change, "Broken")

    async def _work(self, changes: Sequence[Change], *, deadline: float) -> None:
        if self.clock() >= deadline:
            raise TimeoutError  # they waited so long for their turn that they are nearly somebody else's
        case = await self.store.case(changes[0].request_id, changes=[change.id for change in changes])
        if case is None:
            return
        provider = self.providers.get(case.request.provider)
        if provider is None:
            await self._abandon(changes)
            return
        turn = Turn(case, provider, deadline)
        # rows of a list, which come here once they are sent, and their ends stand back for what people wait for
        with calm() if case.request.bulk or case.request.of_list else nullcontext():
            await self._look([change for change in changes if change.sent is not None or case.request.bulk], turn)
            await self._start([change for change in changes if change.sent is None and not case.request.bulk], turn)

    async def _abandon(self, changes: Sequence[Change]) -> None:
        """End what belongs to a provider that is no longer set up."""
        for change in changes:
            if change.sent is None:
                await self._finish(change, ChangeState.FAILED, code="ProviderGone")
            else:
                await self._unknown(change)

    # --- not sent yet: compare with what was approved, then send -------------------------------------------------

    async def _start(self, changes: Sequence[Change], turn: Turn) -> None:
        if not changes:
            return
        case = turn.case
        lapsed = await self.comparison.lapsed(case)
        ways = [_ways(change, case) for change in changes]
        targets = [Target(contact=first, offer_id=case.request.offer.id) for first, _ in ways]
        readings = await _each(turn.provider.read(targets), len(changes))
        readings = await self._found_otherwise(changes, readings, turn)
        ready = []
        for change, reading in zip(changes, readings, strict=True):
            if isinstance(reading, ProviderError):
                await self._not_called(change, reading)
            elif (instead := await self.comparison.instead(change, case, reading, lapsed=lapsed)) is not None:
                if await self.store.step(change.request_id, instead, changes=[change.id]) is None:
                    await self._wait(change, "Busy", least=self.timing.busy)
            else:
                ready.append(replace(change, contact=reading.contact or change.contact))
        await self._call(ready, turn, self._send)

    async def _found_otherwise(
        self, changes: Sequence[Change], readings: Sequence[Reading | ProviderError], turn: Turn
    ) -> Sequence[Reading | ProviderError]:
        """Read those from whom something is to be revoked, and who were not found, in the other way."""
        found = list(readings)
        gone = [place for place, reading in enumerate(found) if _is_gone(changes[place], reading)]
        if gone:
            others = [(changes[place], _ways(changes[place], turn.case)[1]) for place in gone]
            targets = [Target(contact=other, offer_id=change.offer_id) for change, other in others]
            again = await _each(turn.provider.read(targets), len(gone))
            for place, reading in zip(gone, again, strict=True):
                found[place] = reading
        return found

    async def _send(self, change: Change) -> Change | Kept:
        """Pass the point of no return. What is kept from it is written down once it is sure that no call was made."""
        now, mine = self.clock(), _attempt(change)
        first = partial(attempt.send, **mine, contact=change.contact, now=now)
        step = first if change.sent is None else partial(attempt.go_on, **mine)
        try:
            if await self.store.send(change.request_id, step, changes=[change.id]) is not None:
                return change if change.sent is not None else replace(change, sent=now, sent_to=change.contact.id)
        except (Paused, OutOfTurn):
            return Kept.HELD
        return Kept.BUSY

    # --- the call, and what its answer means ----------------------------------------------------------------------

    async def _call(self, changes: Sequence[Change], turn: Turn, send: Send) -> None:
        """Have changes made, each of them sent when its turn has come: right before the call itself.

        After the deadline they may be somebody else's: then do nothing.
        """
        if not changes:
            return
        sent: dict[int, Change] = {}
        kept: dict[int, Kept] = {}

        async def permit(change: Change) -> bool:
            if await turn.is_over(self.clock):
                return False
            going = await send(sent.get(change.id, change))
            if isinstance(going, Kept):
                kept[change.id] = going
                return False
            sent[change.id] = going
            return not await turn.is_over(self.clock)

        answers = await _each(turn.provider.write(changes, permit=permit), len(changes))
        confirmed: list[Change] = []

        async def answered(change: Change, answer: str | ProviderError) -> None:
            self.readings.forget(change.provider, change.contact.address)
            if isinstance(answer, str):
                confirmed.extend(await self._confirm(sent[change.id], answer))
            elif isinstance(answer, Withheld):
                await self._withheld(change, kept.get(change.id), undone=change.id in sent)
            elif change.id in sent:
                await self._not_confirmed(sent[change.id], answer)
            else:
                await self._not_called(change, answer)

        # all at once: what they write down together is one commit
        await asyncio.gather(*map(answered, changes, answers))
        await self._look(confirmed, turn)

    async def _withheld(self, change: Change, kept: Kept | None, *, undone: bool) -> None:
        """Give back what surely made no call. `undone`: it was sent, and a call of it did nothing.

        Nothing is written where its time was over, for it may be somebody else's.
        """
        if change.sent is not None:  # by an earlier call, about which this says nothing
            if kept is Kept.HELD:  # looking goes on, by the schedule of what is unknown
                await self._unknown(change)
        elif kept is Kept.HELD:
            back = partial(attempt.hold_back, **_attempt(change), undone=undone, now=self.clock())
            await self.store.step(change.request_id, back, changes=[change.id])
        elif kept is Kept.BUSY:
            await self._wait(change, "Busy", least=self.timing.busy, undone=undone)

    async def _confirm(self, change: Change, receipt: str) -> list[Change]:
        """Keep the provider's word; empty when the change is no longer ours."""
        step = partial(attempt.confirm, **_attempt(change), receipt=receipt, now=self.clock())
        kept = await self.store.step(change.request_id, step, changes=[change.id])
        return [replace(change, receipt=receipt)] if kept is not None else []

    async def _not_confirmed(self, change: Change, error: ProviderError) -> None:
        again = change.resent is not None
        log.info("change not confirmed", request=change.request_id, why=error.detail, kind=type(error).__name__)
        if isinstance(error, Rejected) and not again:
            await self._finish(change, ChangeState.FAILED, code=f"{error.code or 'Rejected'}: {error.detail}")
        elif isinstance(error, Unavailable):
            await self._wait(change, _named(error), retry_after=error.retry_after, undone=not again)
        else:  # lost; or refused the second time, which says nothing about the first: only reading can tell
            await self._wait(change, attempt.LOST, pause=self.timing.reads[0])

    async def _not_called(self, change: Change, error: ProviderError) -> None:
        """Nothing went out; of what went out before, this says nothing."""
        if isinstance(error, Rejected) and change.sent is None:
            await self._finish(change, ChangeState.FAILED, code=f"{error.code or 'Rejected'}: {error.detail}")
        else:
            await self._wait(change, _named(error), retry_after=getattr(error, "retry_after", None))

    # --- sent: read, and never claim what was not read ------------------------------------------------------------

    async def _look(self, changes: Sequence[Change], turn: Turn) -> None:
        if not changes:
            return
        targets = [Target(contact=whom(change), offer_id=change.offer_id or None) for change in changes]
        readings = await _each(turn.provider.read(targets, with_offers=False), len(changes))
        for change, reading in zip(changes, readings, strict=True):
            if isinstance(reading, ProviderError):
                await self._unread(change, reading)
            elif undoing.already_so(turn.provider, change, reading):
                await self._finish(change, ChangeState.SUCCEEDED, reading=reading)
            elif change.receipt and self._cannot_be_read(change, reading):
                await self._finish(change, ChangeState.SUCCEEDED, code=attempt.UNSEEN, reading=reading)
            else:
                await self._not_seen(change, turn)

    def _cannot_be_read(self, change: Change, reading: Reading) -> bool:
        """Whether the provider will not tell; what is still listed may be gone a moment later."""
        looked_often = change.reads >= len(self.timing.reads)
        return change.offer_id in reading.untold and (change.offer_id not in reading.stale or looked_often)

    async def _unread(self, change: Change, error: ProviderError) -> None:
        if change.state is ChangeState.UNKNOWN:
            await self._unknown(change)
        else:
            await self._wait(change, _named(error), retry_after=getattr(error, "retry_after", None))

    async def _not_seen(self, change: Change, turn: Turn) -> None:
        """A read says no, which proves nothing yet: read again, then write once more where that is safe."""
        if change.state is ChangeState.UNKNOWN:
            await self._unknown(change)
        elif change.reads < len(self.timing.reads):
            await self._wait(change, "", pause=self.timing.reads[change.reads], read=True)
        elif await self._may_repeat(change, turn):
            await self._call([replace(change, contact=whom(change))], turn, self._send_again)
        else:
            await self._unknown(change)

    async def _may_repeat(self, change: Change, turn: Turn) -> bool:
        """Whether writing once more is safe, and still what somebody wants: soon, and by the same approval."""
        if change.resent is not None or change.sent is None or change.action not in turn.provider.repeatable:
            return False
        soon = 0 <= self.clock() - change.sent <= self.timing.repeat  # below nought the clock has stepped back
        return soon and not await self.comparison.lapsed(turn.case)

    async def _send_again(self, change: Change) -> Change | Kept:
        """Use the one repetition."""
        now, mine = self.clock(), _attempt(change)
        first = change.resent is None
        step = partial(attempt.send_again, **mine, now=now) if first else partial(attempt.go_on, **mine)
        try:
            again = await self.store.send(change.request_id, step, changes=[change.id])
        except Paused:
            return Kept.HELD
        if again is None:
            return Kept.BUSY
        return replace(change, resent=now, reads=0) if first else change

    # --- what is written down --------------------------------------------------------------------------------------

    async def _unknown(self, change: Change) -> None:
        now = self.clock()
        look_again = now + self.timing.next_look(now - (change.sent or now))
        await self._finish(change, ChangeState.UNKNOWN, code="NotSeen", look_again=look_again)

    async def _finish(
        self,
        change: Change,
        to: ChangeState,
        *,
        code: str = "",
        reading: Reading | None = None,
        look_again: float | None = None,
    ) -> bool:
        """Return whether that could be written."""
        self.readings.forget(change.provider, change.contact.address)
        step = partial(
            attempt.finish,
            change_id=change.id,
            attempt=change.attempts,
            to=to,
            code=code,
            look_again=look_again,
            contact=reading.contact if reading is not None else None,
            now=self.clock(),
        )
        return await self.store.step(change.request_id, step, changes=[change.id]) is not None

    async def _wait(
        self,
        change: Change,
        code: str,
        *,
        pause: float | None = None,
        retry_after: float | None = None,
        least: float | None = None,
        undone: bool = False,
        read: bool = False,
    ) -> None:
        """Come back later; for how long that may go on is the step's to say."""
        now = self.clock()
        troubled = now - change.troubled if change.troubled is not None else 0.0
        after = pause if pause is not None else max(retry_after or 0.0, self.timing.pause(troubled, least=least))
        step = partial(
            attempt.wait,
            change_id=change.id,
            attempt=change.attempts,
            until=now + after,
            code=code,
            timing=self.timing,
            undone=undone,
            read=read,
            now=now,
        )
        await self.store.step(change.request_id, step, changes=[change.id])


def by_address(contact: Contact) -> Contact:
    """Ask who has the address now: ids go to other people when addresses are changed or contacts merged."""
    return replace(contact, id=None, customer_id=None) if contact.address else contact


def _ways(change: Change, case: Case) -> tuple[Contact, Contact]:
    """Return whom to look for, and whom else: who has the address; but what ends by itself ends for whom it was given.

    Once people have changed whom such an end is for, they mean who has the address.
    """
    ways = by_address(change.contact), whom(change)
    return ways[::-1] if case.request.planned is not None and change.sent_to is not None else ways


def _is_gone(change: Change, reading: Reading | ProviderError) -> bool:
    """Whether somebody is known from whom it is to be revoked, and nobody was found."""
    gone = isinstance(reading, Reading) and reading.contact is None
    return gone and change.action is Action.REVOKE and change.contact.id is not None


def _attempt(change: Change) -> dict[str, Any]:
    """Name what a step has to hold still."""
    return {"change_id": change.id, "attempt": change.attempts}


def whom(change: Change) -> Contact:
    """Return whom a change was sent for; a contact that is being created has no id that could be known."""
    if change.action is Action.CREATE:
        return by_address(change.contact)
    if change.sent_to is None or change.sent_to == change.contact.id:
        return change.contact
    return replace(change.contact, id=change.sent_to, customer_id=None)


def _named(error: ProviderError) -> str:
    return f"{type(error).__name__}: {error.detail}"


async def _each(asked: Awaitable[Sequence[Answer | ProviderError]], count: int) -> Sequence[Answer | ProviderError]:
    """Give every place its answer, also where the whole call failed alike for all."""
    try:
        return await asked
    except ProviderError as error:
        return [error] * count
    except Refusal as refusal:  # several contacts with one address: found while reading, and no reason to go on
        return [Rejected("", refusal.code, code=refusal.code)] * count
