"""When is a month, and when is a cap reached?"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.policy import Cap, Scope, Used, month_of, zone

ZONES = ["UTC", "Europe/London", "America/New_York", "Asia/Kathmandu", "Pacific/Kiritimati", "Australia/Lord_Howe"]


def at(text, name="UTC"):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(name)).timestamp()


@pytest.mark.parametrize(
    ("moment", "name", "month"),
    [
        ("2026-11-01T03:59:59", "America/New_York", "2026-10"),
        ("2026-11-01T04:00:00", "America/New_York", "2026-11"),
        ("2026-10-31T09:59:59", "Pacific/Kiritimati", "2026-10"),
        ("2026-10-31T10:00:00", "Pacific/Kiritimati", "2026-11"),
        ("2026-12-31T23:59:59", "UTC", "2026-12"),
        ("2027-01-01T00:00:00", "UTC", "2027-01"),
        ("2026-02-28T18:14:59", "Asia/Kathmandu", "2026-02"),
        ("2026-02-28T18:15:00", "Asia/Kathmandu", "2026-03"),
    ],
)
def test_a_month_is_the_one_on_the_calendar_of_its_zone(moment, name, month):
    assert month_of(at(moment), name)[0] == month


@pytest.mark.parametrize(
    ("name", "month", "hours"),
    [
        ("Europe/London", "2026-03-15T12:00:00", 31 * 24 - 1),  # the clocks go forward in March
        ("Europe/London", "2026-10-15T12:00:00", 31 * 24 + 1),  # and back in October
        ("America/New_York", "2026-11-15T12:00:00", 30 * 24 + 1),
        ("Australia/Lord_Howe", "2026-04-15T12:00:00", 30 * 24 + 0.5),
        ("UTC", "2026-03-15T12:00:00", 31 * 24),
    ],
)
def test_a_month_in_which_the_clocks_change_is_as_long_as_it_is(name, month, hours):
    _, since, until = month_of(at(month, name), name)

    assert until - since == hours * 3600


@given(st.floats(0, 4e9), st.sampled_from(ZONES))
def test_every_moment_is_in_exactly_one_month_and_the_months_follow_each_other(moment, name):
    month, since, until = month_of(moment, name)

    assert since <= moment < until
    assert month_of(since, name)[0] == month
    assert month_of(until, name)[1] == until
    assert month_of(until, name)[0] != month


def test_a_zone_that_is_none_is_told_apart():
    assert zone("UTC") is UTC
    assert zone("Europe/Zurich") is not None
    assert [zone(one) for one in ("Mars/Olympus", "../etc/passwd", "", "Europe")] == [None] * 4


SCOPE = Scope(requesters=frozenset({"UADA"}), since=0.0)


@pytest.mark.parametrize(
    ("cap", "used", "allowed"),
    [
        (Cap(scope=SCOPE, requests=2), Used(requests=2), True),
        (Cap(scope=SCOPE, requests=2), Used(requests=3), False),
        (Cap(scope=SCOPE, requests=0), Used(requests=1), False),
        (Cap(scope=SCOPE, value=500, currency="USD"), Used(values={"USD": 500, "EUR": 9000}), True),
        (Cap(scope=SCOPE, value=500, currency="USD"), Used(values={"USD": 501}), False),
        (Cap(scope=SCOPE, requests=2, value=500, currency="USD"), Used(requests=3, values={"USD": 1}), False),
    ],
)
def test_a_cap_allows_as_much_as_it_says_and_no_more(cap, used, allowed):
    assert cap.allows(used) is allowed
