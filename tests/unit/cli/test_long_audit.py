"""An audit of any length is verified and exported row by row: `LONG_AUDIT=1000000` for a run that is longer."""

import os
import subprocess
import sys

from bot.store import audit
from bot.store.rows import to_json
from tests.contract.store.world import opened
from tests.unit.cli.shell import ROOT

LONG = int(os.environ.get("LONG_AUDIT", "30000"))
SHORT = 1000
#: what reading many takes at most, against few; all rows at once would be several times as much
RATIO = 1.2


def rows(count):
    """A chain as the bot would have written it."""
    before = ""
    for seq in range(1, count + 1):
        data = to_json({"change": seq, "action": "grant", "attempt": 1, "offer": "7", "contact": "c9"})
        line = (seq, "change.verified", 1.7e9 + seq, "R-4F7K", "T1", "UADA", data)
        before = audit.chained(before, line)
        yield *line, before


async def an_audit(folder, count):
    folder.mkdir()
    async with opened(folder) as store:
        sqlite = store.db.sqlite
        sqlite.execute("drop trigger event_next")  # it would look for the newest row before each of them
        sqlite.execute("begin")
        sqlite.executemany("insert into event values (?, ?, ?, ?, ?, ?, ?, ?)", rows(count))
        sqlite.execute("commit")
    return folder


def ran(folder, *words):
    """Run a command; return how many lines it wrote, and the most memory that it had."""
    with (folder / "out").open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "audit", *words],
            cwd=folder,
            env={"PYTHONPATH": str(ROOT), "PATH": os.defpath},
            stdout=out,
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    with (folder / "out").open("rb") as written:
        return sum(1 for _ in written), usage.ru_maxrss


async def test_a_long_audit_is_verified_and_exported_whole_in_the_memory_of_a_short_one(tmp_path):
    short, long = await an_audit(tmp_path / "short", SHORT), await an_audit(tmp_path / "long", LONG)
    for header, words in ((0, ["export"]), (1, ["export", "--format", "csv"])):
        (few, little), (many, much) = ran(short, *words), ran(long, *words)

        assert (few, many) == (SHORT + header, LONG + header)
        assert much < little * RATIO
    (_, little), (said, much) = ran(short, "verify"), ran(long, "verify")

    assert said == 1
    assert (long / "out").read_text() == f"ok  {LONG} lines, each as it was written.\n"
    assert much < little * RATIO
