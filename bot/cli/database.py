"""The database of the commands that need nothing else."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from time import time

from bot.domain.errors import Misconfigured, StoreUnavailable
from bot.domain.notices import Notices
from bot.settings import read_database_url
from bot.store import Archive, SqliteStore, database_path, open_archive, open_store
from bot.store.connection import errors_as_ours
from bot.store.inspection import demand_existing


def existing_url() -> str:
    """Return DATABASE_URL; a mistyped one is refused, and creates no database."""
    url = read_database_url()
    demand_existing(database_path(url))
    return url


@asynccontextmanager
async def existing_store() -> AsyncIterator[SqliteStore]:
    """Open the bot's database."""
    async with open_store(existing_url(), notices=Notices(), clock=time) as store:
        yield store


@contextmanager
def existing_archive() -> Iterator[Archive]:
    """Open the bot's audit for reading alone."""
    try:
        with errors_as_ours(), open_archive(existing_url()) as archive:
            yield archive
    except StoreUnavailable as error:
        raise Misconfigured(f"DATABASE_URL: the file cannot be read ({error.detail}): restore a backup.") from None
