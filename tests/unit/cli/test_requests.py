import pytest

from bot.cli.text import moment, plain
from bot.domain.roster import BadRow, Row
from tests.contract.store.world import BUNDLE, NOW, bulk_submission, opened, submitted
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


async def test_a_list_is_exported_row_by_row(tmp_path):
    async with opened(tmp_path) as store:
        many = tuple(Row(line=2 + number // 3, customer=f"p{number}@example.com") for number in range(1_100))
        listed = bulk_submission(rows=many, bad=(BadRow(900, "=nonsense", "This is no e-mail address."),))
        (case,) = await store.submit_bulk([(listed, BUNDLE)], now=NOW)
    told = bot("requests", "export", case.request.id, cwd=tmp_path).stdout.splitlines()
    shown = bot("requests", "show", case.request.id, cwd=tmp_path).stdout

    assert told[0].removeprefix("\ufeff") == "row,customer,offer,outcome,why,days,reason"
    assert told[1] == "2,p0@example.com,Bundle,not done yet,,,the autumn class"
    assert told[-1] == "900,'=nonsense,,cannot be used,This is no e-mail address.,,"
    assert len(told) == 1 + 1_100 + 1
    assert "customer 1,100 of a list: 1,100 todo" in shown


def test_what_is_no_list_is_not_exported(folder, ids):
    assert "is for one customer" in only_sentences(bot("requests", "export", ids[0], cwd=folder))


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
