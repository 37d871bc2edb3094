import asyncio

import pytest

from bot.domain import attempt, lifecycle
from bot.domain.errors import AlreadyDecided, RequestNotFound, SentAlready
from bot.domain.request import Action, ChangeState, Choice, Contact, Person, State
from bot.domain.states import Step
from bot.domain.term import Term
from tests.contract.store.world import (
    ADA,
    BOB,
    BUNDLE,
    EVE,
    JANE,
    LEASE,
    NOW,
    approved,
    claimed,
    decided,
    finished,
    pending,
    stepped,
    submitted,
)


async def test_a_submission_is_stored_as_it_came_and_is_due_to_be_prepared(store):
    case = await submitted(store, welcome_email=True)

    assert case == await store.case(case.request.id)
    request, change = case.request, case.main
    assert (request.state, request.due, request.created) == (State.PREPARING, NOW, NOW)
    assert (request.requester, request.channel, request.offer) == (ADA, "CSALES", BUNDLE)
    assert (request.reason, request.welcome_email, request.submitted_key) == ("refund case 4412", True, "form-1")
    assert (change.action, change.offer_id, change.due, change.after) == (Action.GRANT, "7", None, None)
    assert (change.contact.address, change.contact.id) == ("jane@example.com", None)


async def test_the_same_form_makes_one_request(store):
    cases = await asyncio.gather(*(submitted(store) for _ in range(5)))

    assert len({case.request.id for case in cases}) == 1
    assert len((await store.requests()).requests) == 1
    assert [event.name for event in await store.history(cases[0].request.id)] == ["request.submitted"]


@pytest.mark.parametrize(
    "otherwise",
    [
        {"address": "bob@example.com"},
        {"reason": "another"},
        {"name": "Jane"},
        {"welcome_email": True},
        {"action": Action.REVOKE},
        {"term": Term(days=30)},
        {"ids": ("7", "8")},
    ],
)
async def test_the_same_form_with_something_else_in_it_is_not_taken_for_what_it_made(store, otherwise):
    case = await submitted(store)

    with pytest.raises(SentAlready) as refused:
        await submitted(store, **otherwise)

    assert refused.value.request_id == case.request.id
    assert len((await store.requests()).requests) == 1
    assert (await submitted(store)).request.id == case.request.id


async def test_ids_are_short_and_have_no_letters_that_look_alike(store):
    ids = [(await submitted(store, f"form-{number}")).request.id for number in range(50)]

    assert len(set(ids)) == 50
    assert all(len(one) == 6 and one.startswith("R-") for one in ids)
    assert not set("".join(one[2:] for one in ids)) & set("0O1ILS5Z2B8U")


async def test_a_contact_to_create_comes_before_the_grant(store):
    case = await submitted(store, name="Jane", welcome_email=True)

    assert [change.action for change in case.changes] == [Action.CREATE, Action.GRANT]
    assert case.creation is not None
    assert (case.creation.offer_id, case.creation.contact.name) == ("", "Jane")
    assert case.main.after == case.creation.id
    assert (case.creation.welcome_email, case.main.welcome_email) == (False, True)
    assert case.request.creates_contact


async def test_an_address_is_one_contact_however_it_is_written(store):
    first = await submitted(store, "form-1", address="JANE@example.com")
    second = await submitted(store, "form-2", address=" jane@Example.COM ")

    assert first.main.contact.ref == second.main.contact.ref


async def test_the_submission_is_told_in_the_audit_without_the_address(store):
    case = await submitted(store)

    (event,) = await store.history(case.request.id)
    assert (event.name, event.actor, event.at) == ("request.submitted", ADA, NOW)
    assert event.data == {"action": "grant", "offer": "7", "contact_ref": case.main.contact.ref}


async def test_half_a_surrogate_pair_does_not_lose_a_request(store):
    case = await submitted(store, reason="because \ud83d", name="J\udc00")

    assert case.request.reason == "because ?"


async def test_a_step_is_written_whole(store):
    case = await approved(store)

    assert case == await store.case(case.request.id)
    assert case.request.state is State.APPROVED
    assert (case.main.due, case.main.contact.id, case.main.contact.name) == (NOW, "c9", "Jane")
    assert [(one.choice, one.by, one.version) for one in case.decisions] == [(Choice.APPROVE, BOB, 1)]
    assert [event.name for event in await store.history(case.request.id)] == [
        "request.submitted",
        "request.prepared",
        "request.approved",
    ]


async def test_a_step_that_has_nothing_to_do_writes_nothing(store):
    case = await pending(store)

    assert await store.step(case.request.id, lambda _: None) is None
    assert await store.case(case.request.id) == case
    assert len(await store.history(case.request.id)) == 2


async def test_a_refusal_inside_a_step_reaches_the_caller_and_writes_nothing(store):
    case = await decided(store, await pending(store))

    with pytest.raises(AlreadyDecided):
        await decided(store, case, Choice.DENY, by=EVE)
    assert await store.case(case.request.id) == case
    assert len(await store.history(case.request.id)) == 3


async def test_of_many_decisions_at_once_one_wins(store):
    case = await pending(store)
    people = [Person("T1", f"U{number}") for number in range(20)]
    outcomes = await asyncio.gather(*(decided(store, case, by=one) for one in people), return_exceptions=True)

    assert sum(not isinstance(outcome, Exception) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, AlreadyDecided) for outcome in outcomes) == 19
    assert len((await store.case(case.request.id)).decisions) == 1


async def test_a_step_on_no_request_is_refused(store):
    with pytest.raises(RequestNotFound):
        await store.step("R-NONE", lambda case: Step(case, ()))
    assert await store.case("R-NONE") is None


async def test_what_people_wrote_is_in_the_history_beside_the_event(store):
    case = await decided(store, await pending(store), Choice.DENY, note="too expensive")

    assert (await store.history(case.request.id))[-1].text == "too expensive"


async def test_a_claimed_request_is_nobody_elses_until_its_lease_ends(store):
    case = await submitted(store)
    (first,) = await store.claim_requests(now=NOW, lease=LEASE, limit=10)

    assert (first.request.id, first.request.attempts, first.request.due) == (case.request.id, 1, NOW + LEASE)
    assert await store.claim_requests(now=NOW + LEASE - 1, lease=LEASE, limit=10) == []
    (again,) = await store.claim_requests(now=NOW + LEASE, lease=LEASE, limit=10)
    assert again.request.attempts == 2


async def test_changes_are_claimed_oldest_due_first(store):
    early, late = await pending(store, "form-1"), await pending(store, "form-2", address="b@example.com")
    await decided(store, late, now=NOW - 5)
    await decided(store, early, now=NOW)

    assert [one.request_id for one in await store.claim_changes(now=NOW, lease=LEASE, limit=1)] == [late.request.id]
    (second,) = await store.claim_changes(now=NOW, lease=LEASE, limit=5)
    assert (second.request_id, second.attempts, second.contact.id) == (early.request.id, 1, "c9")
    assert await store.claim_changes(now=NOW, lease=LEASE, limit=5) == []


async def test_an_attempt_whose_lease_was_lost_changes_nothing(store):
    case = await approved(store)
    (lost,) = await store.claim_changes(now=NOW, lease=LEASE, limit=1)
    (held,) = await store.claim_changes(now=NOW + LEASE, lease=LEASE, limit=1)

    late = await store.send(
        case.request.id, lambda found: attempt.send(found, lost.id, attempt=lost.attempts, now=NOW + LEASE)
    )
    assert late is None
    assert (await store.case(case.request.id)).main.sent is None
    assert await store.send(
        case.request.id, lambda found: attempt.send(found, held.id, attempt=held.attempts, now=NOW + LEASE)
    )


async def test_two_changes_of_the_same_contact_and_offer_are_not_sent_at_once(store):
    first, second = await approved(store, "form-1"), await approved(store, "form-2")
    running = await store.claim_changes(now=NOW, lease=LEASE, limit=2)

    def send(change):
        return store.send(
            change.request_id, lambda found: attempt.send(found, change.id, attempt=change.attempts, now=NOW)
        )

    assert await send(running[0]) is not None
    assert await send(running[1]) is None
    assert (await store.case(second.request.id)).main.sent is None
    assert len(await store.history(second.request.id)) == 3

    await stepped(
        store,
        first.request.id,
        lambda found: attempt.finish(found, running[0].id, attempt=1, to=ChangeState.SUCCEEDED, now=NOW),
    )
    assert await send(running[1]) is not None


async def test_another_offer_of_the_same_contact_waits_for_nothing(store):
    first, second = await approved(store, "form-1"), await approved(store, "form-2", offer_id="8")
    running = {one.request_id: one for one in await store.claim_changes(now=NOW, lease=LEASE, limit=2)}

    for case in (first, second):
        change = running[case.request.id]
        assert await store.send(
            case.request.id, lambda found, change=change: attempt.send(found, change.id, attempt=1, now=NOW)
        )


async def test_rivals_are_open_requests_for_the_same_contact_and_offer(store):
    mine = await pending(store, "form-1")
    rival = await submitted(store, "form-2")
    await submitted(store, "form-3", offer_id="8")
    await submitted(store, "form-4", address="other@example.com")
    ended = await pending(store, "form-5")
    await decided(store, ended, Choice.DENY)

    assert await store.rivals(mine.main.contact, mine.request.offer.id, but=mine.request.id) == [rival.request.id]
    assert await store.rivals(JANE, mine.request.offer.id, but=mine.request.id) == [rival.request.id]


async def test_given_is_what_was_sent_newest_first(store):
    done = await finished(store, await approved(store, "form-1"))
    lost = await approved(store, "form-2", offer_id="8")
    await finished(store, lost, ChangeState.UNKNOWN)
    await approved(store, "form-3", offer_id="9")

    given = await store.given("kajabi", Contact(provider="kajabi", address="jane@example.com"))
    assert [case.request.id for case in given] == [lost.request.id, done.request.id]
    assert given[1].verdict is not None
    assert given == await store.given("kajabi", Contact(provider="kajabi", address="", id="c9"))
    assert len(await store.given("kajabi", JANE, limit=1)) == 1
    assert await store.given("kajabi", Contact(provider="kajabi", address="nobody@example.com")) == []


async def test_pages_go_back_in_time_and_lose_nobody(store):
    made = [(await submitted(store, f"form-{number}", now=NOW + number // 3)).request.id for number in range(10)]
    seen, before = [], None
    while True:
        page = await store.requests(before=before, limit=3)
        seen += [request.id for request in page.requests]
        if page.next is None:
            break
        before = page.next

    assert seen == made[::-1]


async def test_pages_by_state_and_by_requester(store):
    mine = await submitted(store, "form-1")
    waiting = await pending(store, "form-2", requester=EVE)
    denied = await decided(store, await pending(store, "form-3", requester=EVE), Choice.DENY)

    async def ids(**wanted):
        return [request.id for request in (await store.requests(**wanted)).requests]

    assert await ids(requester="UADA") == [mine.request.id]
    assert await ids(states=frozenset({State.PENDING, State.PREPARING})) == [waiting.request.id, mine.request.id]
    assert await ids(states=frozenset({State.DENIED}), requester="UEVE") == [denied.request.id]
    assert await ids(states=frozenset({State.DENIED}), requester="UADA") == []
    assert await ids(states=frozenset()) == []


async def test_a_page_holds_only_what_is_wanted_for_a_customer_and_since(store):
    old = await submitted(store, "form-1", now=NOW)
    new = await submitted(store, "form-2", now=NOW + 100, reason="new")
    other = await submitted(store, "form-3", now=NOW + 200, address="eve@example.com", requester=EVE)

    async def ids(**wanted):
        return [request.id for request in (await store.requests(**wanted)).requests]

    assert await ids(customers=[JANE]) == [new.request.id, old.request.id]
    assert await ids(customers=[JANE], requester="UEVE") == []
    assert await ids(customers=[]) == []
    assert await ids(since=NOW + 50) == [other.request.id, new.request.id]
    assert await ids(wanted=lambda one: one.reason == "new") == [new.request.id]


async def test_a_page_says_where_the_cards_stand(store):
    shown, _ = await pending(store), await pending(store, "form-2")
    (card,) = [one.message for one in await claimed(store) if one.message.key == f"{shown.request.id}/card"]
    await store.delivered(card, channel="CSALES", ts="1.5", now=NOW)

    assert (await store.requests()).cards == {shown.request.id: ("CSALES", "1.5")}


async def test_what_was_given_before_is_read_with_a_case_and_forgotten_with_its_customer(store):
    first = await finished(store, await approved(store, reason="for jane@example.com"))
    second = await pending(store, "form-2", earlier=(first.request.id,))

    (before,) = second.earlier
    await store.forget("jane@example.com", now=NOW)
    (after,) = (await store.case(second.request.id)).earlier

    assert (before.request.id, before.approvers) == (first.request.id, ("UBOB",))
    assert before.request.reason == "for jane@example.com"
    assert "jane@example.com" not in after.request.reason


async def test_whoever_subscribes_hears_of_commits_and_of_nothing_else(store):
    heard = []
    store.subscribe(lambda: heard.append(1))
    case = await pending(store)

    assert len(heard) == 2
    assert await store.step(case.request.id, lambda _: None) is None
    with pytest.raises(RequestNotFound):
        await store.step("R-NONE", lambda _: None)
    assert len(heard) == 2


async def test_a_request_can_be_sent_and_cancelled_only_in_one_order(store):
    case = await approved(store)
    (change,) = await store.claim_changes(now=NOW, lease=LEASE, limit=1)
    await stepped(store, case.request.id, lambda found: lifecycle.cancel(found, by=ADA, now=NOW))

    late = await store.send(
        case.request.id, lambda found: attempt.send(found, change.id, attempt=change.attempts, now=NOW)
    )
    assert late is None
    assert (await store.case(case.request.id)).request.state is State.CANCELLED


async def test_what_is_finished_is_due_no_more(store):
    case = await approved(store)
    done = await finished(store, case)

    assert (done.request.state, done.main.due) == (State.SUCCEEDED, None)
    assert await store.claim_changes(now=NOW + 1e9, lease=LEASE, limit=10) == []
    assert await sent_again(store, done) is None


async def sent_again(store, case):
    return await store.send(
        case.request.id, lambda found: attempt.send(found, case.main.id, attempt=case.main.attempts, now=NOW)
    )


# --- what was asked before -----------------------------------------------------------------------------------------


async def test_what_somebody_asked_before_is_listed_oldest_first(store):
    first = await submitted(store, "form-1")
    await submitted(store, "form-2", requester=EVE)
    third = await submitted(store, "form-3", address="bob@example.com")

    assert [one.id for one in await store.asked_since(NOW, requester="UADA")] == [first.request.id, third.request.id]


async def test_what_was_asked_for_a_customer_is_listed_whoever_asked(store):
    first = await submitted(store, "form-1")
    second = await submitted(store, "form-2", requester=EVE, name="Jane")
    await submitted(store, "form-3", address="bob@example.com")
    by_address = Contact(provider="kajabi", address="Jane@Example.com")

    assert [one.id for one in await store.asked_since(0, contact=by_address)] == [first.request.id, second.request.id]


async def test_what_was_asked_for_a_customer_is_found_by_their_id(store):
    asked = await pending(store)
    moved = Contact(provider="kajabi", address="jane@new.example.com", id="c9")

    assert [one.id for one in await store.asked_since(0, contact=moved)] == [asked.request.id]


async def test_a_request_does_not_count_as_asked_before_itself(store):
    case = await submitted(store)

    assert await store.asked_since(0, requester="UADA", but=case.request.id) == []
    assert await store.asked_since(0, requester="UADA", but="form-1") == []
    assert await store.asked_since(NOW + 1, requester="UADA") == []
