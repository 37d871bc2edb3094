"""What does it take to be there: until the first answer, and in memory?"""

from collections.abc import Awaitable, Callable

from tests.bench.load import run
from tests.bench.servers import Bench, Server
from tests.bench.turns import Row, Size
from tests.bench.words import Words

Start = Callable[[], Awaitable[Server]]


async def starts(bench: Bench, words: Words, size: Size) -> list[Row]:
    """Compare the whole bot, checks and engine included, with Bolt and one listener."""
    first = words.lists(1)[0]
    seconds, memory, later = [], [], []
    for turn in range(size.starts + 1):
        floor = await bench.bare("lists", first)
        bot = await bench.bot(first, database="village", delivers=True)
        before = [await server.memory() for server in (bot, floor)]
        for server in (bot, floor):
            await run(server.port, words.lists(size.together), clients=size.clients)
        after = [await server.memory() for server in (bot, floor)]
        await floor.end()
        await bot.end()
        if turn:  # the first start writes compiled modules and the database
            seconds.append(bot.seconds / floor.seconds)
            memory.append(before[0] / before[1])
            later.append(after[0] / after[1])
    return [
        Row("start to first answer, all checks made", "bare Bolt", seconds, at_most=1.5),
        Row("memory after the first answer", "bare Bolt", memory, at_most=1.4),
        Row(f"memory after {size.together:,} more", "bare Bolt", later),
    ]
