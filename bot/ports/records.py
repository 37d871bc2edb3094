"""What was asked and approved before."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bot.domain.home import Entry
from bot.domain.policy.conditions import Precedent
from bot.domain.policy.limits import Scope, Used
from bot.domain.request import AuditEvent, Case, Contact, Request, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some requests, newest first, and where the next page begins."""

    requests: tuple[Request, ...]
    #: where the card of each one stands (channel and ts), of those that have one
    cards: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    #: pass it as `before` for the next page; None at the end
    next: float | None = None


class Ledger(Protocol):
    """What was approved so far."""

    async def used(self, scope: Scope, *, but: str = "") -> Used:
        """Sum up what was approved, and not in vain, but for one request."""
        ...


class Records(Ledger, Protocol):
    """What was asked before."""

    async def asked_since(
        self, since: float, *, requester: str = "", contact: Contact | None = None, but: str = ""
    ) -> Sequence[Request]:
        """List what somebody asked for, or what was asked for a contact, since then, but for one (id or form's key)."""
        ...

    async def asked_for_each(self, request_id: str, since: float) -> Sequence[tuple[Precedent, ...]]:
        """List what else was asked since then for each customer of a list; what is the same for several is there once.

        Those for whom nothing is to be done, or was asked, are left out.
        """
        ...


class Findings(Protocol):
    """Finds requests again, and what is planned for them."""

    async def history(self, request_id: str) -> Sequence[AuditEvent]:
        """All that happened to a request, oldest first."""
        ...

    async def requests(
        self,
        *,
        states: frozenset[State] | None = None,
        requester: str | None = None,
        customers: Sequence[Contact] | None = None,
        since: float | None = None,
        wanted: Callable[[Request], bool] | None = None,
        before: float | None = None,
        limit: int = 10,
    ) -> Page:
        """List requests, newest first, by keyset; for any of these customers, and only what is `wanted`.

        A page may hold fewer than there are, or none, and yet have a next one: so many were looked at in vain.
        """
        ...

    async def last_provider(self, place: str) -> str | None:
        """Name the provider of what was asked last in a channel; None where nothing was."""
        ...

    async def given(self, provider: str, contact: Contact, *, limit: int = 20) -> Sequence[Case]:
        """List what this bot did for a contact, newest first: who asked, who approved, why."""
        ...

    async def rivals(self, contact: Contact, offer_id: str, *, but: str = "") -> Sequence[str]:
        """Name the open requests for a contact and an offer, but for one."""
        ...

    async def in_thread(self, channel: str, thread_ts: str) -> str | None:
        """Name the request whose card, or whose direct question, stands there."""
        ...

    async def asked_before(self, request_id: str, *, channel: str, ts: str) -> int | None:
        """Return the newest version that was asked about in this thread before the message at `ts`."""
        ...

    async def end_of(self, contact: Contact, offer_id: str) -> Request | None:
        """Return the end that is planned for a customer and an offer; there is one at most."""
        ...

    async def ends_of(self, held: Mapping[int, Contact], offer_id: str) -> Mapping[int, float]:
        """Say when what these customers hold is taken back by itself, under the keys they came with."""
        ...

    async def ending(self, *, until: float, requester: str | None, limit: int) -> Sequence[Entry]:
        """List what ends by itself until then, the earliest first; of one requester, or of all."""
        ...
