"""What the approval of a list is for: these customers, each as they were shown, and nobody else."""

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.bulk import fingerprint
from bot.domain.request import Action, Change, Contact, Holding, Reading, Request, State
from bot.domain.term import Term
from bot.list_preparer import signature
from tests.unit.core.world import ADA, BUNDLE, STARTER

REQUEST = Request(
    id="R-4F7K",
    action=Action.GRANT,
    provider="kajabi",
    state=State.PREPARING,
    requester=ADA,
    channel="CSALES",
    offer=BUNDLE,
    reason="the autumn class",
    created=1.0,
    term=Term(days=30),
    size=3,
)


def customer(number: int) -> tuple[Change, Reading]:
    contact = Contact(provider="kajabi", address=f"p{number}@example.com", id=f"c-{number}", name="P")
    row = Change(
        id=number, request_id=REQUEST.id, action=Action.GRANT, provider="kajabi", contact=contact, offer_id=BUNDLE.id
    )
    return row, Reading(contact=contact, offer=BUNDLE)


ALL = [customer(number) for number in range(3)]


def signed(customers=ALL, *, end: float | None = None, **told: Any) -> str:
    request = replace(REQUEST, **told)
    return fingerprint([signature(read, request, row, end=end) for row, read in customers], request=request)


def last_one(*, row: Any = None, read: Any = None) -> list[tuple[Change, Reading]]:
    (asked, reading) = ALL[-1]
    return [*ALL[:-1], (replace(asked, **row or {}), replace(reading, **read or {}))]


HELD = Holding(offer_id=BUNDLE.id, granted=True)


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"customers": [*ALL, customer(3)]}, id="another customer"),
        pytest.param({"customers": ALL[:-1]}, id="one less"),
        pytest.param({"customers": [*ALL[:-1], customer(3)]}, id="another one instead"),
        pytest.param({"customers": [*ALL, ALL[0]]}, id="one of them twice"),
        pytest.param({"customers": last_one(read={"contact": customer(7)[1].contact})}, id="somebody else's address"),
        pytest.param({"customers": last_one(read={"holdings": (HELD,)})}, id="what one of them holds"),
        pytest.param({"customers": last_one(row={"term": Term(days=60)})}, id="for how long for one of them"),
        pytest.param({"term": Term(days=31)}, id="for how long"),
        pytest.param({"term": None}, id="that it is for good"),
        pytest.param({"end": 5.0}, id="the end that is put off"),
        pytest.param({"action": Action.REVOKE}, id="the action"),
        pytest.param({"offer": STARTER}, id="the offer"),
        pytest.param({"offer": replace(BUNDLE, price=1)}, id="its price"),
        pytest.param({"welcome_email": True}, id="the welcome mail"),
    ],
)
def test_the_approval_of_a_list_is_for_no_other_one(changed):
    assert signed(**changed) != signed()


def test_in_which_order_its_rows_were_looked_up_is_nothing_to_it():
    assert signed(ALL[::-1]) == signed()
