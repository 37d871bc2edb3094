import json
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.errors import AlreadyHeld, IdsNeeded, NotHeld, OfferGone
from bot.domain.preview import (
    Preview,
    already_so,
    digest,
    fingerprint,
    refuse_pointless,
    what_changed,
)
from bot.domain.request import Action, Contact, Holding, Offer, Reading

OFFER = Offer(
    provider="kajabi", id="7", title="Bundle", price=4900, currency="USD", products=("Course",), description="long"
)
HELD = Holding(offer_id="7", granted=True, purchases=("p-1", "p-2"), since=100.0)
OTHER = Holding(offer_id="8", granted=True)
JANE = Contact(provider="kajabi", address="jane@example.com", id="c-1", name="Jane", customer_id="k-1", ref=4)
READING = Reading(contact=JANE, holdings=(HELD, OTHER), offer=OFFER)
ASKED: dict[str, Any] = {"action": Action.REVOKE, "reading": READING, "offer": OFFER, "welcome_email": False}


def offered(**told):
    return {"offer": replace(OFFER, **told)}


def held(**told):
    return {"reading": replace(READING, holdings=(replace(HELD, **told), OTHER))}


def contacted(**told):
    return {"reading": replace(READING, contact=replace(JANE, **told))}


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"action": Action.GRANT}, id="the action"),
        pytest.param({"welcome_email": True}, id="the welcome mail"),
        pytest.param({"ids": ("123",)}, id="the ids of what is revoked"),
        pytest.param(offered(provider="other"), id="the provider"),
        pytest.param(offered(id="8"), id="the offer"),
        pytest.param(offered(title="Bundle 2"), id="its title"),
        pytest.param(offered(price=4901), id="its price"),
        pytest.param(offered(price=None), id="a price that is told no more"),
        pytest.param(offered(currency="EUR"), id="its currency"),
        pytest.param(offered(recurring=True), id="that it is paid again and again"),
        pytest.param(contacted(id="c-2"), id="the contact behind the address"),
        pytest.param({"reading": replace(READING, contact=None)}, id="that there is no contact"),
        pytest.param({"reading": replace(READING, holdings=(OTHER,))}, id="that it is held no more"),
        pytest.param(held(granted=False), id="that it was granted"),
        pytest.param(held(purchases=("p-1",)), id="what gives access"),
        pytest.param(held(paying=True), id="that it is being paid for"),
        pytest.param(held(details=("issued as 840, redeemed once",)), id="what else the provider tells"),
    ],
)
def test_an_approval_does_not_count_after_a_change_of(changed):
    assert fingerprint(**ASKED | changed) != fingerprint(**ASKED)


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param(offered(description="longer"), id="the description"),
        pytest.param(offered(internal_title="b-26"), id="the internal title"),
        pytest.param(offered(products=("Course", "Club")), id="the titles of products"),
        pytest.param(offered(listed=False), id="whether it is listed"),
        pytest.param(contacted(name="Jane Doe"), id="the customer's name"),
        pytest.param(contacted(address="jane@example.org"), id="the address of the same contact"),
        pytest.param(contacted(customer_id="k-2", ref=9), id="our row and the provider's second id"),
        pytest.param(held(purchases=("p-2", "p-1")), id="the order of purchases"),
        pytest.param(held(title="Bundle", since=200.0), id="since when it is held, and its title"),
        pytest.param({"reading": replace(READING, holdings=(OTHER, HELD))}, id="the order of holdings"),
        pytest.param({"reading": replace(READING, holdings=(HELD,))}, id="what else is held"),
        pytest.param({"reading": replace(READING, offer=None)}, id="whether the reading has the offer in it"),
    ],
)
def test_an_approval_still_counts_after_a_change_of(changed):
    assert fingerprint(**ASKED | changed) == fingerprint(**ASKED)


def test_a_holding_that_gives_no_access_counts_as_none():
    ended = Holding(offer_id="7", ended=50.0, ended_reason="refunded")

    assert fingerprint(**ASKED | {"reading": replace(READING, holdings=(ended,))}) == fingerprint(
        **ASKED | {"reading": replace(READING, holdings=())}
    )


def test_the_id_of_a_contact_that_the_request_creates_does_not_count():
    nobody, somebody = Reading(contact=None), Reading(contact=JANE)
    creating = ASKED | {"action": Action.GRANT, "creates_contact": True}

    assert fingerprint(**creating | {"reading": nobody}) == fingerprint(**creating | {"reading": somebody})


def test_a_name_is_told_from_another_one_without_being_kept():
    assert digest("Jane Doe") == digest(" Jane Doe ")
    assert digest("Jane Doe") != digest("Jane Dough")
    assert "Jane" not in digest("Jane Doe")


def test_a_preview_comes_back_from_json_as_it_went():
    preview = Preview(
        holdings=(HELD, OTHER),
        creates_contact=True,
        name_digest=digest("Jane"),
        effects=("Payments go on.",),
        rivals=("R-2222",),
        approvers=("UGRACE", "SBOSSES"),
        rule="APPROVERS",
        outside=("ULINUS",),
    )

    assert Preview.from_data(json.loads(json.dumps(preview.as_data()))) == preview


def test_what_an_older_release_did_not_store_is_empty():
    assert Preview.from_data({}) == Preview()


@pytest.mark.parametrize(
    ("action", "reading", "so"),
    [
        pytest.param(Action.GRANT, READING, True, id="granted already"),
        pytest.param(Action.GRANT, Reading(contact=JANE), False, id="not granted yet"),
        pytest.param(Action.REVOKE, READING, False, id="still held"),
        pytest.param(Action.REVOKE, Reading(contact=JANE), True, id="held no more"),
        pytest.param(Action.CREATE, READING, True, id="known already"),
        pytest.param(Action.CREATE, Reading(contact=None), False, id="not known yet"),
    ],
)
def test_what_is_already_so(action, reading, so):
    assert already_so(action, reading, "7") is so


@pytest.mark.parametrize(
    ("action", "reading", "refused"),
    [
        pytest.param(Action.GRANT, replace(READING, offer=None), OfferGone, id="a grant of what is gone"),
        pytest.param(
            Action.GRANT,
            Reading(contact=JANE, offer=replace(OFFER, listed=False)),
            OfferGone,
            id="a grant of what is archived",
        ),
        pytest.param(Action.GRANT, READING, AlreadyHeld, id="a grant of what is held"),
        pytest.param(Action.REVOKE, Reading(contact=JANE, offer=OFFER), NotHeld, id="a revoke of what is not held"),
        pytest.param(
            Action.REVOKE, replace(READING, unnamed=frozenset({"7"})), IdsNeeded, id="a revoke of what needs ids"
        ),
    ],
)
def test_it_makes_no_sense_to_ask_for(action, reading, refused):
    with pytest.raises(refused):
        refuse_pointless(action, reading, OFFER)


def test_the_refusal_of_a_second_grant_shows_what_is_held():
    with pytest.raises(AlreadyHeld) as refused:
        refuse_pointless(Action.GRANT, READING, OFFER)

    assert refused.value.holding == HELD


def test_the_offer_is_taken_as_it_is_now_and_where_it_cannot_be_read_as_it_was_known():
    dearer = replace(OFFER, price=5900)

    assert refuse_pointless(Action.GRANT, Reading(contact=JANE, offer=dearer), OFFER) == dearer
    assert refuse_pointless(Action.REVOKE, replace(READING, offer=None), OFFER) == OFFER
    assert refuse_pointless(Action.REVOKE, replace(READING, offer=replace(OFFER, listed=False)), OFFER).id == "7"


def test_what_changed_is_named_where_an_approver_has_seen_it():
    after = replace(OFFER, title="New", price=1, currency="EUR", recurring=True, description="new", products=())

    assert what_changed(OFFER, after) == ("title", "price", "currency", "recurring")
    assert what_changed(OFFER, replace(OFFER, description="new")) == ()


@pytest.mark.parametrize(
    ("holdings", "untold", "granted", "revoked"),
    [
        pytest.param((HELD,), frozenset(), True, False, id="held"),
        pytest.param((OTHER,), frozenset(), False, True, id="not held"),
        pytest.param((replace(HELD, partly=True),), frozenset(), False, False, id="held in part"),
        pytest.param((), frozenset({"7"}), False, False, id="not told"),
        pytest.param((), frozenset({"8"}), False, True, id="not told of another one"),
    ],
)
def test_what_can_still_be_done_is_not_so_already(holdings, untold, granted, revoked):
    reading = replace(READING, holdings=holdings, untold=untold)

    assert (already_so(Action.GRANT, reading, "7"), already_so(Action.REVOKE, reading, "7")) == (granted, revoked)


def test_what_a_holding_tells_is_kept_with_the_request():
    preview = Preview(holdings=(replace(HELD, partly=True, details=("enrolled", "issued as 840")),))

    assert Preview.from_data(json.loads(json.dumps(preview.as_data()))) == preview


def test_a_holding_that_an_older_release_has_kept_can_be_read():
    kept = Preview(holdings=(HELD,)).as_data()
    for holding in kept["holdings"]:
        del holding["details"], holding["partly"]

    assert Preview.from_data(kept).holdings == (HELD,)


def test_what_cannot_be_named_can_be_revoked_by_ids_and_granted_as_ever():
    unnamed = replace(READING, unnamed=frozenset({"7"}))

    assert refuse_pointless(Action.REVOKE, unnamed, OFFER, ids=("123",)) == OFFER
    assert refuse_pointless(Action.REVOKE, replace(READING, unnamed=frozenset({"8"})), OFFER) == OFFER
    assert refuse_pointless(Action.GRANT, replace(unnamed, holdings=()), OFFER) == OFFER
