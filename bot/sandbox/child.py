"""The unmodified bot as a process of its own, in an environment built from nothing."""

import asyncio
import os
import signal
import socket
import sys
from asyncio.subprocess import Process
from collections import deque
from collections.abc import Coroutine, Mapping
from pathlib import Path
from random import SystemRandom
from types import TracebackType
from typing import Any, Self, TypeVar

import aiohttp

Result = TypeVar("Result")

HOST = "127.0.0.1"
CHECKOUT = Path(__file__).parents[2]
START_SECONDS = 20.0
STOP_SECONDS = 27.0
#: below what Linux and macOS take for the near end of a connection; the port after each says that it is taken
LISTENERS = range(20_000, 32_000, 2)
#: how many ports are kept for their users, who take some time to listen
KEPT = 64
_kept: deque[socket.socket] = deque()


class BotFailed(Exception):
    """The bot did not start, or did not stop; what it said is in the message."""


def free_port() -> int:
    """Find a port that nothing listens on right now, that no outgoing connection gets while the bot is down.

    Nobody else is given it, in no other process either, until many more have been asked for here.
    """
    for port in SystemRandom().sample(LISTENERS, len(LISTENERS)):
        guard = socket.socket()
        try:
            guard.bind((HOST, port + 1))
            with socket.socket() as probe:
                probe.bind((HOST, port))
        except OSError:
            guard.close()
            continue
        _kept.append(guard)
        if len(_kept) > KEPT:
            _kept.popleft().close()
        return port
    raise BotFailed("no port is free")


def clean_environment(settings: Mapping[str, str], folder: Path) -> dict[str, str]:
    """Nothing of what is around leaks in: no tokens, no proxies, no `.env` (the folder has none)."""
    return {
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(CHECKOUT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUNBUFFERED": "1",
        **settings,
    }


async def run_once(*arguments: str, folder: Path) -> str:
    """Run a command of the bot to its end and return what it printed."""
    pipes = {"stdout": asyncio.subprocess.PIPE, "stderr": asyncio.subprocess.PIPE}
    process = await _started("bot", *arguments, settings={}, folder=folder, **pipes)
    try:
        out, err = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise BotFailed(err.decode())
    return out.decode()


async def _started(module: str, *arguments: str, settings: Mapping[str, str], folder: Path, **streams: Any) -> Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        *arguments,
        cwd=folder,
        env=clean_environment(settings, folder),
        stdin=asyncio.subprocess.DEVNULL,
        process_group=0,  # Ctrl-C in the terminal is for whoever started this, and ends it in order
        **streams,
    )


class BotProcess:
    """`python -m bot`: start it, stop it, kill it; its log is a file in the folder.

    With `clock`, which names the file of a `WorldClock`, it goes by that instead of the machine's.
    """

    def __init__(self, settings: Mapping[str, str], *, folder: Path, clock: Path | None = None) -> None:
        self.settings = dict(settings)
        self.folder = folder
        self._command = ("bot",) if clock is None else ("bot.sandbox.bot", str(clock))
        self.log = folder / "bot.log"
        self._process: Process | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None, "not started"  # noqa: S101 - a fault of the caller
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.settings['PORT']}"

    async def __aenter__(self) -> Self:
        try:
            await self.start()
        except BaseException:
            await self.kill()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Start it and wait until it says that it is ready."""
        with self.log.open("ab") as log:
            self._process = await _started(
                *self._command, settings=self.settings, folder=self.folder, stdout=log, stderr=asyncio.subprocess.STDOUT
            )
        try:
            async with asyncio.timeout(START_SECONDS), aiohttp.ClientSession(trust_env=False) as http:
                while not await self._ready(http):  # noqa: ASYNC110 - another process has no event to wait for
                    await asyncio.sleep(0.03)
        except TimeoutError:
            await self.kill()
            raise BotFailed(f"the bot was not ready after {START_SECONDS:.0f} seconds:\n{self.said()}") from None

    async def _ready(self, http: aiohttp.ClientSession) -> bool:
        if not self.running:
            raise BotFailed(f"the bot did not start:\n{self.said()}")
        try:
            async with http.get(f"{self.address}/readyz") as answer:
                return answer.status == 200  # noqa: PLR2004 - HTTP's own word for yes
        except aiohttp.ClientError:
            return False

    async def accompanies(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Let something go on for as long as this process runs; raise `BotFailed` when it ends by itself."""
        assert self._process is not None, "not started"  # noqa: S101 - a fault of the caller
        going_on, ended = asyncio.ensure_future(work), asyncio.ensure_future(self._process.wait())
        try:
            await asyncio.wait({going_on, ended}, return_when=asyncio.FIRST_COMPLETED)
            if not going_on.done():
                raise BotFailed(f"the bot ended by itself, with exit code {ended.result()}:\n{self.said()}")
            return going_on.result()
        finally:
            for one in (going_on, ended):
                one.cancel()
            await asyncio.gather(going_on, ended, return_exceptions=True)

    async def stop(self) -> int:
        """Ask it to end (SIGTERM) and return its exit code."""
        return await self._end(signal.SIGTERM)

    async def kill(self) -> int:
        """End it without a word (SIGKILL)."""
        return await self._end(signal.SIGKILL)

    async def _end(self, how: signal.Signals) -> int:
        process = self._process
        if process is None:
            return 0
        if process.returncode is None:
            os.kill(process.pid, how)
        try:
            async with asyncio.timeout(STOP_SECONDS):
                return await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()
            raise BotFailed(f"the bot did not stop within {STOP_SECONDS:.0f} seconds:\n{self.said()}") from None

    def said(self) -> str:
        """Return the end of its log."""
        return self.log.read_text(errors="replace")[-4000:] if self.log.exists() else ""
