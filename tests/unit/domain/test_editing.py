from dataclasses import replace
from typing import Any

import pytest

from bot.domain import editing, lifecycle
from bot.domain.errors import NotEditable, NothingEdited, OlderVersion, OwnRequest
from bot.domain.request import Action, Choice, Contact, State, Submission
from tests.unit.domain.test_lifecycle import ADA, GRACE, LINUS, OFFER, approved, pending, preparing

MIA = Contact(provider="kajabi", address="mia@example.com", id="c-2", ref=2)


def asked(**fields):
    given: dict[str, Any] = {
        "action": Action.GRANT,
        "provider": "kajabi",
        "requester": ADA,
        "channel": "C1",
        "address": "mia@example.com",
        "offer_id": "7",
        "reason": "refund case 12",
        "key": "R-2222",
    }
    return Submission(**given | fields)


def edited(case, *, by=ADA, shown=1, now=2, contact=MIA, **fields):
    return editing.edit(case, asked(**fields), offer=OFFER, contact=contact, by=by, shown=shown, now=now)


def test_an_edit_is_prepared_anew_for_its_new_target_and_nobody_holds_the_changes_any_more():
    before = pending()
    before = replace(before, changes=tuple(replace(one, sent_to="c-1") for one in before.changes))
    case = edited(before, reason="another").case

    request = case.request
    assert (request.state, request.version, request.due, request.expires) == (State.PREPARING, 1, 2, None)
    assert (request.reason, request.preview, request.fingerprint) == ("another", {}, "")
    assert (case.main.contact, case.main.sent_to, case.main.due) == (MIA, None, None)
    assert case.main.attempts == before.main.attempts + 1


def test_an_edit_is_told_by_fields_and_rows_never_by_an_address():
    (event,) = edited(pending(), by=GRACE, reason="another").events

    assert (event.name, event.actor, event.text) == ("request.edited", GRACE, "another")
    assert event.data == {"version": 1, "fields": ["customer", "reason"], "contact_ref": 2, "offer": "7", "void": []}


def test_whoever_edits_decides_no_more_and_others_do():
    case = edited(pending(), by=GRACE).case
    shown = replace(case, request=replace(case.request, state=State.PENDING, version=2))

    assert shown.request.askers == {ADA.id, GRACE.id}
    for choice in Choice:
        with pytest.raises(OwnRequest):
            lifecycle.decide(shown, choice, by=GRACE, shown=2, now=3, note="no")
    assert lifecycle.decide(shown, Choice.APPROVE, by=LINUS, shown=2, now=3).case.request.state is State.APPROVED


def test_the_same_form_once_more_does_nothing_and_one_that_changes_nothing_says_so():
    case = edited(pending()).case

    assert edited(case) is None
    with pytest.raises(NotEditable):
        edited(case, by=GRACE)
    with pytest.raises(NothingEdited):
        edited(pending(), address="jane@example.com")


@pytest.mark.parametrize("case", [preparing(), approved()], ids=["preparing", "approved"])
def test_only_what_waits_for_a_decision_is_edited(case):
    with pytest.raises(NotEditable):
        edited(case, shown=case.request.version)


def test_what_has_expired_or_was_shown_differently_or_is_done_in_part_is_not_edited():
    case = pending(creates=True)
    created = replace(case.changes[0], sent=1.0)

    with pytest.raises(NotEditable):
        edited(pending(), now=1000)
    with pytest.raises(OlderVersion):
        edited(replace(pending(), request=replace(pending().request, version=2)), shown=1)
    with pytest.raises(NotEditable):
        edited(replace(case, changes=(created, case.changes[1])), name="Mia")


def test_a_contact_to_be_created_is_created_under_the_new_name_and_address():
    case = edited(pending(creates=True), name="Mia").case

    assert [(one.contact.address, one.contact.name, one.offer_id) for one in case.changes] == [
        ("mia@example.com", "Mia", ""),
        ("mia@example.com", "Mia", "7"),
    ]


def test_a_step_for_an_older_version_is_dropped():
    step = edited(pending())

    assert editing.unless_edited(pending(), step=lambda _: step, version=1) is step
    assert editing.unless_edited(pending(), step=lambda _: step, version=0) is None


def test_ids_of_what_is_to_be_revoked_are_edited_like_all_that_is_asked():
    step = edited(pending(), contact=MIA, address="mia@example.com", ids=("12", "34"))

    assert step.case.main.ids == ("12", "34")
    assert "ids" in step.events[0].data["fields"]
