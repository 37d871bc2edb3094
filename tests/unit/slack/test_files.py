"""A file is read from where Slack keeps it; nobody else ever gets the token."""

from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from bot.domain.errors import FileElsewhere, FileNotGiven, ListTooLarge
from bot.sandbox.model import File
from bot.sandbox.shapes import file_object
from bot.slack import files
from bot.slack.calls import open_session, slack_client
from tests.unit.slack.town import a_town

LIMIT = 1000


def kept(town, content=b"a@example.com\n", name="list.csv"):
    file = File("F0LIST", name, "U0ADA", content=content, shared=True)
    town.world.files[file.id] = file
    return file_object(file, town.world)


@asynccontextmanager
async def a_server(answer):
    """A Slack that keeps files in a way of its own; yields a client for it, its address, and who was asked."""
    asked = []

    async def heard(request):
        asked.append((request.path, request.headers.get("Authorization")))
        return await answer(request)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", heard)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    origin = f"http://127.0.0.1:{runner.addresses[0][1]}"
    async with open_session() as session:
        yield slack_client("xoxb-1", base_url=f"{origin}/api/", session=session), origin, asked
    await runner.cleanup()


async def test_what_slack_keeps_is_read_with_the_token():
    async with a_town() as town:
        assert await files.read(town.client, kept(town, name="Käufer & co.csv"), limit=LIMIT) == b"a@example.com\n"


@pytest.mark.parametrize("extra", [0, 1])
async def test_a_file_is_read_up_to_the_limit_and_no_further(extra):
    async with a_town() as town:
        content = b"x" * (LIMIT + extra)
        if not extra:
            assert await files.read(town.client, kept(town, content), limit=LIMIT) == content
            return
        with pytest.raises(ListTooLarge):
            await files.read(town.client, kept(town, content), limit=LIMIT)


async def test_a_stream_without_end_is_left_at_the_limit():
    async def endless(request):
        stream = web.StreamResponse()
        await stream.prepare(request)
        while True:
            await stream.write(b"x" * 10_000)

    async with a_server(endless) as (client, origin, _):
        with pytest.raises(ListTooLarge):
            await files.read(client, {"url_private_download": f"{origin}/f"}, limit=LIMIT)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "https://",
        "https://files.slack.com.example.com/f",
        "https://files.slack.com@example.com/f",
        "https://files.slack.com:444/f",
        "https://example.com/files.slack.com/f",
        "https://example.com\\@files.slack.com/f",
        "http://files.slack.com/f",
        "ftp://files.slack.com/f",
        "https://[files.slack.com/f",
        "https://docs.example.com/document",
        "https://slack.com/files-pri/T1-F1/download/f.csv",
    ],
)
@pytest.mark.parametrize("base", ["https://slack.com/api/", "http://127.0.0.1:9/api/"])
async def test_nobody_but_slack_is_asked(address, base):
    async with open_session() as session:
        client = slack_client("xoxb-1", base_url=base, session=session)

        with pytest.raises(FileElsewhere):
            await files.read(client, {"url_private_download": address}, limit=LIMIT)


@pytest.mark.parametrize("base", ["https://slack.com/api/", "https://files.slack.com/api/"])
async def test_a_local_address_is_only_for_a_local_slack(base):
    async with open_session() as session:
        client = slack_client("xoxb-1", base_url=base, session=session)

        with pytest.raises(FileElsewhere):
            await files.read(client, {"url_private_download": "http://127.0.0.1:9/f"}, limit=LIMIT)


async def test_slacks_own_files_are_asked_for():
    asked = []

    class Session:
        def get(self, address, **_):
            asked.append(address)
            raise TimeoutError

    session: Any = Session()
    client = slack_client("xoxb-1", base_url="https://slack.com/api/", session=session)
    address = "https://files.slack.com/files-pri/T1-F1/download/f.csv"

    with pytest.raises(FileNotGiven):
        await files.read(client, {"url_private_download": f"{address}?pub_secret=1#x"}, limit=LIMIT)
    assert asked == [f"{address}?pub_secret=1"]


async def test_a_redirection_is_not_followed():
    async def elsewhere(request):
        raise web.HTTPFound("/other")

    async with a_server(elsewhere) as (client, origin, asked):
        with pytest.raises(FileNotGiven):
            await files.read(client, {"url_private_download": f"{origin}/f"}, limit=LIMIT)
        assert asked == [("/f", "Bearer xoxb-1")]


async def test_the_page_to_sign_in_is_no_list():
    async with a_town(optional_scopes=False) as town:
        with pytest.raises(FileNotGiven):
            await files.read(town.client, kept(town), limit=LIMIT)


async def test_a_connection_that_breaks_gives_nothing():
    async def broken(request):
        request.transport.abort()
        return web.Response()

    async with a_server(broken) as (client, origin, _):
        with pytest.raises(FileNotGiven):
            await files.read(client, {"url_private_download": f"{origin}/f"}, limit=LIMIT)
