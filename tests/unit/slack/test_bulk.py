"""How a list is told: how far it has come, how fast it goes, and for how many it is so."""

from dataclasses import replace

import pytest

from bot.domain.request import Action, ChangeState, MessageKind, State
from bot.slack import cards, thread
from bot.slack.pulse import Pulse
from bot.slack.rendering import render
from bot.words import bulk
from tests.unit.slack.cases import SCENE, a_bulk, a_delivery, an_event, labels, shown

GIVES = replace(SCENE, writes_files=True)


@pytest.mark.parametrize(
    ("done", "of", "drawn"),
    [
        (0, 480, "`░░░░░░░░░░░░░░░░░░░░` 0 %"),
        (120, 480, "`█████░░░░░░░░░░░░░░░` 25 %"),
        (479, 480, "`███████████████████░` 99 %"),
        (480, 480, "`████████████████████` 100 %"),
        (0, 0, "`████████████████████` 100 %"),
    ],
)
def test_a_bar_is_full_only_when_all_is_done(done, of, drawn):
    assert bulk.bar(done, of) == drawn


@pytest.mark.parametrize(
    ("rate", "says"),
    [
        (None, "3 done · 1 failed · 2 sent, not read back yet · 3 left"),
        (2.0, "3 left · 2.0 a second · about a minute to go"),
        (0.01, "3 left · 1 a minute · about 5 min to go"),
        (0.0002, "3 left · 0 a minute · about 4 h to go"),
    ],
)
def test_progress_says_how_far_how_fast_and_how_long(rate, says):
    assert says in bulk.progress(a_bulk(State.EXECUTING), replace(SCENE, rate=rate))


def test_the_pace_is_measured_anew_after_a_hold_and_after_a_retry():
    pulse, case = Pulse(), a_bulk(State.EXECUTING)

    assert pulse.rate(case, 0.0) is None
    assert pulse.rate(replace(case, unsent=1), 4.0) == 0.5
    assert pulse.rate(a_bulk(State.EXECUTING, held=5.0), 6.0) is None
    assert pulse.rate(case, 10.0) is None
    assert pulse.rate(replace(case, unsent=1), 11.0) == 2.0
    assert pulse.rate(replace(case, unsent=9), 12.0) is None
    assert pulse.rate(replace(case, unsent=7), 14.0) == 1.0


@pytest.mark.parametrize(
    ("state", "says"),
    [
        (State.SUCCEEDED, "✅ *Done*: 9 customers now have Bundle."),
        (State.PARTLY, "⚠️ *Done only in part*: 6 customers now have Bundle; 3 failed."),
        (State.FAILED, "❌ *Failed*: 9 failed of 9 customers."),
        (State.UNNEEDED, "👌 *Not needed*: it was so already for everybody. Nothing was sent."),
        (
            State.UNKNOWN,
            "❓ *Unknown for 2 customers*: nobody can say yet whether it took effect. 7 customers now have",
        ),
    ],
)
def test_an_ending_says_for_how_many_it_is_so(state, says):
    assert bulk.ended(a_bulk(state)).startswith(says)


@pytest.mark.parametrize(
    ("unseen", "settled", "says"),
    [
        (0, 2, "7 customers now have Bundle; settled as done by a person for 2 customers."),
        (1, 0, "8 customers now have Bundle; confirmed for 1 customer, which cannot be read back."),
        (9, 0, "confirmed for 9 customers, which cannot be read back."),
        (
            4,
            5,
            "confirmed for 4 customers, which cannot be read back; settled as done by a person for 5 customers.",
        ),
    ],
)
def test_what_nobody_has_seen_is_not_told_as_seen(unseen, settled, says):
    case = replace(a_bulk(State.SUCCEEDED), unseen=unseen, settled=settled)

    assert bulk.ended(case) == f"✅ *Done*: {says}"


def test_what_was_left_out_before_it_was_decided_does_not_count_as_taken_back():
    case = a_bulk(State.PARTLY)
    taken_back = replace(case, rest={**case.rest, ChangeState.FAILED: 0, ChangeState.CANCELLED: 5})

    assert bulk.ended(taken_back).endswith("now have Bundle; 3 taken back before they were sent.")


def test_one_customer_is_one():
    case = a_bulk(State.PARTLY, Action.REVOKE)
    one = replace(case, rest={**case.rest, ChangeState.SUCCEEDED: 1})

    assert "1 customer no longer has Bundle" in bulk.ended(one)


@pytest.mark.parametrize(
    ("state", "held", "offered"),
    [
        (State.PREPARING, None, ["cancel"]),
        (State.PENDING, None, ["cancel"]),
        (State.APPROVED, None, ["hold", "cancel"]),
        (State.EXECUTING, None, ["hold", "cancel"]),
        (State.EXECUTING, 1.0, ["go_on", "cancel"]),
        (State.PARTLY, None, ["retry", "cancel", "undo", "details"]),
        (State.FAILED, None, ["retry", "cancel", "details"]),
        (State.SUCCEEDED, None, ["undo", "details"]),
        (State.UNKNOWN, None, ["retry", "settle", "details"]),
        (State.UNNEEDED, None, ["details"]),
    ],
)
def test_the_card_offers_what_can_be_done(state, held, offered):
    assert list(labels(cards.card(a_bulk(state, held=held), SCENE))) == offered


def test_nobody_is_asked_to_try_again_what_did_not_fail():
    case = a_bulk(State.PARTLY)
    taken_back = replace(case, rest={**case.rest, ChangeState.FAILED: 0, ChangeState.CANCELLED: 5})

    assert list(labels(cards.card(taken_back, SCENE))) == ["cancel", "undo", "details"]


def test_effects_without_end_are_counted():
    effects = tuple(f"Effect {number}." for number in range(20))
    case = a_bulk(effects=effects)
    told = shown(render(a_delivery(MessageKind.ASK, case, asks=1, parent="R-4F7K/card"), SCENE))

    assert "Effect 11." in told
    assert "Effect 12." not in told
    assert "• 8 more effects" in told


def test_the_question_says_what_it_is_worth_and_who_is_left_out():
    told = shown(render(a_delivery(MessageKind.ASK, a_bulk(text="nobody"), asks=1, parent="R-4F7K/card"), GIVES))

    assert "*Grant Bundle* (199.00 USD each) to *9 customers*?" in told
    assert "*In all:* 1,791.00 USD" in told
    assert "9 to do, 1 already so, 1 not found, 1 cannot be done, 1 cannot be used, 2 repeated" in told
    assert "A gift mail may still go out. (9 customers)" in told
    assert told.count("• Row ") == bulk.NAMED
    assert "The file in the thread has every row." in told


def test_where_no_file_may_be_given_the_words_say_where_the_list_is():
    said = "Whoever runs me gets every row with `python -m bot requests export R-4F7K`."

    assert said in shown(render(a_delivery(MessageKind.ASK, a_bulk(), asks=1, parent="R-4F7K/card"), SCENE))
    assert said in shown(thread.listed_elsewhere(a_bulk()))


@pytest.mark.parametrize(
    ("state", "says"),
    [
        (State.CANCELLED, "↩️ <@U0BOB> took it back. Nothing was changed."),
        (State.EXECUTING, "took back what was not sent, for 5 customers. What was sent is being finished"),
        (State.PARTLY, "took back what was not sent, for 5 customers. What was sent is being finished"),
    ],
)
def test_a_cancellation_claims_that_nothing_was_changed_only_where_that_is_so(state, says):
    event = an_event("request.cancelled", done=0, dropped=5)

    assert says in shown(thread.line(event, a_bulk(state), SCENE))


def test_while_it_is_prepared_a_bar_shows_how_many_calls_are_made():
    assert "12 customers are looked up at Kajabi.\n`██████░░░░░░░░░░░░░░` 33 %" in shown(
        cards.card(a_bulk(State.PREPARING), SCENE)
    )
