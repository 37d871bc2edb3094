import pytest

from bot.sandbox.blockkit import Surface, check_blocks
from tests.unit.sandbox.blockkit.examples import Json, asking, block, element
from tests.unit.sandbox.blockkit.limits_of_buttons import AT, confirming

MENUS = ("static_select", "external_select", "users_select", "conversations_select", "channels_select")
MULTI = tuple(f"multi_{kind}" for kind in MENUS)
PICKED = (*MENUS, *MULTI, "checkboxes", "radio_buttons", "datepicker", "timepicker")
TYPED = ("plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input")
TAKEN = {
    "actions": {"button", "workflow_button", "overflow", "datetimepicker", "rich_text_input", *PICKED},
    "section": {"button", "workflow_button", "overflow", "image", *PICKED},
    "input": {"datetimepicker", "file_input", *TYPED, *PICKED},
    "context": {"image"},
    "context_actions": {"feedback_buttons", "icon_button"},
    "card": {"button"},
}
EVERY = sorted(set().union(*TAKEN.values()))


def holding(place: str, part: Json) -> list[Json]:
    if place == "section":
        return block("section", accessory=part)
    if place == "input":
        return block("input", element=part)
    return block(place, **{"actions" if place == "card" else "elements": [part]})


@pytest.mark.parametrize("kind", EVERY)
@pytest.mark.parametrize("place", TAKEN)
def test_an_element_stands_only_where_slack_lets_it(kind, place):
    surface: Surface = "modal" if kind == "file_input" and place == "input" else "message"
    faults = check_blocks(holding(place, element(kind)), surface=surface)

    assert [fault.message for fault in faults] == (
        [] if kind in TAKEN[place] else [f"unsupported type: {kind}"] * len(faults)
    )
    assert bool(faults) == (kind not in TAKEN[place])


@pytest.mark.parametrize("surface", ["message", "home"])
def test_files_are_asked_for_in_modals_only(surface):
    [fault] = check_blocks(asking("file_input"), surface=surface)

    assert str(fault) == "unsupported type: file_input [json-pointer:/blocks/0/element/type]"


def test_a_response_url_is_to_be_had_in_modals():
    assert check_blocks(asking("channels_select", response_url_enabled=True), surface="modal") == []


@pytest.mark.parametrize("kind", [kind for kind in EVERY if kind in TAKEN["input"]])
def test_an_element_has_no_other_fields(kind):
    [fault] = check_blocks(asking(kind, colour="red"), surface="modal")

    assert str(fault) == "invalid additional property: colour [json-pointer:/blocks/0/element]"


@pytest.mark.parametrize("missing", ["title", "text", "confirm", "deny"])
def test_a_confirmation_is_whole(missing):
    [blocks] = confirming()
    del blocks["elements"][0]["confirm"][missing]

    assert [str(fault) for fault in check_blocks([blocks], surface="message")] == [
        f"missing required field: {missing} [json-pointer:{AT}/confirm]"
    ]
