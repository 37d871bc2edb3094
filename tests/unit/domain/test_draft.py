from dataclasses import replace

import pytest

from bot.domain.draft import (
    ADDRESS_LIMIT,
    REASON_LIMIT,
    check,
    check_name,
    check_reason,
    is_address,
    named_ids,
    normal,
    undo_of,
)
from bot.domain.errors import (
    AddressMalformed,
    AddressMissing,
    ChannelMissing,
    IdsMalformed,
    NameMissing,
    OfferForeign,
    OfferMissing,
    ReasonMissing,
    ReasonTooLong,
)
from bot.domain.request import Action, Offer, Person, Submission
from tests.unit.domain.test_lifecycle import pending

OFFER = Offer(provider="kajabi", id="7", title="Bundle")
GOOD = Submission(
    action=Action.GRANT,
    provider="kajabi",
    requester=Person("T1", "UADA"),
    channel="C1",
    address="jane@example.com",
    offer_id="7",
    reason="refund case 12",
    key="form-1",
)


@pytest.mark.parametrize(
    "text",
    [
        "jane@example.com",
        "j.doe+offers@mail.example.co.uk",
        "JANE@EXAMPLE.COM",
        "o'brien@example.com",
        "jané@exämple.com",
        "1@2.io",
        f"{'a' * 64}@{'b' * (ADDRESS_LIMIT - 69)}.com",
    ],
)
def test_this_is_an_address(text):
    assert is_address(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "jane",
        "@jane",
        "jane@example",
        "jane@.com",
        "jane@example.c",
        "jane@example.",
        "jane doe@example.com",
        "jane@exam ple.com",
        "jane@@example.com",
        "<jane@example.com>",
        "a@example.com,b@example.com",
        "jane@example.com\n",
        f"{'a' * 64}@{'b' * (ADDRESS_LIMIT - 68)}.com",
    ],
)
def test_this_is_no_address(text):
    assert not is_address(text)


def test_addresses_are_compared_without_blanks_and_case():
    assert normal("  Jane@Example.COM\n") == normal("jane@example.com")
    assert normal("STRASSE@example.com") == normal("straße@example.com")


def test_a_complete_submission_is_accepted():
    check(GOOD, OFFER)


@pytest.mark.parametrize(
    ("told", "offer", "refused", "field"),
    [
        ({"channel": ""}, OFFER, ChannelMissing, "channel"),
        ({"address": " "}, OFFER, AddressMissing, "customer"),
        ({"address": "jane"}, OFFER, AddressMalformed, "customer"),
        ({"offer_id": ""}, None, OfferMissing, "offer"),
        ({}, None, OfferForeign, "offer"),
        ({}, replace(OFFER, provider="other"), OfferForeign, "offer"),
        ({"reason": " \n"}, OFFER, ReasonMissing, "reason"),
        ({"reason": "x" * (REASON_LIMIT + 1)}, OFFER, ReasonTooLong, "reason"),
    ],
    ids=[
        "no channel",
        "no address",
        "no real address",
        "no offer",
        "an offer nobody knows",
        "an offer of another provider",
        "no reason",
        "too long a reason",
    ],
)
def test_the_field_is_named_of_a_submission_with(told, offer, refused, field):
    with pytest.raises(refused) as problem:
        check(replace(GOOD, **told), offer)

    assert problem.value.field == field


def test_of_several_faults_the_first_in_the_form_is_told():
    with pytest.raises(AddressMissing):
        check(replace(GOOD, address="", offer_id="", reason=""), None)


@pytest.mark.parametrize("text", ["", " ", "\t\n", "\u200b\u2060", "\u00a0"], ids=repr)
def test_what_nobody_could_see_is_no_reason_and_no_name(text):
    with pytest.raises(ReasonMissing):
        check_reason(text)
    with pytest.raises(NameMissing):
        check_name(text)


def test_the_shortest_and_the_longest_reason_are_accepted():
    check_reason("x")
    check_reason("x" * REASON_LIMIT)
    check_name("X")


def test_the_refusal_of_a_long_reason_says_how_long_it_was():
    with pytest.raises(ReasonTooLong) as refused:
        check_reason("x" * 1600)

    assert (refused.value.length, refused.value.limit) == (1600, REASON_LIMIT)


def test_a_grant_is_undone_by_a_revoke_and_a_revoke_by_a_grant():
    case = pending()

    assert undo_of(case) is Action.REVOKE
    assert undo_of(replace(case, request=replace(case.request, action=Action.REVOKE))) is Action.GRANT


@pytest.mark.parametrize(
    ("typed", "ids"),
    [
        ("", ()),
        (" ,; ", ()),
        ("123", ("123",)),
        ("123,456", ("123", "456")),
        (" 123 ; 456,\n789, ", ("123", "456", "789")),
        ("5 5 5", ("5",)),
        (" ".join(str(number) for number in range(1, 51)), tuple(str(number) for number in range(1, 51))),
    ],
)
def test_ids_are_numbers_once_each(typed, ids):
    assert named_ids(typed) == ids


@pytest.mark.parametrize("typed", ["12a", "0", "-5", "1.5", "٣", "x", "9" * 20, " ".join(map(str, range(1, 52)))])
def test_what_cannot_be_an_id_is_refused(typed):
    with pytest.raises(IdsMalformed):
        named_ids(typed)
