"""What a notification shows of a message: the text that stands for its blocks."""

import re
from itertools import product

import pytest

from bot.domain.request import Action, MessageKind, State
from bot.slack.content import content, introduced, said, spoken
from bot.slack.rendering import render
from tests.unit.slack.cases import NOW, SCENE, a_case, shown
from tests.unit.slack.test_rendering import every_message

ENTITIES = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}
TOKEN = re.compile(r"<(?:@\w+|#\w+|!subteam\^\w+|!date\^\d+\^[^|<>]*\|([^|<>]*))>")
#: the request's id, an emoji or a capital letter, or somebody's name
BEGINS = re.compile(r"(?:R-4F7K: )?(?:[^\w\s<]+ )?(?:<[@#!]|[A-Z“])")


def seen(text):
    text = TOKEN.sub(lambda found: found[1] or "@Somebody", text)
    for entity, sign in ENTITIES.items():
        text = text.replace(entity, sign)
    return text


def test_every_kind_of_message_is_walked():
    assert {one.message.kind for one in every_message(a_case())} == set(MessageKind) - {MessageKind.DIGEST}


@pytest.mark.parametrize(("state", "action"), list(product(State, [Action.GRANT, Action.REVOKE])))
@pytest.mark.parametrize("words", ["", "Too dear.", "*so* `long` ~as~ it gets, " * 40], ids=["none", "some", "many"])
def test_every_message_is_whole_sentences_in_a_notification(state, action, words):
    assert_readable(a_case(state, action, reason=words, note=words, creates=True), words)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("version", [1, 2], ids=["by itself", "people are asked"])
def test_so_is_every_message_about_an_end(state, version):
    end = {"planned": NOW - 60, "parent": "R-9M3K", "version": version}
    case = a_case(state, Action.REVOKE, **end)

    assert_readable(case, "")
    for message in map(rendered, every_message(case)):
        said = shown(message)
        assert "asks to" not in said, said
        assert not re.search(r"until <!date[^>]*>\.(?: |$)|by <!date", said), said


def rendered(delivery):
    return render(delivery, SCENE)


def assert_readable(case, words):
    for delivery in every_message(case, event_text=words):
        text = rendered(delivery).text

        assert BEGINS.match(text), text
        assert text[-1] in ".!?…", text
        assert len(seen(text)) <= 200, text
        assert not re.search(r"[*`~\n]|  ", text), text
        assert "<" not in TOKEN.sub("", text), text


def test_as_many_sentences_are_told_as_are_still_read():
    assert spoken("One. " + "x" * 197 + ". Three.") == "One."
    assert spoken("One. Two") == "One. Two."


def test_a_sentence_that_is_too_long_is_cut_before_a_name_that_no_longer_fits():
    assert spoken("x" * 190 + " <@U0ADA> asks.") == "x" * 190 + "…"
    assert spoken("x" * 197 + " &amp; y.") == "x" * 197 + "…"


def test_a_date_counts_as_it_is_read():
    date = "<!date^1795255200^{date_short_pretty} at {time}|2026-11-21 10:00 UTC>"

    assert spoken(f"{'x' * 170} {date}.") == f"{'x' * 170} {date}."


def test_answers_are_spoken_alike():
    assert said("Type `/offer help` *now*").text == "Type /offer help now."
    assert introduced("I am *paused*.", content("All is well.")).text == "I am paused. All is well."
