import asyncio
import os
import sqlite3
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.domain.request import Person
from bot.sandbox.kajabi import LocalKajabi
from bot.sandbox.local_world import CLIENT_ID, CLIENT_SECRET, environment
from bot.sandbox.server import LocalSlack
from bot.sandbox.town import furnish, settle
from bot.slack.manifest import manifest
from tests.contract.openapi import OpenApiWitness
from tests.contract.store.world import opened

ROOT = Path(__file__).parents[3]
NAMES = {"ok", "no"}


@dataclass
class Examined:
    """What doctor said about a local Slack and a local Kajabi."""

    settings: dict[str, str]
    folder: Path
    code: int = -1

    async def doctor(self, **changes: str) -> dict[str, str]:
        """What was said under each name, with its verdict first."""
        given = self.settings | changes
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "bot", "doctor"),
            cwd=self.folder,
            env={"PYTHONPATH": str(ROOT), "PATH": os.defpath, **given},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await asyncio.wait_for(process.communicate(), 60)
        assert err == b""
        assert process.returncode is not None
        self.code = process.returncode
        lines = [line for line in out.decode().splitlines() if line[:2] in NAMES]
        return {line[4:].partition(":")[0]: line[:2] + line[4:].partition(":")[2] for line in lines}


@pytest.fixture
async def examined(tmp_path):
    town = settle(manifest())
    witness = OpenApiWitness()
    kajabi = LocalKajabi(clients={CLIENT_ID: CLIENT_SECRET}, on_exchange=witness)
    async with kajabi, LocalSlack(town.workspace) as slack:
        furnish(kajabi)
        yield Examined(environment(slack, kajabi, folder=tmp_path, port=0, http=False), tmp_path)
    witness.assert_agreement()


async def test_all_is_well_before_the_first_start_and_nothing_is_created(examined):
    told = await examined.doctor()

    assert {line[:2] for line in told.values()} == {"ok"}
    assert examined.code == 0
    assert "the first start creates it" in told["DATABASE_URL"]
    assert {"settings", "Slack", "scopes", "ALERTS_CHANNEL", "APPROVERS"} < told.keys()
    assert any("kajabi" in name.lower() for name in told)
    assert list(examined.folder.iterdir()) == []


async def test_a_database_that_is_there_is_left_as_it_is(examined):
    async with opened(examined.folder):
        pass
    path = examined.folder / "offerdesk.db"
    before = dump(path)
    told = await examined.doctor()

    assert examined.code == 0
    assert told["DATABASE_URL"].endswith("can be written; up to date.")
    assert dump(path) == before
    assert [one.name for one in examined.folder.iterdir()] == ["offerdesk.db"]


async def test_doctor_may_look_while_the_bot_runs(examined):
    async with opened(examined.folder):
        told = await examined.doctor()

    assert told["DATABASE_URL"].startswith("ok")


async def test_an_empty_file_is_taken_for_a_database_to_be(examined):
    (examined.folder / "offerdesk.db").touch()
    told = await examined.doctor()

    assert told["DATABASE_URL"].startswith("ok")
    assert "the first start fills it" in told["DATABASE_URL"]
    assert (examined.folder / "offerdesk.db").read_bytes() == b""


async def test_a_database_of_a_newer_release_is_refused(examined):
    async with opened(examined.folder):
        pass
    with sqlite3.connect(examined.folder / "offerdesk.db") as newer:
        newer.execute("insert into _sqlite_migrations values (99, 'offerdesk', 'm999_later', '')")
    newer.close()
    told = await examined.doctor()

    assert examined.code == 1
    assert told["DATABASE_URL"].startswith("no the database was changed by a newer release (m999_later)")


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("sqlite:///missing/offerdesk.db", "/missing does not exist: create it"),
        ("postgres://localhost/x", "must be sqlite:///"),
        ("sqlite:///other.db", "is not a database of Offerdesk's"),
        ("sqlite:///noise.db", "cannot be read"),
    ],
)
async def test_a_database_that_cannot_be_used_has_its_line(examined, url, says):
    with sqlite3.connect(examined.folder / "other.db") as other:
        other.execute("create table somebody_elses (id integer)")
    other.close()
    (examined.folder / "noise.db").write_text("noise " * 1000)
    told = await examined.doctor(DATABASE_URL=url)

    assert examined.code == 1
    assert told["DATABASE_URL"].startswith("no ")
    assert says in told["DATABASE_URL"]
    assert told["Slack"].startswith("ok")


async def test_a_database_that_is_locked_for_good_has_its_line(examined):
    async with opened(examined.folder):
        pass
    locker = sqlite3.connect(examined.folder / "offerdesk.db", isolation_level=None)
    locker.execute("begin immediate")
    told = await examined.doctor()
    locker.close()

    assert told["DATABASE_URL"].startswith("no The database cannot be written (database is locked)")


async def test_a_token_that_slack_refuses_is_named(examined):
    told = await examined.doctor(SLACK_BOT_TOKEN="xoxb-wrong")
    line = next(line for line in told.values() if "SLACK_BOT_TOKEN" in line)

    assert examined.code == 1
    assert line.startswith("no ")
    assert "xoxb-wrong" not in str(told)


async def test_an_app_token_that_slack_refuses_is_named(examined):
    told = await examined.doctor(SLACK_APP_TOKEN="xapp-wrong")

    assert examined.code == 1
    assert told["SLACK_APP_TOKEN"].startswith("no ")
    assert "xapp-wrong" not in str(told)


async def test_over_http_no_app_token_is_tried(examined):
    examined.settings.pop("SLACK_APP_TOKEN")
    told = await examined.doctor(SLACK_SIGNING_SECRET="0123abcd")

    assert examined.code == 0
    assert "signed HTTP on 127.0.0.1:0" in told["settings"]
    assert "SLACK_APP_TOKEN" not in told


async def test_credentials_that_kajabi_refuses_are_named(examined):
    told = await examined.doctor(KAJABI_CLIENT_SECRET="wrong-secret-of-kajabi")
    line = next(line for line in told.values() if "KAJABI_CLIENT" in line)

    assert examined.code == 1
    assert line.startswith("no ")
    assert "wrong-secret-of-kajabi" not in str(told)


async def test_approvers_and_channels_that_slack_does_not_know_are_named(examined):
    told = await examined.doctor(APPROVERS="U0NOBODY", ALERTS_CHANNEL="C0NOWHERE", APPROVALS_CHANNEL="C0NOWHERE")

    assert examined.code == 1
    assert {name for name, line in told.items() if line.startswith("no")} >= {"APPROVALS_CHANNEL", "ALERTS_CHANNEL"}
    assert told["APPROVERS"].startswith("no")


async def test_a_mistake_in_the_policy_is_told_with_its_line(examined):
    (examined.folder / "policy.toml").write_text('[default]\nowners = "U0GRACE"\n')
    told = await examined.doctor(POLICY_FILE="policy.toml", APPROVERS="")

    assert examined.code == 1
    assert told["settings"].startswith("no policy.toml, line ")


def dump(path: Path) -> list[str]:
    with sqlite3.connect(path) as reader:
        lines = list(reader.iterdump())
    reader.close()
    return lines


async def test_a_pause_is_shown_and_is_no_fault(examined):
    before = await examined.doctor()
    async with opened(examined.folder) as store:
        await store.pause(by=Person("T1", "U0OLGA"), why="a \x1b[2Jlook", now=1_700_000_000.0)
    paused = await examined.doctor(DATABASE_URL=f"sqlite:///{examined.folder / 'offerdesk.db'}")

    assert before["execution"] == "ok goes on; nobody has paused it."
    assert paused["execution"] == (
        "ok paused by U0OLGA since 2023-11-14 22:13:20Z: a �[2Jlook. `/offer resume` lets it go on."
    )
    assert examined.code == 0
