"""The outside systems that grant and revoke. Every module here that has a `PROVIDER` is one, by its own name."""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from bot.ports import Clock, Provider, Store
from bot.providers.recipe import Recipe

__all__ = ["known", "open_providers"]


@cache
def known() -> Mapping[str, Recipe]:
    """Find all providers, by the names that `PROVIDERS` takes."""
    modules = {one.name: import_module(f"{__name__}.{one.name}") for one in iter_modules(__path__)}
    return {name: module.PROVIDER for name, module in modules.items() if hasattr(module, "PROVIDER")}


@asynccontextmanager
async def open_providers(
    names: Iterable[str], settings: Any, *, store: Store, clock: Clock
) -> AsyncIterator[Mapping[str, Provider]]:
    """Build each provider as it is set up, and close all of them at the end."""
    async with AsyncExitStack() as stack:
        yield {name: await stack.enter_async_context(known()[name].open(settings, store, clock)) for name in names}
