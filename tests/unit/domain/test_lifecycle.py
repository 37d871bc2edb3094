from dataclasses import replace

import pytest

from bot.domain import attempt, lifecycle
from bot.domain.errors import (
    AlreadyDecided,
    ContactNotFound,
    NothingToRetry,
    NotRequester,
    OlderVersion,
    OwnRequest,
    TooLate,
)
from bot.domain.preview import Preview
from bot.domain.request import Action, Case, Change, ChangeState, Choice, Contact, Offer, Person, Request, State
from bot.domain.states import CHANGE_NEXT, NEXT, IllegalStep, Timing, move

ADA, GRACE, LINUS = Person("T1", "UADA"), Person("T1", "UGRACE"), Person("T1", "ULINUS")
OFFER = Offer(provider="kajabi", id="7", title="Bundle", price=19900, currency="USD")
JANE = Contact(provider="kajabi", address="jane@example.com", id="c-1", ref=1)
TIMING = Timing(reminder=10, expiry=100)


def preparing(*, creates=False):
    request = Request(
        id="R-2222",
        action=Action.GRANT,
        provider="kajabi",
        state=State.PREPARING,
        requester=ADA,
        channel="C1",
        offer=OFFER,
        reason="refund case 12",
        created=0,
        creates_contact=creates,
        due=0,
    )
    grant = Change(id=2, request_id="R-2222", action=Action.GRANT, provider="kajabi", contact=JANE, offer_id="7")
    if not creates:
        return Case(request=request, changes=(grant,))
    create = replace(grant, id=1, action=Action.CREATE, offer_id="")
    return Case(request=request, changes=(create, replace(grant, after=1)))


def pending(**kwargs):
    step = lifecycle.prepare(
        preparing(**kwargs), preview=Preview(), fingerprint="f", offer=OFFER, contact=None, timing=TIMING, now=1
    )
    return step.case


def approved(**kwargs):
    return lifecycle.decide(pending(**kwargs), Choice.APPROVE, by=GRACE, shown=1, now=2).case


def claimed(case, change_id=2):
    one = case.change(change_id)
    changes = tuple(replace(c, attempts=one.attempts + 1) if c.id == change_id else c for c in case.changes)
    return replace(case, changes=changes)


def sent(**kwargs):
    return attempt.send(claimed(approved(**kwargs)), 2, attempt=1, now=3).case


def ended(to):
    return attempt.finish(sent(), 2, attempt=1, to=to, now=4, code="x").case


def names(step):
    return [event.name for event in step.events]


def test_every_state_has_a_row_and_endings_lead_nowhere():
    assert set(NEXT) == set(State)
    assert set(CHANGE_NEXT) == set(ChangeState)
    assert {state for state, after in NEXT.items() if not after} == {
        State.SUCCEEDED,
        State.UNNEEDED,
        State.DENIED,
        State.EXPIRED,
        State.CANCELLED,
    }


def test_a_step_the_table_does_not_have_is_a_fault():
    with pytest.raises(IllegalStep):
        move(pending().request, State.SUCCEEDED)


def test_an_approval_makes_the_changes_due_and_is_remembered_for_that_version():
    case = approved()

    assert case.request.state is State.APPROVED
    assert case.main.due == 2
    assert (case.verdict.by, case.verdict.version) == (GRACE, 1)


def test_nobody_decides_on_a_request_of_their_own():
    with pytest.raises(OwnRequest):
        lifecycle.decide(pending(), Choice.APPROVE, by=Person("T2", "UADA"), shown=1, now=2)


def test_the_second_decision_finds_nothing_to_decide():
    with pytest.raises(AlreadyDecided) as refusal:
        lifecycle.decide(approved(), Choice.DENY, by=LINUS, shown=1, now=3)

    assert refusal.value.by == "UGRACE"


def test_a_click_on_an_older_version_decides_nothing():
    drifted = drift(claimed(approved()))
    with pytest.raises(OlderVersion):
        lifecycle.decide(drifted, Choice.APPROVE, by=LINUS, shown=1, now=9)

    assert lifecycle.decide(drifted, Choice.APPROVE, by=LINUS, shown=2, now=9).case.request.state is State.APPROVED


def drift(case):
    dearer = replace(OFFER, price=29900)
    step = attempt.drift(
        case,
        2,
        attempt=1,
        preview=Preview(),
        fingerprint="g",
        offer=dearer,
        why="WorldChanged",
        changed=("price",),
        timing=TIMING,
        now=5,
    )
    return step.case if step else None


def test_a_drift_voids_the_approval_and_asks_again():
    case = drift(claimed(approved()))

    assert (case.request.state, case.request.version) == (State.PENDING, 2)
    assert case.verdict is None
    assert case.main.due is None


@pytest.mark.parametrize(("policy", "others"), [("one", False), ("two", True)])
def test_a_drift_says_whether_it_is_decided_by_other_rules_now(policy, others):
    shown = shown_with(policy="one")
    case = lifecycle.decide(shown, Choice.APPROVE, by=GRACE, shown=1, now=2).case
    step = attempt.drift(
        claimed(case),
        2,
        attempt=1,
        preview=Preview(policy=policy),
        fingerprint="g",
        offer=OFFER,
        why="x",
        timing=TIMING,
        now=3,
    )

    assert step.events[0].data["other_rules"] is others


def test_nothing_drifts_once_it_is_sent():
    assert drift(sent()) is None


def test_a_denial_ends_the_request_and_cancels_its_changes():
    step = lifecycle.decide(pending(), Choice.DENY, by=GRACE, shown=1, note="too dear", now=2)

    assert step.case.request.state is State.DENIED
    assert step.case.main.state is ChangeState.CANCELLED
    assert step.events[0].text == "too dear"


def test_only_the_attempt_that_holds_the_change_may_send_it():
    case = claimed(claimed(approved()))

    assert attempt.send(case, 2, attempt=1, now=3) is None
    assert attempt.send(case, 2, attempt=2, now=3) is not None


def test_nothing_is_sent_twice():
    assert attempt.send(sent(), 2, attempt=1, now=4) is None


def test_a_repetition_happens_at_most_once():
    again = attempt.send_again(sent(), 2, attempt=1, now=4).case

    assert attempt.send_again(again, 2, attempt=1, now=5) is None


def test_a_frozen_attempt_finishes_nothing():
    taken_over = claimed(sent())

    assert attempt.finish(taken_over, 2, attempt=1, to=ChangeState.SUCCEEDED, now=9) is None


def test_a_receipt_is_not_an_ending():
    step = attempt.confirm(sent(), 2, attempt=1, receipt="200", now=4)

    assert step.case.request.state is State.EXECUTING
    assert names(step) == ["change.confirmed"]


@pytest.mark.parametrize(
    ("to", "state"),
    [
        (ChangeState.SUCCEEDED, State.SUCCEEDED),
        (ChangeState.FAILED, State.FAILED),
        (ChangeState.UNKNOWN, State.UNKNOWN),
        (ChangeState.UNNEEDED, State.UNNEEDED),
    ],
)
def test_the_last_change_ends_the_request(to, state):
    assert ended(to).request.state is state


def test_what_is_already_so_ends_without_being_sent_and_passes_through_executing():
    step = attempt.finish(claimed(approved()), 2, attempt=1, to=ChangeState.UNNEEDED, now=3)

    assert step.case.request.state is State.UNNEEDED


def test_a_grant_waits_for_the_contact_to_be_created():
    case = approved(creates=True)
    assert case.creation.due == 2
    assert case.main.due is None

    case = attempt.send(claimed(case, 1), 1, attempt=1, now=3).case
    new = Contact(provider="kajabi", address="jane@example.com", id="c-9")
    case = attempt.finish(case, 1, attempt=1, to=ChangeState.SUCCEEDED, contact=new, now=4).case

    assert case.main.due == 4
    assert (case.main.contact.id, case.main.contact.ref) == ("c-9", 1)
    assert case.request.state is State.EXECUTING


def test_a_contact_that_could_not_be_created_ends_the_grant_unsent():
    case = attempt.send(claimed(approved(creates=True), 1), 1, attempt=1, now=3).case
    case = attempt.finish(case, 1, attempt=1, to=ChangeState.FAILED, now=4, code="422").case

    assert (case.main.state, case.main.error) == (ChangeState.FAILED, "ContactNotCreated")
    assert case.request.state is State.FAILED


def test_a_grant_whose_contact_is_unknown_waits_for_a_person_who_settles_it():
    case = attempt.send(claimed(approved(creates=True), 1), 1, attempt=1, now=3).case
    case = attempt.finish(case, 1, attempt=1, to=ChangeState.UNKNOWN, now=4, look_again=60).case
    assert case.request.state is State.UNKNOWN

    case = lifecycle.settle(case, done=True, by=GRACE, now=5, note="seen in Kajabi").case

    assert case.request.state is State.EXECUTING
    assert case.main.due == 5


def test_after_a_drift_an_approval_starts_the_grant_whose_contact_exists_by_now():
    case = attempt.send(claimed(approved(creates=True), 1), 1, attempt=1, now=3).case
    case = claimed(attempt.finish(case, 1, attempt=1, to=ChangeState.SUCCEEDED, now=4).case)
    case = drift(case)

    case = lifecycle.decide(case, Choice.APPROVE, by=GRACE, shown=2, now=6).case

    assert case.creation.state is ChangeState.SUCCEEDED
    assert case.main.due == 6


def test_cancel_reaches_only_what_is_not_sent():
    assert lifecycle.cancel(approved(), by=ADA, now=3).case.request.state is State.CANCELLED
    with pytest.raises(TooLate):
        lifecycle.cancel(sent(), by=ADA, now=4)


def test_only_the_requester_cancels():
    with pytest.raises(NotRequester):
        lifecycle.cancel(pending(), by=GRACE, now=3)


def test_a_failure_can_be_left_as_it_is_once():
    left = lifecycle.cancel(ended(ChangeState.FAILED), by=ADA, now=5).case

    assert (left.request.state, left.request.left) == (State.FAILED, True)
    with pytest.raises(TooLate):
        lifecycle.cancel(left, by=ADA, now=6)


def test_a_retry_forgets_the_old_attempt_so_that_the_world_is_compared_again():
    case = lifecycle.retry(ended(ChangeState.FAILED), by=ADA, now=5).case

    assert case.request.state is State.EXECUTING
    assert (case.main.state, case.main.sent, case.main.due) == (ChangeState.TODO, None, 5)


def test_looking_again_never_forgets_that_it_was_sent():
    case = lifecycle.retry(ended(ChangeState.UNKNOWN), by=ADA, now=5).case

    assert (case.main.state, case.main.sent, case.main.due) == (ChangeState.UNKNOWN, 3, 5)


def test_what_succeeded_is_not_retried():
    with pytest.raises(NothingToRetry):
        lifecycle.retry(ended(ChangeState.SUCCEEDED), by=ADA, now=5)


def test_the_requester_settles_nothing():
    with pytest.raises(OwnRequest):
        lifecycle.settle(ended(ChangeState.UNKNOWN), done=True, by=ADA, now=5)


def test_a_look_nobody_asked_for_that_finds_nothing_is_no_news():
    unknown = claimed(ended(ChangeState.UNKNOWN))
    step = attempt.finish(unknown, 2, attempt=2, to=ChangeState.UNKNOWN, now=50, look_again=99)

    assert step.events == ()
    assert step.case.main.due == 99


def test_a_look_somebody_asked_for_that_finds_nothing_is_told():
    asked = claimed(lifecycle.retry(ended(ChangeState.UNKNOWN), by=GRACE, now=5).case)
    step = attempt.finish(asked, 2, attempt=2, to=ChangeState.UNKNOWN, now=6, look_again=99)

    assert names(step) == ["request.unknown"]


def test_a_call_that_surely_did_nothing_may_be_sent_again():
    step = attempt.wait(sent(), 2, attempt=1, timing=TIMING, until=9, code="Unavailable: 429", undone=True, now=4)

    assert step.case.main.sent is None


def test_after_a_repetition_no_single_refusal_proves_that_nothing_happened():
    again = attempt.send_again(sent(), 2, attempt=1, now=4).case
    step = attempt.wait(again, 2, attempt=1, timing=TIMING, until=9, code="Unavailable: 429", undone=True, now=5)

    assert step.case.main.sent == 3


def test_the_same_trouble_is_told_once():
    first = attempt.wait(sent(), 2, attempt=1, timing=TIMING, until=9, code="Unavailable: 503", now=4)
    second = attempt.wait(first.case, 2, attempt=1, timing=TIMING, until=19, code="Unavailable: 503", now=9)

    assert names(first) == ["change.postponed"]
    assert names(second) == []


def test_time_reminds_once_and_then_ends_it():
    reminded = lifecycle.remind(pending(), now=11).case
    assert lifecycle.remind(reminded, now=12) is None
    assert lifecycle.expire(reminded, now=50) is None

    assert lifecycle.expire(reminded, now=101).case.request.state is State.EXPIRED


def shown_with(**terms):
    return lifecycle.prepare(
        preparing(), preview=Preview(**terms), fingerprint="f", offer=OFFER, contact=None, timing=TIMING, now=1
    ).case


def test_each_reminder_has_a_date_of_its_own_and_of_several_missed_ones_there_is_one():
    case = shown_with(reminders=(5, 20, 30))
    dates = [case.request.due]
    for now in (6, 35):
        case = lifecycle.remind(case, now=now).case
        dates.append(case.request.due)

    assert dates == [6, 21, 101]
    assert lifecycle.remind(case, now=40) is None


def test_what_an_older_release_showed_is_reminded_of_once():
    shown = pending()
    old = replace(shown, request=replace(shown.request, preview={}))
    reminded = lifecycle.remind(old, now=11).case

    assert reminded.request.due == 101
    assert lifecycle.remind(reminded, now=12) is None


def test_it_is_escalated_once_when_its_time_has_come_and_adds_to_those_who_may_decide():
    case = shown_with(approvers=("UGRACE",), escalate_to=("UOLGA", "UGRACE"), escalate_after=50, reminders=(5,))
    assert lifecycle.escalate(case, now=50) is None
    reminded = lifecycle.remind(case, now=6).case
    step = lifecycle.escalate(reminded, outside={"UOLGA"}, now=51)

    assert reminded.request.due == 51
    assert step.events[0].data == {"version": 1, "to": ["UOLGA", "UGRACE"], "outside": ["UOLGA"]}
    assert step.case.request.preview["approvers"] == ["UGRACE", "UOLGA"]
    assert (step.case.request.version, step.case.request.due) == (1, 101)
    assert lifecycle.escalate(step.case, now=52) is None
    assert lifecycle.escalate(approved(), now=52) is None


def test_what_is_shown_anew_is_reminded_of_and_escalated_anew():
    case = shown_with(approvers=("UGRACE",), escalate_to=("UOLGA",), escalate_after=50, reminders=(5,))
    case = lifecycle.escalate(lifecycle.remind(case, now=6).case, now=51).case
    case = lifecycle.decide(case, Choice.APPROVE, by=GRACE, shown=1, now=60).case
    preview = Preview(approvers=("UGRACE",), escalate_to=("UOLGA",), escalate_after=50, reminders=(5,))
    drifted = attempt.drift(
        claimed(case), 2, attempt=1, preview=preview, fingerprint="g", offer=OFFER, why="x", timing=TIMING, now=70
    )
    shown = drifted.case.request

    assert (shown.due, shown.preview["escalated"], shown.preview["approvers"]) == (75, None, ("UGRACE",))
    assert lifecycle.escalate(drifted.case, now=119) is None
    assert lifecycle.escalate(drifted.case, now=120) is not None


def test_what_turns_out_wrong_is_given_back_before_anybody_sees_it():
    step = lifecycle.give_back(preparing(), ContactNotFound(), now=1)

    assert (step.case.request.state, step.case.request.note) == (State.CANCELLED, "ContactNotFound")
    assert lifecycle.give_back(pending(), ContactNotFound(), now=2) is None


def test_what_was_cancelled_is_not_brought_back_by_trying_its_preparation_again():
    case = attempt.send(claimed(approved(creates=True), 1), 1, attempt=1, now=3).case
    case = lifecycle.cancel(case, by=ADA, now=4).case
    case = attempt.finish(case, 1, attempt=1, to=ChangeState.FAILED, now=5, code="refused").case

    assert (case.request.state, case.main.state) == (State.FAILED, ChangeState.CANCELLED)
    with pytest.raises(NothingToRetry):
        lifecycle.retry(case, by=ADA, now=6)


def test_time_decides_though_nobody_has_looked_at_the_clock_yet():
    with pytest.raises(AlreadyDecided):
        lifecycle.decide(pending(), Choice.APPROVE, by=GRACE, shown=1, now=101)
