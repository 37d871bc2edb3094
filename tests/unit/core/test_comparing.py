from dataclasses import replace

import pytest

from bot.domain import lifecycle
from bot.domain.errors import ContactAmbiguous, Unavailable
from bot.domain.request import Action, ChangeState, Choice, Holding, State
from tests.unit.core.happenings import (
    DOWN,
    GONE,
    another_contact,
    approval_old,
    approver_left,
    dearer,
    renamed,
    stands,
)
from tests.unit.core.world import BUNDLE, EVE, JANE, LEASE, STARTER, TIMING, Raise


@pytest.mark.parametrize(
    ("happens", "why", "changed"),
    [
        (dearer, "WorldChanged", ["price"]),
        (renamed, "WorldChanged", ["title"]),
        (another_contact, "WorldChanged", []),
        (approver_left, "Deactivated", []),
        (approval_old, "ApprovalTooOld", []),
    ],
    ids=["the price", "the title", "the contact behind the address", "the approver's account", "the approval's age"],
)
async def test_nothing_is_sent_and_it_is_asked_anew_after_a_change_of(core, happens, why, changed):
    case = await core.approved()
    happens(core)

    await core.executes()

    told = await core.event(case, "request.drifted")
    case = await core.again(case)
    assert core.booth.written == []
    assert stands(case) == (State.PENDING, ChangeState.TODO)
    assert (case.request.version, case.verdict, case.main.due) == (2, None, None)
    assert (told.data["why"], told.data["changed"]) == (why, changed)


async def test_an_approval_is_not_good_for_ever_because_the_clock_was_put_back_far(core):
    case = await core.approved()
    await core.put_back(TIMING.approval + 1)

    await core.executes()

    assert (await core.event(case, "request.drifted")).data["why"] == "ApprovalTooOld"
    assert core.booth.written == []


async def test_a_revoke_is_asked_anew_when_the_customer_has_begun_to_pay(core):
    core.booth.holds("7")
    case = await core.approved(action=Action.REVOKE)
    core.booth.held[JANE.address]["7"] = Holding(offer_id="7", granted=True, purchases=("p-1",), paying=True)

    await core.executes()

    assert (await core.again(case)).request.state is State.PENDING
    assert core.booth.written == []


async def test_what_nobody_relies_on_may_change_between_approval_and_sending(core):
    case = await core.approved()
    core.booth.offers["7"] = replace(BUNDLE, description="now with a bonus", products=("Course",))
    core.booth.holds("8")

    await core.executes()

    assert (await core.again(case)).request.state is State.SUCCEEDED


async def test_it_is_sent_for_the_contact_as_it_was_just_read(core):
    await core.approved()
    core.booth.contacts[JANE.address] = replace(JANE, customer_id="k-2")

    await core.executes()

    assert [one.customer_id for one in core.booth.written_for] == ["k-2"]


async def test_what_is_asked_anew_is_sent_once_it_is_approved_as_it_is_now(core):
    case = await core.approved()
    dearer(core)
    await core.executes()

    await core.decides(case, by=EVE)
    await core.executes()

    case = await core.again(case)
    assert case.request.state is State.SUCCEEDED
    assert (case.request.offer.price, core.booth.written) == (29900, ["write grant"])


async def test_nobody_knows_the_approver_so_nothing_is_read_or_sent(core):
    case = await core.approved()
    core.booth.calls.clear()
    core.town.silent = True

    await core.executes()

    case = await core.again(case)
    assert (case.main.error, core.booth.calls) == ("StandingUnknown", [])
    assert case.main.due == core.clock() + TIMING.shortest


async def test_the_approver_is_looked_up_afresh_before_sending(core):
    await core.approved()
    core.town.ages.clear()

    await core.executes()

    assert {age for _, age in core.town.ages} == {60.0}


@pytest.mark.parametrize("archived", [True, False], ids=["left out by the list", "deleted"])
async def test_an_offer_that_is_gone_ends_the_grant(core, archived):
    await core.store.remember_offers("kajabi", [BUNDLE, STARTER], now=core.clock(), whole=True)
    case = await core.approved()
    if archived:
        await core.store.remember_offers("kajabi", [STARTER], now=core.clock(), whole=True)
    else:
        del core.booth.offers["7"]

    await core.executes()

    case = await core.again(case)
    assert stands(case) == (State.FAILED, ChangeState.FAILED)
    assert (case.main.error, core.booth.written) == ("OfferGone", [])


async def test_what_is_sold_no_more_can_still_be_revoked(core):
    core.booth.holds("7")
    case = await core.approved(action=Action.REVOKE)
    del core.booth.offers["7"]

    await core.executes()

    assert (await core.again(case)).request.state is State.SUCCEEDED


async def test_a_contact_that_is_gone_ends_the_grant(core):
    case = await core.approved()
    core.booth.contacts.clear()

    await core.executes()

    case = await core.again(case)
    assert stands(case) == (State.FAILED, ChangeState.FAILED)
    assert (case.main.error, core.booth.written) == ("ContactNotFound", [])


async def test_after_a_denial_of_the_new_version_nothing_is_sent(core):
    case = await core.approved()
    dearer(core)
    await core.executes()
    await core.store.step(
        case.request.id,
        lambda found: lifecycle.decide(found, Choice.DENY, by=EVE, shown=2, now=core.clock()),
    )
    core.clock.passes(LEASE)

    await core.executes()

    assert (await core.again(case)).request.state is State.DENIED
    assert core.booth.written == []


# --- the provider cannot be read --------------------------------------------------------------------------------------


async def test_a_rejected_read_ends_what_was_not_sent(core):
    case = await core.approved()
    core.booth.reads.append(GONE)

    await core.executes()

    case = await core.again(case)
    assert stands(case) == (State.FAILED, ChangeState.FAILED)
    assert (case.main.error, core.booth.written) == ("404: no such offer", [])


async def test_two_contacts_with_one_address_end_what_was_not_sent(core):
    case = await core.approved()
    core.booth.reads.append(Raise(ContactAmbiguous()))

    await core.executes()

    case = await core.again(case)
    assert case.main.state is ChangeState.FAILED
    assert case.main.error.startswith("ContactAmbiguous")


@pytest.mark.parametrize("whole", [True, False], ids=["the whole call", "one place of it"])
async def test_an_unavailable_read_is_tried_again_not_before_the_provider_said(core, whole):
    case = await core.approved()
    busy = Unavailable("kajabi", "too many requests", retry_after=17)
    core.booth.reads.append(Raise(busy) if whole else busy)

    await core.executes()

    case = await core.again(case)
    assert (case.main.sent, case.main.error) == (None, "Unavailable: too many requests")
    assert await core.comes_back(case) == 17
    assert (await core.again(case)).request.state is State.SUCCEEDED


async def test_the_pauses_grow_with_the_trouble_and_it_fails_when_nothing_was_sent_for_too_long(core):
    case = await core.approved()
    core.booth.reads.extend([DOWN] * 99)
    await core.executes()

    waited = []
    while (await core.again(case)).main.open:
        waited.append(await core.comes_back(case))

    case = await core.again(case)
    assert waited == sorted(waited)
    assert (waited[0], waited[-1]) == (TIMING.shortest, TIMING.longest)
    assert TIMING.give_up < sum(waited) <= TIMING.give_up + TIMING.longest
    assert (case.request.state, case.main.error) == (State.FAILED, "GaveUp: Unavailable: no connection")
    assert core.booth.written == []


async def test_a_clock_that_was_put_back_does_not_lengthen_for_how_long_it_is_tried(core):
    case = await core.approved()
    core.booth.reads.extend([DOWN] * 99)
    await core.executes()
    await core.put_back(10 * TIMING.give_up)

    waited = 0.0
    while (await core.again(case)).main.open:
        waited += await core.comes_back(case)

    assert (await core.again(case)).main.error == "GaveUp: Unavailable: no connection"
    assert waited <= TIMING.give_up + 2 * TIMING.longest
