"""Carries out a list that is approved: compares many rows at once, sends them one by one, reads many back at once.

A row that meets trouble once it is sent gets a due date, and goes on as any other change does (`executor.py`).
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import structlog

from bot.domain import attempt, bulk, preview
from bot.domain.bulk_words import held_until
from bot.domain.errors import ProviderError, Rejected, StandingUnknown
from bot.domain.request import Action, Case, Change, ChangeState, Reading
from bot.executor import Executor, Turn, by_address, whom
from bot.keeping import Keeper, TakenOver
from bot.list_preparer import SLICE, held_already, signature
from bot.pacing import calm
from bot.ports import Provider, Target
from bot.sights import see

log = structlog.get_logger()
#: rows sent together, and rows that are ours to send
TOGETHER, OURS = 8, 32
#: for how many seconds a look at many rows, and at the offer, serves those that are sent
SIGHT, OFFER = 900.0, 120.0


@dataclass(slots=True)
class _View:
    """What is known of a list that is being carried out."""

    at: float = 0.0
    readings: dict[int, Reading | ProviderError] = field(default_factory=dict)
    #: when the offer was looked at
    offer_at: float = 0.0
    #: when rows were read back
    read_back: float | None = None
    #: what kept the last rows from being sent
    trouble: ProviderError | None = None
    #: when its card was shown last
    shown: float = 0.0
    #: somebody here is at it
    busy: bool = False


@dataclass(frozen=True)
class ListExecutor(Executor):
    """One slice of work at a list."""

    views: dict[str, _View] = field(default_factory=dict)

    async def carry_on(self, case: Case) -> None:
        """Do what fits into a lease; what is left keeps a due date."""
        if case.request.id in self.views and self.views[case.request.id].busy:
            return  # it was made due meanwhile, which whoever is at it finds
        view = self.views.setdefault(case.request.id, _View(shown=self.clock()))
        keeper = Keeper(self.store, case, self.clock, self.lease, self.timing.shows, shown=view.shown)
        trouble, until = "", self.clock()
        view.trouble, view.busy = None, True
        try:
            with calm():
                until = await self._carry_on(case, keeper, view)
            _raise(view.trouble)
        except TakenOver:
            return
        except (ProviderError, StandingUnknown) as error:
            trouble = type(error).__name__
            wanted = getattr(error, "retry_after", None) or 0.0
            until = self.clock() + max(wanted, self.timing.pause(self._troubled(case)))
        except Exception:  # a fault of ours: it must have an end that is told
            log.exception("list broken", request=case.request.id)
            trouble, until = "Broken", self.clock() + self.timing.pause(self._troubled(case))
        finally:
            view.busy, view.shown = False, keeper.shown
        await self._later(case, until=until, trouble=trouble)

    def _troubled(self, case: Case) -> float:
        return self.clock() - case.request.troubled if case.request.troubled is not None else 0.0

    async def _later(self, case: Case, *, until: float, trouble: str) -> None:
        updated, now = case.request.updated, self.clock()
        later = partial(bulk.later, until=until, trouble=trouble, timing=self.timing, updated=updated, now=now)
        left = await self.store.step(case.request.id, later)
        if left is None or left.request.due is None:
            self.views.pop(case.request.id, None)

    async def _carry_on(self, case: Case, keeper: Keeper, view: _View) -> float:
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
            await self._send_some(case, provider, keeper, view)
            return self.clock()
        return self.clock() + self.timing.gather

    # --- sending -----------------------------------------------------------------------------------------------------

    async def _may_send(self, case: Case, view: _View) -> bool:
        """Whether what was approved still stands, apart from the customers; else end what is not sent."""
        code = await self.comparison.lapsed(case)
        if not code and self.clock() - view.offer_at > OFFER:
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

    async def _send_some(self, case: Case, provider: Provider, keeper: Keeper, view: _View) -> None:
        request_id = case.request.id
        rows = await self.store.claim_rows(request_id, sent=False, limit=OURS)
        if self.clock() - view.at > SIGHT or any(row.id not in view.readings for row in rows):
            await self._see(case, provider, keeper, view)
        fit = await self._compared(rows, case, view)
        together = TOGETHER if case.request.troubled is None else 1  # one row finds out whether the trouble is over
        for first in range(0, len(fit), together):
            await keeper.show()
            now_is = await self.store.case(request_id)
            over = now_is is None or now_is.request.held is not None or now_is.request.state not in bulk.RUNNING
            if over or view.trouble is not None or self.clock() >= keeper.deadline:
                return
            turn = Turn(case, provider, keeper.deadline)
            await self._call(fit[first : first + together], turn, self._send)

    async def _see(self, case: Case, provider: Provider, keeper: Keeper, view: _View) -> None:
        """Look at the rows that come next."""
        rows = await self.store.rows(case.request.id, looked=True, limit=SLICE)
        targets = [Target(contact=by_address(row.contact), offer_id=row.offer_id) for row in rows]
        began = self.clock()
        readings = await see(provider, targets, whole=True, told=keeper.told)
        view.at, view.readings = began, {row.id: one for row, one in zip(rows, readings, strict=True)}

    async def _compared(self, rows: Sequence[Change], case: Case, view: _View) -> list[Change]:
        """Return the rows of which the world is as it was shown, and end the others."""
        fit, ended = [], []
        seen = [(row, view.readings.pop(row.id)) for row in rows if row.id in view.readings]
        held = held_already((row for row, _ in seen), (reading for _, reading in seen), case.request.offer.id)
        ends = await self.store.ends_of(held, case.request.offer.id)
        for row, reading in seen:
            if isinstance(reading, ProviderError):
                ended.append(self._not_called(row, reading))
            elif reading.contact is None:
                ended.append(self._finish(row, ChangeState.FAILED, code="not_found"))
            elif row.id in ends:
                ended.append(self._finish(row, ChangeState.FAILED, code=held_until(ends[row.id])))
            elif preview.already_so(row.action, reading, row.offer_id):
                ended.append(self._finish(row, ChangeState.UNNEEDED, reading=reading))
            elif signature(reading, case.request) != row.fingerprint:
                ended.append(self._finish(row, ChangeState.FAILED, code="WorldChanged"))
            else:
                fit.append(replace(row, contact=replace(reading.contact, ref=row.contact.ref)))
        await asyncio.gather(*ended)
        return fit

    async def _not_confirmed(self, change: Change, error: ProviderError) -> None:
        if not isinstance(error, Rejected):
            self.views[change.request_id].trouble = error
        await super()._not_confirmed(change, error)

    async def _not_called(self, change: Change, error: ProviderError) -> None:
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
        targets = [Target(contact=whom(row), offer_id=row.offer_id) for row in confirmed]
        revokes = case.request.action is Action.REVOKE
        try:
            readings = await see(provider, targets, whole=revokes, told=keeper.told)
        except Rejected as refused:
            log.warning("list cannot be read", why=refused.detail)
            await self._singly(confirmed)
            return
        pairs = list(zip(confirmed, readings, strict=True))
        agree = [row for row, reading in pairs if _is_so(row, reading)]
        for first in range(0, len(agree), OURS):
            await keeper.keep()
            await keeper.show()
            some = agree[first : first + OURS]
            await asyncio.gather(*(self._finish(row, ChangeState.SUCCEEDED) for row in some))
        await self._singly([row for row, reading in pairs if not _is_so(row, reading)])

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


def _is_so(row: Change, reading: Reading | ProviderError) -> bool:
    """Whether a reading confirms what was sent."""
    if isinstance(reading, ProviderError) or reading.contact is None:
        return False
    return preview.already_so(row.action, reading, row.offer_id)


def _raise(trouble: ProviderError | None) -> None:
    if trouble is not None:
        raise trouble
