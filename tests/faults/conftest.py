"""What the tests of this folder share: the towns in which faults happen, and the table of what is proved."""

import os
from pathlib import Path

import pytest

from tests.faults.table import MODE, Row, Table, area_of
from tests.flow.conftest import clock, desk, idle, town, transport, witness
from tests.process.conftest import world
from tests.unit.conftest import lines

__all__ = ["clock", "desk", "idle", "lines", "town", "transport", "witness", "world"]

FOLDER = Path(__file__).parent
LAST = FOLDER / "test_table.py"
TABLE = pytest.StashKey[Table]()


def pytest_configure(config):
    config.stash[TABLE] = Table()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Ask for the table when everything has been proved."""
    items.sort(key=lambda item: item.path == LAST)


def pytest_sessionfinish(session, exitstatus):
    if os.environ.get(MODE) == "write" and exitstatus == pytest.ExitCode.OK:
        session.config.stash[TABLE].write()


@pytest.fixture
def table(request):
    return request.config.stash[TABLE]


@pytest.fixture
def mode():
    return os.environ.get(MODE, "check")


@pytest.fixture
def record(request, table, mode):
    """Write a row of the table: call it last, when all is asserted, with words that are the same in every run.

    `sized`: what was counted depends on how long the run was.
    """
    area = area_of(request.module.__doc__)

    def recorded(fault, happened, counted, *, sized=False):
        row = Row(fault, happened, counted, sized)
        table.add(area, row)
        if mode == "check":
            assert not table.missing_row(row), f"not in the documents; `python -m tests.faults` writes it: {row.line}"

    return recorded


@pytest.fixture
def proved_all(request):
    """Whether every test of this folder was run, and none failed."""
    option, session = request.config.option, request.session
    run = {item.path for item in session.items if item.path.parent == FOLDER}
    chosen = option.keyword or option.markexpr or any("::" in one for one in request.config.args)
    return run == set(FOLDER.glob("test_*.py")) and not chosen and not session.testsfailed
