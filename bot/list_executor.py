"""Carries out a list that is approved: compares many rows at once, sends them one by one, reads many back at once.

A row that meets trouble once it is sent gets a due date, and goes on as any other change does (`executor.py`).
"""

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import structlog

from bot import undoing
from bot.domain import attempt, bulk, preview
from bot.domain.errors import ProviderError, Rejected, StandingUnknown, TermOver
from bot.domain.request import EXTEND, NOT_MOVED, Action, Case, Change, ChangeState, Reading
from bot.domain.row_outcomes import held_until
from bot.executor import Executor, Kept, Turn, whom
from bot.foresight import Foresight, looks_at_many, together
from bot.keeping import Keeper, TakenOver
from bot.list_preparer import SLICE, held_already, signature
from bot.list_view import View
from bot.pacing import calm
from bot.ports import Provider, Target
from bot.sights import TOGETHER, see

log = structlog.get_logger()
#: rows that are ours to send
OURS = 32
#: for how many seconds a look at the offer serves those that are sent
OFFER = 120.0


@dataclass(frozen=True)
class ListExecutor(Executor):
    """One slice of work at a list."""

    views: dict[str, View] = field(default_factory=dict)

    async def carry_on(self, case: Case) -> None:
        """Do what fits into a lease; what is left keeps a due date."""
        unseen = Foresight(self.clock, case.request.action)
        view = self.views.setdefault(case.request.id, View(unseen, shown=self.clock()))
        if view.busy:
            view.anew = case  # it was made due meanwhile, which whoever is at it finds
            return
        keeper = Keeper(self.store, case, self.clock, self.lease, self.timing.shows, shown=view.shown)
        trouble, until, ours = "", self.clock(), True
        view.trouble, view.busy = None, True
        try:
            with calm():
                until = await self._carry_on(case, keeper, view)
            _raise(view.trouble)
        except TakenOver:
            ours = False
        except (ProviderError, StandingUnknown) as error:
            trouble = type(error).__name__
            wanted = getattr(error, "retry_after", None) or 0.0
            until = self.clock() + max(wanted, self.timing.pause(self._troubled(case)))
        except Exception:  # a fault of ours: it must have an end that is told
            log.exception("list broken", request=case.request.id)
            trouble, until = "Broken", self.clock() + self.timing.pause(self._troubled(case))
        finally:
            view.busy, view.shown = False, keeper.shown
            anew, view.anew = view.anew, None
        if ours:
            await self._later(case, until=until, trouble=trouble)
        elif anew is not None:  # by ourselves: nobody else comes for it before the end of that lease
            await self.carry_on(anew)

    def _troubled(self, case: Case) -> float:
        return self.clock() - case.request.troubled if case.request.troubled is not None else 0.0

    async def _later(self, case: Case, *, until: float, trouble: str) -> None:
        updated, now = case.request.updated, self.clock()
        later = partial(bulk.later, until=until, trouble=trouble, timing=self.timing, updated=updated, now=now)
        left = await self.store.step(case.request.id, later)
        if left is None or left.request.due is None:
            self.views.pop(case.request.id, None)

    async def _carry_on(self, case: Case, keeper: Keeper, view: View) -> float:
        """Return when to come back."""
        provider = self.providers.get(case.request.provider)
        if provider is None:
            await self._fail_rest(case, "ProviderGone")
            await self._singly(await self._sent(case))
            return self.clock()
        sends = case.unsent > 0 and case.request.held is None and await self.store.paused() is None
        if view.read_back is None or not sends or self.clock() - view.read_back >= self.timing.gather:
            await self._read_back(case, provider, keeper)
            view.read_back = self.clock()
        if sends and await self._may_send(case, view):
            view.begin()
            await self._send_some(case, provider, keeper, view)
            return view.back_at(self.clock(), self.timing)
        return self.clock() + self.timing.gather

    # --- sending -----------------------------------------------------------------------------------------------------

    async def _may_send(self, case: Case, view: View) -> bool:
        """Whether what was approved still stands, apart from the customers; else end what is not sent."""
        code = await self.comparison.lapsed(case)
        if not code and not 0 <= self.clock() - view.offer_at <= OFFER:
            code = await self._offer_changed(case)
            view.offer_at = self.clock()
        if code:
            await self._fail_rest(case, code)
        return not code

    async def _fail_rest(self, case: Case, code: str) -> None:
        await self.store.step(case.request.id, partial(bulk.fail_rest, code=code, now=self.clock()))

    async def _offer_changed(self, case: Case) -> str:
        request = case.request
        live = await self.readings.live_offer(request.provider, request.offer.id)
        if request.action is Action.GRANT and (live is None or not live.listed):
            return "OfferGone"
        return "OfferChanged" if live is not None and preview.what_changed(request.offer, live) else ""

    async def _send_some(self, case: Case, provider: Provider, keeper: Keeper, view: View) -> None:
        request_id = case.request.id
        most = together(provider) if case.request.troubled is None else 1  # one finds out whether the trouble is over
        turn = Turn(case, provider, keeper.deadline, keeper.prolonged)
        rows = await self.store.claim_rows(request_id, sent=False, limit=max(OURS, most))
        while rows:
            await keeper.keep()
            await keeper.show()
            now_is = await self.store.case(request_id)
            over = now_is is None or now_is.request.held is not None or now_is.request.state not in bulk.RUNNING
            if over or view.kept or view.trouble is not None:
                return
            some = await self._see(rows[:most], turn, keeper, view)
            await self._call(await self._compared(some, case, view), turn, self._send)
            rows = rows[len(some) :]

    async def _see(self, rows: Sequence[Change], turn: Turn, keeper: Keeper, view: View) -> Sequence[Change]:
        """Look at the rows that come next, and return those that are to be sent together."""
        if not looks_at_many(turn.provider):
            return await view.foresight.read(rows, turn.provider, keeper.told)
        if view.foresight.lacks(rows):
            many = await self.store.rows(turn.case.request.id, looked=True, limit=SLICE)
            await view.foresight.survey(many, turn.provider, keeper.told)
        return rows

    async def _compared(self, rows: Sequence[Change], case: Case, view: View) -> list[Change]:
        """Return the rows of which the world is as it was shown, and end the others."""
        fit, ended = [], list[Coroutine[Any, Any, object]]()
        seen = [(row, reading) for row in rows if (reading := view.foresight.of(row)) is not None]
        held = held_already((row for row, _ in seen), (reading for _, reading in seen), case.request.offer.id)
        ends = await self.store.ends_of(held, case.request.offer.id)
        for row, reading in seen:
            if isinstance(reading, ProviderError):
                ended.append(self._not_called(row, reading))
            elif reading.contact is None:
                ended.append(self._finish(row, ChangeState.FAILED, code="not_found"))
            elif (instead := self._instead(row, reading, case, end=ends.get(row.id))) is not None:
                ended.append(instead)
            else:
                fit.append(replace(row, contact=replace(reading.contact, ref=row.contact.ref)))
        await asyncio.gather(*ended)
        return fit

    def _instead(
        self, row: Change, reading: Reading, case: Case, *, end: float | None
    ) -> Coroutine[Any, Any, object] | None:
        """Return what is to be done instead of sending a row; `end`: when what they hold is taken back by itself."""
        now, term = self.clock(), row.term or case.request.term
        same = signature(reading, case.request, row, end=end) == row.fingerprint
        so = undoing.already_so(self.providers[row.provider], row, reading)
        if term is not None and term.ends(now) <= now:
            return self._finish(row, ChangeState.FAILED, code=TermOver.__name__)
        if so and end is not None and not same:
            return self._finish(row, ChangeState.FAILED, code=held_until(end))
        if so:  # what is held for a time is held for longer by that alone; for good, where the end was given up
            code = NOT_MOVED if row.plan == EXTEND and end is None else ""
            return self._finish(row, ChangeState.UNNEEDED, code=code, reading=reading)
        return None if same else self._finish(row, ChangeState.FAILED, code="WorldChanged")

    async def _send(self, change: Change) -> Change | Kept:
        going = await super()._send(change)
        self.views[change.request_id].sent(change, going)
        return going

    async def _finish(self, change: Change, to: ChangeState, **told: Any) -> bool:
        done = await super()._finish(change, to, **told)
        self.views[change.request_id].ended(change, done=done)
        return done

    async def _not_confirmed(self, change: Change, error: ProviderError) -> None:
        if not isinstance(error, Rejected):
            self.views[change.request_id].trouble = error
        await super()._not_confirmed(change, error)

    async def _not_called(self, change: Change, error: ProviderError) -> None:
        self.views[change.request_id].foresight.forget(change)
        if not isinstance(error, Rejected):
            self.views[change.request_id].trouble = error
        await super()._not_called(change, error)

    # --- reading back ------------------------------------------------------------------------------------------------

    async def _look(self, changes: Sequence[Change], turn: Turn) -> None:
        """Do nothing: what is confirmed is read back together with others, later."""

    async def _read_back(self, case: Case, provider: Provider, keeper: Keeper) -> None:
        rows = await self._sent(case)
        confirmed = [row for row in rows if row.receipt]
        await self._singly([row for row in rows if not row.receipt])
        if not confirmed:
            return
        most = len(confirmed) if looks_at_many(provider) else TOGETHER
        for first in range(0, len(confirmed), most):
            await self._verify(confirmed[first : first + most], case, provider, keeper)

    async def _verify(self, rows: Sequence[Change], case: Case, provider: Provider, keeper: Keeper) -> None:
        """Look whether it is so by now; what does not look so yet is looked at by itself."""
        targets = [Target(contact=whom(row), offer_id=row.offer_id) for row in rows]
        revokes = case.request.action is Action.REVOKE
        try:
            readings = await see(provider, targets, whole=revokes, told=keeper.told)
        except Rejected as refused:
            log.warning("list cannot be read", why=refused.detail)
            await self._singly(rows)
            return
        pairs = list(zip(rows, readings, strict=True))
        agree = [row for row, reading in pairs if _is_so(row, reading, provider)]
        for first in range(0, len(agree), OURS):
            await keeper.keep()
            await keeper.show()
            some = agree[first : first + OURS]
            await asyncio.gather(*(self._finish(row, ChangeState.SUCCEEDED) for row in some))
        await self._singly([row for row, reading in pairs if not _is_so(row, reading, provider)])

    async def _sent(self, case: Case) -> Sequence[Change]:
        return await self.store.claim_rows(case.request.id, sent=True, limit=SLICE)

    async def _singly(self, rows: Sequence[Change]) -> None:
        """Let these go on as any other change does: each is read by itself."""
        now = self.clock()
        for row in rows:
            step = partial(
                attempt.wait, change_id=row.id, attempt=row.attempts, until=now, code="", timing=self.timing, now=now
            )
            await self.store.step(row.request_id, step, changes=[row.id])


def _is_so(row: Change, reading: Reading | ProviderError, provider: Provider) -> bool:
    """Whether a reading confirms what was sent."""
    if isinstance(reading, ProviderError) or reading.contact is None:
        return False
    return undoing.already_so(provider, row, reading)


def _raise(trouble: ProviderError | None) -> None:
    if trouble is not None:
        raise trouble
