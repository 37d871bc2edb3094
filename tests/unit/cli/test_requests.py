import pytest

from bot.cli.text import moment, plain
from tests.contract.store.world import opened, submitted
from tests.unit.cli.shell import bot, only_sentences


def test_requests_are_listed_newest_first(folder, ids):
    lines = bot("requests", "list", cwd=folder).stdout.splitlines()

    assert [line.split()[0] for line in lines] == ids
    assert [line.split()[3] for line in lines] == ["approved", "preparing", "pending", "succeeded"]
    assert all(line.startswith("R-") and "grant Bundle" in line for line in lines)
    assert "@example.com" not in "".join(lines)


@pytest.mark.parametrize(
    ("options", "states"),
    [
        (["--waiting"], ["preparing", "pending"]),
        (["--by", "UADA"], ["approved", "pending", "succeeded"]),
        (["--limit", "2"], ["approved", "preparing"]),
        (["--waiting", "--by", "UADA"], ["pending"]),
    ],
)
def test_a_list_can_be_narrowed(folder, options, states):
    lines = bot("requests", "list", *options, cwd=folder).stdout.splitlines()

    assert [line.split()[3] for line in lines] == states


async def test_a_long_list_is_read_in_pages(tmp_path):
    async with opened(tmp_path) as store:
        for number in range(230):
            await submitted(store, f"form-{number}")
    listed = bot("requests", "list", "--limit", "225", cwd=tmp_path).stdout.splitlines()

    assert len({line.split()[0] for line in listed}) == 225


def test_an_empty_list_says_so(folder):
    assert bot("requests", "list", "--by", "UNOBODY", cwd=folder).stdout == "There are none.\n"


def test_a_request_is_shown_with_its_history(folder, ids):
    told = bot("requests", "show", ids[-1].lower().removeprefix("r-"), cwd=folder).stdout

    assert told.startswith(f"{ids[-1]}: succeeded\n")
    for words in (
        "by UADA in CSALES",
        "grant Bundle (kajabi:7)",
        "jane@example.com (kajabi c9)",
        "because  refund case 4412",
        "change   grant: succeeded, sent 2023-11-14 22:13:20Z, verified 2023-11-14 22:13:20Z",
        "approve by UBOB, version 1",
        "request.submitted by UADA",
        "request.approved by UBOB",
        "change.verified by the bot",
    ):
        assert words in told


def test_what_people_wrote_cannot_move_the_cursor(folder, ids):
    told = bot("requests", "show", ids[2], cwd=folder).stdout

    assert "asked by jane@example.com \ufffd[2J\ufffdgnihton" in told
    assert "\x1b" not in told


def test_an_unknown_request_has_its_sentence(folder):
    done = bot("requests", "show", "R-0000", cwd=folder)

    assert done.returncode == 1
    assert "There is no request R-0000" in only_sentences(done)


def test_times_are_told_in_utc():
    assert moment(1_700_000_000.0) == "2023-11-14 22:13:20Z"
    assert moment(None) == ""


def test_plain_text_has_no_signs_that_do_something():
    assert plain("a\x1b[31mb\u202ec\nd\u200be é 漢") == "a\ufffd[31mb\ufffdc\ufffdd\ufffde é 漢"
