from typing import Any

import pytest

from bot.sandbox.blockkit import Fault, Surface, check_blocks
from tests.unit.sandbox.blockkit.examples import (
    BLOCKS,
    bar,
    block,
    buttons,
    option,
    plain,
    to_sdk_and_back,
)
from tests.unit.sandbox.blockkit.limits_between_blocks import LIMITS_BETWEEN_BLOCKS
from tests.unit.sandbox.blockkit.limits_of_blocks import LIMITS_OF_BLOCKS
from tests.unit.sandbox.blockkit.limits_of_buttons import LIMITS_OF_BUTTONS
from tests.unit.sandbox.blockkit.limits_of_inputs import LIMITS_OF_INPUTS
from tests.unit.sandbox.blockkit.limits_of_layouts import LIMITS_OF_LAYOUTS
from tests.unit.sandbox.blockkit.limits_of_menus import LIMITS_OF_MENUS
from tests.unit.sandbox.blockkit.limits_of_rich_text import LIMITS_OF_RICH_TEXT
from tests.unit.sandbox.blockkit.limits_of_tables import LIMITS_OF_TABLES, chart, labels, table

LIMITS = [
    *LIMITS_BETWEEN_BLOCKS,
    *LIMITS_OF_BLOCKS,
    *LIMITS_OF_BUTTONS,
    *LIMITS_OF_INPUTS,
    *LIMITS_OF_LAYOUTS,
    *LIMITS_OF_MENUS,
    *LIMITS_OF_RICH_TEXT,
    *LIMITS_OF_TABLES,
]
SURFACES = {
    "section": "MVH",
    "header": "MVH",
    "context": "MVH",
    "actions": "MVH",
    "context_actions": "M",
    "divider": "MVH",
    "image": "MVH",
    "input": "MVH",
    "rich_text": "MVH",
    "markdown": "M",
    "table": "MH",
    "data_table": "MH",
    "data_visualization": "M",
    "plan": "M",
    "task_card": "M",
    "card": "MVH",
    "carousel": "MH",
    "container": "MH",
    "alert": "V",
    "auth_provider": "MVH",
    "video": "MVH",
    "file": "M",
    "call": "M",
}


@pytest.mark.parametrize("limit", LIMITS, ids=[limit.name for limit in LIMITS])
def test_just_inside_is_taken(limit):
    assert check_blocks(limit.make(limit.inside), surface=limit.surface) == []


@pytest.mark.parametrize("limit", LIMITS, ids=[limit.name for limit in LIMITS])
def test_just_outside_is_refused_where_it_is_wrong(limit):
    faults = check_blocks(limit.make(limit.outside), surface=limit.surface)

    assert [fault.pointer for fault in faults] == [limit.pointer]


@pytest.mark.parametrize("limit", LIMITS, ids=[limit.name for limit in LIMITS])
def test_the_sdk_takes_what_is_just_inside(limit):
    blocks = limit.make(limit.inside)
    without_model = {"data_table", "data_visualization"}

    assert len(to_sdk_and_back(blocks)) == sum(part["type"] not in without_model for part in blocks)


@pytest.mark.parametrize(("surface", "letter"), [("message", "M"), ("modal", "V"), ("home", "H")])
@pytest.mark.parametrize("kind", BLOCKS)
def test_a_block_stands_only_where_slack_lets_it(kind, surface, letter):
    faults = check_blocks(block(kind), surface=surface)

    assert [fault.pointer for fault in faults] == ([] if letter in SURFACES[kind] else ["/blocks/0/type"])


@pytest.mark.parametrize("kind", BLOCKS)
def test_a_block_has_no_other_fields(kind):
    surface: Surface = "modal" if kind == "alert" else "message"

    assert check_blocks(block(kind, colour="red"), surface=surface) == [
        Fault("invalid_blocks", "invalid additional property: colour", "/blocks/0")
    ]


@pytest.mark.parametrize("kind", BLOCKS)
def test_a_block_without_one_of_its_fields_is_refused(kind):
    surface: Surface = "modal" if kind == "alert" else "message"
    whole = BLOCKS[kind]
    needed = [name for name in whole if (kind, name) != ("plan", "tasks")]

    for name in needed:
        [fault] = check_blocks([{key: part for key, part in whole.items() if key != name}], surface=surface)
        assert fault.pointer == "/blocks/0", name


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ("hello", "must provide an object [json-pointer:/blocks/0]"),
        ({}, "missing required field: type [json-pointer:/blocks/0]"),
        ({"type": "sections"}, "unsupported type: sections [json-pointer:/blocks/0/type]"),
        ({"type": ["section"]}, "unsupported type: ['section'] [json-pointer:/blocks/0/type]"),
        ({"type": "section", "text": "hello"}, "must provide an object [json-pointer:/blocks/0/text]"),
        ({"type": "section", "text": None}, "must provide an object [json-pointer:/blocks/0/text]"),
        ({"type": "actions", "elements": {}}, "must provide an array [json-pointer:/blocks/0/elements]"),
        (
            {"type": "header", "text": plain("x" * 151)},
            "must be less than 151 characters [json-pointer:/blocks/0/text/text]",
        ),
        ({"type": "header", "text": plain("")}, "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
        (
            {"type": "section", "fields": [plain()] * 11},
            "no more than 10 items allowed [json-pointer:/blocks/0/fields]",
        ),
    ],
)
def test_a_fault_speaks_as_slack_does(wrong: Any, fault):
    assert [str(found) for found in check_blocks([wrong], surface="message")] == [fault]


def test_every_fault_is_told():
    blocks = [*block("header", text=plain("")), *block("divider", block_id=""), *block("alert")]

    assert [fault.pointer for fault in check_blocks(blocks, surface="message")] == [
        "/blocks/0/text/text",
        "/blocks/1/block_id",
        "/blocks/2/type",
    ]


def test_long_tables_do_not_count_among_the_characters_of_a_message():
    blocks = [*table("data_table", 100, characters=20_000), *block("section", text=plain("x" * 3_000))]

    assert check_blocks(blocks, surface="message") == []


def test_the_same_action_id_may_stand_in_two_blocks():
    one, two = ({**buttons(1)[0], "action_id": "a"} for _ in range(2))

    assert check_blocks([*block("actions", elements=[one]), *block("actions", elements=[two])], surface="message") == []


def test_a_chart_has_one_point_for_each_category_and_each_series_one_name():
    lacking = bar(labels=labels(2))
    lacking["series"][0]["data"].pop()
    twins = bar(series=2, labels=labels(2))
    twins["series"][1]["name"] = twins["series"][0]["name"]

    assert [fault.pointer for fault in check_blocks(chart(**lacking), surface="message")] == [
        "/blocks/0/chart/series/0/data"
    ]
    assert [fault.pointer for fault in check_blocks(chart(**twins), surface="message")] == [
        "/blocks/0/chart/series/1/name"
    ]


def test_options_of_a_menu_within_a_section_are_checked_too():
    menu = {"type": "static_select", "options": [option("x" * 151)]}

    assert [fault.pointer for fault in check_blocks(block("section", accessory=menu), surface="home")] == [
        "/blocks/0/accessory/options/0/value"
    ]
