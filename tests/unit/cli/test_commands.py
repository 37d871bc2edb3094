import sqlite3
import subprocess
import sys

import pytest

from tests.unit.cli.shell import ROOT, bot, only_sentences


def test_help_names_the_commands(tmp_path):
    done = bot("--help", cwd=tmp_path)

    assert done.returncode == 0
    for name in ("audit", "doctor", "forget", "manifest", "requests"):
        assert f"  {name} " in done.stdout
    assert "..." not in done.stdout.split("Commands:")[1]


def test_help_and_manifest_load_nothing_they_do_not_need(tmp_path):
    (tmp_path / ".env").write_bytes(b"\xff")
    code = "import sys, bot.cli; assert not {'bot.app', 'bot.store', 'bot.settings', 'slack_sdk'} & set(sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, check=False)

    assert done.returncode == 0
    assert bot("manifest", cwd=tmp_path).returncode == 0


def test_manifest_prints_the_file(tmp_path):
    assert bot("manifest", cwd=tmp_path).stdout == (ROOT / "manifest.yml").read_text()


def test_manifest_over_http_has_the_address(tmp_path):
    printed = bot("manifest", "--http", "https://bot.example.com/", cwd=tmp_path).stdout

    assert printed.count("https://bot.example.com/slack/events") == 4


def test_an_address_that_slack_cannot_call_is_refused(tmp_path):
    done = bot("manifest", "--http", "http://bot.example.com", cwd=tmp_path)

    assert done.returncode == 2
    assert "Invalid value for --http: Slack cannot call this" in only_sentences(done)


def test_without_settings_the_start_stops_and_names_them(tmp_path):
    done = bot(cwd=tmp_path)

    assert done.returncode == 2
    assert only_sentences(done).startswith("SLACK_BOT_TOKEN is missing")
    assert list(tmp_path.iterdir()) == []


def test_poison_in_the_file_stops_the_start_without_being_shown(tmp_path):
    (tmp_path / ".env").write_text("SLACK_BOT_TOKEN=poison-of-the-file\n")
    done = bot(cwd=tmp_path)

    assert done.returncode == 2
    assert only_sentences(done).startswith("SLACK_BOT_TOKEN is not a bot token")
    assert "poison" not in done.stderr


def test_doctor_says_which_settings_are_missing(tmp_path):
    done = bot("doctor", cwd=tmp_path, SLACK_BOT_TOKEN="xoxb-1")

    assert done.returncode == 1
    assert [line.split()[:3] for line in done.stdout.splitlines()] == [
        ["no", "settings:", name]
        for name in ("SLACK_APP_TOKEN", "APPROVERS", "KAJABI_CLIENT_ID", "KAJABI_CLIENT_SECRET")
    ]
    assert done.stderr == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "words", [["requests", "list"], ["audit", "verify"], ["audit", "export"], ["forget", "a@b.co"]]
)
def test_a_mistyped_database_is_not_created(tmp_path, words):
    done = bot(*words, cwd=tmp_path, DATABASE_URL="sqlite:///mistyped.db")

    assert done.returncode == 2
    assert only_sentences(done).startswith(f"DATABASE_URL: there is no {tmp_path}/mistyped.db")
    assert list(tmp_path.iterdir()) == []


def test_a_database_of_something_else_is_refused(tmp_path):
    with sqlite3.connect(tmp_path / "offerdesk.db") as other:
        other.execute("create table event (seq integer)")
    other.close()
    done = bot("audit", "verify", cwd=tmp_path)

    assert done.returncode == 2
    assert "is not a database of Offerdesk's" in only_sentences(done)


def test_a_file_that_is_no_database_is_refused(tmp_path):
    (tmp_path / "offerdesk.db").write_text("something that is long enough to be no header of SQLite" * 100)
    done = bot("audit", "verify", cwd=tmp_path)

    assert done.returncode == 2
    assert only_sentences(done).startswith("DATABASE_URL: offerdesk.db cannot be read")


def test_a_database_that_is_not_sqlite_is_refused(tmp_path):
    done = bot("requests", "list", cwd=tmp_path, DATABASE_URL="postgres://localhost/offerdesk")

    assert done.returncode == 2
    assert only_sentences(done).startswith("DATABASE_URL must be sqlite:///")


def test_the_database_may_be_named_in_the_file(folder, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / ".env").write_text(f"DATABASE_URL=sqlite:///{folder}/offerdesk.db\nPORT=nonsense\n")

    assert bot("audit", "verify", cwd=elsewhere).returncode == 0


def test_a_fault_of_our_own_is_told_without_addresses(tmp_path):
    code = "from bot.cli import tell_masked; import sys; sys.excepthook = tell_masked; {}['jane@example.com']"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert "KeyError" in done.stderr
    assert "jane" not in done.stderr
