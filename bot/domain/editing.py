"""Changing what is asked before it is decided.

The request is prepared and asked anew, as a new version: whatever was approved before is void. Whoever changes it
counts as a requester from then on.
"""

from collections.abc import Callable
from dataclasses import replace

from bot.domain import draft as drafts
from bot.domain.errors import NotEditable, NothingEdited, OlderVersion
from bot.domain.request import Action, Case, Change, ChangeState, Contact, Offer, Person, State, Submission
from bot.domain.states import Step, ask_anew, event


def demand_editable(case: Case, *, now: float) -> None:
    """Raise why this can no longer be changed: it does not wait, or a part of it is done."""
    request = case.request
    if request.state is not State.PENDING:
        raise NotEditable(request.state)
    if request.deadline is not None and now >= request.deadline:
        raise NotEditable(State.EXPIRED)
    if any(change.state is not ChangeState.TODO or change.sent is not None for change in case.changes):
        raise NotEditable(State.EXECUTING)


def edited(case: Case, asked: Submission) -> tuple[str, ...]:
    """Name the fields of the form in which it differs from what is asked already."""
    request, contact = case.request, case.main.contact
    compared = {
        "customer": (drafts.normal(asked.address), contact.address),
        "name": (asked.name, contact.name if request.creates_contact else asked.name),
        "offer": (asked.offer_id, request.offer.id),
        "ids": (asked.ids, case.main.ids),
        "days": (asked.term, request.term),
        "welcome_email": (asked.welcome_email, request.welcome_email),
        "reason": (asked.reason, request.reason),
    }
    return tuple(field for field, (after, before) in compared.items() if after != before)


def edit(
    case: Case, asked: Submission, *, offer: Offer, contact: Contact, by: Person, shown: int, now: float
) -> Step | None:
    """Ask for something else instead. Whether this person may, and may ask for that, has been checked by the caller."""
    request, fields = case.request, edited(case, asked)
    if request.state is State.PREPARING and request.version == shown and request.editors[-1:] == (by,) and not fields:
        return None  # the same form once more
    demand_editable(case, now=now)
    if shown != request.version:
        raise OlderVersion(shown, request.version)
    if not fields:
        raise NothingEdited
    contact = replace(contact, name=asked.name) if request.creates_contact else contact
    void = [one.by.id for one in case.approvals]
    request = ask_anew(
        request,
        now=now,
        offer=replace(offer, description="") if "offer" in fields else request.offer,
        reason=asked.reason,
        welcome_email=asked.welcome_email,
        term=asked.term,
        editors=(*(one for one in request.editors if one != by), by),
        note="",
    )
    case = replace(case, request=request, changes=tuple(_aimed(one, asked, contact) for one in case.changes))
    text = asked.reason if "reason" in fields else ""
    data = {"version": shown, "fields": list(fields), "contact_ref": contact.ref, "offer": request.offer.id}
    return Step(case, (event("request.edited", case, now, actor=by, text=text, void=void, **data),))


def unless_edited(case: Case, *, step: Callable[[Case], Step | None], version: int) -> Step | None:
    """Take a step only where nobody has changed what is asked since it stood at this version."""
    return step(case) if case.request.version == version else None


def _aimed(change: Change, asked: Submission, contact: Contact) -> Change:
    """Give a change, which nobody works on, its new target; whoever held it before holds it no more."""
    creates = change.action is Action.CREATE
    return replace(
        change,
        contact=contact,
        offer_id="" if creates else asked.offer_id,
        welcome_email=asked.welcome_email and not creates,
        ids=() if creates else asked.ids,
        attempts=change.attempts + 1,
        sent_to=None,
        troubled=None,
        error="",
        due=None,
    )
