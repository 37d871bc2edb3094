import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from bot.cli import main
from bot.domain.parsing import Verb
from bot.settings import Settings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
CI = (ROOT / ".ci/run").read_text()
SANDBOX = "python3 -m venv .venv && .venv/bin/pip install -q -r requirements.txt && .venv/bin/python -m bot.sandbox"
TESTS = "python3 -m venv .venv && .venv/bin/pip install -q -r requirements-dev.txt && .venv/bin/python -m pytest -n 3"


def section(title: str) -> str:
    return re.split(r"^## ", README.split(f"\n## {title}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]


def first_cells(text: str) -> list[str]:
    """What the first column of every table in this text names."""
    return re.findall(r"^\| `([^`]+)`", text, flags=re.MULTILINE)


def shell_commands(group: click.Group, *path: str) -> Iterator[str]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from shell_commands(command, *path, name)
        else:
            yield " ".join((*path, name))


def test_the_settings_table_names_every_setting_and_no_other():
    assert sorted(first_cells(section("Settings"))) == sorted(name.upper() for name in Settings.model_fields)


def test_the_defaults_in_the_table_are_the_ones_in_the_code():
    rows = re.findall(r"^\| `(\w+)` \| `([^`]+)` \|", section("Settings"), flags=re.MULTILINE)
    defaults = {name: Settings.model_fields[name.lower()].default for name, _ in rows}
    written = {
        name: ",".join(value) if isinstance(value, tuple) else f"{value:g}" if isinstance(value, float) else str(value)
        for name, value in defaults.items()
    }

    assert dict(rows) == written


def test_every_verb_is_described_and_no_other():
    described = [cell for cell in first_cells(section("Commands")) if cell.startswith("/offer ")]

    assert [cell.split()[1] for cell in described] == [verb.value for verb in Verb]


def test_every_shell_command_is_described_and_no_other():
    described = [cell for cell in first_cells(section("Commands")) if cell.startswith("python -m bot ")]
    words = {re.split(r" [A-Z]", cell.removeprefix("python -m bot "))[0] for cell in described}

    assert words == set(shell_commands(main)) - {"run"}


@pytest.mark.parametrize("command", [SANDBOX, TESTS])
def test_the_two_commands_stand_alone_on_their_line(command):
    assert README.splitlines().count(command) == 1


def test_ci_does_what_the_tests_command_does():
    steps = TESTS.split(" && ")
    lines = [line.removesuffix(" || failed=1") for line in CI.splitlines()]

    assert [line for line in lines if line in steps] == steps


@pytest.mark.parametrize("command", [SANDBOX, TESTS])
def test_the_two_commands_use_files_that_exist(command):
    words = shlex.split(command)

    assert (ROOT / words[words.index("-r") + 1]).is_file()


def test_the_map_names_only_what_exists_and_all_of_the_top():
    named = re.findall(r"^  (\S+)  ", section("Map of the code"), flags=re.MULTILINE)
    existing = {path.name + "/" * path.is_dir() for path in (ROOT / "bot").iterdir()}

    assert set(named) == existing - {"__init__.py", "__pycache__/", "py.typed"}


def test_every_path_in_the_way_through_one_grant_exists():
    way = section("Map of the code").split("A reader's way", 1)[1]
    paths = re.findall(r"`([\w/]+\.py)`", way)

    assert paths
    assert [path for path in paths if not (ROOT / "bot" / path).is_file()] == []


def test_every_link_to_a_file_leads_somewhere():
    targets = re.findall(r"\]\((?!https?:|#)([^)]+)\)", README)

    assert targets
    assert [target for target in targets if not (ROOT / target).exists()] == []


def test_every_link_to_a_section_leads_somewhere():
    titles = re.findall(r"^#+ (.+)$", README, flags=re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", title).lower().replace(" ", "-") for title in titles}

    assert set(re.findall(r"\]\(#([^)]+)\)", README)) <= anchors
