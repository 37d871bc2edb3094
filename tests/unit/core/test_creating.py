from dataclasses import replace

from bot.domain import lifecycle
from bot.domain.errors import Rejected
from bot.domain.request import ChangeState, State
from tests.unit.core.happenings import (
    ANSWER_LOST,
    DOWN,
    dearer,
)
from tests.unit.core.world import ADA, JANE, LEASE, Called

NEW = {"address": "new@example.com", "name": "New Customer"}


async def test_a_contact_is_created_and_read_back_before_anything_is_granted(core):
    case = await core.approved(**NEW)
    core.booth.calls.clear()

    await core.executes()
    assert core.booth.written == ["write create"]
    assert (await core.again(case)).main.contact.id == "c-2"
    await core.executes()

    case = await core.again(case)
    assert core.booth.calls == ["read", "write create", "read", "read", "write grant", "read"]
    assert case.request.state is State.SUCCEEDED
    assert [change.contact.id for change in case.changes] == ["c-2", "c-2"]


async def test_a_contact_that_appeared_meanwhile_is_not_created_again(core):
    case = await core.approved(**NEW)
    core.booth.contacts["new@example.com"] = replace(JANE, id="c-5", address="new@example.com")
    core.booth.held["new@example.com"] = {}

    await core.executes()
    await core.executes()

    case = await core.again(case)
    assert core.booth.written == ["write grant"]
    assert [change.state for change in case.changes] == [ChangeState.UNNEEDED, ChangeState.SUCCEEDED]
    assert case.request.state is State.SUCCEEDED


async def test_a_contact_is_created_only_under_the_name_that_was_approved(core):
    case = await core.approved(**NEW)
    (change,) = await core.store.claim_changes(now=core.clock(), lease=LEASE, limit=10)

    await core.executor.perform([replace(change, contact=replace(change.contact, name="Somebody Else"))])

    assert core.booth.written == []
    assert (await core.again(case)).request.state is State.PENDING


async def test_a_creation_that_did_nothing_is_dropped_once_the_request_is_cancelled(core):
    case = await core.approved(**NEW)

    async def is_cancelled():
        await core.takes(case, lifecycle.cancel, by=ADA)

    core.booth.writes.append(Called(takes_effect=False, says=DOWN, meanwhile=is_cancelled))
    await core.executes()

    case = await core.again(case)
    assert [change.state for change in case.changes] == [ChangeState.CANCELLED] * 2
    assert case.request.state is State.CANCELLED


async def test_without_its_contact_the_grant_fails_unsent(core):
    case = await core.approved(**NEW)
    core.booth.writes.append(Called(takes_effect=False, says=Rejected("kajabi", "bad name", code="422")))

    await core.executes()

    case = await core.again(case)
    assert core.booth.written == ["write create"]
    assert [change.error for change in case.changes] == ["422: bad name", "ContactNotCreated"]
    assert case.request.state is State.FAILED


async def test_an_unclear_creation_is_never_repeated_and_holds_the_grant_back(core):
    case = await core.approved(**NEW)
    core.booth.writes.append(ANSWER_LOST)
    await core.executes()

    for _ in range(3):
        core.clock.passes(20)
        await core.executes()

    case = await core.again(case)
    assert core.booth.written == ["write create"]
    assert case.request.state is State.UNKNOWN
    assert [change.state for change in case.changes] == [ChangeState.UNKNOWN, ChangeState.TODO]


async def test_the_grant_is_asked_anew_when_the_price_changed_after_the_contact_was_created(core):
    case = await core.approved(**NEW)
    await core.executes()
    dearer(core)

    await core.executes()

    case = await core.again(case)
    assert core.booth.written == ["write create"]
    assert case.request.state is State.PENDING
    await core.decides(case)
    await core.executes()
    assert (await core.again(case)).request.state is State.SUCCEEDED
    assert core.booth.written == ["write create", "write grant"]


async def test_a_contact_that_was_deleted_and_is_created_anew_is_found_under_its_new_id(core):
    await core.approved()
    await core.executes()
    core.booth.contacts.clear()
    case = await core.approved(name="Jane", key="form-2")
    assert case.main.contact.id == JANE.id

    await core.executes()
    await core.executes()

    case = await core.again(case)
    assert case.request.state is State.SUCCEEDED
    assert case.main.contact.id == "c-2"
