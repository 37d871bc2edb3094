import re
import tomllib
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, distribution, metadata, version
from itertools import pairwise
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PIN = re.compile(r"(?P<name>[a-z0-9-]+)==(?P<version>[\w.]+)(?: ; [^\\]+)? \\")
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}(?: \\)?")
#: licences that ask for nothing but to be kept with what they cover, as they name themselves
LICENCES = {
    "Apache License, Version 2.0",
    "Apache Software License",
    "Apache-2.0",
    "BSD License",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "MIT",
    "MIT License",
    "PSF-2.0",
    "Public Domain",
    "Python Software Foundation License",
}
#: these ask for changes to them to be published, and here they are used as they are
LICENCES_OF_UNCHANGED_WORK = {"MPL-2.0", "Mozilla Public License 2.0 (MPL 2.0)"}
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


def requirements(file: str) -> list[Requirement]:
    """The pins that are for this machine."""
    pinned = (Requirement(line.rstrip(" \\")) for line in (ROOT / file).read_text().splitlines() if PIN.fullmatch(line))
    return [one for one in pinned if one.marker is None or one.marker.evaluate()]


def asked_for(wanted: Iterable[str]) -> set[str]:
    """All that is needed, on any machine, by what is wanted, by what that wants, and so on."""
    left, found = [Requirement(one) for one in wanted], set[str]()
    while left:
        one = left.pop()
        name = canonicalize_name(one.name)
        if name in found:
            continue
        found.add(name)
        try:
            more = [Requirement(text) for text in distribution(name).requires or []]
        except PackageNotFoundError:
            continue  # for other machines
        left += [other for other in more if "extra ==" not in str(other.marker) or is_extra(other, one.extras)]
    return found


def is_extra(requirement: Requirement, extras: Iterable[str]) -> bool:
    marker = requirement.marker
    return marker is not None and any(marker.evaluate({"extra": extra}) for extra in extras)


def licences_of(name: str) -> set[str]:
    """What a package says of itself: an expression, or classifiers, or a text."""
    told = metadata(name)
    if told["License-Expression"]:
        return set(re.split(r" AND | OR ", told["License-Expression"]))
    classified = [one for one in told.get_all("Classifier") or [] if one.startswith("License :: ")]
    return {one.rpartition(" :: ")[2] for one in classified} or {told["License"] or "none"}


def test_what_is_installed_is_what_is_pinned():
    pinned = {one.name: str(one.specifier).removeprefix("==") for one in requirements("requirements-dev.txt")}

    assert {name: version(name) for name in pinned} == pinned


def test_nothing_is_pinned_that_nothing_asks_for():
    runtime, development = PROJECT["project"]["dependencies"], PROJECT["dependency-groups"]["dev"]

    assert pins("requirements.txt").keys() <= asked_for(runtime)
    assert pins("requirements-dev.txt").keys() <= asked_for([*runtime, *development])


def test_every_licence_is_known_to_fit():
    found = {one.name: licences_of(one.name) for one in requirements("requirements-dev.txt")}

    assert {name: told for name, told in found.items() if not told <= LICENCES | LICENCES_OF_UNCHANGED_WORK} == {}
