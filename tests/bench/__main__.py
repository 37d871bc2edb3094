"""Measures the bot against Bolt alone and prints the table of the README: `python -m tests.bench`.

What limits it: two cores are needed, one for the server and one for the clients; whatever else runs widens
"from – to". A commit waits for the disk, so the ratios for *Approve* at one client are those of this disk. Clients wait
for an answer before they ask again, so with 64 of them the waits follow from the rate. The engine is switched off while
clicks are measured (`undelivering.py`); for start and memory the bot is the whole one.
"""

import argparse
import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.store import open_archive
from tests.bench import disk
from tests.bench.acknowledging import commands_and_clicks, type_ahead
from tests.bench.committing import commits
from tests.bench.pacing import paces
from tests.bench.running import starts
from tests.bench.servers import Bench, bench
from tests.bench.turns import TINY, Row, Size
from tests.bench.words import Words

PARTS = ("acknowledging", "typing", "running", "committing", "pacing")
#: those that need neither Slack nor Kajabi
ALONE = {"committing": commits, "pacing": paces}


async def measure(size: Size, parts: Sequence[str] = PARTS) -> AsyncIterator[Row]:
    """Yield the lines of the table, as they are known."""
    with TemporaryDirectory(prefix="offerdesk-bench-") as name:
        folder = Path(name)
        async with bench(folder) as running:
            words = Words(running.town, typed=disk.typed())
            if "acknowledging" in parts:
                for row in await clicked(running, words, size):
                    yield row
            if "typing" in parts:
                for database, listed in (("some", size.offers), ("more", size.more_offers)):
                    await disk.fill(running.database(database), town=running.town, waiting=0, listed=listed)
                for row in await type_ahead(running, words, size):
                    yield row
            if "running" in parts:
                for row in await starts(running, words, size):
                    yield row
        for alone in [ALONE[part] for part in parts if part in ALONE]:
            for row in await alone(folder, size):
                yield row


async def clicked(running: Bench, words: Words, size: Size) -> list[Row]:
    """Measure, and prove that each click was an approval on disk."""
    url = running.database("town")
    words.waiting = await disk.fill(url, town=running.town, waiting=size.clicks, listed=size.offers)
    rows = await commands_and_clicks(running, words, size)
    with open_archive(url) as archive:
        approved = sum(event.name == "request.approved" for event, _ in archive.export())
    assert approved == words.approved, f"{words.approved} clicks, but {approved} approvals"
    return rows


async def main(size: Size, parts: Sequence[str]) -> None:
    say("| what | floor | × floor | from – to | aim | met |")
    say("|---|---|---|---|---|---|")
    async for row in measure(size, parts):
        low, high = min(row.ratios), max(row.ratios)
        say(f"| {row.what} | {row.floor} | {row.ratio:.2g} | {low:.2g} – {high:.2g} | {row.aim} | {row.met} |")


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__.partition("\n")[0])
    arguments.add_argument("parts", nargs="*", choices=[*PARTS, "all"], default="all", help="what is measured")
    arguments.add_argument("--tiny", action="store_true", help="measure next to nothing, to see that it works")
    chosen = arguments.parse_args()
    asyncio.run(main(TINY if chosen.tiny else Size(), PARTS if "all" in chosen.parts else chosen.parts))
