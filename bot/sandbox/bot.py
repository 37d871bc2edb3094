"""`python -m bot.sandbox.bot FILE`: the bot as it is, by the sandbox's clock, which FILE keeps.

`python -m bot` goes by the machine's clock and knows of no other.
"""

import asyncio
import gc
from pathlib import Path

import click

from bot.cli import Commands
from bot.cli.run import run
from bot.sandbox.clock import WorldClock
from bot.settings import read_settings


@click.group(cls=Commands, invoke_without_command=True)
@click.argument("file", type=click.Path(path_type=Path))
def main(*, file: Path) -> None:
    """Run the bot by the clock in FILE."""
    gc.disable()  # as `python -m bot` does: hardly anything of what is imported now ever dies
    asyncio.run(run(read_settings(), clock=WorldClock(file)))


if __name__ == "__main__":
    main(prog_name="python -m bot.sandbox.bot")
