"""Addresses move from one contact to another, and nobody else may get what was meant for their old owner."""

from dataclasses import replace

from bot.domain import lifecycle
from bot.domain.errors import Rejected, Unavailable, Unknown
from bot.domain.request import Action, ChangeState, State
from tests.unit.core.world import ADA, BUNDLE, JANE, TIMING, Called

NEW = {"address": "new@example.com", "name": "New Customer"}


def moves(core, address, *, to):
    """The contact of an address gets another one, as when somebody edits it at the provider."""
    contact = core.booth.contacts.pop(address)
    core.booth.contacts[to] = replace(contact, address=to)
    core.booth.held[to] = core.booth.held.pop(address)


def appears(core, address, contact_id):
    core.booth.contacts[address] = replace(JANE, id=contact_id, address=address)
    core.booth.held[address] = {}


async def test_a_grant_does_not_follow_a_contact_whose_address_was_changed(core):
    case = await core.approved()
    moves(core, JANE.address, to="bob@example.com")

    await core.executes()

    assert core.booth.written == []
    assert (await core.again(case)).main.error == "ContactNotFound"


async def test_a_grant_for_an_address_that_somebody_else_has_now_is_asked_anew(core):
    case = await core.approved()
    moves(core, JANE.address, to="old@example.com")
    appears(core, JANE.address, "c-9")

    await core.executes()

    assert core.booth.written == []
    assert (await core.again(case)).request.state is State.PENDING


async def test_what_was_sent_for_one_contact_is_never_read_from_another(core):
    core.booth.holds(BUNDLE.id)
    case = await core.approved(action=Action.REVOKE)
    core.booth.writes.append(Called(takes_effect=False, says=Unknown("kajabi", "no answer")))
    await core.executes()
    moves(core, JANE.address, to="old@example.com")
    appears(core, JANE.address, "c-9")
    await core.asked(reason="somebody else asks meanwhile")

    await core.comes_back(case)

    found = await core.again(case)
    assert (found.main.sent_to, found.main.state) == (JANE.id, ChangeState.TODO)
    assert BUNDLE.id in core.booth.held["old@example.com"]


async def test_after_a_creation_nobody_else_gets_the_grant(core):
    case = await core.approved(**NEW)
    await core.executes()
    core.booth.writes.append(Called(takes_effect=False, says=Rejected("kajabi", "no", code="refused")))
    await core.executes()
    assert (await core.again(case)).request.state is State.PARTLY
    moves(core, "new@example.com", to="bob@example.com")
    core.booth.calls.clear()

    await core.takes(case, lifecycle.retry, by=ADA)
    await core.executes()

    assert core.booth.written == []
    assert (await core.again(case)).main.error == "ContactNotFound"


async def test_the_name_of_a_new_contact_is_the_requests_own(core):
    first = await core.asked(**NEW)
    await core.asked(address=JANE.address, name="The CEO", reason="a prank")
    await core.asked(address=NEW["address"], name="Somebody Else", reason="another one")

    assert (await core.again(first)).main.contact.name == "New Customer"
    assert (await core.asked(reason="a third one")).main.contact.name == JANE.name


async def test_nobody_without_an_address_is_created(core):
    case = await core.approved(**NEW)
    await core.store.forget(NEW["address"], now=core.clock())

    await core.executes()

    assert core.booth.written == []
    assert (await core.again(case)).creation.error == "ContactNotFound"


async def test_trouble_before_a_change_was_confirmed_does_not_end_its_reading_back(core):
    case = await core.approved()
    core.booth.reads.append(Unavailable("kajabi", "down"))
    await core.executes()
    core.clock.passes(TIMING.give_up - 1)
    core.booth.reads.extend([None, Unavailable("kajabi", "a blip")])
    await core.executes()
    core.clock.passes(5)

    await core.comes_back(case)

    assert (await core.again(case)).request.state is State.SUCCEEDED
