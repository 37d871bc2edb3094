"""Run the bot: check, start, and end as asked."""

import asyncio
import gc
import signal
from time import time

import structlog

from bot import app, logs
from bot.app import Parts
from bot.cli.doctor import tell
from bot.cli.pausing import going
from bot.cli.reloading import keep_reloading, told_to_reload
from bot.domain.errors import Misconfigured, StoreUnavailable
from bot.domain.states import Timing
from bot.ports import Check, Clock
from bot.settings import Settings

log = structlog.get_logger()
#: objects born before the collector looks at its youngest: hardly any survives the request it was made for
YOUNG, MIDDLE, OLD = 50_000, 20, 100


async def run(settings: Settings, *, clock: Clock = time) -> None:
    """Run until SIGTERM or SIGINT. Raises `Misconfigured` for what would not work."""
    logs.set_up(level=settings.log_level, form=settings.log_format, secrets=settings.secrets)
    stopped, hung_up = told_to_stop(), told_to_reload()
    try:
        async with app.assemble(settings, clock=clock) as parts:
            await serve(parts, until=stopped, reload=hung_up)
    except StoreUnavailable as error:
        raise Misconfigured(f"DATABASE_URL: {error} Free the disk, or the right to write.") from None


def told_to_stop() -> asyncio.Event:
    """Take SIGTERM and SIGINT as a wish."""
    stopped = asyncio.Event()
    for ending in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(ending, stopped.set)
    return stopped


async def serve(
    parts: Parts,
    *,
    until: asyncio.Event,
    reload: asyncio.Event,
    timing: Timing | None = None,
    tick: float = app.TICK,
) -> None:
    """Check, start, and go on until then; read the rules again whenever that is asked for."""
    await _demand(parts)
    async with app.start(parts, timing=timing, tick=tick) as bot:
        settings = parts.settings
        way = "Socket Mode" if settings.socket_mode else "signed HTTP"
        tell(going(await parts.store.paused()))
        tell(Check(name="listening", ok=True, says=f"http://{settings.host}:{bot.port}, Slack by {way}."))
        gc.collect()
        gc.freeze()
        gc.enable()  # the command line has switched it off for the imports
        gc.set_threshold(YOUNG, MIDDLE, OLD)
        reloading = asyncio.create_task(keep_reloading(parts, whenever=reload))
        await until.wait()
        log.info("stopping")
        reloading.cancel()


async def _demand(parts: Parts) -> None:
    """Print one line per check, and refuse to start when one says no for good."""
    failed = []
    async for check in parts.checks():
        tell(check)
        if not check.ok and not check.passing:
            failed.append(check)
    if failed:
        raise Misconfigured(
            f"{failed[0].name}: {failed[0].says} Nothing was started; `python -m bot doctor` checks again."
        )
