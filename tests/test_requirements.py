import re
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PIN = re.compile(r"(?P<name>[a-z0-9-]+)==(?P<version>[\w.]+)(?: ; [^\\]+)? \\")
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}(?: \\)?")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def pins(file: str) -> dict[str, str]:
    found = (PIN.fullmatch(line) for line in (ROOT / file).read_text().splitlines())
    return {pin["name"]: pin["version"] for pin in found if pin}


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[^A-Za-z0-9-]", requirement)[0].lower() for requirement in requirements}


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_a_requirements_file_holds_pins_and_hashes_only(file):
    lines = (ROOT / file).read_text().splitlines()

    assert [line for line in lines if not (PIN.fullmatch(line) or HASH.fullmatch(line))] == []
    assert all(HASH.fullmatch(after) for line, after in pairwise(lines) if PIN.fullmatch(line))


def test_everything_the_project_asks_for_is_pinned():
    runtime = names(PROJECT["project"]["dependencies"])
    development = names(PROJECT["dependency-groups"]["dev"])

    assert runtime <= pins("requirements.txt").keys()
    assert runtime | development <= pins("requirements-dev.txt").keys()


def test_tests_run_on_the_versions_that_are_deployed():
    assert pins("requirements.txt").items() <= pins("requirements-dev.txt").items()
