"""The bot as it is, but for its engine: what an acknowledgement makes due stays on disk, and nobody works on it.

So a slice of clicks measures clicks: the messages of the slice before are not posted meanwhile.
"""

import asyncio
import gc

from bot import app, logs
from bot.cli.run import MIDDLE, OLD, YOUNG
from bot.settings import read_settings


async def serve() -> None:
    settings = read_settings()
    logs.set_up(level=settings.log_level, form=settings.log_format, secrets=settings.secrets)
    async with app.assemble(settings) as parts, app.start(parts) as bot:
        await bot.engine.stop(within=0)
        gc.collect()
        gc.freeze()
        gc.set_threshold(YOUNG, MIDDLE, OLD)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve())
