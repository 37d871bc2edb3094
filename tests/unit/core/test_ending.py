"""What becomes of the end of a timed grant when the world does not stand still around it."""

from dataclasses import replace

import pytest

from bot.domain.errors import EndApproved, NothingToRetry, Rejected, Unknown
from bot.domain.request import ChangeState, State
from bot.domain.term import Term
from bot.service import Service
from bot.timekeeper import Timekeeper
from tests.unit.core.happenings import once_only, stands
from tests.unit.core.world import ADA, BOB, BUNDLE, JANE, Called

DAY = 86_400.0
MONTH = Term(days=30)
ELSEWHERE = "jane.doe@example.com"
REFUSED = Called(takes_effect=False, says=Rejected("kajabi", "no", code="403"))
LOST = Called(takes_effect=False, says=Unknown("kajabi", "no answer"))


@pytest.fixture
def service(core):
    return Service(core.store, core.authority, core.readings.providers, core.clock)


async def due(core):
    """The end of what Ada was granted a month ago."""
    await core.approved(term=MONTH)
    await core.executes()
    end = await core.store.end_of(JANE, BUNDLE.id)
    core.clock.passes(30 * DAY + 1)
    return await core.store.case(end.id)


def moves(core):
    """Jane has another address from now on."""
    core.booth.contacts[ELSEWHERE] = replace(core.booth.contacts.pop(JANE.address), address=ELSEWHERE)
    core.booth.held[ELSEWHERE] = core.booth.held.pop(JANE.address)


def buys(core):
    held = core.booth.held[JANE.address]
    held[BUNDLE.id] = replace(held[BUNDLE.id], purchases=("p-1",))


async def test_who_has_another_address_by_then_loses_it_all_the_same(core):
    end = await due(core)
    moves(core)
    await core.executes()

    assert stands(await core.again(end)) == (State.SUCCEEDED, ChangeState.SUCCEEDED)
    assert core.booth.held[ELSEWHERE] == {}


@pytest.mark.parametrize("held_too", [True, False])
async def test_who_took_over_the_address_keeps_what_they_have_and_who_was_granted_it_loses_it(core, held_too):
    end = await due(core)
    moves(core)
    core.booth.contacts[JANE.address] = replace(JANE, id="c-2")
    core.booth.held[JANE.address] = dict(core.booth.held[ELSEWHERE]) if held_too else {}
    theirs = dict(core.booth.held[JANE.address])
    await core.executes()

    assert stands(await core.again(end)) == (State.SUCCEEDED, ChangeState.SUCCEEDED)
    assert core.booth.held[ELSEWHERE] == {}
    assert core.booth.held[JANE.address] == theirs


async def test_who_has_the_address_of_a_contact_that_is_there_no_more_is_asked_about(core):
    end = await due(core)
    core.booth.contacts[JANE.address] = replace(JANE, id="c-2")
    await core.executes()

    assert (await core.again(end)).request.state is State.PENDING
    assert core.booth.held[JANE.address].keys() == {BUNDLE.id}


async def test_an_end_that_failed_and_was_put_out_of_place_is_never_tried_again(core, service):
    end = await due(core)
    core.booth.writes.append(REFUSED)
    await core.executes()
    await core.approved(key="form-2", reason="for good")
    await core.executes()
    with pytest.raises(NothingToRetry):
        await service.retry(end.request.id, by=ADA)
    await core.executes()

    assert (await core.again(end)).request.left
    assert core.booth.held[JANE.address].keys() == {BUNDLE.id}


async def test_where_people_are_asked_meanwhile_their_dates_stand(core):
    end = await due(core)
    buys(core)
    (claimed,) = await core.store.claim_requests(now=core.clock(), lease=core.lease, limit=9)
    await core.executes()
    asked = await core.again(end)
    await Timekeeper(core.store, core.authority, core.town, core.clock).keep(claimed)

    assert asked.request.state is State.PENDING
    assert (await core.again(end)).request == asked.request


async def test_where_nobody_decides_people_are_asked_on_and_it_never_expires(core):
    end = await due(core)
    buys(core)
    await core.executes()
    keeper = Timekeeper(core.store, core.authority, core.town, core.clock)
    for _ in range(3):
        core.clock.passes(7 * DAY)
        for claimed in await core.store.claim_requests(now=core.clock(), lease=core.lease, limit=9):
            await keeper.keep(claimed)
    asked = await core.again(end)
    core.clock.passes(7 * DAY)  # and before the next turn comes, a decision still counts
    await core.decides(asked)

    assert (asked.request.state, asked.request.due) == (State.PENDING, asked.request.expires)
    overdue = [one.data for one in await core.store.history(end.request.id) if one.data.get("overdue")]
    assert [one["people"] for one in overdue] == [["UBOB", "UEVE"]] * 3
    assert (await core.again(end)).request.state is State.APPROVED


async def test_who_asked_for_it_does_not_decide_alone_that_it_stays(core, service):
    end = await due(core)
    buys(core)
    await core.executes()
    with pytest.raises(EndApproved):
        await service.cancel(end.request.id, by=ADA)
    with pytest.raises(EndApproved):
        await service.to_edit(end.request.id, by=ADA)
    asked = await core.again(end)
    await service.cancel(end.request.id, by=BOB)

    assert asked.request.state is State.PENDING
    assert (await core.again(end)).request.state is State.CANCELLED


async def test_an_end_that_has_to_wait_before_its_call_goes_out_again_is_not_sent(core):
    end = await due(core)
    longer = await core.asked(key="form-2", reason="longer", term=MONTH)

    async def meanwhile(permit):
        assert await permit()
        await core.decides(longer)

    core.booth.waits.append(meanwhile)
    core.booth.calls.clear()
    await core.executes()
    waiting = (await core.again(end)).main
    for _ in range(3):
        core.clock.passes(5)
        await core.executes()

    assert (waiting.sent, waiting.error, core.booth.written) == (None, "Busy", [])
    assert (await core.again(end)).request.state is State.CANCELLED
    assert stands(await core.again(longer)) == (State.UNNEEDED, ChangeState.UNNEEDED)


async def test_what_would_move_an_end_that_is_under_way_says_what_it_waits_for(core):
    once_only(core)
    end = await due(core)
    core.booth.writes.append(LOST)
    await core.executes()
    for _ in range(3):
        await core.comes_back(end)
    longer = await core.approved(key="form-2", reason="longer", term=MONTH)
    await core.executes()

    assert (await core.again(end)).request.state is State.UNKNOWN
    assert (await core.again(longer)).main.error == "Busy"
