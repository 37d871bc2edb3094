import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
#: a name that a spreadsheet would run
NOISE = "=HYPERLINK(0)"


def bot(*words: str, cwd: Path, typed: str = "", **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        cwd=cwd,
        env={"PYTHONPATH": str(ROOT), "PATH": os.defpath, "PYTHONWARNINGS": "error", **environment},
        input=typed,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def only_sentences(done: "subprocess.CompletedProcess[str]") -> str:
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    return done.stderr
