"""Whatever happens and is told: the text that stands for the message is whole sentences, in words of its own."""

import ast
import re
from functools import cache
from itertools import product
from pathlib import Path

import pytest

import bot
from bot.domain.home import Entry
from bot.domain.notices import RESULTS, Notices
from bot.domain.request import MessageKind, State
from bot.ports import Delivery
from bot.slack.bulletins import BULLETINS
from bot.slack.rendering import render
from tests.unit.slack.cases import ALERTS, CHANNEL, SCENE, a_bulk, a_case, an_event
from tests.unit.slack.test_notifications import BEGINS, TOKEN, seen
from tests.unit.slack.test_rendering import DATA

NOTICES = Notices(alerts=ALERTS)
SUBJECTS = "approval|approver|audit|budget|change|contact|execution|message|policy|quota|request"
NAMED = re.compile(rf"(?:{SUBJECTS})\.[a-z]+")
#: what Slack would show as it is in a notification
MARKS = re.compile(r"[*`~\n]|(?<!\w)_|_(?!\w)|  |&(?!lt;|gt;|amp;)|:[a-z_]+:")
TOLD = DATA | {
    "approver": "U0BOB",
    "approvers": ["U0BOB"],
    "awaited": ["S0MANAGERS"],
    "fields": ["offer", "reason"],
    "from": "0123456789abcdef",
    "hash": "0f" * 32,
    "line": 1234,
    "missing": 1,
    "outside": ["U0BOB"],
    "people": ["U0BOB"],
    "person": "U0BOB",
    "requester": "U0ADA",
    "since": 1_795_255_200.0,
    "source": "POLICY_FILE",
    "void": ["U0BOB"],
    "waiting": 2,
}


@cache
def events():
    """All names of events that stand anywhere in the code."""
    found = set(RESULTS)
    for path in Path(bot.__file__).parent.rglob("*.py"):
        if "sandbox" not in path.parts:
            constants = (one.value for one in ast.walk(ast.parse(path.read_text())) if isinstance(one, ast.Constant))
            found |= {one for one in constants if isinstance(one, str) and NAMED.fullmatch(one)}
    return sorted(found)


def messages(event, case):
    """All that the event makes due."""
    yield from NOTICES.owed(event, case)
    if event.name.startswith("execution."):
        yield from NOTICES.halted(event, case)


def assert_is_a_sentence(text, event):
    assert BEGINS.match(text), text
    assert text[-1] in ".!?…", text
    assert len(re.findall(r"\w+", seen(text))) > 2, text
    assert len(seen(text)) <= 200, text
    assert not MARKS.search(TOKEN.sub("@somebody", text)), text
    assert "<" not in TOKEN.sub("", text), text
    assert event not in text, f"{event} has no words of its own: {text}"
    assert "None" not in text, text


@pytest.mark.parametrize("text", ["", "Too dear, *really*."], ids=["without a note", "with a note"])
def test_every_event_that_is_told_is_told_in_whole_sentences(text):
    kinds = set()
    for name, state in product(events(), State):
        moved = {"moved": CHANNEL} if name == "request.prepared" else {}
        event = an_event(name, text=text, **TOLD, **moved)
        for case in (a_case(state), a_bulk(state)):
            for message in messages(event, case):
                kinds.add(message.kind)
                told = render(Delivery(message=message, case=case, event=event), SCENE)
                assert_is_a_sentence(told.text, name)

    assert kinds == set(MessageKind) - {MessageKind.DIGEST}


@pytest.mark.parametrize("name", sorted(BULLETINS))
def test_what_concerns_no_request_is_told_in_a_sentence(name):
    event = an_event(name, text="Too dear, *really*.", **TOLD)
    (message,) = NOTICES.to_all(event)

    assert name in events()
    assert_is_a_sentence(render(Delivery(message=message, case=None, event=event), SCENE).text, name)


@pytest.mark.parametrize("count", [0, 1, 2, 40])
def test_a_digest_is_a_sentence_however_many_requests_it_lists(count):
    event = an_event("approver.reminded", **TOLD)
    entries = tuple(Entry(case=a_case(), card=(CHANNEL, "1795255200.000100")) for _ in range(count))
    message = NOTICES.digest(event)
    told = render(Delivery(message=message, case=None, event=event, entries=entries), SCENE)

    assert message.kind is MessageKind.DIGEST
    assert_is_a_sentence(told.text, event.name)
