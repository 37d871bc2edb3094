"""What people enter in each kind of input becomes the state Slack would send."""

import pytest

from bot.sandbox import fields, inputs
from bot.sandbox.model import CannotDo, Json, View
from tests.unit.sandbox.world import populated


def option(words, value):
    return {"text": {"type": "plain_text", "text": words}, "value": value}


OPTIONS = [option("Bundle (old)", "k:1"), option("Bundle", "k:2"), option("Course for Beginners", "k:3")]


@pytest.fixture
def workspace():
    return populated()


@pytest.mark.parametrize(
    ("element", "entered", "key", "state"),
    [
        ({"type": "plain_text_input"}, "x", "value", "x"),
        ({"type": "number_input"}, 30, "value", "30"),
        ({"type": "static_select", "options": OPTIONS}, "Bundle", "selected_option", OPTIONS[1]),
        ({"type": "static_select", "options": OPTIONS}, "beginners course", "selected_option", OPTIONS[2]),
        ({"type": "radio_buttons", "options": OPTIONS}, "k:1", "selected_option", OPTIONS[0]),
        ({"type": "checkboxes", "options": OPTIONS[:1]}, True, "selected_options", OPTIONS[:1]),
        ({"type": "checkboxes", "options": OPTIONS[:1]}, False, "selected_options", []),
        ({"type": "multi_static_select", "options": OPTIONS}, ["k:1", "k:3"], "selected_options", OPTIONS[::2]),
        ({"type": "datepicker"}, "2026-12-01", "selected_date", "2026-12-01"),
        ({"type": "datetimepicker"}, 1_700_000_000, "selected_date_time", 1_700_000_000),
        ({"type": "plain_text_input"}, None, "value", None),
        ({"type": "multi_static_select", "options": OPTIONS}, None, "selected_options", []),
    ],
)
def test_a_value_becomes_the_state_of_its_element(workspace, element, entered, key, state):
    assert fields.state_for(workspace, element, entered) == {"type": element["type"], key: state}


def test_people_and_channels_are_chosen_by_name(workspace):
    chosen = fields.state_for(workspace, {"type": "multi_users_select"}, ["Ada", "Grace"])
    place = fields.state_for(workspace, {"type": "conversations_select"}, "#support")

    assert chosen["selected_users"] == [workspace.member("Ada").id, workspace.member("Grace").id]
    assert place["selected_conversation"] == workspace.channel("support").id


def test_an_option_that_is_not_there_cannot_be_chosen():
    with pytest.raises(CannotDo, match=r"no option says 'Seminar'; there are \['Bundle \(old\)'"):
        fields.pick(OPTIONS, "Seminar")


@pytest.mark.parametrize(
    ("element", "value", "complaint"),
    [
        ({"type": "plain_text_input", "min_length": 3}, "ab", "at least 3"),
        ({"type": "plain_text_input", "max_length": 3}, "abcd", "at most 3"),
        ({"type": "plain_text_input"}, "x" * 3000, None),
        ({"type": "plain_text_input"}, "x" * 3001, "at most 3000"),
        ({"type": "email_text_input"}, "jane@example", "valid email"),
        ({"type": "email_text_input"}, "jane@example.com", None),
        ({"type": "url_text_input"}, "example.com", "valid URL"),
        ({"type": "number_input", "is_decimal_allowed": False}, "1.5", "valid number"),
        ({"type": "number_input", "is_decimal_allowed": True, "max_value": "2"}, "2.5", "at most 2"),
        ({"type": "number_input", "is_decimal_allowed": True, "min_value": "2"}, "1.5", "at least 2"),
        ({"type": "plain_text_input"}, "", "required"),
    ],
)
def test_the_client_complains_before_anything_is_sent(element, value, complaint):
    block = {"type": "input", "block_id": "b", "element": element | {"action_id": "a"}}
    view = View("V1", "U1", {"blocks": [block]}, "h", "V1")
    view.values = inputs.values_of(view.blocks, kept={})
    view.values["b"]["a"]["value"] = value

    found = fields.complaints(view)
    assert (found == {}) if complaint is None else complaint in found["b"]


def test_an_optional_field_may_stay_empty():
    element = {"type": "plain_text_input", "action_id": "a"}
    block = {"type": "input", "block_id": "b", "element": element, "optional": True}
    view = View("V1", "U1", {"blocks": [block]}, "h", "V1")
    view.values = inputs.values_of(view.blocks, kept={})

    assert fields.complaints(view) == {}


def test_initial_values_are_the_state_until_somebody_types():
    element = {"type": "plain_text_input", "action_id": "a", "initial_value": "filled"}
    blocks = [{"type": "input", "block_id": "b", "element": element}]

    values = inputs.values_of(blocks, kept={})
    assert values == {"b": {"a": {"type": "plain_text_input", "value": "filled"}}}
    values["b"]["a"]["value"] = "typed"
    assert inputs.values_of(blocks, kept=values)["b"]["a"]["value"] == "typed"
    changed = [{"type": "input", "block_id": "b2", "element": element}]
    assert inputs.values_of(changed, kept=values)["b2"]["a"]["value"] == "filled"


def test_blocks_without_ids_get_some():
    buttons: Json = {"type": "actions", "elements": [{"type": "button"}]}
    blocks = [buttons, {"type": "divider", "block_id": "mine"}]
    named = inputs.with_ids(blocks, fresh=iter(["one", "two"]))

    assert [block["block_id"] for block in named] == ["one", "mine"]
    assert named[0]["elements"][0]["action_id"] == "two"
    assert "block_id" not in blocks[0]
