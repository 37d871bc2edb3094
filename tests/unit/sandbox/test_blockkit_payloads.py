import json
from typing import Any

import pytest
from slack_sdk.models.metadata import Metadata
from slack_sdk.models.views import View

from bot.sandbox.blockkit import Fault, check_message, check_view
from tests.unit.sandbox.blockkit.examples import Json, Limit, asking, block, home, modal, mrkdwn, named, plain, rich

VIEW_BYTES = 250_000


def attached(**more: Any) -> Json:
    return {"text": "x", "attachments": [more]}


def marked(**metadata: Any) -> Json:
    return {"text": "x", "metadata": metadata}


def heavy(size: int) -> Json:
    """A view of so many bytes: a hundred sections full of a character that takes four."""
    view = modal(blocks=[*block("section", text=plain("😀" * 600)) * 99, *block("section", text=plain("x"))])
    lacking = size - len(json.dumps(view, ensure_ascii=False, separators=(",", ":")).encode())
    blocks = [dict(part) for part in view["blocks"]]
    for part in blocks:
        more = min(lacking, 2_400)
        part["text"] = plain(part["text"]["text"] + "x" * more)
        lacking -= more
    return {**view, "blocks": blocks}


MESSAGES = [
    Limit("text", lambda n: {"text": "x" * n}, 40_000, 40_001, "msg_too_long /text"),
    Limit("text at all", lambda text: {"text": text}, "x", " ", "no_text /text"),
    Limit("something", lambda more: more, {"blocks": block("divider")}, {"blocks": []}, "no_text /text"),
    Limit("text is a string", lambda text: {"text": text}, "5", 5, "invalid_arguments /text"),
    Limit("blocks", lambda n: {"text": "x", "blocks": block("divider") * n}, 50, 51, "invalid_blocks /blocks"),
    Limit(
        "blocks are a list",
        lambda blocks: {"text": "x", "blocks": blocks},
        block("divider"),
        {"blocks": block("divider")},
        "invalid_blocks_format /blocks",
    ),
    Limit(
        "no alert",
        lambda kind: {"text": "x", "blocks": block(kind)},
        "section",
        "alert",
        "invalid_blocks /blocks/0/type",
    ),
    Limit(
        "all characters",
        lambda n: {
            "text": "x",
            "blocks": block("section", text=mrkdwn("x" * 2_595)) * 5 + block("header", text=plain("x"))[:n],
        },
        0,
        1,
        "msg_blocks_too_long /blocks",
    ),
    Limit(
        "one table",
        lambda kind: {"text": "x", "blocks": [*block("table"), *block(kind)]},
        "divider",
        "table",
        "invalid_attachments /blocks/1",
    ),
    Limit(
        "one table, attached",
        lambda kind: {"text": "x", "blocks": block("table"), "attachments": [{"blocks": block(kind)}]},
        "divider",
        "data_table",
        "invalid_attachments /attachments/0/blocks/0",
    ),
    Limit(
        "one table in two attachments",
        lambda kind: {"text": "x", "attachments": [{"blocks": block("table")}, {"blocks": block(kind)}]},
        "divider",
        "table",
        "invalid_attachments /attachments/1/blocks/0",
    ),
    Limit(
        "attachments",
        lambda n: {"text": "x", "attachments": [{"text": "x"}] * n},
        100,
        101,
        "too_many_attachments /attachments",
    ),
    Limit(
        "attached field",
        lambda field: attached(text="x", **field),
        {"color": "#f00"},
        {"colour": "red"},
        "invalid_attachments /attachments/0",
    ),
    Limit(
        "attached at all",
        lambda field: attached(**field),
        {"fallback": "x"},
        {"color": "red"},
        "invalid_attachments /attachments/0",
    ),
    Limit(
        "attached blocks",
        lambda n: attached(blocks=block("header", text=plain("x" * n))),
        150,
        151,
        "invalid_blocks /attachments/0/blocks/0/text/text",
    ),
    Limit(
        "attached footer",
        lambda n: attached(text="x", footer="x" * n),
        300,
        301,
        "invalid_attachments /attachments/0/footer",
    ),
    Limit(
        "attached fields",
        lambda fields: attached(fields=fields),
        [],
        [{"name": "x"}],
        "invalid_attachments /attachments/0/fields/0",
    ),
    Limit(
        "attached nothing",
        lambda text: attached(text="", pretext=text, footer="", mrkdwn_in=[], ts=0),
        "",
        5,
        "invalid_attachments /attachments/0/pretext",
    ),
    Limit("attached time", lambda at: attached(text="x", ts=at), 0, -1, "invalid_attachments /attachments/0/ts"),
    Limit(
        "metadata type",
        lambda name: marked(event_type=name, event_payload={}),
        "x",
        "",
        "invalid_metadata_schema /metadata/event_type",
    ),
    Limit("entities", lambda n: marked(entities=[{}] * n), 1, 0, "invalid_metadata_schema /metadata/entities"),
    Limit(
        "metadata payload",
        lambda payload: marked(event_type="card", event_payload=payload),
        {"key": "R-4F7K"},
        "R-4F7K",
        "invalid_metadata_schema /metadata/event_payload",
    ),
    Limit(
        "metadata whole",
        lambda more: marked(event_type="card", **more),
        {"event_payload": {}},
        {},
        "invalid_metadata_schema /metadata",
    ),
    Limit(
        "metadata known",
        lambda more: marked(event_type="card", event_payload={}, **more),
        {},
        {"payload": {}},
        "invalid_metadata_schema /metadata",
    ),
    Limit(
        "metadata is an object",
        lambda metadata: {"text": "x", "metadata": metadata},
        {"event_type": "card", "event_payload": {}},
        "card",
        "invalid_metadata_format /metadata",
    ),
]

VIEWS = [
    Limit("title", lambda n: modal(title=plain("x" * n)), 24, 25, "/view/title/text"),
    Limit("an empty title", lambda n: modal(title=plain("x" * n)), 1, 0, "/view/title/text"),
    Limit("title type", lambda text: modal(title=text), plain(), mrkdwn(), "/view/title/type"),
    Limit("submit", lambda n: modal(submit=plain("x" * n)), 24, 25, "/view/submit/text"),
    Limit("close", lambda n: modal(close=plain("x" * n)), 24, 25, "/view/close/text"),
    Limit("blocks", lambda n: modal(blocks=block("divider") * n), 100, 101, "/view/blocks"),
    Limit("blocks at all", lambda n: modal(blocks=block("divider") * n), 1, 0, "/view/blocks"),
    Limit("private metadata", lambda n: modal(private_metadata="x" * n), 3000, 3001, "/view/private_metadata"),
    Limit("callback id", lambda n: modal(callback_id="x" * n), 255, 256, "/view/callback_id"),
    Limit("external id", lambda n: modal(external_id="x" * n), 255, 256, "/view/external_id"),
    Limit(
        "a flag",
        lambda more: modal(**more),
        {"notify_on_close": True},
        {"notify_on_close": "true"},
        "/view/notify_on_close",
    ),
    Limit("an empty submit", lambda n: modal(submit=plain("x" * n)), 1, 0, "/view/submit/text"),
    Limit("an empty close", lambda n: modal(close=plain("x" * n)), 1, 0, "/view/close/text"),
    Limit(
        "empty ids",
        lambda more: modal(private_metadata="", callback_id="", **more),
        {"external_id": ""},
        {"external_id": 1},
        "/view/external_id",
    ),
    Limit("home blocks", lambda n: home(blocks=block("divider") * n), 100, 101, "/view/blocks"),
    Limit("home private metadata", lambda n: home(private_metadata="x" * n), 3000, 3001, "/view/private_metadata"),
    Limit("home without alert", lambda kind: home(blocks=block(kind)), "section", "alert", "/view/blocks/0/type"),
    Limit("modal without table", lambda kind: modal(blocks=block(kind)), "alert", "table", "/view/blocks/0/type"),
    Limit("type", lambda kind: {**home(), "type": kind}, "home", "page", "/view/type"),
]

FAULTS = [
    (modal(submit_disabled=True), "invalid additional property: submit_disabled [json-pointer:/view]"),
    (home(submit=plain()), "invalid additional property: submit [json-pointer:/view]"),
    (home(title=plain()), "invalid additional property: title [json-pointer:/view]"),
    ({"type": "modal", "blocks": block("divider")}, "missing required field: title [json-pointer:/view]"),
    ({"type": "modal", "title": plain()}, "missing required field: blocks [json-pointer:/view]"),
    (modal(blocks={}), "must provide an array [json-pointer:/view/blocks]"),
    (modal(title=plain("x" * 25)), "must be less than 25 characters [json-pointer:/view/title/text]"),
]


@named(MESSAGES)
def test_a_message_just_inside_is_taken(limit):
    assert check_message(limit.make(limit.inside)) == []


@named(MESSAGES)
def test_a_message_just_outside_is_refused_by_code_and_place(limit):
    faults = check_message(limit.make(limit.outside))

    assert [f"{fault.code} {fault.pointer}" for fault in faults] == [limit.pointer]


@named(VIEWS)
def test_a_view_just_inside_is_taken_by_us_and_by_the_sdk(limit):
    view = limit.make(limit.inside)

    assert check_view(view) == []
    assert View(**view).to_dict()["type"] == view["type"]


@named(VIEWS)
def test_a_view_just_outside_is_refused(limit):
    faults = check_view(limit.make(limit.outside))

    assert [(fault.code, fault.pointer) for fault in faults] == [("invalid_arguments", limit.pointer)]


@pytest.mark.parametrize(("view", "fault"), FAULTS)
def test_a_view_has_what_it_needs_and_no_more(view, fault):
    assert [str(found) for found in check_view(view)] == [fault]


def test_a_modal_that_asks_has_a_button_to_submit():
    asks = modal(blocks=asking("plain_text_input"))
    mute = {name: part for name, part in asks.items() if name != "submit"}

    assert check_view(asks) == []
    assert [fault.pointer for fault in check_view(mute)] == ["/view"]
    assert check_view({**mute, "blocks": block("section")}) == []


def test_a_home_tab_may_ask_without_a_button_to_submit():
    assert check_view(home(blocks=asking("plain_text_input"))) == []


def test_a_view_is_within_250_kilobytes():
    assert check_view(heavy(VIEW_BYTES)) == []
    assert [(fault.code, fault.pointer) for fault in check_view(heavy(VIEW_BYTES + 1))] == [("view_too_large", "/view")]


def test_a_view_may_hold_more_characters_than_a_message():
    sections = block("section", text=plain("x" * 3_000)) * 10

    assert check_view(modal(blocks=sections)) == []
    assert [fault.code for fault in check_message({"blocks": sections})] == ["msg_blocks_too_long"]


def test_a_whole_message_is_taken_by_us_and_by_the_sdk():
    metadata: Json = {"event_type": "card", "event_payload": {"key": "R-4F7K"}}

    assert check_message({"channel": "C1", "text": "x", "blocks": [rich()], "metadata": metadata}) == []
    assert Metadata(**metadata).to_dict() == metadata


def test_all_faults_of_a_message_are_told_at_once():
    wrong = {"text": 5, "blocks": block("header", text=plain("")), "attachments": "x", "metadata": "y"}

    assert [fault.code for fault in check_message(wrong)] == [
        "invalid_arguments",
        "invalid_blocks",
        "invalid_attachments",
        "invalid_metadata_format",
    ]


def test_a_fault_is_a_value():
    assert Fault("no_text", "x", "/text") == Fault("no_text", "x", "/text")
