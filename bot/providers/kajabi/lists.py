"""Lists of Kajabi that are read for what is wanted of them, and single calls instead of them; each call is counted."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from bot.ports import Told
from bot.providers.cleaning import identifier
from bot.providers.jsonapi import PAGE, JsonApi, Resource
from bot.providers.kajabi.meaning import of_site

CONTACTS, PURCHASES = "/v1/contacts", "/v1/purchases"
#: pages that a list may have; how many calls are worth it is decided before
LONGEST = 100_000
#: single calls begun together
TOGETHER = 20

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")


@dataclass(slots=True)
class Listed:
    """What was kept of a list."""

    kept: list[Resource] = field(default_factory=list)
    #: it was read to its end, and nothing moved meanwhile
    complete: bool = False
    total: int | None = None


@dataclass(slots=True, kw_only=True)
class Lists:
    """The calls of one survey."""

    json_api: JsonApi
    site_id: str
    told: Told | None
    made: int = 0
    expected: int = 0

    async def read(
        self,
        path: str,
        filters: Mapping[str, str] | None = None,
        *,
        keep: Callable[[Resource], bool],
        most: int,
        size: int = PAGE,
    ) -> Listed:
        """Page through a list, unless that takes more than `most` calls, and keep what is wanted of it."""
        query = {"filter[site_id]": self.site_id, **(filters or {}), "sort": "created_at"}
        listed, ids, steady = Listed(), set[str](), True
        async for page in self.json_api.pages(path, query=query, size=size, most=LONGEST):
            if not ids:
                listed.total = page.total
                needed = -(-page.total // max(len(page.resources), 1)) if page.total is not None else None
                self.expected += needed if needed is not None and needed <= most else 1
            await self.called()
            if needed is None or needed > most:
                return listed
            steady = steady and page.total == listed.total
            new = [one for one in page.resources if id_of(one) not in ids]
            ids |= {id_of(one) for one in new}
            listed.kept += [one for one in new if keep(one) and (path != CONTACTS or of_site(one, self.site_id))]
        listed.complete = steady and len(ids) == listed.total
        return listed

    async def each(self, asked: Iterable[Asked], ask: Callable[[Asked], Awaitable[Answer]]) -> dict[Asked, Answer]:
        """Ask singly, some at once."""
        waiting = list(asked)
        self.expected += len(waiting)
        answers: dict[Asked, Answer] = {}
        for first in range(0, len(waiting), TOGETHER):
            some = waiting[first : first + TOGETHER]
            answers |= zip(some, await asyncio.gather(*(ask(one) for one in some)), strict=True)
            for _ in some:
                await self.called()
        return answers

    async def called(self) -> None:
        self.made += 1
        if self.told is not None:
            await self.told(self.made, max(self.expected, self.made))


def id_of(resource: Resource) -> str:
    """Return the id of a resource; empty where it is none that can be used."""
    return identifier(resource.get("id")) or ""
