"""Which due rows there are, and who works on them."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.catalogue import Catalogue
from bot.courier import Courier
from bot.digests import Digests
from bot.domain.home import Home
from bot.domain.request import Case, Change, State
from bot.engine.embedded import Queue
from bot.executor import Executor
from bot.homekeeper import Homekeeper
from bot.list_executor import ListExecutor
from bot.list_preparer import ListPreparer
from bot.ports import Clock, Delivery, Store
from bot.preparer import Preparer
from bot.timekeeper import Timekeeper
from bot.witness import Witness

#: how many are worked on at once: what asks a provider shares its rate, and more at once would only wait in leases
PREPARING, CHANGING, LISTS, DELIVERING, SHOWING = 2, 4, 2, 8, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Workers:
    """Everybody who works on due rows."""

    store: Store
    preparer: Preparer
    timekeeper: Timekeeper
    executor: Executor
    list_preparer: ListPreparer
    list_executor: ListExecutor
    courier: Courier
    homekeeper: Homekeeper
    digests: Digests
    catalogue: Catalogue
    witness: Witness
    clock: Clock
    #: seconds for which what is claimed is nobody else's
    lease: float

    def queues(self) -> Sequence[Queue]:
        """Name the kinds of due rows."""
        return (
            Queue("requests", self._requests, self._keep, PREPARING),
            Queue("changes", self._changes, self.executor.perform, CHANGING),
            Queue("lists", self._lists, self._carry_on, LISTS),
            Queue("messages", self._messages, self.courier.deliver, DELIVERING),
            Queue("homes", self._homes, self.homekeeper.refresh, SHOWING),
            Queue("digests", self.digests.due, self.digests.tell, 1),
            Queue("head", self._head, self.witness.tell, 1),
            Queue("offers", self._stale, self.catalogue.refresh, 1),
        )

    async def _requests(self, limit: int) -> Sequence[Case]:
        return await self.store.claim_requests(now=self.clock(), lease=self.lease, limit=limit)

    async def _keep(self, case: Case) -> None:
        preparing = case.request.state is State.PREPARING
        await (self.preparer.prepare if preparing else self.timekeeper.keep)(case)

    async def _lists(self, limit: int) -> Sequence[Case]:
        return await self.store.claim_lists(now=self.clock(), lease=self.lease, limit=limit)

    async def _carry_on(self, case: Case) -> None:
        preparing = case.request.state is State.PREPARING
        await (self.list_preparer.prepare if preparing else self.list_executor.carry_on)(case)

    async def _changes(self, limit: int) -> Sequence[Sequence[Change]]:
        claimed = await self.store.claim_changes(now=self.clock(), lease=self.lease, limit=limit)
        by_request: dict[str, list[Change]] = {}
        for change in claimed:  # what is due for the longest is begun first
            by_request.setdefault(change.request_id, []).append(change)
        return list(by_request.values())

    async def _messages(self, limit: int) -> Sequence[Delivery]:
        return await self.store.claim_messages(now=self.clock(), lease=self.lease, limit=limit)

    async def _homes(self, limit: int) -> Sequence[Home]:
        return await self.store.claim_homes(now=self.clock(), lease=self.lease, limit=limit)

    async def _head(self, _limit: int) -> Sequence[float]:
        return await self.witness.due()

    async def _stale(self, _limit: int) -> Sequence[str]:
        return await self.catalogue.stale()
