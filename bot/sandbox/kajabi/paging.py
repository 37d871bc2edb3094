"""Filters, order and pages of a list, and the links and counts that come with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import quote, unquote, urlencode

from bot.sandbox.kajabi.answers import Refusal, document
from bot.sandbox.kajabi.conduct import Conduct
from bot.sandbox.kajabi.documents import Resource
from bot.sandbox.remote.answers import Answer, Incoming

Item = TypeVar("Item")


def refuse_unknown_filters(call: Incoming, conduct: Conduct, *, known: set[str]) -> None:
    if conduct.unknown_filter == "ignored":
        return
    for name in call.query:
        if name.startswith("filter[") and name.removeprefix("filter[").removesuffix("]") not in known:
            raise Refusal(400, f"{name} is not a known filter")


def in_order(
    items: list[Item], call: Incoming, *, keys: Mapping[str, Callable[[Item], Any]], default: str
) -> list[Item]:
    """Sorted by the first known name in `sort`; an unknown one is as good as none."""
    wanted = call.query.get("sort", "") or default
    name = wanted.removeprefix("-")
    if name not in keys:
        wanted, name = default, default.removeprefix("-")
    if not name:
        return items
    return sorted(items, key=keys[name], reverse=wanted.startswith("-"))


def positive(text: str | None, *, default: int) -> int:
    try:
        number = int(text or "")
    except ValueError:
        return default
    return number if number > 0 else default


def paged(items: list[Item], call: Incoming, *, conduct: Conduct, draw: Callable[[Item], Resource]) -> Answer:
    number = positive(call.query.get("page[number]"), default=1)
    size = min(positive(call.query.get("page[size]"), default=conduct.page_size), conduct.largest_page)
    last = max(1, -(-len(items) // size))
    shown = items[(number - 1) * size : number * size]
    body: dict[str, Any] = {"data": [draw(item) for item in shown]}
    if conduct.meta == "total":
        body["links"] = wire_links(call, number=number, last=last)
        body["meta"] = {"total": len(items)}
    else:
        body["links"] = documented_links(call, number=number, last=last)
        body["meta"] = {"total_pages": last, "total_count": len(items), "current_page": number}
    return document(body)


def page_url(call: Incoming, number: int) -> str:
    query = call.query | {"page[number]": str(number)}
    return f"{call.base_url}{call.path}?{urlencode(query, safe='[]', quote_via=quote)}"


def documented_links(call: Incoming, *, number: int, last: int) -> dict[str, str | None]:
    return {
        "self": page_url(call, number),
        "first": page_url(call, 1),
        "prev": page_url(call, number - 1) if number > 1 else None,
        "next": page_url(call, number + 1) if number < last else None,
        "last": page_url(call, last),
    }


def wire_links(call: Incoming, *, number: int, last: int) -> dict[str, str | None]:
    """As jsonapi.rb builds them: only what leads somewhere, and unescaped, so that a `+` turns into a space."""
    links: dict[str, str | None] = {
        "self": call.base_url + call.target,
        "current": unquote(page_url(call, number)),
    }
    if number > 1:
        links |= {"first": unquote(page_url(call, 1)), "prev": unquote(page_url(call, number - 1))}
    if number < last:
        links |= {"next": unquote(page_url(call, number + 1)), "last": unquote(page_url(call, last))}
    return links
