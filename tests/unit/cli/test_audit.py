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
    ("forgery", "named"),
    [
        ("update event set person = 'UADA' where seq = 3", "is not the one that was written: it was changed, or"),
        ("delete from event where seq = 3", "was removed."),
        ("delete from event where seq >= 3", "and all that followed were cut off."),
        ("update event set seq = 99 where seq = 3", "was moved: it stands further on."),
    ],
)
def test_a_forged_line_of_the_audit_is_named(folder, forgery, named):
    with sqlite3.connect(folder / "offerdesk.db") as forger:
        for trigger in ("event_stays", "event_unchanged"):
            forger.execute(f"drop trigger {trigger}")
        forger.execute("pragma foreign_keys = off")
        assert forger.execute(forgery).rowcount >= 1
    forger.close()
    done = bot("audit", "verify", cwd=folder)

    assert done.returncode == 1
    assert done.stdout.startswith(f"no  Line 3 {named}")
    assert "The 2 before it are as they were written." in done.stdout


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


def head_of(folder, line):
    lines = [json.loads(one) for one in bot("audit", "export", cwd=folder).stdout.splitlines()]
    return f"{line}:{lines[line - 1]['hash']}"


def cut_off(folder, *, after):
    """As somebody does who has the file and knows SQLite."""
    with sqlite3.connect(folder / "offerdesk.db") as forger:
        forger.execute("drop trigger event_stays")
        forger.execute("delete from note where seq > ?", (after,))
        forger.execute("delete from event where seq > ?", (after,))
        forger.execute("update sqlite_sequence set seq = ? where name = 'event'", (after,))
    forger.close()


def test_a_head_that_was_told_is_found_by_its_line_or_by_its_hash_alone(folder):
    head = head_of(folder, 5)
    done = bot("audit", "verify", "--head", head, "--head", head.partition(":")[2], cwd=folder)

    assert done.returncode == 0
    assert done.stdout.endswith("each as it was written. The heads are among them.\n")


def test_newest_lines_cut_off_without_a_trace_show_by_the_head(folder):
    head = head_of(folder, 5)
    cut_off(folder, after=3)
    alone, by_line = bot("audit", "verify", cwd=folder), bot("audit", "verify", "--head", head, cwd=folder)
    by_hash = bot("audit", "verify", "--head", head.partition(":")[2], cwd=folder)

    assert (alone.returncode, by_line.returncode, by_hash.returncode) == (0, 1, 1)
    assert by_line.stdout.startswith("no  Line 5 is gone: the audit ends at 3, so the newest lines were cut off.")
    assert by_hash.stdout.startswith("no  No line has the hash ")


def test_a_head_of_another_chain_is_refused(folder):
    done = bot("audit", "verify", "--head", f"2:{'0' * 64}", cwd=folder)

    assert done.returncode == 1
    assert done.stdout.startswith("no  Line 2 is another one: it no longer has the hash 000000000000…")


@pytest.mark.parametrize("head", ["5", "5:abc", "five:" + "0" * 64, ""])
def test_what_is_no_head_has_its_sentence(folder, head):
    done = bot("audit", "verify", "--head", head, cwd=folder)

    assert done.returncode == 2
    assert "give it as it was told, LINE:HASH with 64 digits of hash." in done.stderr
