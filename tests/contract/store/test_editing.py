"""What is asked is given another target, as long as nothing of it is sent."""

from dataclasses import replace
from functools import partial

import pytest

from bot.domain import editing
from bot.domain.errors import NotEditable
from bot.domain.request import State
from tests.contract.store.world import BOB, BUNDLE, NOW, approved, found, pending, submission

LARGE = replace(BUNDLE, id="9", title="Large", description="")


def edit(**fields):
    asked = submission(**{"address": "mia@example.com", "offer_id": "9", "reason": "another"} | fields)

    def take(case, contact):
        return editing.edit(case, asked, offer=LARGE, contact=contact, by=BOB, shown=case.request.version, now=NOW)

    return take


async def test_all_that_an_edit_changes_is_kept_and_due_to_be_prepared(store):
    case = await pending(store)
    edited = await store.edit(case.request.id, edit(welcome_email=True), address="Mia@Example.com")

    assert edited == await found(store, case)
    request, change = edited.request, edited.main
    assert (request.state, request.offer, request.reason, request.editors) == (
        State.PREPARING,
        LARGE,
        "another",
        (BOB,),
    )
    assert request.welcome_email
    assert (change.contact.address, change.offer_id, change.welcome_email) == ("mia@example.com", "9", True)
    assert change.contact.ref != case.main.contact.ref
    claimed = await store.claim_requests(now=NOW, lease=30, limit=9)
    assert [one.request.id for one in claimed] == [case.request.id]


async def test_the_contact_that_it_was_about_keeps_its_name_and_id(store):
    case = await pending(store)
    await store.edit(case.request.id, edit(), address="mia@example.com")
    other = await pending(store, "form-2")

    assert (other.main.contact.address, other.main.contact.id) == ("jane@example.com", case.main.contact.id)
    assert await store.rivals(other.main.contact, "7") == [other.request.id]


async def test_a_new_name_for_a_new_contact_is_kept_with_the_request(store):
    case = await pending(store, name="Jane Doe")
    edited = await store.edit(case.request.id, partial(edit(name="Mia Chen")), address="mia@example.com")

    assert {one.contact.name for one in edited.changes} == {"Mia Chen"}


async def test_what_is_refused_leaves_everything_as_it_was_and_no_address_behind(store):
    case = await approved(store)
    before = await found(store, case)
    with pytest.raises(NotEditable):
        await store.edit(case.request.id, edit(), address="mia@example.com")

    assert await found(store, case) == before
    assert (await store.forget("mia@example.com", now=NOW)).contacts == 0
