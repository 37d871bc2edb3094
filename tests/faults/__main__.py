"""Proves everything with a longer soak, and writes the tables of README.md and SECURITY.md: `python -m tests.faults`.

It takes an hour or two on two cores. Further arguments go to pytest; rows of tests that are not run stay as they are.
"""

import os
import sys
from pathlib import Path

import pytest

from tests.faults.table import MODE

#: what is longer than in an ordinary run
LONGER = {"SOAK_REQUESTS": "600", "KILLS": "all"}


def main(arguments):
    for name, value in (LONGER | {MODE: "write"}).items():
        os.environ.setdefault(name, value)
    return pytest.main([str(Path(__file__).parent), *arguments])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
