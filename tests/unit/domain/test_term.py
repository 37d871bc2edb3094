from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.draft import DAYS_LIMIT, check_term
from bot.domain.errors import DayPassed, TermTooLong, TermTwice
from bot.domain.parsing import parse
from bot.domain.term import DAY, Term, last_second

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC).timestamp()


def test_days_begin_when_it_took_effect():
    assert Term(days=30).ends(NOW) == NOW + 30 * DAY


@pytest.mark.parametrize(
    ("day", "zone", "utc"),
    [
        ("2026-12-31", "Europe/Berlin", "2026-12-31T22:59:59"),
        ("2026-12-31", "America/New_York", "2027-01-01T04:59:59"),
        ("2026-12-31", "Pacific/Kiritimati", "2026-12-31T09:59:59"),
        ("2026-03-29", "Europe/Berlin", "2026-03-29T21:59:59"),  # 23 hours long
        ("2026-10-25", "Europe/Berlin", "2026-10-25T22:59:59"),  # 25 hours long
        ("2026-09-05", "America/Santiago", "2026-09-06T03:59:59"),  # the next day has no midnight
        ("2026-04-04", "America/Santiago", "2026-04-05T03:59:59"),  # its last hour comes twice
        ("2026-12-31", "", "2026-12-31T23:59:59"),
        ("2026-12-31", "No/Where", "2026-12-31T23:59:59"),
        ("2026-12-31", "../etc/passwd", "2026-12-31T23:59:59"),
    ],
)
def test_a_day_is_over_with_its_last_second_where_the_requester_is(day, zone, utc):
    over = last_second(date.fromisoformat(day), zone)

    assert f"{datetime.fromtimestamp(over, UTC):%Y-%m-%dT%H:%M:%S}" == utc


def test_the_second_after_it_is_another_day_there():
    zone = ZoneInfo("America/Santiago")
    over = last_second(date(2026, 9, 5), "America/Santiago")

    assert datetime.fromtimestamp(over, zone).date() == date(2026, 9, 5)
    assert datetime.fromtimestamp(over + 1, zone).date() == date(2026, 9, 6)


def test_rules_count_begun_days():
    assert Term(days=30).in_days(NOW) == 30
    assert Term(day=date(2026, 11, 22), until=NOW + DAY + 1).in_days(NOW) == 2
    assert Term(day=date(2026, 11, 21), until=NOW + 5).in_days(NOW) == 1


@pytest.mark.parametrize(
    ("term", "error"),
    [
        (Term(days=3, day=date(2027, 1, 1), until=NOW + DAY), TermTwice),
        (Term(day=date(2026, 11, 20), until=NOW - 1), DayPassed),
        (Term(days=DAYS_LIMIT + 1), TermTooLong),
        (Term(day=date(9999, 12, 31)).placed("Asia/Tokyo"), TermTooLong),
    ],
)
def test_what_nobody_can_mean_is_refused(term, error):
    with pytest.raises(error):
        check_term(term, now=NOW)


@pytest.mark.parametrize(
    "term", [None, Term(days=1), Term(days=DAYS_LIMIT), Term(day=date(2026, 11, 21), until=NOW + 1)]
)
def test_what_somebody_can_mean_is_taken(term):
    check_term(term, now=NOW)


@pytest.mark.parametrize("term", [Term(days=3), Term(day=date(2026, 12, 31), until=NOW)])
def test_it_is_stored_and_read_back(term):
    assert Term.from_data(term.as_data()) == term


@pytest.mark.parametrize(
    ("words", "term"),
    [
        ("for 30d", Term(days=30)),
        ("for 2 weeks", Term(days=14)),
        ("for 3 months", Term(days=90)),
        ("for a year", Term(days=365)),
        ("until 2026-12-31", Term(day=date(2026, 12, 31))),
        ("till 2026-12-31,", Term(day=date(2026, 12, 31))),
        ("until 2026-02-30", None),
        ("until 31.12.2026", None),
        ("until 5/6", None),
        ("", None),
    ],
)
def test_a_time_limit_is_read_out_of_what_is_typed(words, term):
    typed = parse(f"grant jane@example.com bundle {words} because trial")

    assert (typed.term, typed.offer, typed.limit) == (term, "bundle", words.rstrip(","))


@pytest.mark.parametrize(
    ("typed", "days"), [("", 7), ("7d", 7), ("in 2 weeks", 14), ("10", 10), ("within a month", 30)]
)
def test_ending_takes_a_span_of_time(typed, days):
    assert parse(f"ending {typed}").days == days
