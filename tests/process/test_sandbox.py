import asyncio
import os
import pty
import re
import signal
import time

import pytest

from bot.sandbox.child import BotFailed
from bot.sandbox.local_world import POLICY, local_world
from bot.sandbox.onlooker import NotSeen
from bot.sandbox.story import Narrator, play
from bot.settings import Settings
from tests.contract.openapi import OpenApiWitness
from tests.flow.manners import assert_manners
from tests.process.processes import PROC, alive, children_of, until
from tests.process.sandbox_process import cleared, started

#: the order in which the story is told
STORY = (
    "▶ Ada types in #support: /offer grant jane@example.com",
    "Ada sees, a form whose preview fills itself in:",
    "Then: Everything Bundle and Welcome Mini-Course",
    "Grace sees, in the thread:",
    "[Approve] [Deny]",
    "Linus sees, in a direct message",
    "▶ Grace presses Approve",
    "Ada sees, in #support:",
    "✅ Done, verified",
    "Ada sees, in a direct message:",
    "Kajabi says that Jane holds: Everything Bundle, Welcome Mini-Course",
    "▶ Grace presses Deny and writes why",
    "⛔ @Grace denied it. Nothing was changed.",
    "❌ Failed: Sourdough Deep Dive was not granted to Mia Chen; nothing was changed.",
    "[Retry]",
    "▶ Ada presses Retry",
    "Mia Chen now has Sourdough Deep Dive.",
)
#: what may lie around where somebody tries it
POISON = {
    "SLACK_BOT_TOKEN": "xoxb-poison",
    "SLACK_APP_TOKEN": "xapp-poison",
    "SLACK_SIGNING_SECRET": "poison0123456789",
    "SLACK_CLIENT_ID": "1.poison",
    "SLACK_CLIENT_SECRET": "poison-secret",
    "SLACK_API_URL": "https://poison.example/api/",
    "HTTP_PROXY": "http://127.0.0.1:9",
    "HTTPS_PROXY": "http://127.0.0.1:9",
    "ALL_PROXY": "socks5://127.0.0.1:9",
    "http_proxy": "http://127.0.0.1:9",
    "https_proxy": "http://127.0.0.1:9",
    "KAJABI_CLIENT_ID": "poison",
    "KAJABI_CLIENT_SECRET": "poison",
    "KAJABI_API_URL": "https://poison.example",
    "KAJABI_SITE_ID": "666",
    "PROVIDERS": "poison",
    "DATABASE_URL": "sqlite:///poison.db",
    "APPROVERS": "U0MALLORY",
    "ADMINS": "U0MALLORY",
    "APPROVALS_CHANNEL": "C0POISON",
    "PORT": "1",
    "HOST": "192.0.2.1",
    "LEASE_SECONDS": "poison",
    "LOG_LEVEL": "poison",
    "DYNO": "web.1",
}
#: nothing more reaches the bot than this and its settings
BARE = {"HOME", "LANG", "PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "PYTHONUNBUFFERED"}
GIVEN = {
    "ALERTS_CHANNEL": "C0ALERTS",
    "APPROVERS": "",
    "POLICY_FILE": str(POLICY),
    "KAJABI_CLIENT_ID": "sandbox-client",
    "HOST": "127.0.0.1",
}

#: lines that do not work, and what is said to them
WRONG = {
    "look": "Say who does it",
    "grace: dance": "I do not know 'dance'",
    "bob: look": "Nobody here is called bob; there are ada, grace",
    "grace: send": "No form is open before Grace",
    "grace: fill offer=kids": "No form is open before Grace",
    "grace: press Launch": "Grace sees no button 'Launch'.",
    "grace: press Approve R-0000": "Grace sees no button 'Approve' of R-0000.",
    "linus: /offer help": "Linus is not in #support",
    "linus: reply R-0000 @Offerdesk approve": "Linus sees nothing about R-0000 to reply to.",
    "ada: look closely": "A look is `look` or",
    "ada: /offer frobnicate": "I did not understand “frobnicate”",
    "help": "A line says who does what",
    "later on": "Say how much later, as in `later 1 day`",
    "later 0 days": "The clock goes forward only, a year at most in one go",
    "ada: /offer revoke lena@example.org bread": "[Send]",
    "send": "Slack does not send it. reason: Please complete this required field.",
    "fill rason=x": "it has provider, customer, offer, reason",
}
END_OF_INPUT = b"\x04"


@pytest.fixture
async def start(tmp_path):
    """Start sandboxes that have ended, and left nothing, when the test is over."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    running = []

    async def one(*arguments, **how):
        running.append(await started(*arguments, temporary=temporary, **how))
        return running[-1]

    yield one
    for sandbox in running:
        await cleared(sandbox)


def environment_of(pid):
    given = (PROC / str(pid) / "environ").read_bytes().decode().split("\0")
    return dict(variable.split("=", 1) for variable in given if variable)


async def story_is_over(sandbox):
    await sandbox.prints("`help` shows this again")


def assert_told_in_order(printed):
    position = 0
    for words in STORY:
        found = printed.find(words, position)
        assert found >= 0, f"no {words!r} after:\n{printed[max(position - 500, 0) : position]}"
        position = found


@pytest.mark.parametrize("way", ["--http", "--socket"])
async def test_the_story_is_played_to_its_end_and_leaves_nothing(start, way):
    sandbox = await start("--once", way)
    bot = await sandbox.bot()
    code = await sandbox.ended()

    assert (code, sandbox.complained) == (0, "")
    assert ("signed HTTP" if way == "--http" else "Socket Mode") in sandbox.printed
    assert_told_in_order(sandbox.printed)
    assert re.search(r"The story took [\d.]+ s\.", sandbox.printed)
    assert not alive(bot.pid)
    assert sandbox.files() == []


@pytest.mark.parametrize("transport", ["http", "socket"])
async def test_the_story_agrees_with_the_documents_and_with_good_manners(transport):
    witness = OpenApiWitness()
    told: list[str] = []
    async with local_world(http=transport == "http", on_exchange=witness) as world:
        await play(world, Narrator(told.append))
        assert_manners(world.slack.workspace, expected=frozenset())

    assert_told_in_order("\n".join(told))
    assert any(exchange.method == "POST" and exchange.status == 200 for exchange in witness.exchanges)
    witness.assert_agreement()


def waited_for_a_processor(*pids):
    """Seconds that these processes were ready to run while others ran: nothing they could have done faster."""
    return sum(int((PROC / str(pid) / "schedstat").read_text().split()[1]) for pid in pids) / 1e9


@pytest.mark.skipif(not (PROC / "self" / "schedstat").exists(), reason="the kernel tells who waits for a processor")
async def test_the_story_is_told_within_ten_seconds_whatever_else_the_machine_does():
    async with local_world(http=False) as world:
        both = os.getpid(), world.bot.pid
        began, before = time.monotonic(), waited_for_a_processor(*both)
        await play(world, Narrator(lambda _: None))
        took, waited = time.monotonic() - began, waited_for_a_processor(*both) - before

    assert took - waited < 10, f"{took:.1f} s, {waited:.1f} s of them waiting for a processor"


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGHUP])
async def test_a_signal_in_the_middle_ends_everything(start, ending):
    sandbox = await start("--once")
    await sandbox.prints("▶ Ada types")
    bot = await sandbox.bot()
    assert sandbox.files() != []
    sandbox.signal(ending)

    assert await sandbox.ended() == 1
    assert sandbox.complained == "\nEnded before the story was over.\n"
    assert not alive(bot.pid)
    assert sandbox.files() == []


async def test_a_signal_at_the_very_start_ends_everything(start):
    sandbox = await start("--once")
    await sandbox.prints("Starting")
    child = (await until(sandbox.children))[0]
    sandbox.signal(signal.SIGTERM)
    sandbox.signal(signal.SIGTERM)

    assert await sandbox.ended() == 1
    assert not alive(child.pid)
    assert sandbox.children() == []
    assert sandbox.files() == []


async def test_a_bot_that_dies_is_told_at_once_and_nothing_is_left(start):
    sandbox = await start("--once")
    await sandbox.prints("▶ Ada types")
    os.kill((await sandbox.bot()).pid, signal.SIGKILL)

    assert await sandbox.ended() == 1
    assert "the bot ended by itself, with exit code -9" in sandbox.complained
    assert "Traceback" not in sandbox.complained
    assert "The story took" not in sandbox.printed
    assert sandbox.files() == []


async def test_a_story_that_does_not_go_on_says_who_missed_what_and_leaves_nothing():
    told: list[str] = []
    with pytest.raises(NotSeen, match="Linus does not see 'Approve'"):
        async with local_world(http=False, extra={"APPROVERS": "U0GRACE"}) as world:
            await play(world, Narrator(told.append, patience=1))

    assert any("Grace sees, in the thread" in line for line in told)
    assert not alive(world.bot.pid)
    assert not world.bot.folder.exists()


async def test_a_bot_that_does_not_start_is_no_traceback_and_leaves_nothing():
    before = children_of(os.getpid())

    with pytest.raises(BotFailed, match="APPROVERS") as failed:
        async with local_world(http=True, extra={"APPROVERS": "Grace"}):
            pass

    assert "Traceback" not in str(failed.value)
    assert children_of(os.getpid()) == before


@pytest.mark.skipif(not PROC.exists(), reason="another process's environment is read from /proc")
async def test_nothing_that_lies_around_reaches_the_bot(start, tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / ".env").write_text("".join(f"{name}={value}\n" for name, value in POISON.items()))
    sandbox = await start(folder=folder, environment=POISON)
    await sandbox.prints("▶ Grace presses Approve")
    environment = environment_of((await sandbox.bot()).pid)
    said = next(sandbox.temporary.glob("*/bot.log")).read_text()
    await cleared(sandbox)

    assert set(environment) <= BARE | {name.upper() for name in Settings.model_fields}
    assert environment.items() >= GIVEN.items()
    assert [name for name, value in POISON.items() if environment.get(name) == value] == []
    assert "poison" not in f"{environment}{said}{sandbox.printed}"
    assert sorted(path.name for path in folder.iterdir()) == [".env"]
    assert sandbox.files() == []


async def test_a_person_at_the_keyboard_goes_on(start):
    sandbox = await start(stdin=asyncio.subprocess.PIPE)
    await story_is_over(sandbox)

    assert "(granted)" in await sandbox.told("ada: /offer who jane@example.com", until_printed="Everything Bundle")
    await sandbox.told("ada: /offer grant noor@example.com because a present", until_printed="Offer: (")
    form = await sandbox.told("fill offer=baking with kids reason=a=b, so to say", until_printed="[Send]")
    assert "Offer: Baking with Kids" in form
    assert "Reason: a=b, so to say" in form
    card = await sandbox.told("send", until_printed="`grace: look`")
    request = re.findall(r"R-[0-9A-Z]{4}", card)[0]
    assert "[Cancel]" in card
    assert "[Approve]" in await sandbox.told("grace: look", until_printed="[Deny]")
    assert "Nothing new" in await sandbox.told("look", until_printed="shows the newest")
    done = await sandbox.told(f"press approve {request.lower()}", until_printed="now has Baking with Kids")
    assert "Mia Chen" not in done
    await sandbox.told("quit", until_printed="Bye.")

    assert (await sandbox.ended(), sandbox.complained, sandbox.files()) == (0, "", [])


async def test_at_the_keyboard_it_becomes_later_for_everybody(start):
    sandbox = await start(stdin=asyncio.subprocess.PIPE)
    await story_is_over(sandbox)
    await sandbox.told("ada: /offer grant noor@example.com pastry because a present", until_printed="[Send]")
    card = await sandbox.told("send", until_printed="`grace: look`")
    request = re.findall(r"R-[0-9A-Z]{4}", card)[0]

    said = await sandbox.told("later", until_printed="now.")
    assert f"{request} still waits for a decision." in said
    await sandbox.told("LATER 1 Week", until_printed="look`)")
    assert "[Ask again]" in await sandbox.told("ada: look", until_printed="Nobody decided in time")
    await sandbox.told("quit", until_printed="Bye.")

    assert (await sandbox.ended(), sandbox.complained, sandbox.files()) == (0, "", [])


async def test_what_cannot_be_done_is_said_and_the_next_line_is_read(start):
    keys, terminal = pty.openpty()
    try:
        sandbox = await start(stdin=terminal)
        await story_is_over(sandbox)
        for line, said in WRONG.items():
            before = len(sandbox.printed)
            os.write(keys, f"{line}\n".encode())
            await sandbox.prints(said, after=before)
        os.write(keys, END_OF_INPUT)

        assert (await sandbox.ended(), sandbox.complained, sandbox.files()) == (0, "", [])
    finally:
        os.close(keys)
        os.close(terminal)


async def test_without_a_terminal_it_stays_up_until_it_is_ended(start):
    sandbox = await start("--http", stdin=asyncio.subprocess.PIPE)
    await story_is_over(sandbox)
    bot = await sandbox.bot()
    sandbox.process.stdin.write(b"grace: look 1")
    sandbox.process.stdin.close()
    await sandbox.prints("Grace sees", after=await sandbox.prints("> grace: look 1"))

    assert alive(bot.pid)
    assert sandbox.process.returncode is None
    sandbox.signal(signal.SIGTERM)
    assert (await sandbox.ended(), sandbox.complained, sandbox.files()) == (0, "", [])
    assert sandbox.printed.endswith("Bye.\n")
    assert not alive(bot.pid)
