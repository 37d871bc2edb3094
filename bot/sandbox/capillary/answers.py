"""Capillary's documents: errors as codes with a message, alone or in the items of a bulk answer."""

from __future__ import annotations

import json
from typing import Any

from bot.sandbox.remote.answers import Answer, Incoming, document

#: codes and words as the pages have them; 8904 is none of theirs: no page says how an enrolment with something
#: issued is refused
MESSAGES = {
    1060: "Batch limit size exceeded",
    1101: "invalid programId passed",
    2010: "Invalid request parameters",
    2305: "Active issued promotion is not available for the customer",
    4000: "Not authorized. Access is denied!",
    4001: "Authorization status is unavailable, please try again later",
    8003: "Invalid source passed",
    8013: "Invalid identifier name passed",
    8015: "Customer not found for the given identifiers",
    8045: "Account id is missing for the source",
    8069: "Customer is merged into another account",
    8089: "Customer is not in the loyalty program",
    8100: "Invalid limit or offset passed",
    8874: "promotion id passed is invalid",
    8881: "Insufficient parameters passed; program ID and one of the promotion ID/identifiers are required",
    8890: "promotion not issued due to config issues or customer exhausted limits",
    8892: "promotion is inactive",
    8896: "Error occurred while issuing promotion to the customer",
    8899: "Cannot enrol/issue to the user group",
    8901: "invalid entity type passed",
    8902: "bulk action passed not supported for loyalty/generic promotion type",
    8903: "Earn IDs passed are either invalid or already revoked",
    8904: "Issued promotions must be revoked first",
    11013: "identifierName, identifierValue, source can not be empty",
}

#: what it says for a status when nothing in the request is to blame
SIGNALS = {
    401: (401, "Authentication failed"),
    403: (4000, MESSAGES[4000]),
    429: (429, "Too many requests"),
    498: (498, "Token expired"),
    500: (500, "Internal server error"),
    503: (503, "Service unavailable"),
}


class Refusal(Exception):
    """What was asked ends with this code: all of it, or one item."""

    def __init__(self, code: int, message: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.message = message or MESSAGES[code]


def said(code: int, message: str = "") -> dict[str, Any]:
    """One error or warning."""
    return {"status": False, "code": code, "message": message or MESSAGES[code]}


def failed(refusal: Refusal) -> dict[str, Any]:
    """One item of a bulk answer: it names nobody."""
    return {"errors": [said(refusal.code, refusal.message)], "warnings": []}


def errors(code: int, message: str = "", *, status: int = 200) -> Answer:
    return document({"warnings": [], "errors": [said(code, message)]}, status=status)


def signal(status: int) -> Answer:
    code, message = SIGNALS[status]
    return errors(code, message, status=status)


def json_body(call: Incoming) -> dict[str, Any]:
    """The object that a write carries; an empty one where there is none."""
    try:
        content = json.loads(call.body)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}
