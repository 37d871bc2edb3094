"""Documents of JSON:API (jsonapi.org): what is in them, and lists that come in pages."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

from bot.domain.errors import Rejected, Unavailable
from bot.providers import words
from bot.providers.base import Answer, Call
from bot.providers.cleaning import identifier
from bot.providers.oauth import ClientCredentials

MEDIA_TYPE = "application/vnd.api+json"
#: what a page of a list is asked to hold, and how many pages a list may have
PAGE, MOST_PAGES = 100, 200
#: how often a page is asked for that is not the first one
PAGE_TRIES = 4

Resource = dict[str, Any]
_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list."""

    resources: list[Resource]
    #: of the whole list; None where it is not told
    total: int | None


class Malformed(Exception):
    """A document lacks what it must have. Never leaves this module's `JsonApi`."""


class JsonApi:
    """Reads and writes documents. Raises as `Api` does; a document of the wrong shape is `Unavailable`."""

    def __init__(self, door: ClientCredentials) -> None:
        self._door = door
        self.provider = door.api.provider

    async def document(
        self, path: str, *, ids: Mapping[str, str] | None = None, query: Mapping[str, str] | None = None
    ) -> Resource:
        """Read a document; its `data` is one resource."""
        document = await self._read(path, ids or {}, query or {})
        if not isinstance(document.get("data"), dict):
            raise self._broken()
        return document

    async def identifiers(self, path: str, *, ids: Mapping[str, str], kind: str) -> list[str]:
        """Read a relationship to many, which names ids only."""
        data = (await self._read(path, ids, {})).get("data")
        try:
            return named_ids(data, kind)
        except Malformed:
            raise self._broken() from None

    async def listed(
        self, path: str, *, query: Mapping[str, str], size: int = PAGE, most: int = MOST_PAGES
    ) -> list[Resource]:
        """Read a whole list, each resource once. Raises `Rejected` when it has more than `most` pages."""
        found: dict[Any, Resource] = {}
        async for page in self.pages(path, query=query, size=size, most=most):
            found |= {identifier(one.get("id")): one for one in page.resources}
        found.pop(None, None)
        return list(found.values())

    async def pages(
        self, path: str, *, query: Mapping[str, str], size: int = PAGE, most: int = MOST_PAGES
    ) -> AsyncIterator[Page]:
        """Read a list page by page. Raises `Rejected` when it has more than `most` pages."""
        page: dict[str, str] | None = {"page[size]": str(size)}
        asked: list[dict[str, str]] = []
        seen = 0
        while page is not None and page not in asked:
            if len(asked) >= most:
                raise Rejected(self.provider, words.too_many_pages(most), code="too_many")
            asked.append(page)
            document = await self._page(path, {**query, **page}, tries=1 if len(asked) == 1 else PAGE_TRIES)
            resources = document.get("data")
            if not isinstance(resources, list) or not all(isinstance(one, dict) for one in resources):
                raise self._broken()
            yield Page(resources, _total(document.get("meta")))
            seen += len(resources)
            page = self._next_page(document, page, seen) if resources else None

    async def write(
        self, method: str, path: str, *, ids: Mapping[str, str], content: Any, permit: Callable[[], Awaitable[bool]]
    ) -> Answer:
        """Send a document that changes something."""
        headers = {"Accept": MEDIA_TYPE, "Content-Type": MEDIA_TYPE}
        body = json.dumps(content).encode()
        call = Call(method=method, path=path, ids=ids, body=body, headers=headers, writes=True, permit=permit)
        return await self._door.send(call)

    async def _read(self, path: str, ids: Mapping[str, str], query: Mapping[str, str]) -> Resource:
        call = Call(method="GET", path=path, ids=ids, query=query, headers={"Accept": MEDIA_TYPE})
        document: Resource = (await self._door.send(call)).document
        return document

    async def _page(self, path: str, query: Mapping[str, str], *, tries: int) -> Resource:
        """Read one page; a list that has begun is not given up because one call came too early."""
        for _ in range(tries - 1):
            try:
                return await self._read(path, {}, query)
            except Unavailable as error:
                if error.code != "limited":
                    raise
        return await self._read(path, {}, query)

    def _next_page(self, document: Resource, page: Mapping[str, str], seen: int) -> dict[str, str] | None:
        """Take the number of the next page from the link, and nothing else of it.

        A link that were followed as it is could lead the token elsewhere, and Kajabi's unescaped links turn the `+`
        of an address into a blank. Where there is no link, a count that is not reached yet asks for the next number.
        """
        links, meta = document.get("links"), document.get("meta")
        link = links.get("next") if isinstance(links, dict) else None
        if isinstance(link, dict):
            link = link.get("href")
        if link is None:
            return _by_count(meta, page, seen)
        if not isinstance(link, str) or not self._ours(link):
            raise Rejected(self.provider, words.FOREIGN_LINK, code="foreign_link")
        query = parse_qsl(urlsplit(link).query, max_num_fields=100)
        return {**page, **{name: value for name, value in query if name.startswith("page[")}}

    def _ours(self, link: str) -> bool:
        try:
            return _origin(urljoin(self._door.api.url, link)) == _origin(self._door.api.url)
        except ValueError:
            return False

    def _broken(self) -> Unavailable:
        return Unavailable(self.provider, words.NO_SENSE, code="broken")


def named_ids(data: Any, kind: str) -> list[str]:
    """Return the ids that resource identifiers name, each once."""
    if not isinstance(data, list):
        raise Malformed
    named: dict[str, None] = {}
    for one in data:
        name = identifier(one.get("id")) if isinstance(one, dict) and one.get("type") == kind else None
        if name is None:
            raise Malformed
        named[name] = None
    return list(named)


def attributes(resource: Resource) -> Mapping[str, Any]:
    """Return the attributes of a resource, which may be missing."""
    found = resource.get("attributes")
    return found if isinstance(found, dict) else {}


def related(resource: Resource, name: str) -> str | None:
    """Return the id that a to-one relationship leads to; None when there is none, or it is not told."""
    data = _relationship(resource, name).get("data")
    return identifier(data.get("id")) if isinstance(data, dict) else None


def has_relationship(resource: Resource, name: str) -> bool:
    """Whether a relationship is told at all, be it to nothing."""
    return "data" in _relationship(resource, name)


def errors_said(document: Any) -> str:
    """Return the words of the first error of a document that reports errors; flat ones, as OAuth's, too."""
    if not isinstance(document, dict):
        return ""
    errors = document.get("errors")
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
    said = first.get("detail") or first.get("title") or document.get("error")
    return said if isinstance(said, str) else ""


def _relationship(resource: Resource, name: str) -> Mapping[str, Any]:
    every = resource.get("relationships")
    found = every.get(name) if isinstance(every, dict) else None
    return found if isinstance(found, dict) else {}


def _by_count(meta: Any, page: Mapping[str, str], seen: int) -> dict[str, str] | None:
    number = page.get("page[number]", "1")
    if seen >= (_total(meta) or 0) or not number.isdecimal():
        return None
    return {**page, "page[number]": str(int(number) + 1)}


def _total(meta: Any) -> int | None:
    """Both forms of `meta` that are known: `total_count` as documented, `total` as seen on the wire."""
    counts = [meta.get(name) for name in ("total_count", "total")] if isinstance(meta, dict) else []
    return next((count for count in counts if isinstance(count, int) and not isinstance(count, bool)), None)


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or _PORTS.get(parts.scheme)
