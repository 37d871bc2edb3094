"""The bot as it is, but that it can be killed at any call of its store, its providers and its messenger.

It goes the bot's own way from the settings to the end; only the ports are in a wrapping that knows who calls what. A
point is named `executor._call/provider.write:before`; there is `before`, `after` and, where something is written,
`commit`, which is inside the transaction, right before it is committed.
"""

import asyncio
import gc
import inspect
import os
import signal
import sys
from collections import Counter
from dataclasses import dataclass, field, replace
from time import time
from typing import Any

from bot import app, logs
from bot.cli.run import serve, told_to_stop
from bot.settings import read_settings
from tests.faults.points import WATCHED

#: the same rules, with less waiting
QUICK: dict[str, Any] = {"reads": (0.05, 0.1), "busy": 0.05, "shortest": 0.1, "longest": 0.2, "first_look": 0.3}
QUICK |= {"shows": 0.0}
#: what a claim is worth a point for
DUE = {
    "claim_requests": "request where size = 0 and",
    "claim_lists": "request where size > 0 and",
    "claim_changes": "change where",
    "claim_messages": "message where",
    "claim_homes": "home where",
}


@dataclass
class Points:
    """Where the process has been, written down in a file, and where it dies: at the so-manieth time of a point."""

    diary: int
    fatal: str
    times: Counter[str] = field(default_factory=Counter)
    #: calls of the store that wait: whoever waits together is committed together
    waiting: list[str] = field(default_factory=list)
    writing: bool = False

    def reached(self, point):
        self.times[point] += 1
        here = f"{point}#{self.times[point]}"
        os.write(self.diary, f"{here}\n".encode())
        if here == self.fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    def statement(self, sql):
        """See what SQLite is about to do."""
        if sql.startswith("BEGIN"):
            self.writing = sql == "BEGIN IMMEDIATE"
        elif sql == "COMMIT" and self.writing:
            for call in self.waiting:
                self.reached(f"{call}:commit")


class Watched:
    """A port in its wrapping."""

    def __init__(self, port, real, points):
        self._port, self._real, self._points = port, real, points
        for name, method in inspect.getmembers(real, inspect.iscoroutinefunction):
            setattr(self, name, self._seen(name, method))

    def __getattr__(self, name):
        return getattr(self._real, name)

    def _seen(self, name, method):
        def call(*args, **named):
            caller = sys._getframe(1)  # noqa: SLF001 - who calls is what this is about
            module = caller.f_globals["__name__"].removeprefix("bot.")
            answer = method(*args, **named)
            if module not in WATCHED:
                return answer
            function = caller.f_code.co_qualname.split(".<locals>")[0].rpartition(".")[2]
            return self._watched(f"{module}.{function}/{self._port}.{name}", answer, name)

        return call

    async def _watched(self, call, answer, name):
        if name in DUE and not self._anything_due(DUE[name]):
            return await answer
        self._points.reached(f"{call}:before")
        waiting = self._points.waiting if self._port == "store" else []
        waiting.append(call)
        try:
            return await answer
        finally:
            waiting.remove(call)
            self._points.reached(f"{call}:after")

    def _anything_due(self, where):
        sqlite = self._real.db.sqlite
        return sqlite.execute(f"select 1 from {where} due <= ?", (time(),)).fetchone() is not None  # noqa: S608 - one of our tables


def watched(parts, *, diary, fatal):
    points = Points(diary, fatal)
    parts.store.db.sqlite.set_trace_callback(points.statement)
    return replace(
        parts,
        store=Watched("store", parts.store, points),
        messenger=Watched("messenger", parts.messenger, points),
        providers={name: Watched("provider", one, points) for name, one in parts.providers.items()},
    )


async def go_on(diary, fatal):
    settings = read_settings()
    logs.set_up(level=settings.log_level, form=settings.log_format, secrets=settings.secrets)
    until = told_to_stop()
    async with app.assemble(settings) as parts:
        timing = replace(app.timing_of(settings), **QUICK)
        here = watched(parts, diary=diary, fatal=fatal)
        await serve(here, until=until, reload=asyncio.Event(), timing=timing, tick=0.2)


def run(environment, folder, fatal):
    """Be the bot, in a process of its own, with nothing of what is around."""
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    append = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    log, diary = (os.open(folder / name, append, 0o600) for name in ("bot.log", "points"))
    os.dup2(log, 1)
    os.dup2(log, 2)
    gc.disable()
    asyncio.run(go_on(diary, fatal))
