"""What the page needs of a world: all that runs, and a bot that can be switched off."""

from pathlib import Path
from typing import Protocol

from bot.sandbox.capillary import LocalCapillary
from bot.sandbox.kajabi import LocalKajabi
from bot.sandbox.server import LocalSlack
from bot.sandbox.timeline import Timeline


class Bot(Protocol):
    """The bot as a thing that runs or does not."""

    @property
    def running(self) -> bool: ...

    @property
    def pid(self) -> int: ...

    async def start(self) -> None: ...

    async def stop(self) -> int: ...

    async def kill(self) -> int: ...


class World(Protocol):
    @property
    def slack(self) -> LocalSlack: ...

    @property
    def kajabi(self) -> LocalKajabi: ...

    @property
    def capillary(self) -> LocalCapillary | None: ...

    @property
    def bot(self) -> Bot: ...

    @property
    def timeline(self) -> Timeline | None: ...

    @property
    def policy(self) -> Path | None: ...
