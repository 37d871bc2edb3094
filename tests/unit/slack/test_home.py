import json
from dataclasses import replace
from itertools import product

import pytest
from slack_sdk.models.views import View

from bot.domain.errors import Deactivated, GuestAccount, NobodyMayDecide
from bot.domain.home import Entry, Leaf, Overview, Part, Place
from bot.domain.pause import Pause
from bot.domain.request import Action, Holding, State
from bot.sandbox.blockkit import check_view
from bot.slack.content import Content, plainer
from bot.slack.home import carried, home
from tests.unit.slack.cases import ADA, BOB, NOW, PAID, SCENE, STARTER, a_case, all_texts
from tests.unit.slack.test_rendering import HOSTILE

WORKSPACE = replace(SCENE, workspace="https://school.slack.com/")
CARD = ("C0OFFERS", "1795255200.000100")
PLACE = Place(NOW, 12)
STOPPED = Pause(by=BOB, at=NOW)
NO_PAGES = """
x
[]
{}
null
["waiting"]
["tea", 1, 1, false]
["waiting", "x", 1, false]
["waiting", 1e999, 1, false]
["waiting", NaN, 1, false]
["waiting", 1, 1e30, false]
["waiting", 1, null, false]
["waiting", [], 1, false]
""".splitlines()


def an_overview(*cases, part=Part.WAITING, person=BOB, **fields):
    numbered = [replace(one, request=replace(one.request, id=f"R-{number:04}")) for number, one in enumerate(cases)]
    entries = tuple(Entry(case=one, card=CARD) for one in numbered)
    leaves = {part: Leaf(entries=entries, before=replace(PLACE, back=True), after=PLACE)}
    return replace(Overview(person=person, decides=True, reads_all=True, leaves=leaves), **fields)


def drawn(overview, scene=WORKSPACE):
    view = home(overview, scene)
    assert check_view(view) == []
    View(**view).to_dict()
    plain = plainer(Content("", view["blocks"])).blocks
    assert check_view(view | {"blocks": plain}) == []
    return view


def buttons_of(view):
    rows = [block for block in view["blocks"] if block["type"] == "actions"]
    return {(row.get("block_id", ""), one["action_id"]) for row in rows for one in row["elements"]}


def names(view):
    return {name for _, name in buttons_of(view)}


@pytest.mark.parametrize(("part", "state"), list(product(Part, State)))
@pytest.mark.parametrize(
    ("action", "text"),
    [(Action.REVOKE, HOSTILE), (Action.GRANT, "é" * 10_000), (Action.GRANT, "")],
    ids=["hostile", "long", "empty"],
)
def test_every_home_is_one_that_slack_takes(part, state, action, text):
    held = [Holding(offer_id=str(n), title=text, granted=True) for n in range(30)]
    case = a_case(
        state,
        action,
        title=text,
        name=text,
        address=text,
        reason=text,
        note=text,
        holdings=(PAID, STARTER, *held),
        effects=(text,) * 20,
        rivals=("R-9999",) * 30,
        error=f"Rejected: {text}",
    )
    person = ADA if part is Part.MINE else BOB
    view = drawn(an_overview(*[case] * 5, part=part, person=person, pause=Pause(by=BOB, at=NOW, why=text)))

    assert len(json.dumps(view)) < 250_000
    assert not any("<!channel>" in one for one in all_texts(Content("", view["blocks"])))


def test_a_full_home_is_far_from_slacks_hundred_blocks():
    worst = an_overview(*[a_case(State.PENDING)] * 5, pause=Pause(by=BOB, at=NOW), stops=True)
    failed = tuple(Entry(case=a_case(State.FAILED, id=f"R-F{number}")) for number in range(5))
    listed = {part: Leaf(entries=failed, before=PLACE, after=PLACE) for part in (Part.MINE, Part.ENDED)}
    full = drawn(replace(worst, leaves={**worst.leaves, **listed}))

    assert len(full["blocks"]) < 70


def test_each_decision_names_its_own_version_and_request():
    view = drawn(an_overview(a_case(version=1), a_case(version=3)))

    assert {("decide:1:R-0000", "approve"), ("decide:3:R-0001", "approve")} <= buttons_of(view)
    values = {one["value"] for block in view["blocks"] for one in block.get("elements", ()) if "value" in one}
    assert {"R-0000", "R-0001"} <= values


def test_a_request_that_is_unknown_waits_to_be_looked_into_not_to_be_approved():
    assert {"retry", "settle"} <= names(drawn(an_overview(a_case(State.UNKNOWN))))
    assert "approve" not in names(drawn(an_overview(a_case(State.UNKNOWN))))


def test_nobody_is_offered_to_settle_a_request_of_their_own():
    own = drawn(an_overview(a_case(State.UNKNOWN), part=Part.MINE, person=ADA))

    assert "retry" in names(own)
    assert "settle" not in names(own)


def test_who_only_reads_is_offered_nothing_on_what_others_asked():
    reads = drawn(an_overview(a_case(State.FAILED), part=Part.ENDED, decides=False))
    decides = drawn(an_overview(a_case(State.FAILED), part=Part.ENDED))

    assert "retry" not in names(reads)
    assert "retry" in names(decides)


def test_who_decides_nothing_is_not_told_that_nothing_waits():
    assert "Waiting for you" not in json.dumps(drawn(an_overview(decides=False)))


@pytest.mark.parametrize("refusal", [Deactivated(), GuestAccount()])
def test_an_account_that_takes_no_part_sees_the_reason_and_nothing_else(refusal):
    (only,) = drawn(an_overview(a_case(), refusal=refusal))["blocks"]

    assert only["type"] == "section"
    assert "can neither ask nor decide" in only["text"]["text"]


def test_who_cannot_ask_has_no_button_for_it():
    assert names(drawn(an_overview(asking=NobodyMayDecide()))) >= {"look_up"}
    assert names(drawn(an_overview(asking=NobodyMayDecide()))) & {"ask_grant", "ask_revoke"} == set()


@pytest.mark.parametrize(
    ("pause", "stops", "offered"),
    [(None, False, None), (None, True, "pause"), (STOPPED, False, None), (STOPPED, True, "resume")],
)
def test_the_stop_switch_is_offered_to_admins_only(pause, stops, offered):
    view = drawn(an_overview(pause=pause, stops=stops))
    beside = {block["accessory"]["action_id"] for block in view["blocks"] if "accessory" in block}

    assert beside & {"pause", "resume"} == ({offered} if offered else set())
    assert ("Paused" in json.dumps(view)) is (pause is not None)


@pytest.mark.parametrize("workspace", ["", "http://evil.example/", "https://a.example/|x>", "https://a.example"])
def test_without_a_sound_address_of_the_workspace_there_is_no_link(workspace):
    view = drawn(an_overview(a_case()), replace(SCENE, workspace=workspace))

    assert "archives" not in json.dumps(view)
    assert "R-0000" in json.dumps(view)


def test_a_page_is_named_by_its_button():
    pages = [
        carried(one["value"])
        for block in drawn(an_overview(a_case()))["blocks"]
        for one in block.get("elements", ())
        if one.get("action_id", "").startswith("turn_")
    ]

    assert pages == [(Part.WAITING, replace(PLACE, back=True)), (Part.WAITING, PLACE)]


@pytest.mark.parametrize("value", [*NO_PAGES, "[" * 5000])
def test_what_is_no_page_is_refused(value):
    with pytest.raises(ValueError):  # noqa: PT011 - whatever is wrong with it
        carried(value)
