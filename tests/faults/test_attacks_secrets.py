"""Secrets and customers' addresses are where they must be: in no log, error, metric, export or list of processes."""

import json
import sqlite3
from contextlib import closing
from typing import Any

import aiohttp
import pytest

from bot.sandbox.child import run_once
from bot.sandbox.local_world import local_world
from tests.process.discretion import addresses_of, assert_discreet, told_by
from tests.process.processes import processes
from tests.process.world import WRITES, asked, told

ADDRESS = "jane@example.com"
TROUBLES: dict[str, dict[str, Any]] = {
    "broken_json": {},
    "refused": {"detail": f"{ADDRESS} may not have it"},
    "server_error": {},
    "html": {},
    "expired_token": {"times": 1},
    "reset_mid_body": {},
}


@pytest.fixture(params=["http", "socket"])
async def talkative(request):
    """A bot that logs everything it can."""
    async with local_world(http=request.param == "http", extra={"LOG_LEVEL": "debug"}) as world:
        yield world


async def a_bad_day(world):
    """Everything that has to do with customers and secrets, the good and the bad."""
    ada, grace = world.town.ada, world.town.grace
    _, question = await asked(world)
    await grace.presses("approve", question)
    await told(world)
    for command in ("who omar+baking@example.com", "flubb sam@example.com", "who sam@example.com mia.chen@example.com"):
        await ada.types(f"/offer {command}", channel="#support")
    await ada.sees("Omar Haddad", in_="ephemeral", timeout=10)
    for trouble, options in TROUBLES.items():
        before = len(ada.messages("ephemeral"))
        with world.kajabi.trouble(trouble, path="/v1/contacts*", **options):
            await ada.types(f"/offer who {ADDRESS}", channel="#support")
            grown = await world.town.workspace.changes.until(
                lambda before=before: len(ada.messages("ephemeral")) >= before + 2 or None, timeout=20
            )
            assert grown, trouble
    world.kajabi.trouble("refused", **WRITES, times=1, detail=f"{ADDRESS} may not have it")
    _, question = await asked(world, "/offer grant mia.chen@example.com holiday because mia.chen@example.com wrote")
    await grace.presses("approve", question)
    await told(world, "Failed")


async def test_nothing_is_given_away_by_what_a_bot_writes_shows_or_is_started_with(talkative, record):
    world = talkative
    await a_bad_day(world)
    async with aiohttp.ClientSession(trust_env=False) as http:
        pages = [
            await (await http.get(f"{world.bot.address}/{page}")).text() for page in ("healthz", "readyz", "metrics")
        ]
    listed = "\n".join(process.arguments for process in processes())
    log = world.bot.log.read_text()
    exported = [await commanded(world, "audit", "export", "--format", kind) for kind in ("jsonl", "csv")]
    shown = [await commanded(world, *words) for words in (("requests", "list"), ("audit", "verify"))]

    assert len(log.splitlines()) > 50
    assert "call" in log
    assert {f"page {n}": told_by(page, world) for n, page in enumerate(pages) if told_by(page, world)} == {}
    assert told_by(listed, world) == set()
    assert_discreet(world)
    assert [told_by(one, world) for one in exported] == [set(), set()]
    assert [told_by(one, world) for one in shown] == [set(), set()]
    record(
        "everything looked for in what a bot produced at the lowest log level, on a day on which all went wrong",
        "no token, secret or key, and no address of any customer",
        "log, metrics, health, audit export, list of processes: none",
    )


def hashes(exported):
    return [json.loads(line)["hash"] for line in exported.splitlines()]


@pytest.mark.parametrize("talkative", ["socket"], indirect=True)
async def test_forgetting_an_address_leaves_the_chain_whole_while_the_bot_runs(talkative, record):
    world = talkative
    await a_bad_day(world)
    before = await commanded(world, "audit", "export", "--format", "jsonl")
    said = await commanded(world, "forget", ADDRESS, "--yes")
    verified = await commanded(world, "audit", "verify")
    after = await commanded(world, "audit", "export", "--format", "jsonl")

    assert "Blanked" in said
    assert "each as it was written" in verified
    assert hashes(after)[: len(hashes(before))] == hashes(before)
    with closing(sqlite3.connect(world.bot.folder / "offerdesk.db")) as database:
        assert ADDRESS not in "\n".join(database.iterdump())
    assert ADDRESS in addresses_of(world)
    record(
        "forget ADDRESS while the bot runs",
        "the address is in no table; what other people wrote stays",
        "the chain verifies, no line of it changed",
    )


async def commanded(world, *words):
    return await run_once(*words, folder=world.bot.folder)
