"""Enrolling and issuing: what is new, what is replaced, what is refused, and what only looks like a success."""

from __future__ import annotations

import pytest

from tests.contract.capillary_world import GRANT, codes, entry, results


async def test_to_enrol_and_to_issue_give_ids_as_texts(world):
    (enrolled,) = results(await world.client.bulk("ENROL", world.club, world.jane))
    (issued,) = results(await world.client.bulk("EARN", world.club, world.jane))

    assert enrolled == {
        "entityType": "CUSTOMER",
        "entityId": world.jane.id,
        "promotionId": world.club.id,
        "programId": world.club.program_id,
        "issualId": "36001",
    }
    assert issued == enrolled | {"earnedId": "35001"}
    assert world.capillary.holds(world.jane) == {str(world.club.id)}


async def test_a_direct_issue_has_an_enrolment_that_stands_for_nothing(world):
    (issued,) = results(await world.client.bulk("EARN", world.voucher, world.jane))
    (timeline,) = await world.client.timelines(world.jane, world.voucher)

    assert (issued["issualId"], issued["earnedId"]) == ("36001", "35001")
    assert timeline["enrollmentId"] == 36001
    assert [one["issualId"] for one in timeline["issuedDetails"]] == [35001]


async def test_each_issue_is_a_new_one_until_the_limit_looks_like_a_success(world):
    answers = [await world.client.bulk("EARN", world.voucher, world.jane) for _ in range(3)]
    last = answers[-1].json()

    assert [one.get("earnedId") for answer in answers for one in results(answer)] == ["35001", "35002", None]
    assert (codes(answers[-1]), last["failureCount"], last["response"][0]["errors"]) == ([[8890]], 0, [])
    assert world.capillary.effects["EARN", world.jane.id, world.voucher.id] == 2


@pytest.mark.parametrize(("conduct", "kept"), [("keeps issues", 1), ("drops issues", 0)])
async def test_a_second_enrolment_takes_the_place_of_the_first(world, conduct, kept):
    world.conduct.replaced_enrolment = conduct
    world.capillary.issue(world.jane, world.club)
    world.clock.now += 60
    (enrolled,) = results(await world.client.bulk("ENROL", world.club, world.jane))
    timelines = await world.client.timelines(world.jane, world.club)
    newest = timelines[-1]

    assert str(newest["enrollmentId"]) == enrolled["issualId"] == "36002"
    assert newest["enrollmentDate"] == "2027-01-15T08:01:00.000Z"
    assert len(newest["issuedDetails"]) == kept
    (issued,) = results(await world.client.bulk("EARN", world.club, world.jane))
    assert issued["issualId"] == "36002"
    assert codes(await world.client.bulk("ENROL", world.club, world.jane)) == [[8890]]


async def test_an_issue_needs_the_enrolment(world):
    assert codes(await world.client.bulk("EARN", world.club, world.jane)) == [[8890]]
    assert world.capillary.holds(world.jane) == set()


async def test_an_enrolment_ends_by_itself(world):
    world.club.lasts = 60
    world.capillary.issue(world.jane, world.club)
    world.clock.now += 61

    assert world.capillary.holds(world.jane) == set()
    assert codes(await world.client.bulk("EARN", world.club, world.jane)) == [[8890]]


@pytest.mark.parametrize(("given_back", "expected"), [("used up", [[8890]]), ("given back", [[]])])
async def test_a_revoke_may_give_the_limit_back(world, given_back, expected):
    world.conduct.limit_after_revoke = given_back
    world.voucher.issues = 1
    world.capillary.issue(world.jane, world.voucher)
    world.capillary.take_back(world.jane, world.voucher)

    assert codes(await world.client.bulk("EARN", world.voucher, world.jane)) == expected


@pytest.mark.parametrize(
    ("which", "action", "code"),
    [("everybody", "EARN", 8902), ("everybody", "ENROL", 8902), ("voucher", "ENROL", 8902), ("club", "DANCE", 8902)],
)
async def test_a_type_knows_only_its_actions(world, which, action, code):
    answer = await world.client.bulk(action, getattr(world, which), world.jane)

    assert codes(answer) == [[code]]
    assert answer.json()["response"][0]["errors"][0]["message"].startswith("bulk action passed not supported")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"type": "USER_GROUP"}, 8899),
        ({"type": "SHOP"}, 8901),
        ({"promotionDetails": {"promotionId": 1}}, 8881),
        ({"promotionDetails": {"programId": 2714}}, 8881),
        ({"promotionDetails": {"programId": 1, "promotionId": 1}}, 1101),
        ({"promotionDetails": {"programId": 2714, "promotionId": 1}}, 8874),
        ({"promotionDetails": {"programId": 2714, "promoIdentifier": "x"}}, 8874),
        ({"identifierName": ""}, 11013),
        ({"identifierName": "externalId"}, 8013),
        ({"customers": []}, 11013),
        ({"customers": [{"identifierValue": "1"}]}, 11013),
        ({"customers": [{"identifierValue": "1", "source": "INSTORE"}] * 101}, 1060),
    ],
)
async def test_what_is_wrong_with_the_whole_fails_as_one_item_for_all(world, body, code):
    answer = await world.client.bulk("EARN", world.club, world.jane, world.sam, **body)
    told = answer.json()

    assert (codes(answer), told["totalCount"], told["failureCount"]) == ([[code]], 1, 1)
    assert "result" not in told["response"][0]
    assert not world.capillary.writes


async def test_a_body_that_is_no_object_lacks_everything(world):
    for body in (b"", b"[]", b"{"):
        answer = await world.client.http.post(GRANT, content=body)
        assert codes(answer) == [[8901]]


@pytest.mark.parametrize("ended", [{"active": False}, {"ends": 1_700_000_000.0}])
async def test_a_promotion_that_is_over_changes_nobody(world, ended):
    for name, value in ended.items():
        setattr(world.club, name, value)

    assert codes(await world.client.bulk("ENROL", world.club, world.jane)) == [[8892]]


async def test_numbers_may_come_as_texts_and_promotions_by_identifier(world):
    texts = {"programId": str(world.voucher.program_id), "promotionId": str(world.voucher.id)}
    named = {"programId": world.voucher.program_id, "promoIdentifier": world.voucher.identifier}
    (by_text,) = results(await world.client.bulk("EARN", world.voucher, world.jane, promotionDetails=texts))
    (by_name,) = results(await world.client.bulk("EARN", world.voucher, world.jane, promotionDetails=named))

    assert by_text["promotionId"] == world.voucher.id
    assert by_name["promoIdentifier"] == world.voucher.identifier
    assert "promotionId" not in by_name


@pytest.mark.parametrize(
    ("order", "who"),
    [
        ("sent", ["jane", None, "sam"]),
        ("reversed", ["sam", None, "jane"]),
        ("successes first", ["jane", "sam", None]),
    ],
)
async def test_failed_items_name_nobody_and_may_stand_anywhere(world, order, who):
    world.conduct.response_order = order
    world.conduct.partial_status = 201
    nobody = {"identifierValue": "1", "source": "INSTORE"}
    answer = await world.client.bulk("EARN", world.voucher, world.jane, nobody, world.sam)
    told = answer.json()

    names = {world.jane.id: "jane", world.sam.id: "sam"}
    assert [names.get(item.get("result", {}).get("entityId")) for item in told["response"]] == who
    assert (answer.status_code, told["totalCount"], told["failureCount"]) == (201, 3, 1)


@pytest.mark.parametrize("code", [8015, 8896])
async def test_an_unknown_customer_has_one_of_two_codes(world, code):
    world.conduct.unknown_customer = code
    world.conduct.failure_status = 400
    answer = await world.client.bulk("EARN", world.voucher, {"identifierValue": "1", "source": "INSTORE"})

    assert (answer.status_code, codes(answer)) == (400, [[code]])


async def test_each_identifier_of_a_write_finds_its_customer(world):
    for name, value in (("mobile", "919111111111"), ("email", "jane@example.com")):
        who = {"identifierValue": value, "source": "instore"}
        (one,) = results(await world.client.bulk("EARN", world.voucher, who, identifierName=name))
        assert one["entityId"] == world.jane.id


async def test_a_customer_outside_the_program_is_given_nothing(world):
    world.jane.loyal = False

    assert codes(await world.client.bulk("EARN", world.voucher, entry(world.jane, source="id"), world.jane)) == [
        [8003],
        [8089],
    ]
