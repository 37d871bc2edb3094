"""Many customers in one request: what is asked, what its preview is, and the steps that concern all of its rows.

A request for a list has a change for each row. A step is handed only the changes it is about; all others are counted
(`Case.rest`), and what it does to those is a sweep.
"""

import hashlib
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.domain import draft as drafts
from bot.domain.attempt import TAKEN_BACK
from bot.domain.errors import BadInput, ChannelMissing, ListEmpty, ListMixed, ListUseless, NothingToHold
from bot.domain.preview import Preview
from bot.domain.request import Action, Case, ChangeState, Offer, Person, Request, State
from bot.domain.roster import BadRow, Row
from bot.domain.states import Step, Sweep, Timing, concluded, event, move, show, shown_data
from bot.domain.term import Term

#: states in which something of a list is still to be sent
RUNNING = frozenset({State.APPROVED, State.EXECUTING})
#: among the effects that are counted: customers who go on paying for what is revoked
PAYING = ""
#: in the preview, while rows are looked at: as what offer
LOOKED_WITH = "looked_with"


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkSubmission:
    """What a person asked for with a list; nothing in it has been checked with a provider."""

    action: Action
    provider: str
    requester: Person
    channel: str
    offer_id: str
    reason: str
    #: the form's own id: the same form sent five times makes one request
    key: str
    rows: tuple[Row, ...]
    #: rows that cannot be used, and how many say what an earlier one says
    bad: tuple[BadRow, ...] = ()
    repeated: int = 0
    file_name: str = ""
    welcome_email: bool = False
    term: Term | None = None
    #: the request this one undoes
    parent: str | None = None
    editors: tuple[Person, ...] = ()
    #: where it was asked, as `Submission.asked_in`
    asked_in: str | None = None

    @property
    def terms(self) -> Iterator[Term | None]:
        """Name all time limits in it."""
        return itertools.chain((self.term,), (row.term for row in self.rows))

    @property
    def place(self) -> str:
        """Name the channel it is asked in, as the rules see it."""
        return self.channel if self.asked_in is None else self.asked_in


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found for one row."""

    change_id: int
    plan: str
    #: what an approval signs; empty where nothing is to be done
    fingerprint: str = ""
    contact_id: str | None = None
    customer_id: str | None = None
    name: str = ""
    #: what else will or may happen, in the provider's own careful sentences
    effects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Brought:
    """A customer for whom a list has brought something about."""

    line: int
    address: str
    #: the newest other request that has done the same for them since; empty: none has
    since: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What was found for all rows of a list: how many are what, and what an approval signs of those it is for."""

    plans: Mapping[str, int]
    signed: Sequence[str]
    #: their own time limits, and how many have a reason of their own
    terms: Sequence[tuple[Term | None, int]] = ()
    reasons: int = 0


def tidied(submission: BulkSubmission, offer: Offer | None, kinds: Iterable[drafts.AddressKind]) -> BulkSubmission:
    """Return it as it is stored, or raise what can be seen to be wrong with it."""
    if not submission.channel:
        raise ChannelMissing
    if not submission.rows:
        raise _useless(submission.bad)
    drafts.check_offer(submission.offer_id, submission.provider, offer)
    drafts.check_reason(submission.reason)
    for row in submission.rows:
        if row.action not in {None, submission.action} or row.offer not in {"", submission.offer_id}:
            raise ListMixed(1)
    allowed = frozenset(kinds)
    once = {drafts.normal(row.customer): row for row in reversed(submission.rows)}
    for row in once.values():
        drafts.check_address(row.customer, allowed)
    rows = tuple(sorted(once.values(), key=lambda row: row.line))
    repeated = submission.repeated + len(submission.rows) - len(rows)
    return replace(submission, rows=rows, repeated=repeated, reason=submission.reason.strip())


def _useless(bad: Sequence[BadRow]) -> BadInput:
    return ListUseless(bad[0].line, bad[0].text, bad[0].why) if bad else ListEmpty()


def fingerprint(rows: Iterable[str], *, request: Request) -> str:
    """Hash what an approver of a list relies on: that these rows are as they were shown, in whatever order."""
    whole = hashlib.sha256(f"{request.action.value} {request.offer.key} {request.welcome_email}".encode())
    for row in sorted(rows):
        whole.update(row.encode())
    return whole.hexdigest()


def looked_with(offer: Offer) -> list[Any]:
    """Return what of an offer is signed with every row, as the preview keeps it."""
    return [offer.title, offer.price, offer.currency, offer.recurring]


def looked_otherwise(request: Request, offer: Offer) -> bool:
    """Whether rows were looked at while the offer was not as it is."""
    found = request.preview.get(LOOKED_WITH)
    return found is not None and found != looked_with(offer)


# --- steps -----------------------------------------------------------------------------------------------------------


def prepare(case: Case, *, preview: Preview, fingerprint: str, offer: Offer, timing: Timing, now: float) -> Step | None:
    """Show a list to those who may decide: every row of it was looked at."""
    if case.request.state is not State.PREPARING:
        return None
    shown = show(case.request, preview=preview, fingerprint=fingerprint, offer=offer, timing=timing, now=now)
    case = replace(case, request=shown)
    data = shown_data(shown, preview) | {"rows": dict(preview.rows), "value": preview.value}
    return Step(case, (event("request.prepared", case, now, **data),))


def look_anew(case: Case, *, now: float) -> Step | None:
    """Look at all rows of which something is to be done once more: what was found is of an offer as it is no more."""
    if case.request.state is not State.PREPARING:
        return None
    request = replace(case.request, preview=unlooked(case), due=now, attempts=0)
    return Step(replace(case, request=request), (), sweep=Sweep.LOOK_ANEW)


def unlooked(case: Case) -> dict[str, Any]:
    """Return the preview of a list that is to be looked at once more: what is at its end stays so."""
    return {"looked": case.request.size - case.counts[ChangeState.TODO]}


def hold(case: Case, *, by: Person, now: float) -> Step:
    """Send nothing more of this list for now; what is sent is read back all the same."""
    if case.request.state not in RUNNING or case.request.held is not None or not case.unsent:
        raise NothingToHold
    case = replace(case, request=replace(case.request, held=now, updated=now))
    return Step(case, (event("request.halted", case, now, actor=by),))


def go_on(case: Case, *, by: Person, now: float) -> Step:
    """Send what is left."""
    if case.request.held is None or case.request.state not in RUNNING:
        raise NothingToHold
    case = replace(case, request=replace(case.request, held=None, due=now, updated=now))
    return Step(case, (event("request.continued", case, now, actor=by),))


def later(case: Case, *, until: float, now: float, trouble: str = "", timing: Timing, updated: float) -> Step | None:
    """Come back to what is approved; `trouble` says why, and lasts only so long.

    `updated`: how it was found; when somebody has let it go on since, it goes on at once.
    """
    request = case.request
    if request.state not in RUNNING:
        return None
    since = None if not trouble else request.troubled if request.troubled is not None else now
    if since is not None and now - since > timing.give_up:
        return fail_rest(case, code=f"GaveUp: {trouble}", now=now)
    until = until if request.updated == updated else now
    due = None if not case.counts[ChangeState.TODO] else until
    return Step(replace(case, request=replace(request, due=due, troubled=since, attempts=0)), ())


def fail_rest(case: Case, *, code: str, now: float) -> Step | None:
    """End what is not sent: by this approval it must not be sent any more."""
    if case.request.state not in RUNNING:
        return None
    case = swept(replace(case, request=replace(case.request, held=None)), Sweep.FAIL)
    told = event("request.stopped", case, now, code=code.partition(": ")[0])
    return replace(concluded(case, now, told), sweep=Sweep.FAIL, code=code)


def cancel(case: Case, *, by: Person, now: float) -> Step:
    """Take back what is not sent; what is done stays done."""
    waiting = case.request.state in {State.PREPARING, State.PENDING}
    told: dict[str, Any] = {"done": case.counts[ChangeState.SUCCEEDED], "dropped": case.unsent}
    case = swept(case, Sweep.CANCEL)
    request = replace(case.request, note=TAKEN_BACK, held=None, updated=now)
    if waiting:
        request = move(request, State.CANCELLED, due=None)
        case = replace(case, request=request)
    else:
        step = concluded(replace(case, request=request), now)
        case = step.case
        if case.request.state in RUNNING:
            case = replace(case, request=replace(case.request, due=now))
    cancelled = event("request.cancelled", case, now, actor=by, **told)
    told_by_itself = waiting or case.request.state in {*RUNNING, State.CANCELLED}
    results = () if told_by_itself else step.events
    return Step(case, (cancelled, *results), sweep=Sweep.CANCEL)


def retry(case: Case, *, by: Person | None, now: float) -> Step:
    """Try again what failed and look again at what is unknown; the world is read before anything is sent."""
    was = case.request.state.value
    case = swept(case, Sweep.RETRY)
    request = move(case.request, State.EXECUTING, updated=now, left=False, note="", due=now, troubled=None)
    case = replace(case, request=request)
    return Step(case, (event("request.retried", case, now, actor=by, was=was),), sweep=Sweep.RETRY)


def settle(case: Case, *, done: bool, by: Person, note: str, now: float) -> Step:
    """End all that is unknown by the word of a person who looked."""
    sweep = Sweep.SETTLE_DONE if done else Sweep.SETTLE_NOT_DONE
    told_of = case.counts[ChangeState.UNKNOWN]
    case = swept(case, sweep)
    told = event("request.settled", case, now, actor=by, text=note, done=done, customers=told_of)
    return replace(concluded(case, now, told), sweep=sweep)


def swept(case: Case, sweep: Sweep) -> Case:
    """Count as it will be once the store has swept."""
    rest = dict(case.rest)

    def pour(count: int, source: ChangeState, target: ChangeState) -> None:
        rest[source] = rest.get(source, 0) - count
        rest[target] = rest.get(target, 0) + count

    unsent = case.unsent
    match sweep:
        case Sweep.CANCEL | Sweep.FAIL:
            pour(unsent, ChangeState.TODO, ChangeState.CANCELLED if sweep is Sweep.CANCEL else ChangeState.FAILED)
            unsent = 0
        case Sweep.RETRY:
            unsent += rest.get(ChangeState.FAILED, 0)
            pour(rest.get(ChangeState.FAILED, 0), ChangeState.FAILED, ChangeState.TODO)
        case Sweep.SETTLE_DONE | Sweep.SETTLE_NOT_DONE:
            done = sweep is Sweep.SETTLE_DONE
            unknown = rest.get(ChangeState.UNKNOWN, 0)
            pour(unknown, ChangeState.UNKNOWN, ChangeState.SUCCEEDED if done else ChangeState.FAILED)
    return replace(case, rest=rest, unsent=unsent)
