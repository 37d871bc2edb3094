import re
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block

from bot.domain.notices import ALERTS, DIRECT, LINES, RESULTS
from bot.domain.request import Action, Holding, MessageKind, State
from bot.sandbox.blockkit import check_message
from bot.slack.content import plainer
from bot.slack.rendering import render
from bot.words.directs import DIRECT_WORDS
from bot.words.events import LINE_WORDS
from tests.unit.slack.cases import PAID, SCENE, STARTER, a_bulk, a_case, a_delivery, all_texts, an_event, shown

HOSTILE = (
    "<!channel> <@U0EVIL> <https://evil.example|Kajabi> &amp; \u202egpj.exe\u200b *_~` " + "🧨" * 20 + "\n>x\n✅ *Done*"
)
TOLD = [
    *[(MessageKind.LINE, name) for name in sorted(LINES)],
    *[(MessageKind.RESULT, name) for name in sorted(RESULTS)],
    *[(MessageKind.FILE, name) for name in sorted({*RESULTS, "request.prepared"})],
    *[(MessageKind.DIRECT, name) for name in sorted(DIRECT | RESULTS)],
    *[(MessageKind.ALERT, name) for name in sorted(ALERTS)],
]
CODES = {"code": "Unavailable: <!here> no route", "until": 1_795_255_300.0, "why": "WorldChanged", "changed": ["price"]}
DATA = CODES | {"problem": "ContactNotFound", "kind": "card", "to": "C0OFFERS", "error": "is_archived", "done": False}


def faults(message):
    return check_message({"text": message.text, "blocks": message.blocks})


def every_message(case, event_text=""):
    for version in (case.request.version, case.request.version - 1):
        for parent in ("R-4F7K/card", None):
            yield a_delivery(MessageKind.ASK, case, asks=version, parent=parent)
    yield a_delivery(MessageKind.CARD, case)
    for kind, name in TOLD:
        yield a_delivery(kind, case, an_event(name, text=event_text, **DATA))


@pytest.mark.parametrize(("state", "action"), list(product(State, [Action.GRANT, Action.REVOKE])))
@pytest.mark.parametrize("creates", [False, True])
@pytest.mark.parametrize("text", [HOSTILE, "é" * 10_000, ""])
def test_every_message_of_every_state_is_one_that_slack_takes(state, action, creates, text):
    case = a_case(
        state,
        action,
        title=text,
        name=text,
        address=text,
        reason=text,
        note=text,
        creates=creates,
        holdings=(PAID, STARTER, *[Holding(offer_id=str(n), title=text, granted=True) for n in range(30)]),
        effects=(text,) * 20,
        rivals=("R-9999",) * 30,
        error=f"Rejected: {text}",
    )
    for delivery in every_message(case, event_text=text):
        message = render(delivery, SCENE)

        assert faults(message) == []
        assert faults(plainer(message)) == []
        assert message.text.strip()
        assert len(message.text) <= 1000
        assert [parsed.to_dict()["type"] for parsed in map(Block.parse, message.blocks) if parsed] == [
            block["type"] for block in message.blocks
        ]


@pytest.mark.parametrize(("state", "action"), list(product(State, [Action.GRANT, Action.REVOKE])))
@pytest.mark.parametrize("text", [HOSTILE, "é" * 10_000, ""])
def test_every_message_about_a_list_is_one_that_slack_takes(state, action, text):
    case = a_bulk(state, action, text=text, title=text, reason=text, note=text, effects=(text,) * 20, held=1.0)
    for delivery in every_message(case, event_text=text):
        message = render(delivery, SCENE)

        assert faults(message) == []
        assert faults(plainer(message)) == []
        assert not [one for words in all_texts(message) for one in OURS.sub("", words) if one == "<"]


OURS = re.compile(r"<(?:@(?:U0ADA|U0BOB)|!subteam\^S0MANAGERS|#C0OFFERS|#C0ALERTS|!date\^\d+\^[^|<>]*\|[^|<>]*)>")
ODD = st.text(alphabet=st.sampled_from("<>!@#|&;*~`\n abch:/U0EVIL\u202e\u200b"), max_size=60)


FOREIGN = ("title", "name", "address", "reason", "note")


@settings(max_examples=150, deadline=None)
@given(texts=st.fixed_dictionaries(dict.fromkeys(FOREIGN, ODD)), other=ODD, state=st.sampled_from(State))
def test_foreign_text_never_becomes_a_mention_or_a_link(texts, other, state):
    held = Holding(offer_id="9", title=other, granted=True)
    case = a_case(state, **texts, effects=(other,), holdings=(held,), error=f"Rejected: {other}", creates=True)
    for delivery in every_message(case, event_text=texts["note"]):
        message = render(delivery, SCENE)

        for text in all_texts(message):
            assert "<" not in OURS.sub("", text)
        assert not re.search("[\u202e\u200b]", shown(message) + str(message.blocks))


@pytest.mark.parametrize("kind", MessageKind)
def test_nobodys_words_can_look_like_a_line_of_the_bot(kind):
    event = an_event("request.succeeded", actor=None)
    delivery = a_delivery(kind, a_case(State.SUCCEEDED, name="Jane\n✅ *Done*", title="A\n✅ B"), event, asks=1)

    assert not [line for text in all_texts(render(delivery, SCENE)) for line in text.split("\n") if line == "✅ B"]


@pytest.mark.parametrize("name", sorted(LINES))
def test_every_event_told_in_the_thread_has_words(name):
    assert name in LINE_WORDS


@pytest.mark.parametrize("name", sorted(DIRECT))
def test_every_event_told_directly_has_words(name):
    assert name in DIRECT_WORDS


def test_every_button_carries_the_requests_id_and_nothing_else():
    for state in State:
        for delivery in every_message(a_case(state)):
            for block in render(delivery, SCENE).blocks:
                for element in block.get("elements", []):
                    assert element.get("value", "R-4F7K") == "R-4F7K"
