"""The processes that are compared, each on a port of its own, all with the same Slack and the same secret."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from bot.sandbox.child import HOST, free_port
from bot.sandbox.kajabi import LocalKajabi
from bot.sandbox.local_world import CLIENT_ID, CLIENT_SECRET, environment
from bot.sandbox.server import LocalSlack
from bot.sandbox.town import Town, furnish, settle
from bot.slack.manifest import manifest
from tests.bench.load import NotAcknowledged, run

CHECKOUT = Path(__file__).parents[2]
PATIENCE = 60.0
#: between two tries to connect to a process that is starting
PAUSE = 0.002


@dataclass(slots=True)
class Server:
    """A process that answers Slack."""

    port: int
    process: asyncio.subprocess.Process
    #: from its start to the end of its first answer
    seconds: float = 0.0

    async def memory(self) -> float:
        """Return its resident memory in kilobytes."""
        ps = await asyncio.create_subprocess_exec(
            "ps", "-o", "rss=", "-p", str(self.process.pid), stdout=asyncio.subprocess.PIPE
        )
        out, _ = await ps.communicate()
        return float(out)

    async def end(self) -> None:
        """Have it stop, as hosts do."""
        if self.process.returncode is None:
            self.process.terminate()
        await self.process.wait()


@dataclass(slots=True)
class Bench:
    """Starts processes, and ends them with the block it is used in."""

    folder: Path
    town: Town
    slack: LocalSlack
    kajabi: LocalKajabi
    stack: AsyncExitStack

    def database(self, name: str) -> str:
        return f"sqlite:///{self.folder / name}.db"

    async def bare(self, kind: str, first: bytes) -> Server:
        """Start Bolt with one listener that acknowledges when it is done."""
        return await self._start(["-m", "tests.bench.bare", "bare", kind], first, {})

    async def default(self, kind: str, first: bytes) -> Server:
        """Start Bolt with one listener, as it is without settings."""
        return await self._start(["-m", "tests.bench.bare", "default", kind], first, {})

    async def bot(self, first: bytes, *, database: str, delivers: bool = False) -> Server:
        """Start the bot."""
        module = "bot" if delivers else "tests.bench.undelivering"
        return await self._start(["-m", module], first, {"DATABASE_URL": self.database(database)})

    async def _start(self, arguments: Sequence[str], first: bytes, settings: Mapping[str, str]) -> Server:
        port = free_port()
        env = environment(self.slack, self.kajabi, folder=self.folder, port=port, http=True) | dict(settings)
        log = self.stack.enter_context((self.folder / f"{port}.log").open("wb"))
        started = perf_counter()
        process = await asyncio.create_subprocess_exec(
            sys.executable, *arguments, cwd=self.folder, env=env | self._around(), stdout=log, stderr=log
        )
        server = Server(port, process)
        self.stack.push_async_callback(server.end)
        async with asyncio.timeout(PATIENCE):
            while not await answers(port, first):
                if process.returncode is not None:
                    said = (self.folder / f"{port}.log").read_text(errors="replace")
                    raise NotAcknowledged(f"{' '.join(arguments)} did not start:\n{said[-4000:]}")
                await asyncio.sleep(PAUSE)
        server.seconds = perf_counter() - started
        return server

    def _around(self) -> dict[str, str]:
        """Leave compiled modules where they belong: a start that compiles is not what is measured."""
        return {"HOME": str(self.folder), "LANG": "C.UTF-8", "PATH": os.environ["PATH"], "PYTHONPATH": str(CHECKOUT)}


async def answers(port: int, request: bytes) -> bool:
    with suppress(OSError):
        await run(port, [request], clients=1)
        return True
    return False


@asynccontextmanager
async def bench(folder: Path) -> AsyncIterator[Bench]:
    """Start a local Slack and a local Kajabi. Nobody asks them while acknowledgements are measured."""
    town = settle(manifest(http_url=f"http://{HOST}:1"))
    town.workspace.limits.enforced = False  # what is measured here is the bot
    async with LocalKajabi(clients={CLIENT_ID: CLIENT_SECRET}) as kajabi, LocalSlack(town.workspace) as slack:
        furnish(kajabi)
        async with AsyncExitStack() as stack:
            yield Bench(folder, town, slack, kajabi, stack)
