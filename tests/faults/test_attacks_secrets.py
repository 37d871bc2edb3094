"""Secrets and customers' addresses are where they must be: in no log, error, metric, export or list of processes."""

import json
import sqlite3
from contextlib import closing, contextmanager
from typing import Any

import aiohttp
import pytest

from bot.sandbox.capillary import Kind
from bot.sandbox.capillary.access import TOKEN_HEADER
from bot.sandbox.capillary.answers import json_body
from bot.sandbox.child import run_once
from bot.sandbox.local_world import local_world
from bot.sandbox.remote.answers import document
from tests.process.discretion import addresses_of, assert_discreet, secrets_of, told_by
from tests.process.processes import processes
from tests.process.world import WRITES, asked, rows, told

ADDRESS = "jane@example.com"
MOBILE, EXTERNAL = "447700900461", "Member/Zürich-4711"
NAMES = (f"ext:{EXTERNAL}", f"+{MOBILE}", ADDRESS)
#: as a provider writes them
BARE = (EXTERNAL, MOBILE, ADDRESS)
PAGES = ("healthz", "readyz", "metrics")
COMMANDS = (
    ("audit", "export", "--format", "jsonl"),
    ("audit", "export", "--format", "csv"),
    ("audit", "verify"),
    ("requests", "list"),
)
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


async def given_away(world):
    """What is told by all that a bot writes, shows, exports, or is started with, by where it stands."""
    async with aiohttp.ClientSession(trust_env=False) as http:
        pages = {page: await (await http.get(f"{world.bot.address}/{page}")).text() for page in PAGES}
    printed = {" ".join(words): await commanded(world, *words) for words in COMMANDS}
    listed = {"list of processes": "\n".join(process.arguments for process in processes())}
    log = world.bot.log.read_text()
    found = {name: told_by(text, world) for name, text in (pages | printed | listed | {"log": log}).items()}

    assert len(log.splitlines()) > 50
    assert "call failed" in log
    assert_discreet(world)
    return {name: told for name, told in found.items() if told}


async def test_nothing_is_given_away_by_what_a_bot_writes_shows_or_is_started_with(talkative, record):
    world = talkative
    await a_bad_day(world)

    assert await given_away(world) == {}
    record(
        "everything looked for in what a bot produced at the lowest log level, on a day on which all went wrong",
        "no token, secret or key, and no address of any customer",
        "log, metrics, health, audit export, list of processes: none",
    )


# --- Capillary ------------------------------------------------------------------------------------------------------


KEY = {"CAPILLARY_KEY": "loyal-key-4d1f", "CAPILLARY_SECRET": "loyal-secret-9a0c"}
TILL = {"CAPILLARY_TILL": "till.north", "CAPILLARY_PASSWORD_MD5": "5ebe2294ecd0e0f08eab7690d2a6ee69"}
CAPILLARYS: dict[str, dict[str, Any]] = {
    "server_error": {},
    "html": {},
    "rate_limited": {"retry_after": 1},
    "reset_mid_body": {},
}
WAYS_IN = {"key": KEY, "till": TILL | dict.fromkeys(KEY, "")}


def furnished(capillary):
    """A program with one customer, who has a name of every kind."""
    capillary.add_program("Miles")
    for title in ("Lounge Pass", "Welcome Drink"):
        capillary.add_promotion(title, Kind.DIRECT)
    capillary.add_customer("Jane", "Doe", mobile=MOBILE, email=ADDRESS, external_id=EXTERNAL)
    capillary.access.clients = {KEY["CAPILLARY_KEY"]: KEY["CAPILLARY_SECRET"]}
    capillary.access.tills = {TILL["CAPILLARY_TILL"]: TILL["CAPILLARY_PASSWORD_MD5"]}


@pytest.fixture(params=[("http", "key"), ("socket", "till")], ids="-".join)
async def loyal(request):
    """A bot that logs everything it can, over a loyalty program that it is let into by a key, or by a till."""
    transport, way = request.param
    extra = WAYS_IN[way] | {"LOG_LEVEL": "debug"}
    async with local_world(http=transport == "http", rewards=furnished, extra=extra) as world:
        yield world


@contextmanager
def echoing(capillary, status, path="/v2/customers"):
    """Capillary refuses, and repeats whom the call was about, and by what it was let in, each in its own sentence."""
    work = capillary.work

    def refuse(call, *, in_vain=False):
        if not call.path.startswith(path):
            return work(call, in_vain=in_vain)
        told = [call.query.get("identifierValue"), call.headers.get(TOKEN_HEADER), *json_body(call).values()]
        told += call.headers.get("Authorization", "").split()[1:]
        errors = [{"code": 7777, "message": f"no {one} here"} for one in told if one]
        return document({"errors": errors}, status=status)

    capillary.work = refuse
    try:
        yield
    finally:
        del capillary.work


async def looked_up(world, name):
    """Ada looks somebody up, and is answered."""
    ada = world.town.ada
    before = len(ada.messages("ephemeral"))
    await ada.types(f"/offer who {name} on capillary", channel="#support")
    grown = await world.town.workspace.changes.until(
        lambda: len(ada.messages("ephemeral")) >= before + 2 or None, timeout=20
    )
    assert grown, name


async def a_bad_day_at_capillary(world):
    """A customer looked up by all names, while Capillary fails in all its ways; and a grant that it refuses."""
    ada, grace, capillary = world.town.ada, world.town.grace, world.capillary
    _, question = await asked(world, f"/offer grant +{MOBILE} lounge pass on capillary because {ADDRESS} wrote")
    await grace.presses("approve", question)
    await told(world)
    for name in NAMES:
        await looked_up(world, name)
    for trouble, options in CAPILLARYS.items():
        with capillary.trouble(trouble, path="/v2/customers*", **options):
            await looked_up(world, NAMES[0])
    for status in (200, 400, 401, 403):
        with echoing(capillary, status):
            await looked_up(world, NAMES[0])
    capillary.expire_tokens()
    with echoing(capillary, 401, path="/v3/oauth"):
        await ada.types("/offer find lounge on capillary", channel="#support")
        by_till = not world.bot.settings["CAPILLARY_KEY"]
        await ada.sees("Lounge Pass" if by_till else "are not accepted", in_="ephemeral", timeout=10)
    capillary.trouble("refused", method="POST", path="/v2/promotion/*", code=7777, detail="; ".join(BARE))
    _, question = await asked(world, f"/offer grant {NAMES[0]} welcome drink on capillary because Jane rang")
    await grace.presses("approve", question)
    await told(world, "Failed")


async def test_nothing_of_capillarys_is_given_away_either(loyal, record):
    world = loyal
    await a_bad_day_at_capillary(world)
    known = secrets_of(world) | dict.fromkeys(addresses_of(world))

    assert {MOBILE, EXTERNAL, ADDRESS, "Capillary's key 0", "the MD5 of till 0 as it travels"} <= known.keys()
    assert told_by(str(rows(world, "select error, receipt from change")), world) == set()
    assert await given_away(world) == {}
    record(
        "the same beside Capillary, let in by a key and by a till, which repeats names and secrets as it refuses",
        "no key, secret, token or MD5, and no address, mobile number or external id of any customer",
        "log, metrics, health, audit export, list of processes: none",
    )


# --- what is to be forgotten ----------------------------------------------------------------------------------------


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
