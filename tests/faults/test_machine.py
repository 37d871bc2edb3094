"""The machine fails: the disk is full, the database locked or read-only, the power lost, the clock put back."""

import asyncio
import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from pathlib import Path

import aiohttp
import pytest

from bot.sandbox.child import clean_environment
from bot.sandbox.local_world import local_world
from bot.store import open_archive
from tests.contract.openapi import OpenApiWitness
from tests.faults.deeds import GRANTING, PATIENCE, proved, rested
from tests.flow.following import GRANT, all_told, approved, over_http
from tests.process.processes import PROC, until
from tests.process.world import asked, database, effects, endings, held_while_writing, rows, told, writes

SORRY = "I cannot write to my database just now, so nothing was done. Try again in a minute."
SUBMISSIONS = ("refund case 4412", "won the bake-off", "speaker", "goodwill")
#: bytes, of which some were on their way to the disk
TORN = 30_000
HOUR = 3600

over_one = pytest.mark.parametrize("transport", ["socket"])


@pytest.fixture
async def world(transport):
    """A bot whose attempts have a second, in a Slack that does not count its posts."""
    witness = OpenApiWitness()
    extra = {"LEASE_SECONDS": "1"}
    async with local_world(http=transport == "http", extra=extra, on_exchange=witness, limits=False) as world:
        yield world
    witness.assert_agreement()


# --- the database cannot be written ----------------------------------------------------------------------------------


@contextmanager
def full_disk(world):
    """No file of the bot's can be written any more, be it the database or the log."""
    before = resource.prlimit(world.bot.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(world.bot.pid, resource.RLIMIT_FSIZE, (1, before[1]))
    try:
        yield
    finally:
        resource.prlimit(world.bot.pid, resource.RLIMIT_FSIZE, before)


@contextmanager
def locked(world):
    """Another process holds the database for itself, as a backup does."""
    with closing(sqlite3.connect(database(world), isolation_level=None)) as sqlite:
        sqlite.execute("begin exclusive")
        try:
            yield
        finally:
            sqlite.execute("rollback")


@contextmanager
def read_only(world):
    """The files take no more writes, though they are open: the file system has become read-only."""
    files = [str(database(world)), f"{database(world)}-wal"]
    try:
        subprocess.run(["chattr", "+i", *files], check=True, capture_output=True)  # noqa: S607 - where chattr is differs
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("only root, on a file system with attributes, can take the writing from a file that is open")
    try:
        yield
    finally:
        subprocess.run(["chattr", "-i", *files], check=True)  # noqa: S607 - as above


DOWN = {
    "The disk is full": full_disk,
    "The database is locked for seconds by a backup": locked,
    "The file system has become read-only": read_only,
}


async def all_is_told(world):
    await told(world)
    await until(lambda: rows(world, "select key from message where due is not null") == [], within=PATIENCE)


async def ready(world):
    async with aiohttp.ClientSession() as http, http.get(f"{world.bot.address}/readyz") as answer:
        return answer.status


@pytest.mark.parametrize(
    ("fault", "transport"),
    [(fault, "http") for fault in DOWN] + [("The disk is full", "socket")],
)
async def test_while_the_store_is_down_people_are_told_so_and_nothing_is_decided(world, fault, record):
    ada, grace = world.town.ada, world.town.grace
    _, question = await asked(world)
    with DOWN[fault](world):
        await grace.presses("approve", question)
        refused = await grace.sees(SORRY, in_="ephemeral", timeout=PATIENCE)
        await ada.types("/offer grant sam@example.com holiday because won", channel="#support")
        await ada.sees("Send", in_="view", timeout=PATIENCE)
        at_form = await ada.submits()
        at_once = await ready(world)
    before = rows(world, "select state from request"), rows(world, "select * from decision")
    await grace.presses("approve", question)
    await all_is_told(world)

    assert refused.plain == SORRY
    assert set(at_form.values()) == {SORRY}
    assert at_once == 503
    assert before == ([("pending",)], [])
    assert grace.notices == ada.notices == []
    assert (effects(world), writes(world), endings(world)) == (1, 1, (1, 1))
    record(
        f"{fault}: somebody approves, somebody asks",
        "told in a sentence that nothing was done; the same click works when it is over",
        "0 decisions, 0 requests, then 1 effect, told once",
    )


@over_one
@pytest.mark.parametrize("fault", DOWN)
async def test_what_was_under_way_when_the_store_went_down_is_finished_when_it_is_back(world, fault, record):
    held, _ = await held_while_writing(world, done=True)
    with DOWN[fault](world):
        held.release()
        await until(lambda: world.kajabi.called("POST", "*/offers")[0].seconds, within=PATIENCE)
        await asyncio.sleep(2.5)  # two leases: it tries in vain, again and again
        during = rows(world, "select state, sent is not null from change"), endings(world)
        assert world.bot.running
    await all_is_told(world)

    assert during == ([("todo", 1)], (0, 0))
    assert (effects(world), writes(world), endings(world)) == (1, 1, (1, 1))
    record(
        f"{fault}: Kajabi has the call and answers",
        "goes on when it is over: reads back, and tells all that is owed",
        "1 call, 1 effect, told once",
    )


@contextmanager
def unwritable(path):
    before = path.stat().st_mode
    path.chmod(0o500 if path.is_dir() else 0o400)
    try:
        yield
    finally:
        path.chmod(before)


def without_privileges():
    """Root may write to everything, unless it gives that up for good."""
    if os.geteuid() != 0:
        return ()
    if shutil.which("setpriv") is None:
        pytest.skip("root may write to everything, and there is no setpriv to give that up")
    return ("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-dac_override,-dac_read_search")


async def refused_start(world):
    """Try to start it as somebody to whom rights apply; return how it ended and what it said."""
    process = await asyncio.create_subprocess_exec(
        *without_privileges(),
        *(sys.executable, "-m", "bot"),
        cwd=world.bot.folder,
        env=clean_environment(world.bot.settings, world.bot.folder) | {"PATH": os.environ["PATH"]},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        async with asyncio.timeout(PATIENCE):
            out, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    return process.returncode, out.decode()


@over_one
@pytest.mark.parametrize("what", ["file", "folder"])
async def test_a_start_on_what_cannot_be_written_is_refused_and_loses_nothing(world, what, record):
    unreachable = world.kajabi.trouble("timeout_before", closed=True)
    _, question = await asked_before(world, unreachable)
    await world.town.grace.presses("approve", question)
    await world.bot.kill()
    with unwritable(database(world) if what == "file" else world.bot.folder):
        code, said = await refused_start(world)
    unreachable.stop()
    await world.bot.start()
    await all_is_told(world)

    assert code not in {0, None}
    assert "Traceback" not in said
    assert "DATABASE_URL" in said
    assert (effects(world), writes(world), endings(world)) == (1, 1, (1, 1))
    record(
        f"The {what} of the database is read-only at a start, with an approved grant in it",
        "the start is refused in a sentence; the next one carries it out",
        "1 effect, told once",
    )


async def asked_before(world, trouble):
    """Have the request shown before the trouble begins."""
    trouble.stopped = True
    found = await asked(world)
    trouble.stopped = False
    return found


# --- the power is lost -----------------------------------------------------------------------------------------------


def snapshot(world, folder):
    """Copy the files as they are at one moment, and count what the world outside knows at that moment."""
    os.kill(world.bot.pid, signal.SIGSTOP)
    try:
        folder.mkdir()
        for path in (database(world), database(world).with_name("offerdesk.db-wal")):
            shutil.copy(path, folder / path.name)
        posts = world.town.grace.messages("#support")
        thread = [one.plain for card in posts if card.post.thread_ts in (None, card.ts) for one in card.thread]
        return {
            "sent": effects(world),
            "approved": sum("approved. I start now" in line for line in thread),
            "succeeded": sum(line.startswith("✅ Done, verified") for line in thread),
        }
    finally:
        os.kill(world.bot.pid, signal.SIGCONT)


def assert_whole(folder):
    """The files open, the audit verifies, and rows and events tell the same story; return what they count."""
    with open_archive(f"sqlite:///{folder / 'offerdesk.db'}") as archive:
        assert archive.verify().broken is None
        ask = archive.sqlite.execute
        assert [row[0] for row in ask("pragma integrity_check")] == ["ok"]
        assert list(ask("pragma foreign_key_check")) == []
        known = {row[0]: row[1] for row in ask("select name, count(*) from event group by name")}
        (succeeded,) = ask("select count(*) from request where state = 'succeeded'").fetchone()
        (sent,) = ask("select count(*) from change where sent is not null").fetchone()
        (decisions,) = ask("select count(*) from decision").fetchone()
    assert known.get("request.succeeded", 0) == succeeded
    assert known.get("change.sent", 0) == sent
    assert known.get("request.approved", 0) == decisions
    return {"sent": sent, "approved": decisions, "succeeded": succeeded}


@over_one
@pytest.mark.skipif(not PROC.exists(), reason="the files are copied while the process is stopped, as Linux does it")
async def test_the_files_of_any_moment_open_and_verify_and_know_all_that_was_done_and_told(world, tmp_path, record):
    moments: list[tuple[Path, dict[str, int]]] = []

    async def copy_again_and_again():
        while True:
            folder = tmp_path / f"moment-{len(moments)}"
            moments.append((folder, snapshot(world, folder)))
            await asyncio.sleep(0.04)

    copying = asyncio.create_task(copy_again_and_again())
    try:
        for reason, customer in zip(SUBMISSIONS, ("jane", "sam", "noor", "omar+baking"), strict=True):
            _, question = await asked(world, f"/offer grant {customer}@example.com holiday because {reason}")
            await world.town.grace.presses("approve", question)
        await until(lambda: rows(world, "select count(*) from request where state = 'succeeded'") == [(4,)], within=60)
    finally:
        copying.cancel()
    dice = random.Random(4)
    for folder, outside in moments:
        torn = folder / "torn"
        torn.mkdir()
        for path in folder.glob("offerdesk.db*"):
            shutil.copy(path, torn / path.name)
        log = torn / "offerdesk.db-wal"
        os.truncate(log, log.stat().st_size - dice.randrange(min(TORN, log.stat().st_size)))
        assert_whole(torn)
        inside = assert_whole(folder)
        assert {name: count for name, count in outside.items() if count > inside[name]} == {}

    assert len(moments) >= 10
    assert effects(world) == 4
    record(
        "The power is lost at any moment of four grants, with the last writes torn off at any byte",
        "the files open and the audit verifies; what Kajabi did and people read is in them",
        "all copies whole, 0 effects or endings that the disk does not know",
    )


# --- the clock is put back -------------------------------------------------------------------------------------------

GOES_ON = "goes on within a minute", "1 effect, told once"


@over_http
async def test_a_clock_that_is_put_back_before_the_approval_holds_nothing_up(desk, record):
    card, question = await desk.asks(desk.ada, GRANT)
    await all_told(desk)
    await desk.passes(-3 * HOUR)
    await desk.grace.presses("approve", question)
    await proved(desk, GRANTING, card)

    record("The clock is put back by three hours before the approval", *GOES_ON)


@over_http
async def test_a_clock_that_is_put_back_during_the_call_holds_nothing_up(desk, record):
    held = desk.kajabi.trouble("held", **GRANTING.call, times=1)
    card = await approved(desk, GRANT)
    await desk.kajabi.until_called(**GRANTING.call, within=PATIENCE)
    await all_told(desk)
    await desk.passes(-3 * HOUR)
    held.release()
    await proved(desk, GRANTING, card)

    assert GRANTING.calls(desk) == 1
    record("The clock is put back by three hours while Kajabi has the call", *GOES_ON)


@over_http
@pytest.mark.parametrize("away", [False, True], ids=["running", "away"])
async def test_a_clock_that_is_put_back_before_another_try_holds_nothing_up(desk, away, record):
    card, question = await desk.asks(desk.ada, GRANT)
    down = desk.kajabi.trouble("unavailable", method="GET", retry_after=20)
    await desk.grace.presses("approve", question)
    await desk.ada.sees("I try again by myself", in_=card)
    await all_told(desk)
    if away:
        await desk.stop()
    await desk.passes(-3 * HOUR)
    if away:
        await desk.start()
    await rested(desk)
    down.stop()
    await desk.passes(60)
    await proved(desk, GRANTING, card)

    when = "while the bot is away" if away else "before another try"
    record(f"The clock is put back by three hours {when}", *GOES_ON)
