"""The bot as a process: whether it runs, and how to start, stop and kill it."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable

from bot.sandbox.child import BotFailed
from bot.sandbox.model import CannotDo, Json
from bot.sandbox.page.given import Malformed, text
from bot.sandbox.page.worlds import Bot


class BotPanel:
    def __init__(self, bot: Bot, *, clock: Callable[[], float]) -> None:
        self._bot, self._clock = bot, clock
        self._started: float | None = clock() if bot.running else None
        self._busy = asyncio.Lock()

    def mark(self) -> Hashable:
        return self._bot.running, self._started

    def shown(self) -> Json:
        running = self._bot.running
        return {
            "running": running,
            "pid": self._bot.pid if running else None,
            "started": self._started if running else None,
            "busy": self._busy.locked(),
        }

    async def do(self, given: Json) -> Json:
        """Raises `CannotDo` or `Malformed` with the reason."""
        deeds = {"start": self._start, "stop": self._bot.stop, "kill": self._bot.kill}
        deed: Callable[[], Awaitable[object]] | None = deeds.get(text(given, "do"))
        if deed is None:
            raise Malformed(f"The bot cannot {given['do']}.")
        # a kill need not wait for a stop that takes its time
        if given["do"] != "kill":
            if self._busy.locked():
                raise CannotDo("The bot is being started or stopped.")
            async with self._busy:
                await self._done(deed, given["do"])
        else:
            await self._done(deed, "kill")
        return {"ok": True} | self.shown()

    async def _done(self, deed: Callable[[], Awaitable[object]], name: str) -> None:
        if self._bot.running is (name == "start"):
            raise CannotDo(f"The bot {'runs' if self._bot.running else 'does not run'} already.")
        try:
            await deed()
        except BotFailed as failed:
            raise CannotDo(str(failed)) from None

    async def _start(self) -> None:
        await self._bot.start()
        self._started = self._clock()
