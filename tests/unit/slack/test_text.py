import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.request import Offer
from bot.slack.blocks import mrkdwn, plain, stacked
from bot.words.text import cut, date, escape, listed, mention, money, one_line, quoted, safe, worth

ENTITIES = ("&amp;", "&lt;", "&gt;")


def without_entities(text):
    for entity in ENTITIES:
        text = text.replace(entity, "")
    return text


@pytest.mark.parametrize(
    "attack", ["<!channel>", "<@U0BOB>", "<https://evil|https://good>", "<!date^0^x|y>", "&lt;!here&gt;"]
)
def test_a_text_that_was_escaped_has_no_power(attack):
    escaped = escape(attack)

    assert "<" not in escaped
    assert "&" not in without_entities(escaped)


@given(st.text(), st.integers(1, 60))
def test_safe_text_is_short_enough_on_one_line_and_has_no_half_entity(text, limit):
    shown = safe(text, limit)

    assert len(shown) <= limit
    assert "\n" not in shown
    assert not set("&<>") & set(without_entities(shown))


@pytest.mark.parametrize("limit", range(1, 12))
def test_a_cut_never_falls_inside_an_entity(limit):
    assert "&" not in without_entities(cut("a&amp;b&lt;c", limit))


def test_a_text_that_fits_is_not_cut():
    assert cut("a&amp;b", 7) == "a&amp;b"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("a\u202eb\u2066c\u200fd", "abcd"),
        ("a\x00b\x1bc", "abc"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("two\r\nlines\u2028three", "two lines three"),
        ("lone \ud800 surrogate", "lone surrogate"),
        ("family 👨‍👩‍👧", "family 👨‍👩‍👧"),
    ],
)
def test_what_is_not_seen_is_taken_out(typed, shown):
    assert one_line(typed) == shown


def test_every_line_of_a_quotation_is_marked_as_one():
    assert quoted("first\n*Approved* by <@U0BOB>") == ">first\n>*Approved* by &lt;@U0BOB&gt;"


@given(st.text())
def test_plain_text_is_never_empty_nor_parsed(text):
    shown = plain(text, 75)

    assert 1 <= len(shown["text"]) <= 75
    assert (shown["type"], shown["emoji"]) == ("plain_text", False)


def test_mrkdwn_links_nothing_by_itself_and_fits_a_section():
    shown = mrkdwn("x" * 5000)

    assert shown["verbatim"] is True
    assert len(shown["text"]) == 3000


@pytest.mark.parametrize(
    ("price", "currency", "shown"),
    [
        (19900, "usd", "199.00 USD"),
        (123456789, "EUR", "1,234,567.89 EUR"),
        (5, "USD", "0.05 USD"),
        (-4900, "USD", "−49.00 USD"),
        (500, "JPY", "500 JPY"),
        (1500, "KWD", "1.500 KWD"),
        (0, "USD", "free"),
        (None, "USD", "price not told"),
        (100, "<b>", "1.00 &lt;B&gt;"),
    ],
)
def test_money_is_written_in_its_own_unit(price, currency, shown):
    assert money(price, currency) == shown


def test_what_comes_again_and_again_is_said_to():
    assert (
        worth(Offer(provider="kajabi", id="1", title="x", price=900, currency="USD", recurring=True))
        == "9.00 USD, recurring"
    )


def test_a_date_is_shown_in_the_readers_own_zone():
    assert date(1_795_255_200) == "<!date^1795255200^{date_short_pretty} at {time}|2026-11-21 10:00 UTC>"


@pytest.mark.parametrize(
    ("slack_id", "shown"),
    [
        ("U0ADA", "<@U0ADA>"),
        ("W0ADA", "<@W0ADA>"),
        ("S0BOSSES", "<!subteam^S0BOSSES>"),
        ("C0OFFERS", "<#C0OFFERS>"),
        ("D0X", "a direct message"),
        ("!channel", "!channel"),
        ("U1> <!here", "U1&gt; &lt;!here"),
        ("", "–"),
    ],
)
def test_only_ids_become_mentions(slack_id, shown):
    assert mention(slack_id) == shown


def test_names_are_joined_as_people_do():
    assert (listed("a"), listed("ab"), listed("abc", "or")) == ("a", "a and b", "a, b or c")


def test_lines_are_stacked_without_being_cut():
    sections = stacked(["x" * 1000] * 7)

    assert [len(one["text"]["text"]) for one in sections] == [2001, 2001, 2001, 1000]
