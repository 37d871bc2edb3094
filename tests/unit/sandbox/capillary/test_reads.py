"""Customers, promotions, and who holds what: by the names that reads have for it."""

from __future__ import annotations

import pytest

from bot.sandbox.capillary import Kind
from tests.contract.capillary_world import HELD, LIST


def error(answer):
    (one,) = answer.json()["errors"]
    assert one["status"] is False
    return one["code"]


# --- customers -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value"), [("mobile", "919111111111"), ("email", "JANE@example.com"), ("externalId", "J-1")]
)
async def test_a_customer_is_found_by_each_identifier(world, name, value):
    answer = await world.client.look_up(name, value)

    assert answer.json() == {"entity": world.jane.id, "warnings": []}


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"name": "mobile", "value": "910000000000"}, 8015),
        ({"name": "id", "value": "423927001"}, 8013),
        ({"name": "mobile", "value": "919111111111", "source": "id"}, 8003),
        ({"name": "mobile", "value": "919111111111", "source": "WEBSITE"}, 8015),
        ({"name": "mobile", "value": ""}, 11013),
    ],
)
async def test_what_cannot_be_looked_up_is_refused_by_code(world, asked, code):
    answer = await world.client.look_up(**asked)

    assert (answer.status_code, error(answer)) == (200, code)


async def test_all_sources_and_lower_case_lead_to_the_same_customer(world):
    for source in ("ALL", "instore"):
        assert (await world.client.look_up("mobile", "919111111111", source=source)).json()["entity"] == world.jane.id
    world.conduct.lower_case_source = "refused"
    assert error(await world.client.look_up("mobile", "919111111111", source="instore")) == 8003


async def test_nobody_found_may_have_a_status_of_its_own(world):
    world.conduct.not_found_status = 404
    answer = await world.client.look_up("email", "nobody@example.com")

    assert (answer.status_code, error(answer)) == (404, 8015)


async def test_an_org_may_know_its_customers_by_one_identifier_only(world):
    world.conduct.primary_identifier = "mobile"

    assert error(await world.client.look_up("email", "jane@example.com")) == 8015
    assert (await world.client.look_up("mobile", "919111111111")).json()["entity"] == world.jane.id


async def test_a_source_with_several_accounts_needs_one_named(world):
    world.capillary.accounts["INSTORE"] = {"A1"}

    assert error(await world.client.look_up("mobile", "919111111111")) == 8045
    assert (await world.client.look_up("mobile", "919111111111", accountId="A1")).json()["entity"] == world.jane.id


async def test_a_wrong_attribution_hides_every_customer(world):
    world.client.http.headers["X-CAP-API-ATTRIBUTION-ENTITY-CODE"] = "shop.1"
    assert error(await world.client.look_up("mobile", "919111111111")) == 8015
    world.capillary.entities.add("shop.1")
    assert (await world.client.look_up("mobile", "919111111111")).json()["entity"] == world.jane.id


async def test_a_merged_customer_is_told(world):
    world.sam.merged_into = world.jane.id

    assert error(await world.client.look_up("mobile", "919222222222")) == 8069


async def test_a_customer_comes_with_a_name_that_may_be_masked(world):
    async def profile():
        content = (await world.client.get(f"/v2/customers/{world.jane.id}", source="INSTORE")).json()
        return content["id"], content["profiles"][0]["firstName"], content["loyaltyInfo"]["loyaltyType"]

    assert await profile() == (world.jane.id, "Jane", "loyalty")
    world.conduct.masked = True
    assert await profile() == (world.jane.id, "****", "loyalty")
    assert error(await world.client.get("/v2/customers/1", source="INSTORE")) == 8015


# --- promotions ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("first", [0, 1])
async def test_the_list_goes_by_page_numbers_the_newest_first(world, first):
    world.conduct.first_page = first
    pages = [(await world.client.get(LIST, limit=2, offset=first + n)).json() for n in range(3)]

    shown = [[one["id"] for one in page["data"]] for page in pages]
    assert shown == [[world.everybody.id, world.voucher.id], [world.club.id], []]
    assert pages[0]["pageDetails"] == {"pageNumber": first, "pageSize": 2, "totalEntries": 3, "pageCount": 2}


async def test_the_list_needs_limit_and_offset(world):
    for asked in ({"limit": 2}, {"offset": 1}, {"limit": 0, "offset": 1}, {"limit": 2, "offset": 0}):
        answer = await world.client.get(LIST, **asked)
        assert (answer.status_code, answer.json()["data"]) == (400, None)


async def test_the_list_is_filtered(world):
    world.voucher.active = False
    world.capillary.add_promotion("Soon", starts=86_400)
    world.capillary.add_promotion("Over", ends=-1)
    other = world.capillary.add_promotion("Elsewhere", program=world.capillary.add_program("Second"))

    async def listed(**asked):
        return {one["name"] for one in (await world.client.get(LIST, limit=50, offset=1, **asked)).json()["data"]}

    assert await listed(status="LIVE", program=world.club.program_id) == {"Club", "Everybody"}
    assert await listed(status="INACTIVE") == {"Voucher"}
    assert await listed(status="UPCOMING") == {"Soon"}
    assert await listed(status="COMPLETED") == {"Over"}
    assert await listed(promotionName="club") == {"Club"}
    assert await listed(program=other.program_id) == {"Elsewhere"}


async def test_one_promotion_is_read_by_program_and_number(world):
    async def read(program, promotion):
        return await world.client.get(f"/api_gateway/loyalty/v1/programs/{program}/promotions/{promotion}/get")

    (one,) = (await read(world.club.program_id, world.club.id)).json()["data"]
    assert (one["id"], one["pointsOfferType"], one["identifier"]) == (
        world.club.id,
        "LOYALTY_EARNING",
        world.club.identifier,
    )
    assert one["promotionRestrictions"]["loyaltyEarningType"] == "ISSUE_AND_EARN"
    assert (await read(1, world.club.id)).json()["data"] == []
    world.conduct.missing_promotion = "error"
    assert (await read(world.club.program_id, 1)).status_code == 400


@pytest.mark.parametrize("envelope", ["list", "data", "programs"])
async def test_programs_come_in_an_envelope_that_nobody_described(world, envelope):
    world.conduct.programs_envelope = envelope
    content = (await world.client.get("/v2/organization/programs")).json()
    programs = content if envelope == "list" else content[envelope]

    assert [one["programId"] for one in programs] == [world.club.program_id]


# --- what a customer holds -------------------------------------------------------------------------------------------


async def test_reads_have_their_own_words_for_what_writes_gave(world):
    issue = world.capillary.issue(world.jane, world.club)
    (timeline,) = await world.client.timelines(world.jane, world.club)

    assert timeline["enrollmentId"] == world.capillary.books.last_ids["enrolments"]
    assert [one["issualId"] for one in timeline["issuedDetails"]] == [issue.id]
    assert timeline["enrollmentDate"] == timeline["enrollmentDateISO"] == "2027-01-15T08:00:00.000Z"
    assert timeline["issuedDetails"][0]["redeemedCount"] == 0


async def test_what_is_not_held_has_no_timelines_and_what_everybody_has_lacks_them(world):
    promotions = {one["promotionId"]: one for one in (await world.client.held(world.jane)).json()["promotions"]}

    assert promotions[world.club.id]["customerPromotionTimelines"] == []
    assert "customerPromotionTimelines" not in promotions[world.everybody.id]
    world.conduct.unheld_promotions = "left out"
    assert (await world.client.held(world.jane)).json()["promotions"] == []


async def test_positions_count_from_nought_and_pages_have_at_most_a_hundred(world):
    first, second = [(await world.client.held(world.jane, limit=2, offset=n)).json() for n in (0, 2)]

    assert [one["promotionName"] for one in first["promotions"]] == ["Club", "Voucher"]
    assert [one["promotionName"] for one in second["promotions"]] == ["Everybody"]
    assert (second["pageDetails"], second["customerId"]) == (
        {"pageNumber": 1, "pageSize": 2, "totalEntries": 3, "pageCount": 2},
        world.jane.id,
    )
    for limit in (0, 101):
        assert error(await world.client.held(world.jane, limit=limit)) == 8100


async def test_what_is_held_is_filtered(world):
    world.capillary.issue(world.jane, world.voucher)
    world.capillary.enrol(world.jane, world.club)

    async def shown(**asked):
        return [one["promotionName"] for one in (await world.client.held(world.jane, **asked)).json()["promotions"]]

    assert await shown(programs="1,2") == []
    assert await shown(promotionType="DIRECT_ISSUE") == ["Voucher"]
    assert await shown(promotionStatusForCustomer="AVAILABLE_TO_EARN") == ["Club"]
    assert await shown(promotionStatusForCustomer="AVAILABLE_TO_REDEEM") == ["Voucher", "Everybody"]
    assert await shown(promotionStatusForCustomer="AVAILABLE_TO_ENROL") == []


async def test_timelines_may_be_missing_and_dates_may_have_no_iso_twin(world):
    world.conduct.timelines = world.conduct.iso_dates = False
    world.capillary.enrol(world.jane, world.club)
    club = (await world.client.held(world.jane)).json()["promotions"][0]

    assert not {"customerPromotionTimelines", "startDateISO"} & set(club)


async def test_ids_in_reads_may_be_others_than_a_revoke_takes(world):
    world.conduct.issued_ids = "other"
    issue = world.capillary.issue(world.jane, world.club)
    (timeline,) = await world.client.timelines(world.jane, world.club)

    assert timeline["issuedDetails"][0]["issualId"] != issue.id


async def test_a_customer_outside_the_program_holds_nothing_that_could_be_read(world):
    world.jane.loyal = False

    assert error(await world.client.held(world.jane)) == 8089


async def test_what_a_customer_holds_is_read_by_each_identifier(world):
    named = {"identifierName": "externalId", "identifierValue": "J-1", "source": "INSTORE"}

    assert (await world.client.get(HELD, **named)).json()["customerId"] == world.jane.id
    assert error(await world.client.get(HELD, **(named | {"identifierName": "cardnumber"}))) == 8013


def test_every_type_has_its_name_in_each_place():
    assert {kind.value: (kind.filter_name, kind.earning_type) for kind in Kind} == {
        "GENERIC": ("GENERIC", None),
        "LOYALTY": ("DIRECT_ISSUE", "DIRECT_EARN"),
        "LOYALTY_EARNING": ("ENROL_AND_ISSUE", "ISSUE_AND_EARN"),
    }
