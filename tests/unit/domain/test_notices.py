from dataclasses import replace

import pytest

from bot.domain.notices import Notices
from bot.domain.request import AuditEvent, Message, MessageKind, State
from tests.unit.domain.test_lifecycle import ADA, GRACE, pending, preparing

NOTICES = Notices(alerts="CALERTS")
CARD, ASK, LINE, RESULT = MessageKind.CARD, MessageKind.ASK, MessageKind.LINE, MessageKind.RESULT
DIRECT, ALERT = MessageKind.DIRECT, MessageKind.ALERT
#: where the case of these tests is shown, and who has asked for it
C1, ADAS = "C1", "UADA"


def event(name, *, by=None, **data):
    return AuditEvent(name=name, at=9.0, request_id="R-2222", actor=by, data=data, seq=12)


def owed(told, case=None, notices=NOTICES):
    return list(notices.owed(told, case or pending()))


def told_to(messages):
    return [(message.kind, message.to) for message in messages]


@pytest.mark.parametrize(
    ("name", "rows", "bad", "given"),
    [
        ("request.prepared", {"do": 3}, 0, False),
        ("request.prepared", {"do": 3}, 1, True),
        ("request.prepared", {"do": 3, "not_found": 1}, 0, True),
        ("request.approved", {"do": 3}, 1, False),
        ("request.returned", {}, 0, True),
        ("request.succeeded", {}, 0, True),
        ("request.partly", {}, 0, True),
    ],
)
def test_a_list_is_given_where_somebody_is_left_out_and_at_the_end(name, rows, bad, given):
    case = pending()
    case = replace(case, request=replace(case.request, size=4, bad=bad))
    found = [one for one in owed(event(name, rows=rows), case) if one.kind is MessageKind.FILE]

    assert [(one.to, one.parent) for one in found] == [(C1, "R-2222/card")] * given


@pytest.mark.parametrize(
    ("name", "by", "told"),
    [
        ("request.submitted", ADA, []),
        ("request.edited", ADA, [(CARD, C1), (LINE, C1)]),
        ("request.edited", GRACE, [(CARD, C1), (LINE, C1), (DIRECT, ADAS)]),
        ("request.returned", None, [(CARD, C1), (LINE, C1), (DIRECT, ADAS)]),
        ("request.postponed", None, [(CARD, C1), (DIRECT, ADAS)]),
        ("request.prepared", None, [(CARD, C1), (ASK, C1)]),
        ("request.reminded", None, [(CARD, C1), (LINE, C1)]),
        ("request.escalated", None, [(CARD, C1), (ASK, C1), (LINE, C1)]),
        ("request.approved", GRACE, [(CARD, C1), (LINE, C1), (DIRECT, ADAS)]),
        ("request.denied", GRACE, [(CARD, C1), (LINE, C1), (DIRECT, ADAS)]),
        ("request.expired", None, [(CARD, C1), (LINE, C1), (DIRECT, ADAS)]),
        ("request.cancelled", ADA, [(CARD, C1), (LINE, C1)]),
        ("request.drifted", None, [(CARD, C1), (ASK, C1), (LINE, C1), (DIRECT, ADAS)]),
        ("change.sent", None, [(CARD, C1)]),
        ("change.confirmed", None, [(CARD, C1)]),
        ("change.verified", None, [(CARD, C1)]),
        ("change.postponed", None, [(CARD, C1), (LINE, C1)]),
        ("change.lost", None, [(CARD, C1), (LINE, C1)]),
        ("request.succeeded", None, [(CARD, C1), (RESULT, C1), (DIRECT, ADAS)]),
        ("request.unneeded", None, [(CARD, C1), (RESULT, C1), (DIRECT, ADAS)]),
        ("request.failed", None, [(CARD, C1), (RESULT, C1), (DIRECT, ADAS), (ALERT, "CALERTS")]),
        ("request.partly", None, [(CARD, C1), (RESULT, C1), (DIRECT, ADAS), (ALERT, "CALERTS")]),
        ("request.unknown", None, [(CARD, C1), (RESULT, C1), (DIRECT, ADAS), (ALERT, "CALERTS")]),
        ("request.retried", ADA, [(CARD, C1), (LINE, C1)]),
        ("request.left", ADA, [(CARD, C1), (LINE, C1)]),
        ("request.settled", GRACE, [(CARD, C1), (LINE, C1), (DIRECT, ADAS)]),
        ("message.undeliverable", None, [(DIRECT, ADAS), (ALERT, "CALERTS")]),
    ],
)
def test_told_is(name, by, told):
    assert told_to(owed(event(name, by=by))) == told


def test_that_nobody_decided_on_what_must_be_decided_is_told_where_failures_are():
    told = event("request.reminded", overdue=True)
    assert told_to(owed(told)) == [(CARD, C1), (LINE, C1), (ALERT, "CALERTS")]
    assert NOTICES.outdates(told, pending()) == {ASK}  # its date is another one
    assert NOTICES.goes_on(told)


@pytest.mark.parametrize("name", ["request.approved", "request.settled", "request.succeeded", "request.drifted"])
def test_nobody_is_told_in_person_what_they_did_themselves(name):
    assert (DIRECT, ADAS) in told_to(owed(event(name, by=GRACE)))
    assert (DIRECT, ADAS) not in told_to(owed(event(name, by=ADA)))


@pytest.mark.parametrize("name", ["request.prepared", "request.drifted"])
def test_who_would_not_see_the_question_is_asked_directly(name):
    messages = owed(event(name, outside=["ULINUS", "UOLGA"]))

    asks = [one for one in messages if one.kind is ASK]
    assert told_to(asks) == [(ASK, C1), (ASK, "ULINUS"), (ASK, "UOLGA")]
    assert [one.parent for one in asks] == ["R-2222/card", None, None]
    assert {one.asks for one in asks} == {1}


def test_whom_it_is_escalated_to_is_named_in_the_question_and_asked_directly_where_they_would_not_see_it():
    messages = owed(event("request.escalated", to=["ULINUS", "UOLGA"], outside=["UOLGA"]))
    (question,) = [one for one in owed(event("request.prepared")) if one.kind is ASK]

    asks = [one for one in messages if one.kind is ASK]
    assert told_to(asks) == [(ASK, C1), (ASK, "UOLGA")]
    assert asks[0].key == question.key


def test_a_reminder_is_for_the_people_it_names_and_an_escalation_for_nobody_but_those_it_is_for():
    assert NOTICES.reminds(event("request.reminded", people=["UGRACE", "ULINUS"])) == ("UGRACE", "ULINUS")
    assert NOTICES.reminds(event("request.escalated", people=["UGRACE"])) == ()


def test_a_new_version_is_a_new_question_and_the_same_card():
    first = owed(event("request.prepared"))
    shown = pending()
    second = owed(event("request.drifted"), replace(shown, request=replace(shown.request, version=2)))

    cards = {one.key for one in (*first, *second) if one.kind is CARD}
    asks = [(one.key, one.asks) for one in (*first, *second) if one.kind is ASK]
    assert cards == {"R-2222/card"}
    assert asks == [("R-2222/ask/1", 1), ("R-2222/ask/2", 2)]


@pytest.mark.parametrize("name", ["request.cancelled", "change.postponed", "request.expired"])
def test_before_there_is_a_card_nothing_is_told_in_its_thread(name):
    assert told_to(owed(event(name, by=ADA), preparing())) == []


def test_lines_and_results_stand_in_the_cards_thread_and_each_tells_its_event():
    for name in ("request.denied", "request.succeeded"):
        messages = owed(event(name))
        in_thread = [one for one in messages if one.kind in {LINE, RESULT}]

        assert [(one.parent, one.event) for one in in_thread] == [("R-2222/card", 12)]
        assert [(one.parent, one.event) for one in messages if one.kind is DIRECT] == [(None, 12)]
        assert len({one.key for one in messages}) == len(messages)


def test_without_an_alerts_channel_failures_are_told_to_their_people_alone():
    assert ALERT not in {one.kind for one in owed(event("request.failed"), notices=Notices())}


def test_a_failure_is_not_told_twice_in_the_alerts_channel():
    notices = Notices(alerts=C1)

    assert told_to(owed(event("request.failed"), notices=notices)) == [(CARD, C1), (RESULT, C1), (DIRECT, ADAS)]


# --- whose buttons no longer fit -----------------------------------------------------------------------------------


def outdated(name, *, state=State.PENDING, **data):
    case = pending()
    case = replace(case, request=replace(case.request, state=state))
    return NOTICES.outdates(event(name, **data), case)


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("request.approved", {ASK}),
        ("request.denied", {ASK}),
        ("request.expired", {ASK}),
        ("request.drifted", {ASK}),
        ("request.retried", {RESULT, DIRECT}),
        ("request.left", {RESULT, DIRECT}),
        ("request.settled", {RESULT, DIRECT}),
        ("request.prepared", set()),
        ("request.reminded", set()),
        ("change.sent", set()),
        ("request.succeeded", set()),
    ],
)
def test_buttons_are_outdated_by(name, kinds):
    assert outdated(name) == kinds


def test_a_cancelled_question_is_outdated_unless_it_still_waits():
    assert outdated("request.cancelled", state=State.CANCELLED) == {ASK}
    assert outdated("request.cancelled", state=State.PENDING) == frozenset()


@pytest.mark.parametrize("name", ["request.succeeded", "request.failed", "request.partly"])
def test_the_result_unknown_is_shown_anew_once_it_is_known(name):
    assert outdated(name, was="unknown") == {RESULT, DIRECT}
    assert outdated(name, was="executing") == frozenset()


def test_messages_are_due_in_their_first_version():
    for message in owed(event("request.failed")):
        assert isinstance(message, Message)
        assert (message.version, message.shown, message.request_id) == (1, 0, "R-2222")
