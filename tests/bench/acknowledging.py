"""How long does Slack wait for an answer?"""

import asyncio
from collections.abc import Mapping

from tests.bench.load import run
from tests.bench.servers import Bench
from tests.bench.turns import Row, Size, compared, p50, p99, rate, take_turns
from tests.bench.words import Source, Words


async def commands_and_clicks(bench: Bench, words: Words, size: Size) -> list[Row]:
    """Compare an answer that is read from disk, and one to a click that is on disk before it."""
    asked: Mapping[str, tuple[str, Source]] = {
        "lists": ("`/offer requests`, read from disk", words.lists),
        "approvals": ("*Approve*, committed to disk before the answer", words.approvals),
    }
    bot = await bench.bot(words.lists(1)[0], database="town")
    rows = []
    for kind, (title, source) in asked.items():
        first = source(1)[0]
        await run(bot.port, [first], clients=1)  # what it has to ask Slack is asked now
        bare, default = await asyncio.gather(bench.bare(kind, first), bench.default(kind, first))
        servers = {"bot": bot, "bare": bare, "default": default}
        alone = await take_turns(servers, source, size, clients=1)
        crowd = await take_turns(servers, source, size, clients=size.clients)
        one, many = f"{title}: {{}} at 1 client", f"{title}: {{}} at {size.clients} clients"
        rows += [
            Row(one.format("p50"), "default Bolt", compared(alone, "bot", "default", p50), at_most=0.06),
            Row(one.format("p50"), "bare Bolt", compared(alone, "bot", "bare", p50)),
            Row(one.format("p99"), "bare Bolt", compared(alone, "bot", "bare", p99)),
            Row(many.format("rate"), "bare Bolt", compared(crowd, "bot", "bare", rate), at_least=0.75),
            Row(many.format("p50"), "bare Bolt", compared(crowd, "bot", "bare", p50)),
            Row(many.format("p99"), "bare Bolt", compared(crowd, "bot", "bare", p99), at_most=1.3),
            Row(many.format("rate"), "default Bolt", compared(crowd, "bot", "default", rate)),
            Row(many.format("p99"), "default Bolt", compared(crowd, "bot", "default", p99)),
        ]
    return rows


async def type_ahead(bench: Bench, words: Words, size: Size) -> list[Row]:
    """Compare the whole answer to what is being typed with an empty one, and many offers with more."""
    first = words.searches(1)[0]
    started = await asyncio.gather(
        bench.bare("searches", first),
        bench.bare("fixed", first),
        bench.bot(first, database="some"),
        bench.bot(first, database="more"),
    )
    servers = dict(zip(("bare", "fixed", "some", "more"), started, strict=True))
    alone = await take_turns(servers, words.searches, size, clients=1)
    some, more = f"over {size.offers:,} offers", f"over {size.more_offers:,}"
    title = "type-ahead {}, up to 100 options: {}"
    return [
        Row(title.format(some, "p50"), "bare Bolt, no option", compared(alone, "some", "bare", p50), at_most=1.5),
        Row(title.format(some, "p50"), "bare Bolt, 100 fixed options", compared(alone, "some", "fixed", p50)),
        Row(title.format(more, "p50"), some, compared(alone, "more", "some", p50), at_most=1.2),
        Row(title.format(more, "p99"), some, compared(alone, "more", "some", p99)),
    ]
