"""The world's clock and its rules, as the page asks for them."""

import pytest

from bot.sandbox.agenda import Agenda
from bot.sandbox.clock import WorldClock
from bot.sandbox.page import open_page
from bot.sandbox.page.policy import parts_of
from bot.sandbox.timeline import Timeline
from tests.unit.sandbox.page.windows import Window, World, browser


@pytest.fixture
def clock(workspace, tmp_path):
    workspace.clock = WorldClock(tmp_path / "clock")
    return workspace.clock


@pytest.fixture
def world(slack, kajabi, process, clock, tmp_path):
    """The bot has done nothing in it yet."""
    policy = tmp_path / "policy.toml"
    policy.write_text("# By one of two.\n[default]\napprovers = 'S0'\n")
    timeline = Timeline(clock, Agenda(tmp_path / "offerdesk.db"), slack, running=lambda: True)
    return World(slack, kajabi, process, timeline=timeline, policy=policy)


@pytest.fixture
async def ada(world, workspace):
    """At a page whose clock can be moved."""
    async with open_page(world) as page, browser() as http, Window(http, page, workspace.member("Ada").id) as ada:
        yield ada


async def test_each_window_is_told_the_moved_time_at_once(ada, clock):
    before = ada.told["now"]
    answer = await ada.post("/clock", {"by": 3600})
    await ada.until(lambda told: told["clock"]["ahead"] == 3600)

    assert answer["ok"]
    assert ada.told["now"] - before == pytest.approx(3600, abs=60)
    assert ada.told["clock"]["next"] is None


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"by": 0}, "“by” must be a whole number from 1 on."),
        ({"by": -3600}, "“by” must be a whole number from 1 on."),
        ({"by": "1 day"}, "“by” must be a whole number from 1 on."),
        ({"by": 10**9}, "The clock goes forward only, a year at most in one go."),
        ({}, "Nothing is due by itself. Ask for something first."),
    ],
)
async def test_a_move_that_is_none_is_refused_with_a_sentence(ada, clock, given, says):
    assert await ada.post("/clock", given) == {"ok": False, "error": says}
    assert clock.ahead == 0


async def test_the_policy_is_shown_with_what_its_comments_say(ada, tmp_path):
    shown = await ada.get("/panel/policy")

    assert shown["file"] == str(tmp_path / "policy.toml")
    assert shown["parts"] == [{"says": "By one of two.", "lines": "[default]\napprovers = 'S0'"}]


async def test_without_a_clock_of_its_own_a_world_goes_by_the_machines(window):
    ada = await window("Ada")

    assert ada.told["clock"] is None
    assert "machine’s clock" in (await ada.post("/clock", {"by": 3600}))["error"]
    assert await ada.get("/panel/policy") == {"file": None, "parts": []}


def test_two_who_read_the_same_file_agree(tmp_path):
    here, there = WorldClock(tmp_path / "clock"), WorldClock(tmp_path / "clock")
    here.forward(86_400)
    here.forward(0.5)

    assert there.ahead == 86_400.5
    assert there() - here() == pytest.approx(0, abs=5)


def test_a_paragraph_without_lines_is_only_said():
    assert parts_of("# A.\n# B.\n\n\n# C.\nx = 1\n") == [
        {"says": "A.\nB.", "lines": ""},
        {"says": "C.", "lines": "x = 1"},
    ]
