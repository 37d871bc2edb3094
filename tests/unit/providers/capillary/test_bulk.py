"""Whose answer is whose? Every example answer of the reference page, and what else an answer can look like."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.domain.errors import ProviderError, Rejected, Unavailable, Unknown
from bot.providers.capillary.bulk import ENROL, ISSUE, REVOKE_ENROLMENT, REVOKE_ISSUED, Outcome, Step, outcomes

CONTRACT = yaml.safe_load((Path(__file__).parents[3] / "contract/specs/capillary.yaml").read_text())
RESPONSES = CONTRACT["paths"]["/v2/promotion/bulk/revokeEnrolAndEarn"]["post"]["responses"]
ANSWERS = RESPONSES["200"]["content"]["application/json"]["examples"]
ENDED = REVOKE_ENROLMENT
#: every example: the step, the promotion, what was asked for whom, and what became of each
TOLD: dict[str, Any] = {
    "revokeEnrol": (
        ENDED,
        "202188",
        {"423926199": [], "423926198": [], "423926200": [], "423926201": []},
        [("847",), ("848",), ("849",), ("850",)],
    ),
    "revokeEarn": (
        REVOKE_ISSUED,
        "1",
        {"423927867": ["974"], "423927868": ["975", "977"]},
        [("974",), ("975", "977")],
    ),
    "directRevokeEarn": (REVOKE_ISSUED, "1", {"423927848": ["957"]}, [("957",)]),
    "directRevokeEnrol": (ENDED, "1", {"423927848": []}, ["8902"]),
    "partialSuccess": (
        REVOKE_ISSUED,
        "74230",
        {"7": ["1"], "555567088": ["111"], "8": ["2"]},
        ["8015", ("111",), "8015"],
    ),
    "invalidProgramId": (REVOKE_ISSUED, "1", {"7": ["1"], "8": ["2"]}, ["1101", "1101"]),
    "inactivePromotion": (REVOKE_ISSUED, "1", {"7": ["1"]}, ["8892"]),
    "invalidPromotionId": (REVOKE_ISSUED, "1", {"7": ["1"]}, ["8874"]),
    "invalidCustomerId": (REVOKE_ISSUED, "1", {"7": ["1"]}, ["8896"]),
    "invalidEntityType": (REVOKE_ISSUED, "1", {"7": ["1"]}, ["8901"]),
}


def short(outcome: Outcome) -> tuple[str, ...] | str:
    return outcome.code if isinstance(outcome, ProviderError) else outcome


def item(customer: int | None = None, *, errors=(), warnings=(), **result) -> dict:
    told = {"entityType": "CUSTOMER", "entityId": customer, "programId": 1, "promotionId": 5} | result
    return ({"result": told} if customer else {}) | {
        "errors": [{"status": False, "code": code, "message": "x"} for code in errors],
        "warnings": [{"status": False, "code": code, "message": "x"} for code in warnings],
    }


def asked(*items: dict, customers, step: Step = ISSUE) -> list[Outcome]:
    document = {"response": list(items), "totalCount": len(items), "failureCount": 0}
    found = outcomes(document, step, promotion="5", customers=dict(customers))
    return [found[customer] for customer in customers]


@pytest.mark.parametrize("name", ANSWERS)
def test_every_example_of_the_page_is_understood(name):
    step, promotion, customers, expected = TOLD[name]
    found = outcomes(ANSWERS[name]["value"], step, promotion=promotion, customers=customers)

    assert [short(found[customer]) for customer in customers] == expected


def test_the_order_of_the_answers_does_not_matter():
    found = asked(item(8, earnedId="82"), item(7, earnedId="72"), customers={"7": (), "8": ()})

    assert found == [("72",), ("82",)]


@pytest.mark.parametrize("told", [{"issualId": "847"}, {"issualId": 847}, {"revokedIssualId": 847}])
def test_an_ended_enrolment_is_told_by_two_names_and_in_two_types(told):
    assert asked(item(7, **told), customers={"7": ()}, step=ENDED) == [("847",)]


def test_a_grant_that_met_a_limit_looks_like_success_and_is_none():
    (outcome,) = asked(item(7, issualId="1", warnings=[8890]), customers={"7": ()})

    assert isinstance(outcome, Rejected)
    assert "limit" in outcome.detail


@pytest.mark.parametrize(
    ("told", "step", "ids"),
    [
        (item(7), ISSUE, ()),
        (item(7, issualId="847"), ISSUE, ()),  # an enrolment proves no issue
        (item(7, earnedId=""), ISSUE, ()),
        (item(7, earnedId={"id": 1}), ISSUE, ()),
        (item(7, earnedId="840", warnings=[8890]), ISSUE, ()),
        (item(7, earnedId="840", errors=[8896]), ISSUE, ()),
        (item(7, promotionId=6, earnedId="840"), ISSUE, ()),
        (item(8, earnedId="840"), ISSUE, ()),
        (item(7, revokedEarnIds=[1]), REVOKE_ISSUED, ("1", "2")),
        (item(7, revokedEarnIds=[]), REVOKE_ISSUED, ("1",)),
        ({"errors": [], "warnings": []}, ENROL, ()),
        ("text", ENROL, ()),
    ],
)
def test_what_does_not_prove_it_proves_nothing(told, step, ids):
    (outcome,) = asked(told, customers={"7": ids}, step=step)

    assert isinstance(outcome, Unknown)


@pytest.mark.parametrize(
    "document", [None, [], {}, "text", {"response": None}, {"response": {}}, {"response": [], "totalCount": 0}]
)
def test_an_answer_without_items_leaves_everybody_unknown(document):
    found = outcomes(document, ISSUE, promotion="5", customers={"7": (), "8": ()})

    assert [type(one) for one in found.values()] == [Unknown, Unknown]


def test_an_error_of_the_whole_call_is_everybodys():
    found = outcomes({"errors": [{"code": 4000}]}, ISSUE, promotion="5", customers={"7": (), "8": ()})

    assert [short(one) for one in found.values()] == ["4000", "4000"]


def test_one_nameless_error_about_a_customer_is_nobodys_where_several_were_asked_for():
    assert [type(one) for one in asked(item(errors=[8015]), customers={"7": (), "8": ()})] == [Unknown, Unknown]


def test_nameless_failures_for_different_reasons_are_failures_all_the_same():
    first, done, last = asked(
        item(errors=[8015]), item(8, earnedId="1"), item(errors=[8069]), customers={"7": (), "8": (), "9": ()}
    )

    assert done == ("1",)
    assert first is last
    assert isinstance(first, Rejected)
    assert "without saying whose" in first.detail


@pytest.mark.parametrize(
    ("codes", "kind"),
    [
        ((8015, 500), Unknown),
        ((461, 521), Unknown),
        ((503, 8015, 521), Unknown),
        ((8015, 521), Unavailable),
        ((4001, 8069), Unavailable),
        ((4001, 8896), Unknown),
    ],
)
def test_of_nameless_failures_the_one_that_leaves_most_open_goes_for_all(codes, kind):
    found = asked(*(item(errors=[code]) for code in codes), customers={str(code): () for code in codes})

    assert {type(one) for one in found} == {kind}
    assert "without saying whose" in found[0].detail


def test_fewer_answers_than_customers_leave_those_without_one_unknown():
    found = asked(item(8, earnedId="1"), item(errors=[8015]), customers={"7": (), "8": (), "9": ()})

    assert [type(one) for one in found] == [Unknown, tuple, Unknown]


def test_two_answers_for_one_customer_are_none():
    found = asked(item(7, earnedId="1"), item(7, earnedId="2"), customers={"7": (), "8": ()})

    assert [type(one) for one in found] == [Unknown, Unknown]


def test_a_customer_who_is_busy_can_be_tried_later():
    (outcome,) = asked(item(errors=[521]), customers={"7": ()})

    assert isinstance(outcome, Unavailable)


def test_an_error_of_the_call_is_nobodys_where_others_were_answered():
    """So it was not the whole call that failed, whatever the code means elsewhere."""
    found = asked(item(8, earnedId="1"), item(errors=[8874]), customers={"7": (), "8": (), "9": ()})

    assert [type(one) for one in found] == [Unknown, tuple, Unknown]


def test_an_error_beside_no_items_at_all_is_everybodys():
    found = outcomes({"errors": [{"code": 1101}], "response": []}, ISSUE, promotion="5", customers={"7": ()})

    assert short(found["7"]) == "1101"
