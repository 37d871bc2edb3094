import pytest

from bot.domain.request import MessageKind, State
from bot.slack.rendering import render
from bot.words.states import EMOJI
from tests.unit.slack.cases import SCENE, a_case, a_delivery, all_texts, labels, shown


@pytest.mark.parametrize("state", State)
def test_a_card_shows_its_state_by_the_states_own_emoji(state):
    card = render(a_delivery(MessageKind.CARD, a_case(state)), SCENE)

    assert EMOJI[state] in shown(card)
    assert sum(emoji in all_texts(card)[-1] for emoji in EMOJI.values()) == 1 or state is State.PARTLY


def test_each_state_has_an_emoji_of_its_own():
    assert set(EMOJI) == set(State)
    assert len(set(EMOJI.values())) == len(State)


@pytest.mark.parametrize(
    ("state", "buttons"),
    [
        (State.PENDING, {"cancel": "Cancel"}),
        (State.APPROVED, {"cancel": "Cancel"}),
        (State.EXECUTING, {}),
        (State.SUCCEEDED, {"undo": "Undo", "details": "History"}),
        (State.FAILED, {"retry": "Retry", "cancel": "Leave it so", "details": "History"}),
        (State.UNKNOWN, {"retry": "Look again", "settle": "Settle", "details": "History"}),
        (State.DENIED, {"details": "History"}),
    ],
)
def test_a_card_has_the_buttons_that_its_state_allows(state, buttons):
    assert labels(render(a_delivery(MessageKind.CARD, a_case(state)), SCENE)) == buttons


def test_a_card_says_what_for_whom_worth_how_much_and_why():
    card = render(a_delivery(MessageKind.CARD, a_case()), SCENE)

    assert card.blocks[0]["text"]["text"] == "Grant Bundle to Jane Doe"
    assert all(part in shown(card) for part in ("199.00 USD", "jane@example.com", "<@U0ADA>", ">refund case 4412"))
    assert card.text.startswith("⏳ <@U0ADA> asks to grant Bundle to Jane Doe (199.00 USD), because refund case 4412.")


def test_a_failure_left_as_it_is_can_still_be_retried():
    card = render(a_delivery(MessageKind.CARD, a_case(State.FAILED, left=True)), SCENE)

    assert set(labels(card)) == {"retry", "details"}
    assert "Left as it is." in shown(card)


def test_a_forgotten_customer_is_named_by_the_providers_id():
    card = render(a_delivery(MessageKind.CARD, a_case(name="", address="")), SCENE)

    assert card.blocks[0]["text"]["text"] == "Grant Bundle to customer c-1"
