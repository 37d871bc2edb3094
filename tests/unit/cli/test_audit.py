import csv
import json
import os
import sqlite3
import subprocess
import sys

import pytest

from bot.cli.text import cell
from tests.unit.cli.shell import NOISE, ROOT, bot, only_sentences


def test_an_untouched_audit_verifies(folder):
    done = bot("audit", "verify", cwd=folder)

    assert done.returncode == 0
    assert done.stdout.startswith("ok  ")
    assert done.stderr == ""


@pytest.mark.parametrize(
    "forgery",
    [
        "update event set person = 'UADA' where seq = 3",
        "update event set name = 'request.denied' where seq = 3",
        "delete from event where seq = 3",
    ],
)
def test_a_forged_line_of_the_audit_is_named(folder, forgery):
    with sqlite3.connect(folder / "offerdesk.db") as forger:
        for trigger in ("event_stays", "event_unchanged"):
            forger.execute(f"drop trigger {trigger}")
        forger.execute("pragma foreign_keys = off")
        assert forger.execute(forgery).rowcount == 1
    forger.close()
    done = bot("audit", "verify", cwd=folder)

    assert done.returncode == 1
    assert done.stdout.startswith("no  Line 3 was changed, removed or moved; the 2 before it")


def test_the_audit_is_read_without_being_written(folder):
    before = (folder / "offerdesk.db").read_bytes()
    bot("audit", "verify", cwd=folder)
    bot("audit", "export", cwd=folder)

    assert (folder / "offerdesk.db").read_bytes() == before
    assert {path.name for path in folder.iterdir()} <= {"offerdesk.db", "offerdesk.db-wal", "offerdesk.db-shm"}


def test_the_audit_is_exported_as_json_lines(folder):
    lines = [json.loads(line) for line in bot("audit", "export", cwd=folder).stdout.splitlines()]

    assert [line["seq"] for line in lines] == list(range(1, len(lines) + 1))
    assert lines[0] == lines[0] | {
        "time": "2023-11-14 22:13:20Z",
        "at": 1_700_000_000.0,
        "name": "request.submitted",
        "team": "T1",
        "person": "UADA",
    }
    assert lines[0]["data"]["action"] == "grant"
    assert all(len(line["hash"]) == 64 for line in lines)


def test_an_export_can_go_on_where_the_last_one_ended(folder):
    whole = bot("audit", "export", cwd=folder).stdout.splitlines()

    assert bot("audit", "export", "--after", "3", cwd=folder).stdout.splitlines() == whole[3:]


def test_the_audit_as_csv_holds_no_formula_and_says_the_same(folder):
    rows = list(csv.DictReader(bot("audit", "export", "--format", "csv", cwd=folder).stdout.splitlines()))
    lines = [json.loads(line) for line in bot("audit", "export", cwd=folder).stdout.splitlines()]

    assert [cell for row in rows for cell in row.values() if cell[:1] in "=+-@\t\r" and cell] == []
    assert [row["team"] for row in rows].count(f"'{NOISE}") == 1
    assert [row["person"] for row in rows].count("'@ADA") == 1
    assert [json.loads(row["data"]) for row in rows] == [line["data"] for line in lines]
    assert [row["hash"] for row in rows] == [line["hash"] for line in lines]


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\uff1d1+1", "\uff20SUM", "\uff0b1", "\uff0d1"],
)
def test_a_formula_becomes_text(text):
    assert cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "R-4F7K", '{"a": "=1"}', "2023-11-14", "a=b", "1700000000.0"])
def test_what_is_no_formula_stays_as_it_is(text):
    assert cell(text) == text


def test_a_reader_who_stops_early_causes_no_noise(folder):
    command = f"{sys.executable} -m bot audit export | head -n 1"
    done = subprocess.run(
        ["/bin/sh", "-c", command],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": os.defpath},
        capture_output=True,
        check=False,
    )

    assert done.stderr == b""
    assert len(done.stdout.splitlines()) == 1


@pytest.mark.parametrize("words", [["audit", "verify"], ["audit", "export"]])
def test_a_damaged_database_has_its_sentence(folder, words):
    file = folder / "offerdesk.db"
    with sqlite3.connect(file) as reader:
        page = reader.execute("select rootpage from sqlite_master where name = 'event'").fetchone()[0]
        size = reader.execute("pragma page_size").fetchone()[0]
    reader.close()
    content = bytearray(file.read_bytes())
    content[(page - 1) * size : page * size] = b"\xaa" * size
    file.write_bytes(content)
    done = bot(*words, cwd=folder)

    assert done.returncode == 2
    assert only_sentences(done).startswith("DATABASE_URL: the file cannot be read (")
