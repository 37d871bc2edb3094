"""Which processes there are, as the machine tells it."""

import asyncio
import subprocess
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")


@dataclass(frozen=True)
class Process:
    pid: int
    parent: int
    arguments: str


def processes() -> list[Process]:
    return list(map(_parsed, _by_proc() if (PROC / "self/stat").exists() else _by_ps()))


def children_of(pid: int) -> list[Process]:
    found = processes()
    near = [one for one in found if one.parent == pid]
    return [*near, *(far for one in near for far in children_of(one.pid))]


def alive(pid: int) -> bool:
    return any(one.pid == pid for one in processes())


async def until(look, *, within: float = 10.0, what: str = "it did not come true"):
    """Wait for what another process does; it has no way to tell."""
    try:
        async with asyncio.timeout(within):
            while not (found := look()):  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.02)
            return found
    except TimeoutError:
        raise AssertionError(what) from None


def _by_proc() -> list[str]:
    lines = []
    for folder in PROC.iterdir():
        if folder.name.isdecimal():
            try:
                state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
                arguments = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            except OSError:  # it has just ended
                continue
            if state != "Z":
                lines.append(f"{folder.name} {parent} {arguments}")
    return lines


def _by_ps() -> list[str]:
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True)  # noqa: S607 - where ps is differs
    return [line for line in listed.stdout.splitlines() if line.strip()]


def _parsed(line: str) -> Process:
    pid, parent, *arguments = line.split(maxsplit=2)
    return Process(int(pid), int(parent), " ".join(arguments))
