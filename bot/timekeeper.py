"""What time does to a request: reminders, escalation and the end of waiting; and what it does to the end of a grant."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

import structlog

from bot.authority import Authority
from bot.domain import ends, lifecycle
from bot.domain.approvals import awaited
from bot.domain.errors import StandingUnknown
from bot.domain.request import Case, State
from bot.domain.states import is_escalation_due
from bot.ports import Clock, People, Store, Take

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Timekeeper:
    """Works on requests whose date has come."""

    store: Store
    authority: Authority
    people: People
    clock: Clock

    async def keep(self, case: Case) -> None:
        """Remind the approvers, let others decide as well, and in the end expire the request or ask on."""
        try:
            step = await self._step(case)
        except StandingUnknown:  # it comes again with the end of the lease
            log.warning("not known whom to remind", request=case.request.id)
        else:
            await self.store.step(case.request.id, step)

    async def _step(self, case: Case) -> Take:
        request, now = case.request, self.clock()
        if request.state is not State.PENDING:  # the end of what was granted for a time
            return partial(ends.keep, paused=await self.store.paused() is not None, now=now)
        if request.expires is not None and now >= request.expires:
            if request.planned is not None:
                return partial(lifecycle.ask_on, people=await self._fit(case, awaited(request)), now=now)
            return partial(lifecycle.expire, now=now)
        if is_escalation_due(request, now):
            people = await self._fit(case, request.preview.get("escalate_to", ()))
            outside = await self.people.outside(request.channel, people)
            return partial(lifecycle.escalate, outside=outside, now=now)
        return partial(lifecycle.remind, people=await self._fit(case, awaited(request)), now=now)

    async def _fit(self, case: Case, named: Iterable[str]) -> frozenset[str]:
        found = await self.authority.deciders(tuple(named))
        return found - case.request.askers - {one.by.id for one in case.approvals}
