"""The outside systems that grant and revoke, by the names that `PROVIDERS` takes."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

from bot.pacing import StorePacer
from bot.ports import Clock, Provider, Store
from bot.providers.kajabi import Kajabi, KajabiSettings

__all__ = ["KajabiSettings", "open_providers"]


@asynccontextmanager
async def open_providers(
    named: Mapping[str, KajabiSettings], *, store: Store, clock: Clock
) -> AsyncIterator[Mapping[str, Provider]]:
    """Build each provider with its pace in the store, and close all of them at the end."""
    async with AsyncExitStack() as stack:
        opened: dict[str, Provider] = {}
        for name, settings in named.items():
            pacer = StorePacer(store, name, rate=settings.rate, burst=settings.burst, clock=clock)
            opened[name] = await stack.enter_async_context(Kajabi(settings, pacer=pacer, clock=clock))
        yield opened
