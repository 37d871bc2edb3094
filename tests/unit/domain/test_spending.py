"""What a request takes of quotas and budgets, and when it gives that back."""

from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from bot.domain import attempt, lifecycle
from bot.domain.policy import Cap, Scope
from bot.domain.preview import Preview
from bot.domain.request import Action, ChangeState, Choice, State
from bot.domain.spending import Spending, by_policy, counted_at, for_people, spending, summed, undoes, with_room
from tests.unit.domain.test_lifecycle import (
    ADA,
    GRACE,
    JANE,
    OFFER,
    TIMING,
    approved,
    claimed,
    ended,
    names,
    pending,
    preparing,
    sent,
)

AUTOMATIC = {"requests": 0, "value": 0, "against": "", "most": 3, "most_value": None, "currency": "", "days": 30}
WITHIN = (Cap(scope=Scope(requesters=frozenset({"UADA"}), since=0.0, rule="small"), requests=3),)
TAKEN = Spending(requester="UADA", action=Action.GRANT, value=19_900, currency="USD")


def by_itself(**told):
    preview = Preview(rule="small", policy="d1", approvers=("UGRACE",), automatic=AUTOMATIC | told)
    shown: dict[str, Any] = {"preview": preview, "fingerprint": "f", "offer": OFFER, "contact": JANE, "timing": TIMING}
    step = lifecycle.prepare(preparing(), now=1, within=WITHIN, **shown)
    assert step is not None
    return step


def test_the_policy_approves_in_the_step_that_shows_it():
    step = by_itself()
    request, change = step.case.request, step.case.main

    assert (request.state, request.decided, request.due, change.due) == (State.APPROVED, 1, None, 1)
    assert (step.case.decisions, step.within) == ((), WITHIN)
    assert names(step) == ["request.prepared", "request.approved"]
    told = step.events[1]
    assert told.actor is None
    assert (told.data["rule"], told.data["policy"], told.data["automatic"]) == ("small", "d1", AUTOMATIC)
    assert by_policy(request)


def test_what_it_does_not_approve_waits_for_people_and_reserves_nothing():
    step = by_itself(against="requests")

    assert (step.case.request.state, step.within, names(step)) == (State.PENDING, (), ["request.prepared"])
    assert not by_policy(step.case.request)
    assert spending(step.case) is None


def test_what_people_approve_afterwards_is_not_the_policys():
    case = lifecycle.decide(by_itself(against="requests").case, Choice.APPROVE, by=GRACE, shown=1, now=2).case

    assert not by_policy(case.request)
    assert spending(case) == TAKEN


@pytest.mark.parametrize(
    ("case", "taken"),
    [
        pytest.param(preparing(), None, id="preparing"),
        pytest.param(pending(), None, id="pending"),
        pytest.param(approved(), TAKEN, id="approved"),
        pytest.param(sent(), TAKEN, id="sent"),
        pytest.param(ended(ChangeState.SUCCEEDED), TAKEN, id="done"),
        pytest.param(ended(ChangeState.UNKNOWN), TAKEN, id="unknown stays taken"),
        pytest.param(ended(ChangeState.FAILED), None, id="failed"),
        pytest.param(ended(ChangeState.UNNEEDED), None, id="not needed"),
        pytest.param(lifecycle.cancel(approved(), by=ADA, now=3).case, None, id="cancelled"),
        pytest.param(lifecycle.decide(pending(), Choice.DENY, by=GRACE, shown=1, now=2).case, None, id="denied"),
        pytest.param(by_itself().case, replace(TAKEN, rule="small"), id="approved by the policy"),
    ],
)
def test_what_counts_is_what_was_approved_and_may_have_come_to_something(case, taken):
    assert spending(case) == taken


def test_what_is_asked_anew_gives_back_what_it_took_and_goes_to_people():
    preview = Preview(rule="small", automatic=AUTOMATIC)
    step = attempt.drift(
        claimed(by_itself().case), 2, attempt=1, preview=preview, fingerprint="g", offer=OFFER, why="x", timing=TIMING,
        now=3,
    )  # fmt: skip

    assert step is not None
    assert (step.case.request.state, spending(step.case)) == (State.PENDING, None)
    assert step.case.request.preview["automatic"]["against"] == "changed"
    assert for_people(Preview()) == Preview()


def test_a_contact_that_was_created_for_nothing_takes_nothing():
    case = approved(creates=True)
    created, grant = case.changes
    failed = replace(grant, state=ChangeState.FAILED)
    done = replace(created, state=ChangeState.SUCCEEDED)
    partly = replace(case, request=replace(case.request, state=State.PARTLY), changes=(done, failed))

    assert spending(partly) is None


def test_retry_takes_once_more_only_what_was_given_back():
    failed, unknown = ended(ChangeState.FAILED), ended(ChangeState.UNKNOWN)
    again, look = (lifecycle.retry(one, by=ADA, now=5) for one in (failed, unknown))

    assert with_room(again, failed, WITHIN, found=True).within == WITHIN
    assert with_room(look, unknown, WITHIN, found=True) == look
    without = with_room(again, failed, WITHIN, found=False)
    assert (without.within, spending(without.case)) == ((), None)
    found = with_room(lifecycle.retry(failed, by=ADA, now=6), failed, WITHIN, found=True)
    assert spending(found.case) == TAKEN


def test_what_is_taken_once_more_counts_from_then_on_and_else_from_the_approval():
    failed = ended(ChangeState.FAILED)
    retried = with_room(lifecycle.retry(failed, by=ADA, now=6), failed, WITHIN, found=True).case

    assert counted_at(approved(), now=9) == approved().request.decided
    assert (counted_at(failed, now=9), counted_at(retried, now=9)) == (9, 6)


def test_somebody_elses_approval_voids_the_question():
    step = lifecycle.overtake(pending(), by=GRACE, shown=1, now=3)

    assert step is not None
    request = step.case.request
    assert (request.state, request.due, request.preview, request.version) == (State.PREPARING, 3, {}, 1)
    assert (names(step), step.events[0].actor) == (["request.overtaken"], GRACE)
    anew = partial(lifecycle.overtake, by=GRACE, now=3)
    assert [anew(one, shown=at) for one, at in ((approved(), 1), (pending(), 0), (preparing(), 0))] == [None] * 3


def test_only_a_revoke_that_takes_back_what_another_request_gave_undoes_it():
    revoke = replace(approved().request, action=Action.REVOKE, parent="R-1")

    assert undoes(revoke)
    assert not undoes(replace(revoke, parent=None))
    assert not undoes(replace(revoke, action=Action.GRANT))
    assert not undoes(replace(revoke, planned=9.0))


def test_a_sum_is_of_whom_and_when_and_what_it_is_about():
    untold = replace(TAKEN, value=None)
    small, revoke = replace(TAKEN, rule="small"), replace(TAKEN, action=Action.REVOKE, rule="small")
    taken = [(1.0, TAKEN), (2.0, small), (3.0, untold), (4.0, replace(TAKEN, undone=1)), (5.0, revoke)]
    taken += [(6.0, replace(TAKEN, requester="UBOB")), (9.0, TAKEN)]
    budget = Scope(requesters=frozenset({"UADA"}), since=1.0, until=9.0)

    granted, automatic = summed(taken, budget), summed(taken, replace(budget, rule="small"))
    assert (granted.requests, granted.value("usd"), granted.untold) == (3, 39_800, 1)
    assert (automatic.requests, automatic.value("USD"), automatic.value("EUR")) == (2, 39_800, 0)
    listed = replace(TAKEN, value=3 * 19_900, customers=3)
    kept = [summed([(1.0, replace(listed, undone=many))], budget) for many in range(4)]
    assert [(one.requests, one.value("USD")) for one in kept] == [(1, 59_700), (1, 39_800), (1, 19_900), (0, 0)]
