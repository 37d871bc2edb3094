"""Buttons, forms and what they carry, altered on their way: what counts is what is stored, and who may."""

import json
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from bot.sandbox import payloads
from tests.flow.following import GRANT, all_told, arrives, case_of, click_of, id_of, over_http, rows
from tests.flow.steps import chosen, forged, opened

OWN = "Nobody decides on a request of their own"
LINUS_ASKS = "/offer grant mia.chen@example.com holiday because festival"
pytestmark = over_http


def decided(desk):
    return rows(desk, "select request_id, choice, person from decision order by rowid")


def events(desk):
    return rows(desk, "select count(*), max(seq) from event")


@pytest.fixture
async def two(desk):
    """Ada has asked for something, and so has Linus, who may decide on hers."""
    desk.workspace.join("support", "Linus")
    hers = await desk.asks(desk.ada, GRANT)
    his = await desk.asks(desk.linus, LINUS_ASKS)
    await all_told(desk)
    return desk, hers, his


#: what can stand where something else should
ODD: tuple[Any, ...] = (None, [], {}, {"a": 1}, "", "R-ZZZZ", "<!channel>", "\udfff", "x" * 5000, 1.5)

# --- buttons ---------------------------------------------------------------------------------------------------------


WORTHLESS = {
    "no value": {"value": ""},
    "the id of nothing": {"value": "R-ZZZZ"},
    "300 kB": {"value": "R-" + "Z" * 300_000},
    "a statement": {"value": "R-1' or '1'='1"},
    "a path": {"value": "../../etc/passwd"},
    "markup": {"value": "<!channel>"},
    "deep JSON": {"value": "[" * 100_000},
    "a row without a version": {"block_id": "decide"},
    "a version to come": {"block_id": "decide:2"},
    "a version before the first": {"block_id": "decide:0"},
    "a version below zero": {"block_id": "decide:-1"},
    "a version of a thousand digits": {"block_id": f"decide:{'9' * 200}"},
    "a version in other digits": {"block_id": "decide:¹"},
    "another row": {"block_id": "create"},
    "no row": {"block_id": None},
    "a button of no release": {"action_id": "explode"},
}


async def test_a_button_that_was_altered_decides_nothing_and_is_answered(two, lines, record):
    desk, (card, question), _ = two
    before = events(desk)
    for name, changed in WORTHLESS.items():
        click = click_of(desk.grace, "approve", question)
        click["actions"][0] |= changed
        await arrives(desk.grace, click)
        told = await desk.grace.sees("", in_="ephemeral")
        assert told.plain, name
        assert len(told.plain) < 4000, name
        desk.grace.reloads()

    assert (decided(desk), events(desk)) == ([], before)
    assert '"level": "error"' not in lines()
    await desk.grace.presses("approve", question)
    await desk.ada.sees("Done, verified", in_=card)
    record(
        "a button whose value, row or name was changed: other ids, garbage, 300 kB, other versions",
        "a private sentence, and nothing else",
        f"{len(WORTHLESS)} tried, no decision, no line in the audit; the true button still works",
    )


@pytest.mark.parametrize("button", ["approve", "deny", "cancel", "retry", "settle", "correct"])
async def test_a_button_with_another_requests_id_gives_no_right_to_that_request(two, button, record):
    """Linus may decide on Ada's request; his own he puts into its buttons."""
    desk, (_, question), (his_card, _) = two
    before = events(desk)
    click = click_of(desk.linus, "approve", question)
    click["actions"][0] |= {"action_id": button, "value": id_of(his_card)}
    if button in {"cancel", "correct"}:  # his own he may take back and ask better: somebody else may not
        click["user"] |= {"id": desk.grace.id}
    await arrives(desk.grace if button in {"cancel", "correct"} else desk.linus, click)
    told = await (desk.grace if button in {"cancel", "correct"} else desk.linus).sees("", in_="ephemeral")

    assert told.plain
    assert (decided(desk), events(desk)) == ([], before)
    assert desk.linus.form is desk.grace.form is None
    if button == "approve":
        assert OWN in told.plain
        record(
            "the id of a request put into the buttons of another one",
            "judged as a click on that request: by what is stored, and by who clicks",
            "approve, deny, cancel, retry, settle, correct: refused each",
        )


# --- what forms carry along ------------------------------------------------------------------------------------------


def garbage(own):
    """What `private_metadata` can be turned into; `own` is what it should be."""
    yield from ("", "null", "[]", '"x"', "{", "{}", "[" * 100_000, '{"a":' * 20_000, "\u202e" * 100, "x" * 300_000)
    for name in own:
        for odd in ODD:
            if not isinstance(odd, type(own[name])):
                yield json.dumps(own | {name: odd})


async def test_the_hidden_part_of_a_small_form_gives_no_right_to_another_request(two, record):
    desk, (_, question), (his_card, _) = two
    await desk.linus.presses("deny", question)
    await desk.linus.sees("Why not?", in_="view")
    before = events(desk)
    reason = {"type": "plain_text_input", "value": "because"}
    his = json.dumps({"request": id_of(his_card), "shown": 1})
    answer = await forged(desk, desk.linus, metadata=his, reason=reason)
    assert OWN in answer["errors"]["reason"]
    for shown in (0, 2, -1, 10**9):
        altered = json.dumps({"request": id_of(question), "shown": shown})
        assert await forged(desk, desk.linus, metadata=altered, reason=reason), shown
    tried = 5
    for metadata in garbage({"request": "R-ZZZZ", "shown": 1}):
        answer = await forged(desk, desk.linus, metadata=metadata, reason=reason)
        assert answer["response_action"] == "errors", metadata[:100]
        tried += 1

    assert (decided(desk), events(desk)) == ([], before)
    record(
        "the hidden part of the deny form: another request, one's own, another version, garbage, deep JSON, 300 kB",
        "said at the field, and the form stays open",
        f"{tried} tried, no decision",
    )


async def test_the_hidden_part_of_the_settle_form_gives_no_right_to_ones_own_request(idle, record):
    idle.timing = replace(idle.timing, first_look=3600)
    await idle.start()
    idle.workspace.join("support", "Linus")
    idle.kajabi.trouble("timeout_before", method="POST", path="*/relationships/offers", times=4, closed=True)
    cards = []
    for person, command in ((idle.ada, GRANT), (idle.linus, LINUS_ASKS)):
        card, question = await idle.asks(person, command)
        await idle.grace.presses("approve", question)
        await idle.ada.sees("Unknown: nobody can say yet", in_=card)
        cards.append(card)
    await all_told(idle)
    await idle.linus.presses("settle", cards[0])
    await idle.linus.sees("How is it really?", in_="view")
    before = events(idle)
    entered = {
        "reason": {"type": "plain_text_input", "value": "looked"},
        "outcome": {"type": "radio_buttons", "selected_option": chosen("done")["selected_option"]},
    }
    answer = await forged(idle, idle.linus, metadata=json.dumps({"request": id_of(cards[1])}), **entered)
    assert OWN in json.dumps(answer)
    tried = 1
    for metadata in garbage({"request": "R-ZZZZ"}):
        assert (await forged(idle, idle.linus, metadata=metadata, **entered))["response_action"] == "errors"
        tried += 1

    assert events(idle) == before
    assert {(await case_of(idle, card)).request.state.value for card in cards} == {"unknown"}
    record(
        "the hidden part of the settle form: one's own request, garbage, deep JSON, 300 kB",
        "said at the field, and the form stays open",
        f"{tried} tried, nothing settled",
    )


HIDDEN: dict[str, Any] = {
    "provider": "kajabi",
    "channel": "C0SUPPORT",
    "parent": None,
    "creates_contact": False,
    "asks_channel": False,
    "switchable": False,
    "remarks": [],
}
UNTRUE: dict[str, list[Any]] = {
    "provider": [None, 7, [], {"a": 1}, "\udfff", "x" * 5000],
    "channel": ["", "U0GRACE", "D0", "<!channel>", "C0SUPPORT|x", 7, [], {"a": 1}, "x" * 5000, "\udfff"],
    "parent": [7, [], {"a": 1}, "x" * 5000, "\udfff"],
    "creates_contact": [True, "yes"],
    "asks_channel": [True, "yes", {"a": 1}],
    "remarks": [None, 7, "<!channel>", {"a": 1}],
}
NEVER_OFFERED = ("kajabi:999999", "capillary:1", "kajabi:../../x", "x", "kajabi:1\u202e", "<!channel>", "k" * 5000)


async def test_what_a_form_carries_along_or_was_never_offered_is_not_believed(desk, lines, record):
    await opened(desk.ada, "/offer grant jane@example.com sourdough because refund")
    before, tried = events(desk), 0
    for name, values in UNTRUE.items():
        for value in values:
            answer = await forged(desk, desk.ada, metadata=json.dumps(HIDDEN | {name: value}))
            assert answer["response_action"] == "errors", (name, value)
            tried += 1
    for metadata in ("[" * 100_000, '{"a":' * 20_000, "x" * 300_000):
        assert (await forged(desk, desk.ada, metadata=metadata))["response_action"] == "errors"
        tried += 1
    for value in NEVER_OFFERED:
        assert list((await forged(desk, desk.ada, offer=chosen(value)))["errors"]) == ["offer"], value
        tried += 1

    assert events(desk) == before
    assert desk.workspace.journal.called("chat.postMessage") == []
    assert '"level": "error"' not in lines()
    record(
        "the hidden part and the options of the request's form: other providers and channels, untrue flags, garbage",
        "said at the field, and the form stays open",
        f"{tried} tried, no request",
    )


async def test_a_form_of_no_release_is_answered_in_plain_words(desk, lines):
    await opened(desk.ada, "/offer grant jane@example.com sourdough because refund")
    for callback_id in ("", "GRANT", "explode", "create", "x" * 255):
        payload = deepcopy(payloads.submission(desk.workspace, desk.ada.member, desk.ada.form.shown))
        payload["view"]["callback_id"] = callback_id
        answer = (await desk.slack.delivery.send("view_submission", payload)).body
        assert "older version of me" in json.dumps(answer), callback_id

    assert '"level": "error"' not in lines()
