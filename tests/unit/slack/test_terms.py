from datetime import date

import pytest

from bot.domain.errors import TermMalformed
from bot.domain.term import Term
from bot.slack import terms
from bot.words.terms import brief, promise


def state(days=None, until=None):
    return {"days": {"value": days}, "until": {"selected_date": until}}


@pytest.mark.parametrize(
    ("days", "count"),
    [("30", 30), (" 30 ", 30), ("30d", 30), ("2 weeks", 14), ("3 months", 90), ("a week", 7), ("1y", 365)],
)
def test_a_number_of_days_is_read_as_people_write_it(days, count):
    assert terms.typed(state(days)) == Term(days=count)


@pytest.mark.parametrize("days", ["0", "0d", "-3", "soon", "3.5", "30 days please", "²", "٣", "for good", "1e3"])
def test_what_is_no_number_of_days_is_refused(days):
    with pytest.raises(TermMalformed):
        terms.typed(state(days))

    assert terms.legible(state(days)) is None


def test_both_fields_may_be_empty_and_a_day_may_be_chosen():
    assert terms.typed({}) is None
    assert terms.typed(state("", None)) is None
    assert terms.typed(state(None, "2026-12-31")) == Term(day=date(2026, 12, 31))
    assert terms.typed(state(None, "forged")) is None
    assert terms.typed(state("3", "2026-12-31")) == Term(days=3, day=date(2026, 12, 31))


def test_what_was_typed_fills_the_form_again():
    days, until = terms.fields(Term(days=3, day=date(2026, 12, 31)), empty="")

    assert days["element"]["initial_value"] == "3"
    assert until["element"]["initial_date"] == "2026-12-31"
    assert days["optional"]
    assert until["optional"]


@pytest.mark.parametrize(("count", "words"), [(1, "1 day"), (30, "30 days")])
def test_it_is_said_before_it_is_approved(count, words):
    assert promise(Term(days=count)) == f"taken back by itself {words} after it took effect"
    assert brief(Term(days=count)) == f"for {words}"
