"""Promotions as the two reads show them, each with its own names."""

from __future__ import annotations

from typing import Any

from bot.sandbox.capillary.conduct import Conduct
from bot.sandbox.capillary.nouns import Enrolment, Issue, Kind, Program, Promotion
from bot.sandbox.remote.answers import timestamp

Document = dict[str, Any]


def listed_promotion(promotion: Promotion, program: Program, *, now: float) -> Document:
    """As the lists of promotions have it."""
    enrolled, direct = promotion.kind is Kind.ENROL_AND_ISSUE, promotion.kind is Kind.DIRECT
    restrictions = {
        "redemptionRestrictions": [_restriction("MAX_REDEMPTIONS_PER_EARN_PER_CUSTOMER", promotion.redemptions)],
        "issualRestrictions": [_restriction("MAX_NUMBER_OF_ISSUALS_PER_CUSTOMER", promotion.enrolments)] * enrolled,
        "earnRestrictions": [_restriction("MAX_NUMBER_OF_EARNS_PER_CUSTOMER", promotion.issues)] * (enrolled or direct),
        "expiryRestrictions": [],
    }
    return {
        "id": promotion.id,
        "name": promotion.name,
        "description": promotion.description,
        "promotionStatus": promotion.status(now),
        "programName": program.name,
        "promotionType": "CUSTOMER",
        "programId": program.id,
        "startDate": timestamp(promotion.starts),
        "endDate": timestamp(promotion.ends),
        "identifier": promotion.identifier,
        "isActive": promotion.active,
        "eventName": "TRANSACTIONADD",
        "pointsOfferType": promotion.kind.value,
        "promotionRestrictions": {
            "restrictions": restrictions,
            "scope": None,
            "isStackable": False,
            "loyaltyEarningType": promotion.kind.earning_type,
            "isExclusive": False,
        },
    }


def held_promotion(promotion: Promotion, entries: list[Enrolment], *, conduct: Conduct) -> Document:
    """As promotionData has it for one customer; promotions that need no issue have no timelines there."""
    enrolled, issues = len(entries), [issue for one in entries for issue in one.issues]
    direct = promotion.kind is Kind.DIRECT
    most = promotion.issues if direct else promotion.enrolments
    given = [] if promotion.kind is Kind.GENERIC else [_usage("NUMBER_OF_ISSUALS", most, enrolled)]
    earned = [_usage("NUMBER_OF_EARNS", promotion.issues, len(issues))]
    redeemed = _usage("NUMBER_OF_REDEMPTIONS_PER_EARN", promotion.redemptions, sum(one.redeemed for one in issues))
    content: Document = {
        "promotionId": promotion.id,
        "promotionName": promotion.name,
        "programId": promotion.program_id,
        **_dates(conduct, startDate=promotion.starts, endDate=promotion.ends),
        "identifier": promotion.identifier,
        "description": promotion.description,
        "active": promotion.active,
        "eventName": "TransactionAdd",
        "pointsOfferType": promotion.kind.value,
        "limits": {"maxPointsPerEvent": "0", "pointsPerCustomer": "0", "numberOFTimesPerCustomer": 0},
        "customerUsage": {"currentPointsPerCustomer": "0", "currentNumberOfTimesPerCustomer": 0},
        "promotionRestriction": {
            "issualRestrictions": given,
            "earnRestrictions": earned if promotion.kind is Kind.ENROL_AND_ISSUE else [],
            "redemptionRestrictions": [redeemed | {"type": "NON_PERIOD_BASED"}],
        },
    }
    if conduct.timelines and promotion.kind is not Kind.GENERIC:
        standing = [one for one in entries if not one.replaced or one.issues]
        content["customerPromotionTimelines"] = [_timeline(one, conduct) for one in standing]
    return content


def _timeline(enrolment: Enrolment, conduct: Conduct) -> Document:
    listed = conduct.revoked_entries == "listed"
    return {
        "enrollmentId": enrolment.id,
        **_dates(conduct, enrollmentDate=enrolment.at, enrollmentExpiryDate=enrolment.expires),
        "enrollEventLogId": 12_000_000 + enrolment.id,
        "issuedDetails": [_issued(one, conduct) for one in enrolment.issues if listed or not one.revoked],
    }


def _issued(issue: Issue, conduct: Conduct) -> Document:
    return {
        "issualId": issue.id if conduct.issued_ids == "equal" else issue.id + 500_000,
        **_dates(conduct, issualDate=issue.at, issualExpiryDate=issue.expires),
        "issualEventLogId": 12_500_000 + issue.id,
        "redeemedCount": issue.redeemed,
    }


def _dates(conduct: Conduct, **dates: float) -> dict[str, str]:
    plain = {name: timestamp(value) for name, value in dates.items()}
    return plain | ({f"{name}ISO": value for name, value in plain.items()} if conduct.iso_dates else {})


def _restriction(name: str, value: int) -> Document:
    return {"name": name, "value": value, "type": "NON_PERIOD_BASED", "periodType": None, "periodUnit": None}


def _usage(kpi: str, most: int, now: int) -> Document:
    """Texts, as the examples have them."""
    return {"kpi": kpi, "maxLimit": str(most), "currentCustomerUsage": str(now), "limitOn": "CUSTOMER"}
