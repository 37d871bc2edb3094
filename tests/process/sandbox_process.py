"""`python -m bot.sandbox` as somebody starts it, with a folder of its own for temporary files."""

import asyncio
import os
import signal
import sys
from pathlib import Path

from tests.process.processes import children_of, until

ROOT = Path(__file__).parents[2]
END_SECONDS = 60.0


class Sandbox:
    """The process; what it prints is collected as it comes."""

    def __init__(self, process, temporary):
        self.process = process
        self.temporary = temporary
        self.printed = ""
        self.complained = ""
        self._reading = [asyncio.create_task(self._read(process.stdout)), asyncio.create_task(self._read_errors())]

    async def _read(self, stream):
        while piece := await stream.read(65536):
            self.printed += piece.decode(errors="replace")

    async def _read_errors(self):
        self.complained = (await self.process.stderr.read()).decode()

    async def prints(self, text, *, within=END_SECONDS, after=0):
        """Wait until it has printed this; return where it stands."""
        await until(lambda: text in self.printed[after:], within=within, what=f"no {text!r} in:\n{self.printed}")
        return self.printed.index(text, after) + len(text)

    async def told(self, line, *, until_printed):
        """Type a line; return what is printed from then on, up to the text."""
        before = len(self.printed)
        self.process.stdin.write(f"{line}\n".encode())
        await self.process.stdin.drain()
        end = await self.prints(until_printed, after=before)
        return self.printed[before:end]

    def signal(self, which):
        os.kill(self.process.pid, which)

    async def ended(self):
        """Wait for its end; return the exit code."""
        async with asyncio.timeout(END_SECONDS):
            code = await self.process.wait()
            await asyncio.gather(*self._reading)
        return code

    async def bot(self):
        """The bot that it started, once it is there."""
        return await until(
            lambda: next((one for one in self.children() if "-m bot.sandbox.bot " in one.arguments), None)
        )

    def children(self):
        return children_of(self.process.pid)

    def files(self):
        return sorted(path.name for path in self.temporary.rglob("*"))


async def started(*arguments, temporary, folder=None, environment=None, stdin=asyncio.subprocess.DEVNULL):
    given = {"PATH": os.defpath, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1"}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bot.sandbox", *arguments),
        cwd=folder or temporary.parent,
        env=given | {"TMPDIR": str(temporary)} | (environment or {}),
        stdin=stdin,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    return Sandbox(process, temporary)


async def cleared(sandbox):
    """End it, whatever a test has left of it."""
    if sandbox.process.returncode is None:
        sandbox.signal(signal.SIGTERM)
    await sandbox.ended()
