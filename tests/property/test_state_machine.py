import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from bot.domain.request import Choice
from tests.property.machine import (
    ADA,
    DONE_CONFIRMED,
    DONE_LOST,
    EVERY_GUARD,
    GRACE,
    LINUS,
    MONTH,
    REFUSED,
    Machine,
)

RUNS = settings(
    max_examples=200,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    database=None,
)


@pytest.mark.parametrize("repeatable", [True, False], ids=["repeatable", "never-repeated"])
def test_no_path_leads_to_a_second_effect_a_self_approval_or_an_untold_step(repeatable):
    machine = type("Whole", (Machine,), {"repeatable": repeatable})

    run_state_machine_as_test(machine, settings=RUNS)


def test_no_path_leads_to_a_change_that_fewer_people_have_approved_than_the_rule_asks_for():
    machine = type("Several", (Machine,), {"quorum": 2})

    run_state_machine_as_test(machine, settings=settings(RUNS, max_examples=50))


class Script:
    """Stands in for chance: the next thing drawn is the next one on the list."""

    def __init__(self, *picks):
        self.picks = list(picks)

    def draw(self, strategy):
        pick = self.picks.pop(0)
        return strategy.elements[pick] if isinstance(pick, int) else pick


def approved(machine):
    machine.decides(Script(0), who=LINUS, back=0, choice=Choice.APPROVE)


def the_requester_clicks(machine):
    machine.decides(Script(0), who=ADA, back=0, choice=Choice.APPROVE)


def an_old_question_is_clicked(machine):
    approved(machine)
    machine.claims(None)
    machine.finds_the_world_changed(Script(0))
    machine.decides(Script(0), who=GRACE, back=1, choice=Choice.APPROVE)


def a_sent_change_is_sent_once_more(machine):
    approved(machine)
    machine.claims(None)
    for _ in range(2):
        machine.sends(Script(0))
        machine.calls(Script(0, DONE_LOST))
        machine.hears(Script(0))


def a_frozen_process_hears_of_its_refusal_when_another_one_has_done_it(machine):
    approved(machine)
    machine.claims(None)
    machine.sends(Script(0))
    machine.calls(Script(0, REFUSED))
    machine.time_passes(31.0)
    machine.claims(None)
    for _ in range(3):
        machine.reads(Script(1))
    machine.calls(Script(0, DONE_LOST))
    machine.hears(Script(0))


def an_editor_clicks(machine):
    machine.edits_it(Script(0), who=GRACE, back=0)
    machine.decides(Script(0), who=GRACE, back=0, choice=Choice.APPROVE)


def an_old_preview_arrives_late(machine):
    machine.edits_it(Script(0), who=ADA, back=0, shown=False)
    machine.looks_up(None)
    machine.time_passes(31.0)
    machine.shows(Script(1))
    machine.edits_it(Script(0), who=ADA, back=0, shown=False)
    machine.shows(Script(0))


def one_of_two_approves(machine):
    machine.quorum = 2
    machine.submits(GRACE)
    machine.decides(Script(1), who=LINUS, back=0, choice=Choice.APPROVE)


TEMPTATIONS = [
    ("version", an_old_question_is_clicked, True, "another version"),
    (
        "attempts",
        a_frozen_process_hears_of_its_refusal_when_another_one_has_done_it,
        True,
        "told as not done, and it was",
    ),
    ("sent", a_sent_change_is_sent_once_more, False, "a second effect"),
    ("self-approval", the_requester_clicks, True, "self-approval"),
    ("quorum", one_of_two_approves, True, "too few approvals"),
    ("editors", an_editor_clicks, True, "an editor decided"),
    ("unless-edited", an_old_preview_arrives_late, True, "an older preview"),
]


def tempted(tempt, *, guards, repeatable):
    """Play one script and return which properties it broke."""
    machine = type("Tempted", (Machine,), {"guards": guards, "repeatable": repeatable})()
    try:
        machine.begins(ADA)
        tempt(machine)
        return [fault for fault in (broken(invariant, machine) for invariant in machine.invariants) if fault]
    finally:
        machine.teardown()


def broken(invariant, machine):
    try:
        invariant.function(machine)
    except AssertionError as fault:
        return str(fault).splitlines()[0]
    return None


@pytest.mark.parametrize(("guard", "tempt", "repeatable", "fault"), TEMPTATIONS, ids=[one[0] for one in TEMPTATIONS])
def test_each_guard_stands_against_a_fault_that_the_properties_would_see(guard, tempt, repeatable, fault):
    assert tempted(tempt, guards=EVERY_GUARD, repeatable=repeatable) == []
    assert fault in tempted(tempt, guards=EVERY_GUARD - {guard}, repeatable=repeatable)


def granted_for_a_time(machine):
    machine.intervenes(Script(0), who=ADA, what="cancel")
    machine.submits(ADA, term=MONTH)
    machine.decides(Script(1), who=LINUS, back=0, choice=Choice.APPROVE)
    machine.claims(None)
    machine.sends(Script(0))
    machine.calls(Script(0, DONE_CONFIRMED))
    machine.hears(Script(0))
    machine.reads(Script(0))


def granted_anew(machine, term):
    granted_for_a_time(machine)
    machine.time_passes(31.0)
    machine.submits(ADA, term=term)
    machine.decides(Script(2), who=LINUS, back=0, choice=Choice.APPROVE)
    machine.claims(None)
    machine.finds_it_so(Script(1))


def ends_after(tempt):
    """Play one script; return what is wrong, and whose ends stand."""
    machine = Machine()
    try:
        machine.begins(ADA)
        tempt(machine)
        faults = [fault for fault in (broken(invariant, machine) for invariant in machine.invariants) if fault]
        standing = machine.run(machine.store.ending(until=machine.now + 60 * 86_400, requester=None, limit=9))
        return faults, [machine.ids.index(one.case.request.parent) for one in standing]
    finally:
        machine.teardown()


def test_what_is_granted_for_a_time_has_its_end():
    assert ends_after(granted_for_a_time) == ([], [1])


def test_a_second_grant_for_a_time_takes_the_place_of_the_first_ones_end():
    assert ends_after(lambda machine: granted_anew(machine, MONTH)) == ([], [2])


def test_a_second_grant_for_good_leaves_no_end():
    assert ends_after(lambda machine: granted_anew(machine, None)) == ([], [])
