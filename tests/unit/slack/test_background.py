from dataclasses import replace

import pytest

from bot.domain.request import Earlier, MessageKind, State
from bot.slack.rendering import render
from bot.words import background
from tests.unit.slack.cases import SCENE, a_bulk, a_case, a_delivery, shown


def known(state=State.PENDING, **told):
    case = a_case(state)
    return replace(case, request=replace(case.request, preview={**case.request.preview, **told}))


def asked(case):
    return shown(render(a_delivery(MessageKind.ASK, case, asks=1), SCENE))


def carded(case):
    return shown(render(a_delivery(MessageKind.CARD, case), SCENE))


def test_what_became_of_other_requests_is_counted_in_words():
    counted = {"succeeded": 4, "denied": 1, "pending": 1, "preparing": 1}

    assert background.asked(counted) == "2 waiting, 4 done and 1 denied"
    assert background.asked({}) == "nothing else"


@pytest.mark.parametrize("state", State)
def test_every_state_has_a_word_in_a_count(state):
    assert background.asked({state.value: 1}) == f"1 {background.OUTCOMES[state]}"


def test_what_an_older_release_has_stored_is_drawn_without():
    case = known(asked=None)

    assert "Given before" not in asked(case)
    assert "30 days" not in asked(case) + carded(case)


def test_of_the_customers_of_a_list_nobody_says_that_nothing_was_given_before():
    case = a_bulk()
    case = replace(case, request=replace(case.request, preview={**case.request.preview, "asked": {"succeeded": 2}}))

    assert "<@U0ADA> in the 30 days before: 2 done" in carded(case)
    assert "this customer" not in carded(case)


def test_of_many_that_were_given_before_some_are_named():
    earlier = Earlier(request=a_case(State.SUCCEEDED, reason="for <!here>").request, approvers=("U0BOB", "U0EVE"))
    case = replace(known(asked={}, given=7, earlier=["R-4F7K"]), earlier=(earlier,))

    assert "*Given before:* Bundle (R-4F7K, asked by <@U0ADA>" in asked(case)
    assert "approved by <@U0BOB> and <@U0EVE>: “for &lt;!here&gt;”) and 6 more." in asked(case)
    assert "7 given to this customer before" in carded(case)


@pytest.mark.parametrize("danger", ["subscription", "value", "customers", "uncompared"])
def test_a_danger_is_marked_as_long_as_it_can_be_kept_away(danger):
    assert "🚨" in asked(known(dangers=[danger], asked={}))
    assert "🚨" in carded(known(dangers=[danger]))
    assert "🚨" not in carded(known(State.SUCCEEDED, dangers=[danger]))
