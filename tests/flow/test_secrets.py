"""Addresses of customers and secrets are where they must be, and nowhere else (P9)."""

import io
import json
import logging
import sqlite3
from urllib.parse import urlsplit

import aiohttp
import pytest
import structlog
from pydantic import SecretStr

from bot import logs
from bot.store import database_path
from tests.flow.following import GRANT, all_told, over_http
from tests.flow.steps import forged, opened, typed

ADDRESSES = ("jane@example.com", "sam@example.com", "lost@example.com", "new@example.com", "omar+baking@example.com")
#: the one table for addresses, and what people and providers wrote themselves
FREE_TEXT = {
    ("contact", "address"),
    ("request", "reason"),
    ("note", "text"),
    ("decision", "note"),
    ("change", "receipt"),
}


@pytest.fixture
def logged():
    """All that is logged, by anybody, at the lowest level, as the bot sets it up itself."""
    root, own = logging.getLogger(), logging.getLogger("bot")
    before = root.handlers[:], root.level, own.level
    stream = io.StringIO()
    logs.set_up(level="debug", form="json", secrets=())
    (handler,) = root.handlers
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(stream)
    handler.filters.clear()
    root.setLevel(logging.DEBUG)
    yield stream
    structlog.reset_defaults()
    root.handlers[:], _, _ = before
    root.setLevel(before[1])
    own.setLevel(before[2])


def secrets_of(desk):
    world = desk.workspace
    return {
        "bot token": world.bot_token,
        "app token": world.app_token,
        "signing secret": world.signing_secret,
        "client secret": desk.settings.kajabi_client_secret.get_secret_value(),
        **{f"access token {number}": token for number, token in enumerate(desk.kajabi.access.tokens)},
    }


async def a_full_day(desk):
    """Everything that has to do with customers, the good and the bad."""
    _, question = await desk.asks(desk.ada, GRANT)
    await desk.grace.presses("approve", question)
    await desk.ada.sees("verified", in_="#support")
    await typed(desk.ada, "/offer who omar+baking@example.com", "Omar Haddad")
    await desk.ada.types("/offer flubb sam@example.com", channel="#support")
    await desk.ada.types("/offer who sam@example.com lost@example.com", channel="#support")
    await opened(desk.ada, "/offer grant lost@example.com sourdough because refund")
    await forged(desk, desk.ada, customer={"type": "plain_text_input", "value": "sam@example.com jane@example.com"})
    await desk.ada.submits()
    await desk.ada.sees("exactly this address", in_="dm")
    failing = desk.kajabi.trouble("refused", path="*", detail="jane@example.com is not welcome")
    await typed(desk.ada, "/offer who jane@example.com", "Kajabi refused")
    failing.stop()
    broken = desk.kajabi.trouble("broken_json", path="/v1/contacts*")
    await typed(desk.ada, "/offer who sam@example.com", "could not be reached")
    broken.stop()
    desk.workspace.troubles.fail("views.update", status=500)
    _, question = await desk.asks(
        desk.ada, "/offer revoke sam@example.com circle because sam@example.com wrote", offer="circle"
    )
    await desk.grace.presses("deny", question)
    await desk.grace.sees("Deny", in_="view")
    await desk.grace.submits(reason="ask sam@example.com first")
    await desk.ada.sees("denied it", in_="dm")
    await all_told(desk)


async def test_nothing_that_is_logged_at_any_level_names_a_customer_or_a_secret(idle, logged):
    idle.kajabi.access.rotate_key("id", "correct-horse-battery")
    idle.settings = idle.settings.model_copy(update={"kajabi_client_secret": SecretStr("correct-horse-battery")})
    await idle.start()
    await a_full_day(idle)
    await idle.stop()

    written = logged.getvalue()
    assert "R-" in written or "call" in written
    assert [one for one in ADDRESSES if one in written or one.replace("@", "%40") in written] == []
    assert [name for name, secret in secrets_of(idle).items() if secret in written] == []


@over_http
async def test_addresses_stand_in_one_table_and_secrets_in_none(desk):
    await a_full_day(desk)
    secrets = secrets_of(desk)
    await desk.stop()

    found = {(table, column) for table, column, text in cells(desk) if any(one in text.lower() for one in ADDRESSES)}
    assert ("contact", "address") in found
    assert found <= FREE_TEXT
    assert {name for _, _, text in cells(desk) for name, secret in secrets.items() if secret in text} == set()


def cells(desk):
    """Every text in the database, with its table and column."""
    sqlite = sqlite3.connect(database_path(desk.settings.database_url))
    try:
        tables = [row[0] for row in sqlite.execute("select name from sqlite_master where type = 'table'")]
        for table in tables:
            rows = sqlite.execute(f'select * from "{table}"')  # noqa: S608 - the database's own names
            columns = [one[0] for one in rows.description]
            for row in rows:
                yield from ((table, column, str(cell)) for column, cell in zip(columns, row, strict=True))
    finally:
        sqlite.close()


@over_http
async def test_what_can_be_asked_over_http_names_nobody(desk):
    await a_full_day(desk)
    root = "{0.scheme}://{0.netloc}".format(urlsplit(desk.slack.events_url))
    async with aiohttp.ClientSession(trust_env=False) as session:
        pages = [await (await session.get(f"{root}/{page}")).text() for page in ("healthz", "readyz", "metrics")]

    everything = "\n".join(pages).lower()
    people = [one.id.lower() for one in desk.town.everybody]
    assert [one for one in (*ADDRESSES, *people, *secrets_of(desk).values()) if one.lower() in everything] == []


@over_http
async def test_no_address_goes_into_what_other_apps_can_read(desk):
    await a_full_day(desk)

    carried = [call.args.get("metadata") for call in desk.workspace.journal.called("chat.postMessage")]
    assert all(carried)
    assert [one for one in ADDRESSES if one in json.dumps(carried)] == []
