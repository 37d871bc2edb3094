"""Requests on disk, for one customer or for many, and the steps that change them."""

from collections.abc import AsyncIterator, Callable, Sequence
from typing import Protocol

from bot.domain.bulk import Brought, BulkSubmission, Looked, Planned
from bot.domain.outcome_file import Outcome
from bot.domain.pause import Pause
from bot.domain.request import AuditEvent, Case, Change, Contact, Offer, Person, Submission
from bot.domain.roster import Row
from bot.domain.states import Step

#: a step of the lifecycle, bound to all but the case it is taken from
Take = Callable[[Case], Step | None]

#: the same for a step that also needs the contact it is about from then on
Rewrite = Callable[[Case, Contact], Step | None]


class Requests(Protocol):
    """Keeps requests, and what is to be done for them."""

    async def submit(self, submission: Submission, *, offer: Offer, now: float) -> Case:
        """Store a new request, due to be prepared. The same `submission.key` again returns the one it made.

        Raises `SentAlready` where something else was sent with that key.
        """
        ...

    async def step(self, request_id: str, take: Take, *, changes: Sequence[int] = ()) -> Case | None:
        """Run a step on what is on disk and write what it returns; None when it had nothing to do.

        Of a list the case holds no changes but those that are named here; the others are counted.

        A step that brings a timed grant to a good end plans in the same transaction what takes it back (`domain.ends`);
        None also while such an end is under way to the provider that the step would move.

        Raises `RequestNotFound`, `Overdrawn` where the step went over what it must stay within, and whatever `take`
        raises; then nothing is written.
        """
        ...

    async def edit(self, request_id: str, take: Rewrite, *, address: str) -> Case | None:
        """Do as `step`, with what is asked for this address from now on: `take` gets its contact as well."""
        ...

    async def send(self, request_id: str, take: Take, *, changes: Sequence[int] = ()) -> Case | None:
        """Do as `step`, but return None also while another change of the same contact and offer is under way.

        Looked up in the same transaction, with nothing written: raises `Paused` while the stop switch is on, and
        `OutOfTurn` while something that was approved earlier, and waited for the end of a pause as well, goes first.
        """
        ...

    async def case(self, request_id: str, *, changes: Sequence[int] = ()) -> Case | None:
        """Read one request with its changes and decisions; `changes` as in `step`."""
        ...

    async def claim_requests(self, *, now: float, lease: float, limit: int) -> Sequence[Case]:
        """Take requests that are due: nobody else gets them for `lease` seconds."""
        ...

    async def claim_changes(self, *, now: float, lease: float, limit: int) -> Sequence[Change]:
        """Take changes that are due; each attempt is counted, and its number is what later steps must show.

        While the stop switch is on, what is not sent yet stays where it is, and no attempt is counted.
        """
        ...

    async def pause(self, *, by: Person, why: str, now: float) -> AuditEvent:
        """Let nothing be sent any more, in any process; raises `Paused` where that is so already.

        The event says how many approved requests wait; each has its card shown anew and a line in its thread.
        """
        ...

    async def resume(self, *, by: Person, now: float) -> AuditEvent:
        """Make due what waits, the oldest approval first and one after the other; raises `NotPaused`."""
        ...

    async def paused(self) -> Pause | None:
        """Return the pause that stands."""
        ...


class Lists(Protocol):
    """Keeps requests for many customers, and their rows. A method is one transaction."""

    async def submit_bulk(self, lists: Sequence[tuple[BulkSubmission, Offer]], *, now: float) -> Sequence[Case]:
        """Store new requests with all their rows, due to be looked at, or none of them; else as `submit`."""
        ...

    async def claim_lists(self, *, now: float, lease: float, limit: int) -> Sequence[Case]:
        """Take lists that are due, to be looked at or carried out: nobody else gets them for `lease` seconds."""
        ...

    async def renew_list(self, case: Case, *, until: float) -> bool:
        """Keep a list that was claimed, as it was claimed; False when it is somebody else's by now."""
        ...

    async def rows(self, request_id: str, *, looked: bool, limit: int) -> Sequence[Change]:
        """Read rows that are not sent: those that are not looked at yet, or those that are to be done."""
        ...

    async def claim_rows(self, request_id: str, *, sent: bool, limit: int) -> Sequence[Change]:
        """Take rows of a claimed list: such as are sent and not read back, or such as are to be sent.

        Each attempt is counted, as by `claim_changes`.
        """
        ...

    async def looked(self, request_id: str, found: Sequence[Looked], *, offer: Offer) -> bool:
        """Keep what was found about rows that nobody had looked at; what is not to be done is at its end.

        False, and nothing is kept, where others were looked at while the `offer` was another, or nobody has to be.
        """
        ...

    async def planned(self, request_id: str) -> Planned:
        """Sum up what was found for the rows of a list."""
        ...

    async def show_progress(self, request_id: str, *, calls: tuple[int, int] | None = None, now: float) -> None:
        """Have the card shown anew. `calls`: how many of how many were made to look at the rows."""
        ...

    def outcomes(self, request_id: str) -> AsyncIterator[Outcome]:
        """Say what became of each row of a list, in its order, those that cannot be used among them."""
        ...

    def asked_rows(self, request_id: str) -> AsyncIterator[Row]:
        """Read what the rows of a list ask for, in its order, without customers who are forgotten."""
        ...

    async def brought_about(self, request_id: str) -> Sequence[Brought]:
        """Name the customers for whom a list has brought something about."""
        ...
