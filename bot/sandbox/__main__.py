"""`python -m bot.sandbox`: try Offerdesk with no account. Everything stays on this machine."""

import asyncio
import io
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click

from bot.sandbox.capillary import LocalCapillary
from bot.sandbox.child import BotFailed
from bot.sandbox.kajabi import LocalKajabi
from bot.sandbox.local_world import LocalWorld, local_world
from bot.sandbox.model import CannotDo
from bot.sandbox.onlooker import NotSeen
from bot.sandbox.page import Page, open_page
from bot.sandbox.page.browser import open_in_browser
from bot.sandbox.page.guard import RealToken, refuse_real_tokens
from bot.sandbox.page.rewards import furnish_no_rewards, furnish_rewards
from bot.sandbox.page.seed import furnish_nothing, furnish_school
from bot.sandbox.page.seedfile import BadSeed, read_seed
from bot.sandbox.prompt import converse
from bot.sandbox.story import Narrator, play

FAILED = 1
#: Ctrl-C, a host that ends it, a terminal that is closed
ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StoryFailed(Exception):
    """Somebody did not see what they should; the message says what, and what the bot has to say."""


@click.command()
@click.option("--http/--socket", default=False, help="Deliver as signed HTTP, or over a socket (the default).")
@click.option("--once", is_flag=True, help="Play the story in the terminal and end.")
@click.option("--no-browser", is_flag=True, help="Print the page's address, and do not open it.")
@click.option("--empty", is_flag=True, help="Begin with nothing in the providers, and without the story.")
@click.option("--seed", type=click.Path(path_type=Path), help="Begin with the offers and customers of this file.")
def main(*, http: bool, once: bool, no_browser: bool, empty: bool, seed: Path | None) -> None:
    """Start a local Slack, Kajabi, Capillary and the real bot; play the story; then stay up for use, in the browser.

    Everything stays on this machine, and nothing is left behind.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):  # a terminal that does not know a sign shows another one
        sys.stdout.reconfigure(errors="replace")
    try:
        refuse_real_tokens(os.environ)
        begins = _beginning(empty=empty, seed=seed)
        asyncio.run(_run(begins, http=http, once=once, browser=not no_browser))
    except asyncio.CancelledError:
        click.echo("\nEnded before the story was over.", err=True)
        sys.exit(FAILED)
    except (StoryFailed, BotFailed, RealToken, BadSeed) as failed:
        click.echo(f"\n{failed}", err=True)
        sys.exit(FAILED)


@dataclass(frozen=True, slots=True)
class Beginning:
    """What is there from the start, and whether the story, which needs its people and offers, can be played."""

    furnish: Callable[[LocalKajabi], None]
    rewards: Callable[[LocalCapillary], None]
    story: bool


def _beginning(*, empty: bool, seed: Path | None) -> Beginning:
    if seed is not None:
        return Beginning(read_seed(seed), furnish_no_rewards, story=False)
    if empty:
        return Beginning(furnish_nothing, furnish_no_rewards, story=False)
    return Beginning(furnish_school, furnish_rewards, story=True)


async def _run(begins: Beginning, *, http: bool, once: bool, browser: bool) -> None:
    _end_in_order()
    started = time.monotonic()
    click.echo(f"Starting a local Slack, Kajabi, Capillary and the bot ({'signed HTTP' if http else 'Socket Mode'}) …")
    async with local_world(http=http, seed=begins.furnish, rewards=begins.rewards, showcase=True) as world:
        if begins.story:
            await _tell(world)
            click.echo(f"\nThe story took {time.monotonic() - started:.1f} s.")
        if not once:
            async with open_page(world) as page:
                await _stay(world, page, browser=browser)


async def _tell(world: LocalWorld) -> None:
    try:
        await world.bot.accompanies(play(world, Narrator()))
    except (NotSeen, CannotDo) as failed:
        raise StoryFailed(f"The story did not go on: {failed}\n\nThe bot's log ends:\n{world.bot.said()}") from None


def _end_in_order() -> None:
    """Let a signal end what runs, so that no process and no file is left; a second one does not break that off."""
    task = asyncio.current_task()
    loop = asyncio.get_running_loop()

    def end() -> None:
        if task is not None and not task.cancelling():
            task.cancel()

    for ending in ENDINGS:
        loop.add_signal_handler(ending, end)


async def _stay(world: LocalWorld, page: Page, *, browser: bool) -> None:
    """Let somebody go on with it in the browser or at the terminal, until they end it."""
    click.echo(f"\nThe same in your browser: {page.url}")
    if browser and not await open_in_browser(page.url):
        click.echo("(No browser could be opened from here: copy the address.)")
    try:
        await converse(world)  # the bot may be stopped and killed now: the page does it on purpose
    except asyncio.CancelledError:
        click.echo("")
    click.echo("Bye.")


if __name__ == "__main__":
    main()
