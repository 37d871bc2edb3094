"""A customer by more than one address; a channel's last provider; ids that a person named; what was done in part."""

from dataclasses import replace

import pytest

from bot.domain import attempt, lifecycle
from bot.domain.request import Action, ChangeState
from bot.domain.states import Step
from tests.contract.store.world import (
    ADA,
    BUNDLE,
    JANE,
    LEASE,
    NOW,
    approved,
    found,
    pending,
    sent,
    stepped,
    submission,
    submitted,
)

MOBILE = "+491701234567"


async def running(store, *cases):
    """Claim their changes."""
    claimed = {one.request_id: one for one in await store.claim_changes(now=NOW, lease=LEASE, limit=10)}
    return [claimed[case.request.id] for case in cases]


def send(store, change):
    return store.send(change.request_id, lambda case: attempt.send(case, change.id, attempt=change.attempts, now=NOW))


async def test_what_two_addresses_of_one_customer_are_to_get_is_not_sent_at_once(store):
    first, second = await approved(store, "form-1"), await approved(store, "form-2", address=MOBILE)
    mine, rival = await running(store, first, second)

    assert first.main.contact.ref != second.main.contact.ref
    assert await send(store, mine) is not None
    assert await send(store, rival) is None
    assert (await found(store, second)).main.sent is None

    await stepped(
        store,
        first.request.id,
        lambda case: attempt.finish(case, mine.id, attempt=1, to=ChangeState.SUCCEEDED, now=NOW),
    )
    assert await send(store, rival) is not None


async def test_what_is_unknown_of_one_address_keeps_the_other_one_waiting(store):
    first, second = await approved(store, "form-1"), await approved(store, "form-2", address=MOBILE)
    mine, rival = await running(store, first, second)
    await send(store, mine)
    await stepped(
        store,
        first.request.id,
        lambda case: attempt.finish(case, mine.id, attempt=1, to=ChangeState.UNKNOWN, now=NOW, look_again=NOW + 60),
    )

    assert await send(store, rival) is None


async def test_other_customers_and_other_offers_wait_for_nothing(store):
    cases = [
        await approved(store, "form-1"),
        await approved(store, "form-2", address=MOBILE, offer_id="8"),
        await approved(store, "form-3", address="other@example.com", contact=replace(JANE, id="c10")),
    ]

    assert all([await send(store, change) is not None for change in await running(store, *cases)])


async def test_the_last_provider_of_a_channel_is_that_of_what_was_asked_last_in_it(store):
    await submitted(store, "form-1", asked_in="CA")
    await store.submit(submission("form-2", provider="other", asked_in="CA"), offer=BUNDLE, now=NOW + 2)
    await submitted(store, "form-3", channel="CB", asked_in=None, now=NOW + 3)
    await store.submit(submission("form-4", provider="other", asked_in="CB"), offer=BUNDLE, now=NOW + 4)
    await submitted(store, "form-5", channel="CB", asked_in="", now=NOW + 5)

    places = {place: await store.last_provider(place) for place in ("CA", "CB", "CC")}
    assert places == {"CA": "other", "CB": "other", "CC": None}


async def test_ids_that_a_person_named_are_kept_and_changed_with_what_is_asked(store):
    case = await pending(store, action=Action.REVOKE, ids=("123", "456"))

    def other_ids(case, contact):
        change = replace(case.main, contact=contact, ids=("789",), attempts=case.main.attempts + 1)
        return Step(replace(case, changes=(change,)), ())

    edited = await store.edit(case.request.id, other_ids, address=JANE.address)

    assert case.main.ids == ("123", "456")
    assert edited.main.ids == ("789",)
    assert (await submitted(store, "form-2")).main.ids == ()


@pytest.mark.parametrize("words", ["enrolment 847", ""])
async def test_what_was_done_in_part_stays_through_another_try_and_counts_as_given(store, words):
    case = await approved(store)
    taken = await sent(store, case)
    code = f"InPart: {words}, and no more: the limit" if words else "Rejected: no"
    failed = await stepped(
        store,
        case.request.id,
        lambda case: attempt.finish(
            case, taken.main.id, attempt=taken.main.attempts, to=ChangeState.FAILED, code=code, now=NOW
        ),
    )
    again = await stepped(store, case.request.id, lambda case: lifecycle.retry(case, by=ADA, now=NOW))

    assert (failed.main.in_part, again.main.in_part, again.main.error) == (words, words, "")
    assert len(await store.given("kajabi", JANE)) == bool(words)
