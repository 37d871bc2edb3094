import json
import time

import pytest

from bot.providers.base import Api
from bot.providers.jsonapi import JsonApi, errors_said
from bot.providers.oauth import ClientCredentials
from tests.contract.provider_worlds import Unpaced
from tests.unit.providers.wire import Reply, says, wire

TOKEN = says('{"access_token": "t"}')


def page(*ids: int, **told: object) -> Reply:
    return says(json.dumps({"data": [{"type": "things", "id": str(one)} for one in ids], **told}))


async def listed(*replies: Reply) -> tuple[list[str], list[str]]:
    """Return the ids that were read, and the queries that were asked."""
    async with wire(TOKEN, *replies) as server:
        api = Api("acme", url=server.url, pacer=Unpaced(), clock=time.time, explain=errors_said)
        door = ClientCredentials(api, path="/t", client_id="i", client_secret="s", refused="no", clock=time.time)
        resources = await JsonApi(door).listed("/things", query={"a": "x+y"}, size=2)
        await api.close()
    return [one["id"] for one in resources], [line.split()[1].partition("?")[2] for line in server.requests[1:]]


@pytest.mark.parametrize("count", ["total", "total_count"])
async def test_a_list_without_links_goes_on_until_its_count_is_reached(count):
    meta = {"meta": {count: 5}}
    ids, queries = await listed(page(1, 2, **meta), page(3, 4, **meta), page(5, **meta))

    assert ids == ["1", "2", "3", "4", "5"]
    assert [one.rpartition("=")[2] for one in queries[1:]] == ["2", "3"]


async def test_a_count_that_is_never_reached_ends_at_an_empty_page():
    ids, queries = await listed(page(1, meta={"total": 99}), page(meta={"total": 99}))

    assert (ids, len(queries)) == (["1"], 2)


@pytest.mark.parametrize(
    "link",
    ["/things?a=x+y&page[number]=2", "?page%5Bnumber%5D=2", {"href": "/things?page[number]=2"}],
)
async def test_of_a_link_only_the_page_is_taken(link):
    ids, queries = await listed(page(1, 2, links={"next": link}), page(3, links={"next": None}))

    assert ids == ["1", "2", "3"]
    assert queries[1] == "a=x%2By&page%5Bsize%5D=2&page%5Bnumber%5D=2"


async def test_what_moves_to_the_next_page_meanwhile_counts_once():
    ids, _ = await listed(page(1, 2, links={"next": "?page[number]=2"}), page(2, 3))

    assert ids == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({"errors": [{"title": "T", "detail": "D"}]}, "D"),
        ({"errors": [{"title": "T", "detail": None}]}, "T"),
        ({"error": "Invalid client credentials"}, "Invalid client credentials"),
        ({"errors": ["x"]}, ""),
        ({"errors": {}}, ""),
        ({"errors": [{"detail": {"a": 1}}]}, ""),
        ([], ""),
        (None, ""),
    ],
)
def test_the_words_of_an_error_are_found_or_there_are_none(document, said):
    assert errors_said(document) == said
