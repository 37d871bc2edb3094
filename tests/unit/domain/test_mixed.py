"""A list of which the rows ask for different things: a request for each action and offer, a time limit for each row."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.domain import mixed
from bot.domain.bulk import Brought, BulkSubmission
from bot.domain.draft import DAYS_LIMIT
from bot.domain.errors import ListMixed
from bot.domain.request import Action, Person
from bot.domain.roster import BadRow, Row, read_text
from bot.domain.term import Term
from bot.words.rows import bad as said

NOW = 1_800_000_000.0
MONTH, QUARTER = Term(days=30), Term(days=90)


def asked(*rows, **fields):
    given: dict[str, Any] = {
        "action": Action.GRANT,
        "provider": "kajabi",
        "requester": Person("T1", "UADA"),
        "channel": "C1",
        "offer_id": "7",
        "reason": "the autumn class",
        "key": "form",
    }
    return BulkSubmission(**given | fields, rows=rows)


def row(line, customer=None, **fields):
    return Row(line=line, customer=customer or f"p{line}@example.com", **fields)


def test_rows_that_say_nothing_make_one_request_as_it_was_asked():
    whole = asked(row(2), row(3), bad=(BadRow(4, "x", "no"),), repeated=2, welcome_email=True, term=MONTH)

    assert mixed.parted(whole) == [whole]


def test_each_action_and_offer_is_a_request_of_its_own():
    rows = (row(2), row(3, action=Action.REVOKE), row(4, offer="8"), row(5, action=Action.GRANT, offer="7"))
    parts = mixed.parted(asked(*rows, bad=(BadRow(9, "x", "no"),), repeated=1, welcome_email=True, term=MONTH))

    assert [(one.action.value, one.offer_id, [row.line for row in one.rows]) for one in parts] == [
        ("grant", "7", [2, 5]),
        ("revoke", "7", [3]),
        ("grant", "8", [4]),
    ]
    assert [(len(one.bad), one.repeated) for one in parts] == [(1, 1), (0, 0), (0, 0)]
    assert [(one.welcome_email, one.term) for one in parts] == [(True, MONTH), (False, None), (True, MONTH)]
    assert all((row.action, row.offer) == (None, "") for one in parts for row in one.rows)


def test_the_same_list_makes_the_same_requests_again():
    whole = asked(row(2), row(3, action=Action.REVOKE))

    assert [one.key for one in mixed.parted(whole)] == ["form", "form/revoke/7"]


def test_nobody_is_granted_and_revoked_the_same_by_one_list():
    (part,) = mixed.parted(asked(row(2, "jane@example.com"), row(3, "Jane@example.com", action=Action.REVOKE)))

    assert [row.line for row in part.rows] == [2]
    assert [(bad.line, said(bad.why)) for bad in part.bad] == [
        (3, "Row 2 asks for something else for the same customer and offer.")
    ]


def test_more_requests_than_anybody_decides_on_are_none():
    rows = [row(number, offer=str(number)) for number in range(mixed.PARTS + 1)]

    assert len(mixed.parted(asked(*rows[1:]))) == mixed.PARTS
    with pytest.raises(ListMixed):
        mixed.parted(asked(*rows))


def termed(*rows, zone="UTC", **fields):
    return mixed.with_terms(asked(*rows, **fields), zone=zone, now=NOW)


@pytest.mark.parametrize(
    ("rows", "form", "whole", "own"),
    [
        ((None, None), None, None, (None, None)),
        ((None, None), MONTH, MONTH, (None, None)),
        ((MONTH, MONTH), None, MONTH, (None, None)),
        ((MONTH, None), None, None, (MONTH, None)),
        ((MONTH, None), QUARTER, QUARTER, (MONTH, None)),
        ((QUARTER, None), MONTH, QUARTER, (None, MONTH)),
    ],
)
def test_the_longest_limit_stands_for_the_whole(rows, form, whole, own):
    found = termed(*(row(2 + number, term=term) for number, term in enumerate(rows)), term=form)

    assert found.term == whole
    assert tuple(one.term for one in found.rows) == own
    # whatever is stored where, each row lasts as long as was said
    assert [one.term or found.term for one in found.rows] == [term or form for term in rows]


def test_a_day_is_over_where_the_requester_is():
    day = Term(day=date(2027, 6, 1))
    found = termed(row(2, term=day), row(3, term=MONTH), zone="Asia/Tokyo")

    assert found.term == day.placed("Asia/Tokyo")
    assert found.term.ends(NOW) == day.placed("UTC").ends(NOW) - 9 * 3600
    assert [one.term for one in found.rows] == [None, MONTH]


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2020, 1, 1), "The day until which it is to be granted is over."),
        (date(9999, 12, 31), f"The time limit is longer than {DAYS_LIMIT:,} days."),
    ],
)
def test_a_row_whose_limit_makes_no_sense_spoils_no_other(day, why):
    found = termed(row(2, term=Term(day=day)), row(3, term=MONTH), bad=(BadRow(9, "x", "no"),))

    assert [one.line for one in found.rows] == [3]
    assert found.term == MONTH
    assert [(one.line, said(one.why)) for one in found.bad] == [(9, "no"), (2, why)]


def test_what_is_revoked_has_no_limit():
    found = termed(row(2, term=MONTH), action=Action.REVOKE, term=QUARTER)

    assert (found.term, found.rows[0].term) == (None, None)


def test_limits_are_summed_up_the_most_usual_first():
    assert mixed.summed([(None, 3), (MONTH, 5), (QUARTER, 1)], QUARTER) == ((MONTH, 5), (QUARTER, 4))


def test_of_those_who_are_chosen_only_who_got_something_is_undone():
    done = [Brought(2, "jane@example.com"), Brought(3, "bob@example.com"), Brought(5, "ext:A-17")]
    chosen = read_text("e-mail\nJANE@example.com\nnobody@example.com\nsam(at)example.com\n")
    rows, bad = mixed.to_undo(done, chosen, Action.GRANT)

    assert [(one.line, one.customer) for one in rows] == [(2, "JANE@example.com")]
    assert [(one.line, said(one.why)) for one in bad] == [
        (4, "This is no e-mail address like jane@example.com."),
        (3, "The list has changed nothing for this customer."),
    ]
    assert [one.line for one in mixed.to_undo(done, None, Action.GRANT)[0]] == [2, 3, 5]
    assert mixed.to_undo(done, replace(chosen, rows=()), Action.GRANT)[0] == ()


@pytest.mark.parametrize(
    ("action", "why"), [(Action.GRANT, "R-9 has granted it since."), (Action.REVOKE, "R-9 has revoked it since.")]
)
def test_what_another_request_has_done_again_is_not_undone_and_named(action, why):
    done = [Brought(2, "jane@example.com", since="R-9"), Brought(3, "bob@example.com")]
    everybody, some = (
        mixed.to_undo(done, one, action) for one in (None, read_text("bob@example.com\nJane@example.com"))
    )

    assert [
        ([row.line for row in rows], [(one.line, said(one.why)) for one in bad]) for rows, bad in (everybody, some)
    ] == [
        ([3], [(2, why)]),
        ([1], [(2, why)]),
    ]
