"""A town of its own for one story, and a bot in it that may be killed once, and is started again at once."""

import asyncio
import multiprocessing
import signal
import sqlite3
from contextlib import asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp

from bot.sandbox.capillary import LocalCapillary
from bot.sandbox.child import HOST, clean_environment, free_port
from bot.sandbox.kajabi import LocalKajabi
from bot.sandbox.local_world import CLIENT_ID, CLIENT_SECRET, environment, environment_of
from bot.sandbox.server import LocalSlack
from bot.sandbox.town import CUSTOMERS, furnish, settle
from bot.slack.manifest import manifest
from tests.faults import bot, rewards
from tests.faults.evidence import gathered, held, issued

#: bots are children of a process that has imported everything already
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.faults.warm"])
HISTORY = ("channels:history", "groups:history", "im:history")
#: far more than anything takes
PATIENCE = 30.0
BLINK = 0.01
ARCHIVED = "Summer Baking"
#: who can lose something together
SEVERAL = ("noor@example.com", "kofi@example.org", "yuki@example.net")


@dataclass
class Stage:
    town: Any
    slack: LocalSlack
    kajabi: LocalKajabi
    folder: Path
    settings: dict[str, str]
    before: frozenset
    capillary: LocalCapillary | None = None
    issued_before: dict = field(default_factory=dict)
    process: Any = None
    kills: int = 0
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    #: one connection that stays: the last one that closes would tidy up what a killed bot has left behind
    sqlite: Any = None

    @property
    def database(self):
        return self.folder / "offerdesk.db"

    def rows(self, query):
        if self.sqlite is None:
            self.sqlite = sqlite3.connect(f"{self.database.as_uri()}?mode=ro", uri=True)
            self.sqlite.row_factory = sqlite3.Row
        with suppress(sqlite3.OperationalError):  # a bot that starts has the file for itself for a moment
            return [dict(row) for row in self.sqlite.execute(query)]
        return []

    def points(self):
        """Where the bot has been, in order."""
        return (self.folder / "points").read_text().splitlines()

    def evidence(self):
        known = {"capillary": self.capillary, "issued_before": self.issued_before}
        return gathered(self.town, self.kajabi, self.database, before=self.before, **known)

    async def keeps_running(self, *, fatal):
        """Start the bot, and start it again when it was killed."""
        while True:
            await self._start(fatal)
            await self._ended()
            self.ready.clear()
            code = self.process.exitcode
            assert (code, fatal != "") == (-signal.SIGKILL, True), f"exit code {code}: {self.said()}"
            fatal, self.kills = "", self.kills + 1

    async def _start(self, fatal):
        environment = clean_environment(self.settings, self.folder)
        self.process = PROCESSES.Process(target=bot.run, args=(environment, self.folder, fatal), daemon=True)
        self.process.start()
        async with aiohttp.ClientSession(trust_env=False) as http:
            while self.process.is_alive():
                with suppress(aiohttp.ClientError):
                    async with http.get(f"http://{HOST}:{self.settings['PORT']}/readyz") as answer:
                        if answer.status == 200:
                            self.ready.set()
                            return
                await asyncio.sleep(BLINK)

    async def _ended(self):
        loop, ended = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(self.process.sentinel, ended.set)
        try:
            await ended.wait()
        finally:
            loop.remove_reader(self.process.sentinel)
        self.process.join()

    @staticmethod
    async def accompanies(running, going_on):
        """Let something go on for as long as the bot is kept running."""
        playing = asyncio.create_task(going_on)
        try:
            await asyncio.wait({playing, running}, return_when=asyncio.FIRST_COMPLETED)
            if running.done():
                running.result()
            playing.result()
        finally:
            playing.cancel()
            await asyncio.gather(playing, return_exceptions=True)

    def said(self):
        log = self.folder / "bot.log"
        return log.read_text(errors="replace")[-4000:] if log.exists() else ""


def furnished(kajabi):
    """As always, and everybody has something that the list of offers leaves out, and some have one offer in common."""
    furnish(kajabi)
    archived = kajabi.add_offer(title=ARCHIVED, price_in_cents=1900, archived=True)
    for contact in list(kajabi.books.contacts.values()):
        kajabi.grant(contact.email, archived)
    sourdough = next(one for one in kajabi.books.offers.values() if one.title == "Sourdough Deep Dive")
    for address in SEVERAL:
        kajabi.grant(address, sourdough)
    gluten_free = next(one for one in kajabi.books.offers.values() if one.title == "Gluten-free Kitchen")
    for contact in list(kajabi.books.contacts.values()):
        kajabi.grant(contact.email, gluten_free)


@asynccontextmanager
async def program():
    """A Capillary where some have something, and one has used up what can be had once."""
    async with LocalCapillary(clients={CLIENT_ID: CLIENT_SECRET}) as capillary:
        rewards.furnished(capillary, addresses=[address for address, _ in CUSTOMERS])
        for title in (rewards.TWO_STEPS, rewards.ONE_STEP):
            for address in ("mia.chen@example.com", *SEVERAL):
                capillary.issue(address, rewards.promotion(capillary, title))
        limited = rewards.promotion(capillary, rewards.LIMITED)
        capillary.issue(rewards.USED_UP, limited)
        capillary.take_back(rewards.USED_UP, limited)
        yield capillary


@asynccontextmanager
async def stage(*, transport, fatal="", history=True, extra=None, policy="", loyalty=False):
    """Run a bot in a new town for as long as the block lasts; it is killed at the point `fatal`.

    `policy`: the rules in place of the list of approvers; `loyalty`: there is a Capillary, too.
    """
    port = free_port()
    address = f"http://{HOST}:{port}"
    made = manifest(http_url=address if transport == "http" else None)
    if not history:
        scopes = made["oauth_config"]["scopes"]
        for kind in ("bot", "bot_optional"):
            scopes[kind] = [one for one in scopes[kind] if one not in HISTORY]
    town = settle(made)
    town.workspace.limits.enforced = False
    kajabi = LocalKajabi(clients={CLIENT_ID: CLIENT_SECRET})
    with TemporaryDirectory(prefix="offerdesk-") as name:
        async with (
            kajabi,
            LocalSlack(town.workspace, retry_seconds=(0.1, 0.5, 2.0)) as slack,
            program() if loyalty else nullcontext() as capillary,
        ):
            furnished(kajabi)
            settings = environment(slack, kajabi, folder=Path(name), port=port, http=transport == "http")
            settings |= environment_of(capillary) if capillary is not None else {}
            settings |= {"SLACK_POST_RATE": "100", "KAJABI_RATE": "100", **(extra or {})}
            if policy:
                (Path(name) / "policy.toml").write_text(policy)
                settings |= {"POLICY_FILE": "policy.toml", "APPROVERS": ""}
            if transport == "http":
                slack.events_url = f"{address}/slack/events"
            before = held(kajabi, capillary)
            found = Stage(town, slack, kajabi, Path(name), settings, before, capillary, issued(capillary))
            running = asyncio.create_task(found.keeps_running(fatal=fatal))
            try:
                yield found, running
            finally:
                running.cancel()
                with suppress(asyncio.CancelledError):
                    await running
                if found.process is not None and found.process.is_alive():
                    found.process.kill()
                    found.process.join()
                if found.sqlite is not None:
                    found.sqlite.close()
