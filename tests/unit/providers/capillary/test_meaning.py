"""From Capillary's documents to our nouns, in each of the ways in which they are spelled."""

import pytest

from bot.domain.request import Action, Contact, Holding, Offer, Reading
from bot.providers.capillary import words as told
from bot.providers.capillary.effects import effects
from bot.providers.capillary.meaning import (
    UNTOLD,
    Issue,
    Kind,
    Standing,
    holding_from,
    kind_of,
    name_in,
    of_program,
    offer_from,
    standing_in,
)
from bot.providers.capillary.naming import Given, Namer, given_by, is_part

NOW = 1_800_000_000.0
BEFORE, AFTER = "2020-01-01T00:00:00Z", "2099-12-31T23:59:59Z"


@pytest.mark.parametrize(
    ("spelled", "kind"),
    [
        ("GENERIC", Kind.EVERYBODYS),
        ("LOYALTY", Kind.DIRECT),
        ("DIRECT", Kind.DIRECT),
        ("DIRECT_EARN", Kind.DIRECT),
        ("DIRECT_ISSUE", Kind.DIRECT),
        ("LOYALTY_EARNING", Kind.ENROL),
        ("ISSUE_AND_EARN", Kind.ENROL),
        ("ENROL_AND_ISSUE", Kind.ENROL),
        ("enrol_and_issue", Kind.ENROL),
        ("SOMETHING_NEW", None),
        ("", None),
        (None, None),
        (7, None),
    ],
)
@pytest.mark.parametrize("name", ["pointsOfferType", "loyaltyEarningType"])
def test_the_types_have_many_names(name, spelled, kind):
    assert kind_of({name: spelled}) is kind


def test_two_names_that_agree_are_one_type_and_two_that_differ_are_none():
    assert kind_of({"pointsOfferType": "LOYALTY_EARNING", "loyaltyEarningType": "ISSUE_AND_EARN"}) is Kind.ENROL
    assert kind_of({"pointsOfferType": "LOYALTY", "loyaltyEarningType": "ISSUE_AND_EARN"}) is None


@pytest.mark.parametrize("promotion_id", [None, "", "9f-hex", True, [], {}, 1.5, -3])
def test_a_promotion_without_a_number_is_none(promotion_id):
    assert offer_from({"id": promotion_id, "name": "x"}) is None


def test_a_promotion_says_its_type_and_its_identifier_beside_its_name():
    offer = offer_from(
        {"id": 7, "name": "Miles", "identifier": "m-1", "pointsOfferType": "LOYALTY", "description": "d"}
    )

    assert offer == Offer(
        provider="capillary", id="7", title="Miles", internal_title="direct issue · m-1", description="d"
    )


@pytest.mark.parametrize(
    ("told", "listed"),
    [
        ({"promotionStatus": "LIVE"}, True),
        ({}, True),
        ({"promotionStatus": "UPCOMING"}, False),
        ({"promotionStatus": "INACTIVE"}, False),
        ({"promotionStatus": "COMPLETED"}, False),
        ({"promotionStatus": "LIVE", "isActive": False}, False),
    ],
)
def test_only_what_is_live_can_be_granted(told, listed):
    assert offer_from({"id": 7, **told}).listed is listed


@pytest.mark.parametrize(
    "profiles",
    [
        [{"firstName": "Jane", "lastName": "Doe"}],
        [{}, {"firstName": " Jane", "lastName": "Doe\x00"}],
        ["no", {"firstName": "Jane Doe"}],
    ],
)
def test_a_name_is_found_in_the_first_profile_that_has_one(profiles):
    assert name_in(profiles) == "Jane Doe"


@pytest.mark.parametrize("profiles", [None, {}, "Jane", [], [None], [{"firstName": 7}]])
def test_no_name_is_no_name(profiles):
    assert name_in(profiles) == ""


def timeline(**said) -> dict:
    return {"pointsOfferType": "LOYALTY_EARNING", "customerPromotionTimelines": [said]}


ISSUED = {"issualId": 840, "issualDate": BEFORE, "issualExpiryDate": AFTER, "redeemedCount": "2"}


@pytest.mark.parametrize("item", [{}, {"customerPromotionTimelines": None}, {"customerPromotionTimelines": {}}])
def test_without_timelines_nothing_is_known(item):
    assert standing_in(item, NOW) == Standing(untold=True)


def test_with_empty_timelines_nothing_is_held():
    assert standing_in({"customerPromotionTimelines": []}, NOW) == Standing()


def test_who_is_enrolled_and_was_issued_nothing_holds_a_part():
    item = timeline(enrollmentId="847", enrollmentDate=BEFORE, enrollmentExpiryDate=AFTER, issuedDetails=[])
    holding = holding_from(item, "5", standing_in(item, NOW))

    assert holding is not None
    assert (holding.active, holding.partly, holding.details) == (True, True, ("enrolled until 2099-12-31",))


def test_what_was_issued_is_told_with_its_id_and_count():
    item = timeline(enrollmentId=847, enrollmentExpiryDate=AFTER, issuedDetails=[ISSUED])
    holding = holding_from(item, "5", standing_in(item, NOW))

    assert holding is not None
    assert not holding.partly
    assert holding.details[1] == "issued as 840, redeemed 2 times, until 2099-12-31"


def test_the_enrolment_of_a_direct_issue_is_none():
    item = timeline(enrollmentId=1, issuedDetails=[]) | {"pointsOfferType": "LOYALTY"}

    assert holding_from(item, "5", standing_in(item, NOW)) is None


@pytest.mark.parametrize(
    "expiry",
    [{"issualExpiryDate": "2020-01-01"}, {"issualExpiryDate": 1_600_000_000_000}, {"issualExpiryDateISO": BEFORE}],
)
def test_what_has_expired_is_not_held_however_the_date_is_written(expiry):
    item = timeline(issuedDetails=[{"issualId": 840, **expiry}])
    holding = holding_from(item, "5", standing_in(item, NOW))

    assert holding is not None
    assert (holding.active, holding.ended_reason) == (False, "expired")


def test_a_date_that_cannot_be_read_ends_nothing():
    assert standing_in(timeline(issuedDetails=[{"issualId": 840, "issualExpiryDate": "soon"}]), NOW).issued == ("840",)


def test_promotions_of_other_programs_are_left_out():
    items = [{"programId": 1}, {"programId": "1"}, {"programId": 2}, {}, "x"]

    assert of_program(items, 1) == [{"programId": 1}, {"programId": "1"}, {}]


@pytest.mark.parametrize(
    ("receipts", "ids", "enrolled"),
    [
        ([], (), False),
        (["settled", "200: offers 840"], (), False),
        (["enrolment 847, issued 840"], ("840",), True),
        (["enrolment 847"], (), True),
        (["enrolment 847, issued 840", "revoked 840, ended enrolment 847"], (), False),
        (["issued 850", "revoked 840", "issued 840"], ("850",), False),
        (["issued 840", "nothing issued any more, ended enrolment 847"], ("840",), False),
        (["issued 840", "issued 850", "revoked 840, 850"], (), False),
    ],
)
def test_receipts_tell_what_was_given_and_not_taken_back_since(receipts, ids, enrolled):
    assert given_by(receipts) == Given(issued=ids, enrolled=enrolled)


@pytest.mark.parametrize(
    ("receipt", "part"),
    [
        ("issued 840", True),
        ("ended enrolment 847", True),
        ("enrolment 847, issued 840", False),
        ("enrolment 847", False),
        ("revoked 840, ended enrolment 847", False),
        ("revoked 840", False),
        ("nothing issued any more, ended enrolment 847", False),
        ("settled", False),
        ("", False),
    ],
)
def test_one_step_is_told_from_two_by_its_receipt(receipt, part):
    assert is_part(receipt) is part


async def unasked(_: Contact) -> dict[str, list[str]]:
    raise AssertionError("nobody asks for receipts here")


WHOLE = Standing(enrolment="847", issues=(Issue(id="840"),))
UNPROVED, PROVED = False, True


@pytest.mark.parametrize(
    ("standing", "given", "proved", "names", "foreign"),
    [
        (WHOLE, Given(issued=("840",), enrolled=True), UNPROVED, ("840",), False),
        (WHOLE, Given(issued=("900",), enrolled=True), UNPROVED, ("900",), False),
        (WHOLE, Given(issued=("900", "901"), enrolled=True), UNPROVED, None, True),
        (WHOLE, Given(issued=("840",)), UNPROVED, ("840",), True),
        (WHOLE, Given(), UNPROVED, None, True),
        (WHOLE, Given(), PROVED, ("840",), True),
        (WHOLE, Given(issued=("840",), enrolled=True), PROVED, ("840",), False),
        (Standing(issues=(Issue(id="840"), Issue(id="841"))), Given(issued=("840",)), UNPROVED, None, True),
        (Standing(issues=(Issue(id="840"), Issue(id="841"))), Given(issued=("840",)), PROVED, ("840", "841"), True),
        (Standing(enrolment="847"), Given(enrolled=True), UNPROVED, (), False),
        (UNTOLD, Given(issued=("840",)), PROVED, ("840",), False),
        (UNTOLD, Given(), PROVED, None, True),
    ],
)
def test_what_is_held_is_named_and_told_from_what_others_gave(standing, given, proved, names, foreign):
    namer = Namer(unasked, proved)

    assert namer.names(standing, given) == names
    assert namer.is_foreign(standing, given) is foreign


JANE = Contact(provider="capillary", address="id:7", id="7")
OFFER = Offer(provider="capillary", id="5", title="Miles")
PART = Holding(offer_id="5", granted=True, partly=True)


@pytest.mark.parametrize(
    ("action", "kind", "holdings", "said", "unsaid"),
    [
        (Action.GRANT, Kind.ENROL, (), told.GRANT_TWO_STEPS, told.GRANT_ISSUES),
        (Action.GRANT, None, (), told.GRANT_TWO_STEPS, told.GRANT_ISSUES),
        (Action.GRANT, Kind.DIRECT, (), told.GRANT_ISSUES, told.GRANT_TWO_STEPS),
        (Action.GRANT, Kind.ENROL, (PART,), told.GRANT_ISSUES, told.GRANT_TWO_STEPS),
        (Action.GRANT, Kind.ENROL, (Holding(offer_id="5", ended=0.0),), told.GRANT_AGAIN, told.UNTOLD),
        (Action.REVOKE, Kind.ENROL, (PART,), told.REVOKE_TWO_STEPS, told.UNTOLD),
        (Action.REVOKE, Kind.DIRECT, (PART,), told.REVOKE_BENEFITS, told.REVOKE_TWO_STEPS),
    ],
)
def test_a_preview_says_what_will_happen(action, kind, holdings, said, unsaid):
    reading = Reading(contact=JANE, holdings=holdings, offer=OFFER)
    sentences = effects(action, reading, kind=kind, proved=False)

    assert said in sentences
    assert unsaid not in sentences


def test_a_preview_says_what_it_cannot_know():
    reading = Reading(contact=JANE, offer=OFFER, untold=frozenset({"5"}))

    assert {told.UNTOLD, told.GRANT_MAYBE_ENROLLED} <= set(effects(Action.GRANT, reading, kind=None, proved=False))
    assert told.UNTOLD in effects(Action.REVOKE, reading, kind=Kind.DIRECT, proved=False)


def test_that_only_own_ids_are_named_is_said_until_others_are_proved():
    reading = Reading(contact=JANE, holdings=(PART,), offer=OFFER)

    assert told.REVOKE_OURS in effects(Action.REVOKE, reading, kind=Kind.ENROL, proved=False)
    assert told.REVOKE_OURS not in effects(Action.REVOKE, reading, kind=Kind.ENROL, proved=True)


@pytest.mark.parametrize(
    ("action", "kind", "said", "unsaid"),
    [
        (Action.GRANT, Kind.ENROL, told.GRANT_PART, told.GRANT_TWO_STEPS),
        (Action.REVOKE, Kind.ENROL, told.REVOKE_PART, told.REVOKE_TWO_STEPS),
        (Action.REVOKE, Kind.DIRECT, told.REVOKE_BENEFITS, told.REVOKE_PART),
    ],
)
def test_of_one_step_that_is_undone_no_more_is_told(action, kind, said, unsaid):
    sentences = effects(action, Reading(contact=JANE, offer=OFFER), kind=kind, proved=False, part=True)

    assert said in sentences
    assert unsaid not in sentences
