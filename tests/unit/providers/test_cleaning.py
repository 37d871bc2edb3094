import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.providers.cleaning import cents, clean, clean_private, identifier, moment


@given(st.text(st.characters(codec=None), max_size=200))
def test_what_is_kept_can_be_written_and_shown(text):
    kept = clean(text, limit=50)

    assert kept.encode().decode() == kept
    assert len(kept) <= 50
    assert "\n" not in kept
    assert kept == clean(kept, limit=50)


@pytest.mark.parametrize("value", [None, 5, [], {}, b"x"])
def test_what_is_no_text_is_empty(value):
    assert clean(value) == clean_private(value, limit=9) == ""


def test_words_keep_their_blanks_and_their_accents():
    assert clean(" Für\n\tAnfänger  👩‍🏫 ") == "Für Anfänger 👩‍🏫"


def test_addresses_are_taken_out():
    assert clean_private("by a.b+c@x.example, for (d@e.fg); x%40y.z", limit=99) == "by …, for (…); …"


@pytest.mark.parametrize("value", ["..", "a/b", "", " 1", "1\n", "é", True, None, 1.5, "1" * 65, {}])
def test_what_could_leave_a_path_is_no_id(value):
    assert identifier(value) is None


def test_numbers_may_be_ids():
    assert (identifier(12), identifier("ab_1-2")) == ("12", "ab_1-2")


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("1970-01-01T00:00:01Z", 1.0),
        ("1970-01-01T01:00:01.500+01:00", 1.5),
        ("1970-01-01T00:00:01", 1.0),
        ("yesterday", None),
        (5, None),
    ],
)
def test_times_are_read_with_and_without_a_zone(value, seconds):
    assert moment(value) == seconds


@pytest.mark.parametrize(
    ("value", "kept"), [(0, 0), (4_900, 4_900), (-1, None), (True, None), ("5", None), (10**15, None)]
)
def test_an_absurd_amount_is_not_told(value, kept):
    assert cents(value) == kept
