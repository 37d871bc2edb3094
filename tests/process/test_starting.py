import asyncio
import os
import re
import sqlite3
import sys
from contextlib import closing

import aiohttp
import pytest

from bot.cli import FAILED, WRONG
from bot.sandbox.child import BotProcess, clean_environment, free_port
from bot.sandbox.kajabi import LocalKajabi
from bot.sandbox.local_world import CLIENT_ID, CLIENT_SECRET, environment
from bot.sandbox.server import LocalSlack
from bot.sandbox.town import furnish, settle
from bot.slack.manifest import manifest
from tests.contract.openapi import OpenApiWitness
from tests.process.processes import PROC

CHECKED = ("DATABASE_URL", "Slack", "scopes", "ALERTS_CHANNEL", "APPROVERS", "Kajabi", "listening")


class Idle:
    """A bot that has not been started, in a world that has."""

    def __init__(self, town, kajabi, slack, folder):
        self.town, self.kajabi, self.slack, self.folder = town, kajabi, slack, folder
        self.settings = environment(slack, kajabi, folder=folder, port=free_port(), http=True)

    def bot(self, **changes):
        given = {name: value for name, value in (self.settings | changes).items() if value is not None}
        return BotProcess(given, folder=self.folder)

    async def refused(self, **changes):
        """Start it with these settings; return what it says last, beside its checks and its log."""
        bot = self.bot(**changes)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot"),
            cwd=self.folder,
            env=clean_environment(bot.settings, self.folder),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        async with asyncio.timeout(20):
            out, _ = await process.communicate()
        said = out.decode()
        assert process.returncode in {FAILED, WRONG}, said
        assert "Traceback" not in said
        assert [secret for secret in secrets_of(bot.settings) if secret in said] == []
        return "\n".join(line for line in said.splitlines() if not line.startswith(("ok  ", "no  ", "{")))


def secrets_of(settings):
    return [settings[name] for name in settings if name.endswith(("_TOKEN", "_SECRET"))]


@pytest.fixture
async def idle(tmp_path):
    witness, town = OpenApiWitness(), settle(manifest(http_url="http://127.0.0.1:1"))
    kajabi = LocalKajabi(clients={CLIENT_ID: CLIENT_SECRET}, on_exchange=witness)
    async with kajabi, LocalSlack(town.workspace) as slack:
        furnish(kajabi)
        yield Idle(town, kajabi, slack, tmp_path)
    witness.assert_agreement()


async def fetched(address):
    async with aiohttp.ClientSession() as http, http.get(address) as answer:
        return answer.status, await answer.text()


async def test_a_start_says_one_line_for_each_check_and_then_all_is_there_to_be_asked(idle):
    async with idle.bot() as bot:
        assert await fetched(f"{bot.address}/healthz") == (200, "ok\n")
        assert await fetched(f"{bot.address}/readyz") == (200, "ready\n")
        status, figures = await fetched(f"{bot.address}/metrics")
        lines = bot.said().splitlines()
    names = [re.sub(r"^ok  ([^:]+): .+$", r"\1", line) for line in lines if not line.startswith("{")]

    assert status == 200
    assert 'offerdesk_late_seconds{kind="changes"} 0.0' in figures
    assert [name for name in CHECKED if name not in names] == []
    assert len(names) == len(set(names))
    assert [name for name in names if not re.fullmatch(r"[\w ]+", name)] == []
    assert names[-1] == "listening"


async def test_a_trouble_of_kajabi_that_may_pass_is_said_and_does_not_keep_the_bot_away(idle):
    idle.kajabi.trouble("unavailable", path="/v1/contacts")
    async with idle.bot() as bot:
        assert "no  Kajabi contacts: a failure of its own (503)" in bot.said()
        assert await fetched(f"{bot.address}/readyz") == (200, "ready\n")


@pytest.mark.skipif(not PROC.exists(), reason="other processes are read from /proc")
async def test_no_secret_stands_in_the_list_of_processes_or_in_the_log(idle):
    async with idle.bot(LOG_LEVEL="debug") as bot:
        listed = "".join(read(folder / "cmdline") for folder in PROC.iterdir() if folder.name.isdecimal())
        environment_of_bot = read(PROC / str(bot.pid) / "environ")
    said = bot.log.read_text()

    for secret in secrets_of(bot.settings):
        assert secret in environment_of_bot
        assert secret not in listed
        assert secret not in said


def read(path):
    try:
        return path.read_bytes().decode(errors="replace")
    except OSError:  # it has just ended
        return ""


@pytest.mark.parametrize(
    ("changes", "setting"),
    [
        ({"SLACK_BOT_TOKEN": "xoxb-no-such-token"}, "SLACK_BOT_TOKEN"),
        ({"KAJABI_CLIENT_SECRET": "not-the-secret"}, "KAJABI_CLIENT_SECRET"),
        ({"APPROVERS": "U0NOBODY"}, "APPROVERS"),
        ({"APPROVERS": "", "POLICY_FILE": "nowhere.toml"}, "POLICY_FILE"),
        ({"ALERTS_CHANNEL": "C0NOSUCH"}, "ALERTS_CHANNEL"),
        ({"DYNO": "web.1"}, "DATABASE_URL"),
        ({"DATABASE_URL": "postgres://bot:secret-of-postgres@localhost/bot"}, "DATABASE_URL"),
    ],
)
async def test_what_cannot_work_is_refused_in_a_sentence_that_names_the_setting(idle, changes, setting):
    said = await idle.refused(**changes)

    assert re.search(rf"\b{setting}\b", said), said
    assert len(said.splitlines()) == 1
    assert "secret-of-postgres" not in said


async def test_approvers_who_have_left_are_nobody(idle):
    for person in (idle.town.grace, idle.town.linus):
        person.member.deleted = True

    assert re.match("APPROVERS: nobody may decide", await idle.refused())


NOBODY_THERE = """
[[rule]]
name = "dear"
when.offer = "4711"
approvers = ["U0NOBODY", "S0GONE"]

[default]
approvers = "S0APPROVERS"
"""
DEAD = """
[[rule]]
name = "grants"
when.action = "grant"
approvers = "S0APPROVERS"

[[rule]]
name = "free grants"
when.action = "grant"
when.price = { at_most = 0, currency = "USD" }
approvers = "U0GRACE"

[default]
approvers = "S0APPROVERS"
"""


async def test_whom_and_what_the_rules_name_that_is_not_there_is_said_at_the_start(idle):
    (idle.folder / "policy.toml").write_text(NOBODY_THERE)
    async with idle.bot(APPROVERS=None, POLICY_FILE="policy.toml") as bot:
        said = bot.said()

    assert "U0NOBODY (not in this workspace)" in said
    assert "S0GONE (a user group that is gone: name another one)" in said
    assert "Under “dear” nobody may decide: name others." in said
    assert "no provider knows the offers 4711" in said


async def test_a_rule_that_never_decides_is_refused_at_the_start_by_its_name_and_line(idle):
    (idle.folder / "policy.toml").write_text(DEAD)
    said = await idle.refused(APPROVERS=None, POLICY_FILE="policy.toml")

    assert "line 7: “free grants” never decides, since “grants” (line 2) fits whatever it fits" in said


async def test_of_several_sites_one_must_be_named(idle):
    idle.kajabi.add_site("Second Academy", subdomain="second")

    assert "KAJABI_SITE_ID" in await idle.refused()
    async with idle.bot(KAJABI_SITE_ID="101") as bot:
        assert bot.running


async def test_a_port_that_is_taken_is_refused(idle):
    async with idle.bot() as bot:
        said = await idle.refused(DATABASE_URL=f"sqlite:///{idle.folder / 'other.db'}", PORT=bot.settings["PORT"])

    assert re.match(rf"PORT: 127\.0\.0\.1:{bot.settings['PORT']} cannot be listened on", said), said


async def test_a_database_of_a_newer_release_is_left_alone(idle):
    async with idle.bot():
        pass
    path = idle.folder / "offerdesk.db"
    with closing(sqlite3.connect(path)) as sqlite, sqlite:
        sqlite.execute(
            "insert into _sqlite_migrations (migration_set, name, applied_at) values ('offerdesk', 'm999_future', '')"
        )
    before = path.read_bytes()

    assert re.match(r"DATABASE_URL: .+ newer release \(m999_future\)", await idle.refused())
    assert path.read_bytes() == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write to everything")
async def test_a_database_that_cannot_be_written_is_refused(idle):
    async with idle.bot():
        pass
    (idle.folder / "offerdesk.db").chmod(0o400)

    assert "DATABASE_URL" in await idle.refused()
