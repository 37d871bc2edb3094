"""How the tests are dealt out to the processes of `-n 2`."""

import pytest
from xdist.scheduler import LoadScopeScheduling

#: proved together, and compared with the documents at its end: see `faults/test_table.py`
WHOLE = "tests/faults"


class ByFile(LoadScopeScheduling):
    """A file stays together, since its tests share what is costly to start; so does the folder of the faults."""

    def _split_scope(self, nodeid):
        return WHOLE if nodeid.startswith(f"{WHOLE}/") else nodeid.partition("::")[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    return ByFile(config, log)
