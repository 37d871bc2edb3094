"""Several approvals for one version: given, counted, withdrawn, void."""

import pytest

from bot.domain import approvals, lifecycle
from bot.domain.approvals import Progress
from bot.domain.errors import AlreadyApproved, AlreadyDecided, NothingToWithdraw, OlderThanDeed, OlderVersion
from bot.domain.policy import Terms, tally_all
from bot.domain.request import Choice, Person, State
from tests.unit.domain.test_lifecycle import GRACE, LINUS, claimed, drift, names, pending

OLGA = Person("T1", "UOLGA")
NAMED = (GRACE.id, LINUS.id, OLGA.id)


def two(case, *, named=NAMED):
    ids = [one.by.id for one in case.approvals]
    return tally_all([Terms(approvers=named, quorum=2)], ids, requester=case.request.requester.id, members={})


def approve(case, by, *, now=2.0, count=two, said=None):
    return lifecycle.decide(case, Choice.APPROVE, by=by, shown=case.request.version, now=now, count=count, said=said)


def withdraw(case, by, *, now=3.0, shown=1, said=None):
    return approvals.withdraw(case, by=by, shown=shown, count=two, now=now, said=said)


def half():
    return approve(pending(), GRACE).case


def people(case):
    return [one.by.id for one in case.approvals]


def test_the_first_of_two_leaves_it_pending_and_sends_nothing():
    step = approve(pending(), GRACE)
    progress = Progress.of(step.case.request)

    assert names(step) == ["approval.given"]
    assert (step.case.request.state, step.case.main.due, step.case.verdict) == (State.PENDING, None, None)
    assert (progress.approved, progress.missing, progress.awaited) == ((GRACE.id,), 1, (LINUS.id, OLGA.id))
    assert step.events[0].data["approvers"] == [GRACE.id]


def test_the_second_of_two_makes_the_changes_due_in_the_same_step():
    step = approve(half(), LINUS, now=5.0)

    assert names(step) == ["request.approved"]
    assert (step.case.request.state, step.case.request.decided, step.case.main.due) == (State.APPROVED, 5.0, 5.0)
    assert (people(step.case), step.case.verdict.by) == ([GRACE.id, LINUS.id], LINUS)


def test_nobody_counts_twice():
    with pytest.raises(AlreadyApproved) as refused:
        approve(half(), GRACE)

    assert (refused.value.missing, refused.value.awaited) == (1, (LINUS.id, OLGA.id))


def test_an_approval_that_counts_no_more_is_struck_out_when_the_next_one_comes():
    step = approve(half(), LINUS, count=lambda case: two(case, named=(LINUS.id, OLGA.id)))

    assert names(step) == ["approval.lapsed", "approval.given"]
    assert step.events[0].data["approver"] == GRACE.id
    assert (people(step.case), step.case.request.state) == ([LINUS.id], State.PENDING)


def test_a_withdrawn_approval_counts_no_more_and_may_be_given_again():
    step = withdraw(half(), GRACE)
    again = approve(step.case, GRACE, now=4.0).case

    assert names(step) == ["approval.withdrawn"]
    assert (people(step.case), Progress.of(step.case.request).missing) == ([], 2)
    assert people(again) == [GRACE.id]


def test_only_ones_own_approval_is_withdrawn():
    with pytest.raises(NothingToWithdraw):
        withdraw(half(), LINUS)


def test_nothing_is_withdrawn_once_there_are_enough():
    with pytest.raises(AlreadyDecided):
        withdraw(approve(half(), LINUS).case, GRACE)


def test_a_withdrawal_is_for_the_version_that_was_shown():
    with pytest.raises(OlderVersion):
        withdraw(half(), GRACE, shown=2)


def test_what_was_written_before_a_withdrawal_approves_no_more():
    case = withdraw(half(), GRACE, now=10.0).case

    with pytest.raises(OlderThanDeed):
        approve(case, GRACE, now=11.0, said=9.0)
    assert people(approve(case, GRACE, now=11.0, said=10.5).case) == [GRACE.id]


def test_what_was_written_before_an_approval_withdraws_nothing():
    case = approve(pending(), GRACE, now=10.0).case

    with pytest.raises(OlderThanDeed):
        withdraw(case, GRACE, now=11.0, said=9.0)


def test_one_denial_ends_it_and_replaces_an_approval_by_the_same_person():
    step = lifecycle.decide(half(), Choice.DENY, by=GRACE, shown=1, now=4.0, note="no")

    assert (step.case.request.state, step.case.verdict.choice) == (State.DENIED, Choice.DENY)
    assert [(one.by, one.choice) for one in step.case.decisions] == [(GRACE, Choice.DENY)]


def test_what_ends_unfilled_was_decided_by_nobody():
    case = lifecycle.expire(half(), now=1e9).case

    assert (case.request.state, case.verdict) == (State.EXPIRED, None)


def test_a_new_version_begins_with_no_approval():
    case = drift(claimed(approve(half(), LINUS).case))

    assert (people(case), Progress.of(case.request), len(case.decisions)) == ([], Progress(), 2)
