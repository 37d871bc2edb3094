"""Which site of the account the bot works for."""

import asyncio
from collections.abc import Mapping

from bot.domain.errors import Rejected
from bot.providers.cleaning import clean, identifier
from bot.providers.jsonapi import JsonApi, attributes
from bot.providers.kajabi import words


class Site:
    """The site of the settings or, where they name none, the only one there is; asked for once."""

    def __init__(self, api: JsonApi, configured: str | None) -> None:
        self._api = api
        self.configured = configured
        self._found: str | None = None
        self._asking = asyncio.Lock()

    async def id(self) -> str:
        """Return its id. Raises `Rejected` when the account has several and none was chosen."""
        if self.configured is not None:
            return self.configured
        async with self._asking:
            if self._found is None:
                sites = await self.all()
                if len(sites) != 1:
                    raise Rejected(self._api.provider, words.choose_site(sites), code="site")
                (self._found,) = sites
            return self._found

    async def all(self) -> Mapping[str, str]:
        """Name all sites of the account, by id."""
        resources = await self._api.listed("/v1/sites", query={"fields[sites]": "title"})
        return {
            site_id: clean(attributes(one).get("title"), limit=60)
            for one in resources
            if (site_id := identifier(one.get("id"))) is not None
        }
