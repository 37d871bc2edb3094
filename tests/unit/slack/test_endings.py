from dataclasses import replace

import pytest

from bot.domain.errors import GivenBack, NotAllowed
from bot.domain.request import Action, MessageKind, State
from bot.slack.rendering import render
from bot.words.outcomes import why
from tests.unit.slack.cases import ALERTS, SCENE, a_case, a_delivery, an_event, labels, shown

#: these carry what their sentence needs, and are never stored as the end of a change
UNTOLD = {
    "NotApprover",
    "RequestNotFound",
    "AlreadyApproved",
    "AlreadyDecided",
    "OlderVersion",
    "TooFewMayDecide",
    "EndTakesMore",
    "NotEditable",
    "TooLate",
    "NotAdmin",
    "Paused",
    "NotNamed",
    "RefusedByRule",
}


def test_a_result_claims_to_be_verified_only_after_a_read_back():
    event = an_event("request.succeeded", actor=None)
    read = a_case(State.SUCCEEDED)
    settled = replace(read, changes=(replace(read.main, verified=None, receipt="settled"),))

    assert "Done, verified <!date^1795255260^" in shown(render(a_delivery(MessageKind.RESULT, read, event), SCENE))
    for kind in MessageKind:
        told = render(a_delivery(kind, settled, event, asks=1), SCENE)
        assert "verified" not in shown(told)
        assert "undo" not in labels(told)


def test_a_failure_says_what_why_what_next_and_who_was_told():
    event = an_event("request.failed", actor=None)
    result = render(a_delivery(MessageKind.RESULT, a_case(State.FAILED), event), SCENE)

    assert "Bundle was not granted to Jane Doe; nothing was changed. Kajabi refused: no such site." in shown(result)
    assert "Have a look in Kajabi; then *Retry*, or *Leave it so*. Told: <@U0ADA> and <#C0ALERTS>." in shown(result)
    assert labels(result) == {"retry": "Retry", "cancel": "Leave it so"}


def test_a_part_says_what_was_and_what_was_not_done():
    event = an_event("request.partly", actor=None)
    result = shown(render(a_delivery(MessageKind.RESULT, a_case(State.PARTLY), event), SCENE))

    assert "✅ the contact Jane Doe was created, verified" in result
    assert "❌ Bundle was not granted to Jane Doe." in result


def test_an_ending_that_is_told_late_says_that_it_has_been_overtaken():
    event = an_event("request.failed", actor=None)
    for kind in (MessageKind.RESULT, MessageKind.DIRECT, MessageKind.ALERT):
        told = render(a_delivery(kind, a_case(State.SUCCEEDED), event), SCENE)

        assert "Not done: it failed (" in shown(told)
        assert "That has been overtaken" in shown(told)
        assert "the card in <#C0OFFERS> says how it stands." in shown(told)
        assert "retry" not in labels(told)


def test_a_failure_after_which_it_failed_again_offers_nothing_any_more():
    for kind in (MessageKind.RESULT, MessageKind.DIRECT, MessageKind.ALERT):
        delivery = a_delivery(kind, a_case(State.FAILED), an_event("request.failed", actor=None))
        told = render(replace(delivery, tried_again=True), SCENE)

        assert "That has been overtaken" in shown(told)
        assert labels(told).keys() <= {"details"}
        assert "retry" in labels(render(delivery, SCENE)) or kind is MessageKind.ALERT


def test_a_denial_after_a_contact_was_created_does_not_say_that_nothing_was_changed():
    case = replace(a_case(State.DENIED), changes=a_case(State.PARTLY).changes)
    line = render(a_delivery(MessageKind.LINE, case, an_event("request.denied", text="no")), SCENE)

    assert "Nothing was changed" not in shown(line)
    assert "Only the contact was created" in shown(line)


def test_what_is_given_back_for_an_unknown_address_offers_to_create_the_contact():
    event = an_event("request.returned", actor=None, problem="ContactNotFound")
    told = render(a_delivery(MessageKind.DIRECT, a_case(State.CANCELLED), event, to="U0ADA"), SCENE)
    rows = [block for block in told.blocks if block["type"] == "actions"]

    assert [(row["block_id"], row["elements"][0]["text"]["text"]) for row in rows] == [
        ("correct", "Correct"),
        ("create", "Create the contact and ask"),
    ]


@pytest.mark.parametrize(
    ("problem", "action", "creators"),
    [
        ("OfferGone", Action.GRANT, {"kajabi"}),
        ("ContactNotFound", Action.REVOKE, {"kajabi"}),
        ("ContactNotFound", Action.GRANT, set()),
    ],
)
def test_a_contact_is_offered_to_be_created_only_where_that_helps(problem, action, creators):
    event = an_event("request.returned", actor=None, problem=problem)
    scene = type(SCENE)(titles=SCENE.titles, creators=frozenset(creators))
    told = render(a_delivery(MessageKind.DIRECT, a_case(State.CANCELLED, action), event, to="U0ADA"), scene)

    assert [block["block_id"] for block in told.blocks if block["type"] == "actions"] == ["correct"]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("422: no such site", "Kajabi refused: no such site."),
        ("Rejected: no", "Kajabi refused: no."),
        ("Rejected", "Kajabi refused it. Asking again the same way will not help."),
        ("Unavailable: HTTP 503", "Kajabi could not be reached (HTTP 503)."),
        ("Unavailable", "Kajabi could not be reached."),
        ("AnswerLost", "Kajabi’s answer was lost."),
        ("NotSeen", "It was sent, but Kajabi does not show it."),
        ("GaveUp: Unavailable: HTTP 503", "I kept trying and then gave up. Kajabi could not be reached (HTTP 503)."),
        ("GaveUp: StandingUnknown", "I kept trying and then gave up. Slack could not tell whether the approver"),
        ("ContactNotCreated", "The contact was not created, so nothing could be granted."),
        ("ContactAmbiguous: ContactAmbiguous", "Kajabi has several contacts with exactly this address."),
    ],
)
def test_a_stored_code_is_told_in_words(code, words):
    assert why(code, "Kajabi").startswith(words)


@pytest.mark.parametrize("kind", [*GivenBack.__subclasses__(), *NotAllowed.__subclasses__()])
def test_a_refusals_code_is_never_shown_as_a_code(kind):
    assert kind.__name__ not in why(kind.__name__, "Kajabi") or kind.__name__ in UNTOLD


def test_failures_are_told_where_failures_are_told():
    event = an_event("message.undeliverable", actor=None, kind="card", to="C0OFFERS", error="is_archived")
    told = shown(render(a_delivery(MessageKind.ALERT, a_case(), event, to=ALERTS), SCENE))

    assert "Slack does not take the card to <#C0OFFERS>: is_archived." in told


def test_what_cannot_be_read_back_is_told_as_confirmed_and_never_as_verified():
    event = an_event("request.succeeded", actor=None)
    read = a_case(State.SUCCEEDED)
    unseen = replace(read, changes=(replace(read.main, verified=None, error="Unseen"),))

    assert "Confirmed by Kajabi; cannot be read back" in shown(
        render(a_delivery(MessageKind.RESULT, unseen, event), SCENE)
    )
    for kind in MessageKind:
        assert "verified" not in shown(render(a_delivery(kind, unseen, event, asks=1), SCENE))


def test_a_part_of_one_change_is_not_told_as_nothing():
    event = an_event("request.failed", actor=None)
    failed = a_case(State.FAILED)
    partly = replace(failed, changes=(replace(failed.main, error="InPart: enrolled, and no more: the limit"),))
    result = shown(render(a_delivery(MessageKind.RESULT, partly, event), SCENE))

    assert "Done only in part" in result
    assert "Kajabi did only a part of it: enrolled, and no more: the limit." in result
    assert "nothing was changed" not in result
