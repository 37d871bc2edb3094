"""What the OpenAPI documents of the providers leave out, each with its reason."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Disagreement:
    """One thing that one document does not allow."""

    document: str
    method: str
    route: str
    status: int | None
    side: str  # request or answer
    rule: str  # the keyword of JSON Schema, or: operation, parameter, status, media type, other
    place: str  # like data/*/attributes
    member: str = ""
    null: bool = False
    text: str = ""

    def __str__(self) -> str:
        where = f"{self.place}/{self.member}".strip("/")
        return (
            f"{self.method} {self.route} {self.status} ({self.document}, {self.side}): "
            f"{self.rule} {where} {self.text}".rstrip()
        )


@dataclass(frozen=True, kw_only=True)
class Deviation:
    """Something that is so at Kajabi, or has to be so here, and that the documents leave out."""

    name: str
    reason: str
    covers: Callable[[Disagreement], bool]


def extra(place: str, *members: str) -> Callable[[Disagreement], bool]:
    return lambda seen: (
        seen.side == "answer"
        and seen.rule == "additionalProperties"
        and re.fullmatch(place, seen.place) is not None
        and seen.member in members
    )


TROUBLES = Deviation(
    name="troubles",
    reason="an answer that was spoilt on purpose is no claim about Kajabi; its request still is checked",
    covers=lambda seen: seen.rule == "trouble",
)

DEVIATIONS = (
    Deviation(
        name="nullable",
        reason="`nullable: true` is a keyword of OpenAPI 3.0, which 3.1 ignores; Kajabi sends null there: `source` "
        "of every error, `external_user_id`, `socials`, `customer` of a lead",
        covers=lambda seen: (
            seen.side == "answer"
            and seen.rule == "type"
            and seen.null
            and seen.place.rpartition("/")[2]
            in {"source", "external_user_id", "socials", "last_request_at", "bounced_at", "customer"}
        ),
    ),
    Deviation(
        name="empty customer",
        reason="a lead has no customer; JSON:API writes an empty to-one relationship as `data: null`",
        covers=lambda seen: seen.rule == "type" and seen.null and seen.place.endswith("relationships/customer/data"),
    ),
    Deviation(
        name="sparse fields",
        reason="`title` is required in offers and products, but `fields[...]` leaves out what it does not name",
        covers=lambda seen: (
            seen.side == "answer"
            and seen.rule == "required"
            and seen.member == "title"
            and seen.place.endswith("attributes")
        ),
    ),
    Deviation(name="meta", reason="counts of a list stand in prose only", covers=extra("", "meta")),
    Deviation(
        name="page links",
        reason="links of a list stand in prose only, the schema has self and current",
        covers=extra("links", "first", "prev", "next", "last"),
    ),
    Deviation(
        name="included",
        reason="what `include` brings stands in prose only",
        covers=extra("", "included"),
    ),
    Deviation(
        name="purchase status",
        reason="`status` is described among the attributes of a purchase, the schema lacks it",
        covers=extra(r"data(/\*)?/attributes", "status"),
    ),
    Deviation(
        name="specification",
        reason="the document misspells it `specficiation`, the wire does not",
        covers=extra("jsonapi", "specification"),
    ),
    Deviation(
        name="fields of included resources",
        reason="`fields[products]` and `fields[customers]` beside `include` stand in prose only",
        covers=lambda seen: (
            seen.rule == "parameter" and re.fullmatch(r"fields\[(products|customers|offers)\]", seen.member) is not None
        ),
    ),
    Deviation(
        name="subdomain filter",
        reason="`filter[subdomain_cont]` of the sites stands in prose only",
        covers=lambda seen: seen.rule == "parameter" and seen.member == "filter[subdomain_cont]",
    ),
    Deviation(
        name="undeclared refusals",
        reason="reading what is not there (404), writing what is refused (422), a body that is not JSON:API (415), "
        "a list that lacks its site (400): declared for some operations, answered by all",
        covers=lambda seen: seen.rule == "status" and seen.status in {400, 404, 415, 422},
    ),
    TROUBLES,
)

#: the document of Capillary is written from one page, which has one operation and says nothing about statuses
OF_CAPILLARY = (
    Deviation(
        name="other pages",
        reason="the document describes the revoke alone; the token, look-ups, lists and grants are on other pages",
        covers=lambda seen: seen.rule == "operation" and seen.document == "all",
    ),
    Deviation(
        name="undeclared statuses",
        reason="the page states no status at all: what is not let in (401, 403, 498), and failures (201, 400)",
        covers=lambda seen: seen.rule == "status" and seen.status in {201, 400, 401, 403, 498},
    ),
    TROUBLES,
)
