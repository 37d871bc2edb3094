"""What takes back by itself that which was granted for a time: planned, announced, moved, kept away, tried again.

The end of a grant is a request of its own, born approved by the decision that approved the grant. For one customer
and one offer at most one end stands: a later grant either finds it late enough or puts its own in its place.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.domain import lifecycle
from bot.domain.errors import NothingPlanned
from bot.domain.preview import Preview
from bot.domain.request import (
    EXTEND,
    NOT_MOVED,
    OF_LIST,
    Action,
    Case,
    Change,
    ChangeState,
    Contact,
    Decision,
    Offer,
    Reading,
    Request,
    State,
)
from bot.domain.states import Step, cancelled, end, event
from bot.domain.term import DAY

#: how long before the end the requester is told
NOTICE = DAY
#: later than this, an end is told as late
LATE = 3600.0
DONE = frozenset({ChangeState.SUCCEEDED, ChangeState.UNNEEDED})
#: an end in one of these states can still be put off, as long as nothing of it is sent
STANDING = frozenset({State.APPROVED, State.EXECUTING, State.FAILED})


class EndUnderWay(Exception):
    """The end of what is to be prolonged was sent, or given up, just now: it has to be looked once more what is so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequence:
    """What follows for ends from a request that was carried out."""

    #: when the end that is to be planned is due; None: none is
    planned: float | None = None
    #: ends that are none any more
    void: tuple[Case, ...] = ()


def is_standing(case: Case) -> bool:
    """Whether it is still to be carried out by itself."""
    return case.request.is_end and case.request.state in STANDING and not case.request.left


def done_by(before: Case, after: Case) -> tuple[Change, ...]:
    """Name the changes that this step has brought to where ends follow from them."""
    was = {change.id: change.state for change in before.changes}
    done = (change for change in after.changes if change.state in DONE and was.get(change.id) is not change.state)
    return tuple(change for change in done if change.action is not Action.CREATE)


def follows(case: Case, change: Change, standing: Sequence[Case], *, now: float) -> Consequence:
    """Say what follows from a change that was just carried out, for the ends that stand for its customer and offer."""
    if case.request.action is Action.REVOKE:
        return Consequence(void=tuple(one for one in standing if not _is_under_way(one)))
    if change.state is ChangeState.UNNEEDED:
        if not _moves(case, change) or change.error == NOT_MOVED:
            return Consequence()  # it is held otherwise, and nobody was asked whether that is to end
        if not standing or any(map(_is_under_way, standing)):
            raise EndUnderWay
    term = change.term or case.request.term
    if term is None:
        return Consequence(void=tuple(standing))
    ends = term.ends(now)
    if any(_planned(one) >= ends for one in standing):
        return Consequence()
    return Consequence(planned=ends, void=tuple(standing))


def _moves(case: Case, change: Change) -> bool:
    """Whether it was approved that the end of what is held already is put off."""
    return change.plan == EXTEND if case.request.bulk else bool(case.request.preview.get("moves"))


def _is_under_way(case: Case) -> bool:
    return case.main.sent is not None and case.main.open


def _planned(case: Case) -> float:
    return case.request.planned if case.request.planned is not None else 0.0


def born(grant: Case, change: Change, *, request_id: str, created: float, planned: float, now: float) -> Request:
    """Return the request that takes back what was granted: approved by the decision on the grant."""
    asked = grant.request
    shown = Preview.from_data(asked.preview)
    terms = Preview(
        approvers=shown.approvers,
        rule=shown.rule,
        policy=shown.policy,
        quorum=shown.quorum,
        one_from_each=shown.one_from_each,
    )
    return Request(
        id=request_id,
        action=Action.REVOKE,
        provider=asked.provider,
        state=State.APPROVED,
        requester=asked.requester,
        channel=asked.channel,
        offer=asked.offer,
        reason=change.reason or asked.reason,
        created=created,
        version=1,
        fingerprint=fingerprint(asked.offer, change.contact, ()),
        preview=terms.as_data() | ({OF_LIST: True} if asked.bulk else {}),
        planned=planned,
        parent=asked.id,
        editors=asked.editors,
        updated=now,
        decided=asked.decided,
        due=planned - NOTICE if planned - NOTICE > now else planned,
    )


def inherited(approval: Decision, end: Request) -> Decision:
    """Return an approval of the grant as what it is for its end as well."""
    return replace(approval, request_id=end.id, version=end.version)


def plan(case: Case, *, now: float) -> Step:
    """Tell that the end is planned."""
    request, contact = case.request, case.main.contact
    data: dict[str, Any] = {"parent": request.parent, "planned": request.planned, "offer": request.offer.id}
    told = event("request.planned", case, now, contact=contact.id, contact_ref=contact.ref, version=1, **data)
    return Step(case, (told,))


def fingerprint(offer: Offer, contact: Contact | None, purchases: Iterable[str]) -> str:
    """Hash what an end relies on: it is this customer, and they have not bought the offer meanwhile.

    What the offer costs or is called by now is nothing to it: it takes back what was given for a time.
    """
    signed = [offer.provider, offer.id, None if contact is None else contact.id, sorted(purchases)]
    return hashlib.sha256(json.dumps({"end": signed}).encode()).hexdigest()


def bought(reading: Reading, offer_id: str) -> tuple[str, ...]:
    """Name the purchases that give the customer the offer now."""
    held = reading.holding(offer_id)
    return held.purchases if held is not None else ()


def void(case: Case, *, instead: Request, now: float) -> Step:
    """Give an end up: another request has put a later one in its place, or none, or has taken the offer back."""
    told: dict[str, Any] = {"instead": instead.id, "action": instead.action.value}
    if case.request.state is State.FAILED:
        left = replace(case, request=replace(case.request, left=True, due=None, updated=now))
        return Step(left, (event("request.left", case, now, **told),))
    case = replace(case, changes=tuple(cancelled(change) for change in case.changes))
    if all(change.state is ChangeState.CANCELLED for change in case.changes):
        case = replace(case, request=end(case.request, State.CANCELLED, now))
    return Step(case, (event("request.cancelled", case, now, **told),))


def demand_standing(case: Case) -> None:
    """Raise where nothing ends by itself any more."""
    if not is_standing(case) or _is_under_way(case):
        raise NothingPlanned


# --- what time does to it --------------------------------------------------------------------------------------------


def keep(case: Case, *, paused: bool, now: float) -> Step | None:
    """Do what is due about the end itself: announce it, say that a pause holds it up, or try again what failed."""
    request = case.request
    if not request.is_end:
        return None  # people were asked meanwhile, and its date is another one
    if request.state is State.FAILED and not request.left:
        return lifecycle.retry(case, by=None, now=now)
    waits = request.state is State.APPROVED and request.planned is not None
    if waits and now < _planned(case):
        case = replace(case, request=replace(request, due=request.planned, attempts=0))
        return Step(case, (event("request.announced", case, now, planned=request.planned),))
    case = replace(case, request=replace(request, due=None, attempts=0))
    return Step(case, (event("request.held", case, now, planned=request.planned),) if waits and paused else ())


def lateness(case: Case) -> float:
    """Say by how many seconds an end was carried out later than planned; nought where that is not worth a word."""
    verified, planned = case.main.verified, case.request.planned
    late = verified - planned if verified is not None and planned is not None and case.request.is_end else 0.0
    return late if late > LATE else 0.0
