"""How the tests are dealt out to the processes of `-n 3`: more of them than cores, as much of the time is waiting."""

import pytest
from xdist.scheduler import LoadScopeScheduling

#: proved together, and compared with the documents at its end: see `faults/test_table.py`
WHOLE = "tests/faults"
#: what takes longest, in this order: begun first, so that nobody waits for it at the end
LONG = (WHOLE, "tests/property", "tests/process", "tests/browser", "tests/bench", "tests/flow/capillary", "tests/flow")


class ByFile(LoadScopeScheduling):
    """A file stays together, since its tests share what is costly to start; so does the folder of the faults."""

    def _split_scope(self, nodeid):
        return WHOLE if nodeid.startswith(f"{WHOLE}/") else nodeid.partition("::")[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    config.option.loadscopereorder = False  # by how many tests a file has: that says little
    return ByFile(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    if hasattr(config, "workerinput"):  # dealt out
        items.sort(key=_place)


def _place(item):
    return next((place for place, folder in enumerate(LONG) if item.nodeid.startswith(f"{folder}/")), len(LONG))
