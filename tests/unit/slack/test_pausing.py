from dataclasses import replace

import pytest

from bot.domain.pause import Pause
from bot.domain.request import AuditEvent, ChangeState, Message, MessageKind, Person, State
from bot.ports import Delivery
from bot.slack.rendering import render
from tests.unit.slack.cases import SCENE, a_case, a_delivery, an_event, shown

OLGA = Person("T1", "U0OLGA")
NASTY = "<!channel> \u202eprices & <https://evil.example|all>"
PAUSE = Pause(by=OLGA, at=1_700_000_000.0, why=NASTY)
SENTENCE = "*Paused* by <@U0OLGA>: &lt;!channel&gt; prices &amp; &lt;https://evil.example|all&gt;."


def waiting(state=State.APPROVED):
    case = a_case(state)
    return replace(case, changes=(replace(case.main, state=ChangeState.TODO, sent=None, verified=None),))


def drawn(kind, case, event=None, *, pause=PAUSE):
    return shown(render(replace(a_delivery(kind, case, event), pause=pause), SCENE))


@pytest.mark.parametrize("state", [State.APPROVED, State.EXECUTING])
def test_the_card_of_what_waits_says_who_stopped_it_and_how_it_goes_on(state):
    told = drawn(MessageKind.CARD, waiting(state))

    assert f"{SENTENCE} It goes on by itself after `/offer resume`." in told
    assert "<!channel>" not in told
    assert "*Paused*" not in drawn(MessageKind.CARD, waiting(state), pause=None)


@pytest.mark.parametrize("state", [State.PENDING, State.SUCCEEDED, State.FAILED, State.DENIED])
def test_the_card_of_what_does_not_wait_for_it_says_nothing_of_it(state):
    assert "Paused" not in drawn(MessageKind.CARD, a_case(state))


@pytest.mark.parametrize("kind", [MessageKind.LINE, MessageKind.DIRECT])
def test_an_approval_does_not_claim_that_it_starts_now(kind):
    event = an_event("request.approved")

    assert SENTENCE in drawn(kind, waiting(), event)
    assert " now." not in drawn(kind, waiting(), event)
    assert " now." in drawn(kind, waiting(), event, pause=None)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("execution.paused", {"waiting": 0}, "*Paused* by <@U0OLGA>. Nothing is sent until `/offer resume`"),
        ("execution.paused", {"waiting": 1}, "1 approved request is held back."),
        ("execution.resumed", {"waiting": 2, "since": 1_700_000_000.0}, "2 approved requests have their turns"),
        ("audit.told", {"line": 12, "hash": "0a" * 32}, f"`12:{'0a' * 32}`"),
    ],
)
def test_what_concerns_all_requests_is_told_with_no_request(name, data, said):
    event = AuditEvent(name=name, at=1_700_000_000.0, actor=OLGA, data=data, text=NASTY, seq=13)
    message = Message(key="alert/13", request_id=None, kind=MessageKind.ALERT, to="C0ALERTS", event=13)
    told = shown(render(Delivery(message=message, case=None, event=event), SCENE))

    assert said in told
    assert "<!channel>" not in told
    assert "\u202e" not in told
