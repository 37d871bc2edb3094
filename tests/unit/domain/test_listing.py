from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import Misunderstood
from bot.domain.listing import DAY, ME, Filter
from bot.domain.parsing import Scope, parse
from bot.domain.request import Action, State
from tests.unit.slack.cases import NOW, a_case


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("grants", Filter(action=Action.GRANT)),
        ("revoke denied", Filter(action=Action.REVOKE, states=frozenset({State.DENIED}))),
        ("denied or", None),
        ("denied, expired", Filter(states=frozenset({State.DENIED, State.EXPIRED}))),
        ("done", Filter(states=frozenset({State.SUCCEEDED, State.UNNEEDED}))),
        ("by <@U0ADA|ada>", Filter(requester="U0ADA")),
        ("from <@U0ADA>", Filter(requester="U0ADA")),
        ("by U0ADA", Filter(requester="U0ADA")),
        ("by me", Filter(requester=ME)),
        ("by ada", None),
        ("by @ada", None),
        ("for Jane@Example.com", Filter(address="Jane@Example.com")),
        ("<mailto:jane@example.com|jane@example.com>", Filter(address="jane@example.com")),
        ("for jane", None),
        ("offer everything bundle since 7d", Filter(words="everything bundle", days=7)),
        ("offer bundle", Filter(words="bundle")),
        ('"baking for kids" granted', Filter(words="baking for kids", action=Action.GRANT)),
        ("since 2 weeks", Filter(days=14)),
        ("last month", Filter(days=30)),
        ("since yesterday", Filter(days=2)),
        ("since 2026-11-01", Filter(day=date(2026, 11, 1))),
        ("since whenever", None),
        ("offer", None),
        ("since", None),
    ],
)
def test_a_filter_is_understood_or_refused(typed, wanted):
    if wanted is None:
        with pytest.raises(Misunderstood):
            parse(f"requests {typed}")
    else:
        assert parse(f"requests {typed}").filtered == wanted


@given(words=st.permutations(["denied", "grants", "by U0ADA", "for jane@example.com", "since 7d", '"bundle"']))
def test_the_order_of_words_does_not_matter(words):
    assert parse(f"requests {' '.join(words)}").filtered == Filter(
        action=Action.GRANT,
        states=frozenset({State.DENIED}),
        requester="U0ADA",
        address="jane@example.com",
        words="bundle",
        days=7,
    )


@pytest.mark.parametrize(
    ("typed", "scope", "request_id"),
    [
        ("", Scope.MINE, ""),
        ("denied", Scope.RECENT, ""),
        ("grant", Scope.RECENT, ""),
        ("mine denied", Scope.MINE, ""),
        ("waiting by U0ADA", Scope.WAITING, ""),
        ("4f7k", Scope.MINE, "R-4F7K"),
    ],
)
def test_a_filter_alone_asks_for_everybodys_requests(typed, scope, request_id):
    words = parse(f"requests {typed}")

    assert (words.scope, words.request_id) == (scope, request_id)


def test_what_was_typed_says_the_same_again():
    words = parse("requests denied by <@U0ADA|ada> since 7d")

    assert parse(f"requests {words.filter}").filtered == words.filtered


def test_a_filter_longer_than_a_button_holds_is_refused():
    with pytest.raises(Misunderstood):
        parse(f"requests offer {'bundle ' * 60}")


def test_a_request_fits_by_action_state_and_title():
    request = a_case(State.DENIED, title="Everything Bundle").request

    assert Filter(action=Action.GRANT, states=frozenset({State.DENIED}), words="bundle EVERY").fits(request)
    assert not Filter(action=Action.REVOKE).fits(request)
    assert not Filter(states=frozenset({State.PENDING})).fits(request)
    assert not Filter(words="bundle sourdough").fits(request)


def test_a_filter_begins_so_many_days_ago_or_with_a_day():
    assert Filter(days=7).begins(NOW) == NOW - 7 * DAY
    assert Filter(day=date(2026, 11, 1)).begins(NOW) == datetime(2026, 11, 1, tzinfo=UTC).timestamp()
    assert Filter().begins(NOW) is None
