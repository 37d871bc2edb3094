"""The local Capillary against the document of its reference page: every example, asked and answered."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.sandbox.capillary import Conduct, Kind, LocalCapillary
from tests.contract.capillary_world import REVOKE, served
from tests.contract.deviations import OF_CAPILLARY
from tests.contract.openapi import OpenApiWitness, load

DOCUMENT = "capillary.yaml"
OPERATION = load(DOCUMENT).raw["paths"][REVOKE]["post"]


def examples(part: Any) -> dict[str, Any]:
    return {name: one["value"] for name, one in part["content"]["application/json"]["examples"].items()}


REQUESTS = examples(OPERATION["requestBody"])
ANSWERS = examples(OPERATION["responses"]["200"])


def witness() -> OpenApiWitness:
    return OpenApiWitness(OF_CAPILLARY, documents=(DOCUMENT,))


def customer(local: LocalCapillary, customer_id: int) -> Any:
    return local.books.customers.get(customer_id) or local.add_customer("Somebody", number=customer_id)


def furnish_for_request(local: LocalCapillary, body: Any) -> None:
    """Everything that the body names, held as far as needed for a success."""
    details, enrolled = body["promotionDetails"], body["bulkAction"] == "REVOKE_ENROL"
    local.add_program(number=details["programId"])
    promotion = local.add_promotion(
        "Example",
        Kind.ENROL_AND_ISSUE,
        number=int(details.get("promotionId", 0)),
        identifier=details.get("promoIdentifier", ""),
        issues=100,
    )
    for entry in body["customers"]:
        who = customer(local, int(entry["identifierValue"]))
        local.enrol(who, promotion)
        for earn_id in [] if enrolled else entry.get("earnIds", [1]):
            local.books.last_ids["issues"] = earn_id - 1
            local.issue(who, promotion)


@pytest.mark.parametrize("name", REQUESTS)
async def test_every_example_request_is_accepted_and_works(name):
    body, seen = REQUESTS[name], witness()
    local = LocalCapillary(on_exchange=seen)
    furnish_for_request(local, body)
    async with served(local) as client:
        told = (await client.http.post(REVOKE, json=body)).json()

    assert (told["totalCount"], told["failureCount"]) == (len(body["customers"]), 0)
    assert {action for action, *_ in local.effects} == {body["bulkAction"]}
    seen.assert_agreement()


def request_for(answer: Any, *, kind: Kind, action: str) -> Any:
    """A request that could have been answered like this: of as many customers as there are items."""
    known = [one["result"] for one in answer["response"] if "result" in one]
    named = {name: known[0][name] for name in ("promotionId", "promoIdentifier") if known and name in known[0]}
    strangers = [{"entityId": 1 + n} for n in range(len(answer["response"]) - len(known))]
    return {
        "type": "CUSTOMER",
        "bulkAction": action,
        "promotionDetails": {"programId": known[0]["programId"] if known else 2714} | (named or {"promotionId": 7}),
        "identifierName": "id",
        "customers": [
            {"identifierValue": str(one["entityId"]), "source": "instore"}
            | ({"earnIds": one["revokedEarnIds"]} if "revokedEarnIds" in one else {})
            for one in (*known, *strangers)
        ],
    }


def furnish_for_answer(local: LocalCapillary, answer: Any, body: Any, *, kind: Kind) -> None:
    details = body["promotionDetails"]
    local.add_program(number=details["programId"])
    promotion = local.add_promotion(
        "Example",
        kind,
        number=details.get("promotionId", 9),
        identifier=details.get("promoIdentifier", ""),
        issues=100,
    )
    for item in answer["response"]:
        result = item.get("result", {})
        if "entityId" in result:
            who = customer(local, result["entityId"])
            if "issualId" in result:
                local.books.last_ids["enrolments"] = int(result["issualId"]) - 1
            if kind is Kind.ENROL_AND_ISSUE:
                local.enrol(who, promotion)
            for earn_id in result.get("revokedEarnIds", []):
                local.books.last_ids["issues"] = earn_id - 1
                local.issue(who, promotion)


#: for each example answer: the type of the promotion, the action, and what is different in the request or the org
CASES: dict[str, tuple[Kind, str, dict[str, Any], Conduct]] = {
    "revokeEnrol": (Kind.ENROL_AND_ISSUE, "REVOKE_ENROL", {}, Conduct()),
    "revokeEarn": (Kind.ENROL_AND_ISSUE, "REVOKE_EARN", {}, Conduct()),
    "directRevokeEarn": (Kind.DIRECT, "REVOKE_EARN", {}, Conduct()),
    "directRevokeEnrol": (Kind.DIRECT, "REVOKE_ENROL", {}, Conduct()),
    "partialSuccess": (Kind.ENROL_AND_ISSUE, "REVOKE_EARN", {}, Conduct()),
    "invalidProgramId": (
        Kind.DIRECT,
        "REVOKE_EARN",
        {"promotionDetails": {"programId": 1, "promotionId": 7}},
        Conduct(),
    ),
    "inactivePromotion": (Kind.DIRECT, "REVOKE_EARN", {}, Conduct()),
    "invalidPromotionId": (
        Kind.DIRECT,
        "REVOKE_EARN",
        {"promotionDetails": {"programId": 2714, "promotionId": 8}},
        Conduct(),
    ),
    "invalidCustomerId": (Kind.DIRECT, "REVOKE_EARN", {}, Conduct(unknown_customer=8896)),
    "invalidEntityType": (Kind.DIRECT, "REVOKE_EARN", {"type": "SHOP"}, Conduct()),
}


@pytest.mark.parametrize("name", ANSWERS)
async def test_every_example_answer_is_given_word_for_word(name):
    kind, action, different, conduct = CASES[name]
    wanted, seen = ANSWERS[name], witness()
    local = LocalCapillary(conduct=conduct, on_exchange=seen)
    body = request_for(wanted, kind=kind, action=action)
    furnish_for_answer(local, wanted, body, kind=kind)
    if name == "inactivePromotion":
        next(iter(local.books.promotions.values())).active = False
    async with served(local) as client:
        told = (await client.http.post(REVOKE, json=body | different)).json()

    assert told == wanted
    if "type" not in different:  # that request is wrong on purpose
        seen.assert_agreement()


@pytest.mark.parametrize(
    "wrong",
    [
        {"promotionDetails": {"programId": 2714}},
        {"bulkAction": "REVOKE_ISSUAL"},
        {"customers": [{"identifierValue": "1", "source": "instore", "earnIds": []}]},
        {"customers": [{"identifierValue": "1", "source": "instore"}] * 101},
        {"customers": [{"identifierValue": "1", "source": "id"}]},
        {"reason": "because"},
    ],
)
async def test_the_witness_sees_a_request_that_the_page_does_not_have(wrong):
    seen = witness()
    local = LocalCapillary(on_exchange=seen)
    body = REQUESTS["singleRevokeEnrol"]
    furnish_for_request(local, body)
    async with served(local) as client:
        await client.http.post(REVOKE, json=body | wrong)

    assert [one for one in seen.disagreements() if one.side == "request"]


async def test_the_witness_sees_an_answer_that_the_page_does_not_have():
    seen = witness()
    async with served(LocalCapillary(on_exchange=seen)) as client:
        await client.http.post(REVOKE, json=REQUESTS["singleRevokeEnrol"])
    (exchange,) = [one for one in seen.exchanges if one.url.endswith(REVOKE)]
    content = json.loads(exchange.response_body) | {"totalCount": "one"}
    object.__setattr__(exchange, "response_body", json.dumps(content).encode())

    assert [one.side for one in seen.disagreements()] == ["answer"]
