"""What is not known of the real Capillary, or documented in two ways, as switches.

Each starts where the documents lean to, or nearest to their examples. A bot that works in every position rests on
nothing that nobody has seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(kw_only=True)
class Conduct:
    # HTTP

    failure_status: int = 200
    """Of a bulk write in which everything failed; no page says it. 201 and 400 are conceivable."""

    partial_status: int = 200
    """Of a bulk write in which a part failed; an old table says 201."""

    not_found_status: int = 200
    """Of a look-up that finds nobody; its body says 8015."""

    expired_status: Literal[401, 498] = 401
    """Of a call whose token is over."""

    token_seconds: int = 300

    # Reads

    issued_ids: Literal["equal", "other"] = "equal"
    """Whether `issuedDetails[].issualId` is the `earnedId` that a revoke takes; nobody has proved it."""

    timelines: bool = True
    """Whether `customerPromotionTimelines` is there at all: only an example has it."""

    unheld_promotions: Literal["listed", "left out"] = "listed"
    """What a customer does not hold: with empty timelines, or not in the list."""

    revoked_entries: Literal["gone", "listed"] = "gone"
    """Whether what was revoked stays in the timelines; there is no mark for it."""

    whose_promotions: Literal["told", "not told"] = "told"
    """Whether what a customer holds comes with the customer's id: only an example has it."""

    iso_dates: bool = True
    """Newer copies of the pages add a field ending in ISO beside each date."""

    first_page: Literal[0, 1] = 1
    """The number of the first page of the list of all promotions; the example has offset=1 and pageNumber 1."""

    promotions_page: int = 100
    """How many promotions a page of that list holds at most; the example asks for five."""

    promotions_counted: Literal["number", "text", "not told"] = "number"
    """How that list says how many there are in all; its page shows no answer whole."""

    beyond_pages: Literal["empty", "refused"] = "empty"
    """What asking for a page after the last one is answered."""

    missing_promotion: Literal["empty", "error"] = "empty"
    """A promotion that is not there, by its id: no data, or an error document."""

    programs_envelope: Literal["list", "data", "programs"] = "data"
    """In what the list of programs is wrapped."""

    legacy_reads: Literal["served", "gone"] = "served"
    """Whether `api_gateway/loyalty/v1` still answers: one of its pages is being phased out."""

    primary_identifier: str | None = None
    """Where it is set, a customer is found by this kind of identifier (or by id) alone."""

    masked: bool = False
    """Names as an org shows them that hides personal data from this client."""

    # Writes

    lower_case_source: Literal["accepted", "refused"] = "accepted"
    """The table has `INSTORE`, every example `instore`."""

    batch_limit: int = 100
    """An older page says that it is a setting of the server, 10 by default."""

    response_order: Literal["sent", "reversed", "successes first"] = "sent"
    """In which order the items of a bulk answer come; failed ones name nobody."""

    unknown_customer: Literal[8015, 8896] = 8015
    """Both are in the examples of the reference page."""

    enrolment_id: Literal["issualId", "revokedIssualId"] = "issualId"
    """How a revoke names the enrolment: text as in the example, or a number as in the table."""

    replaced_enrolment: Literal["keeps issues", "drops issues"] = "keeps issues"
    """What becomes of issued promotions when the customer is enrolled once more."""

    limit_after_revoke: Literal["used up", "given back"] = "used up"

    remaining_issues: Literal["refused", "dropped", "kept"] = "refused"
    """REVOKE_ENROL while something issued is left: an error, or it goes with it, or it stays."""

    nothing_to_revoke: Literal[2305, 8903] = 2305
    """REVOKE_EARN without ids, and REVOKE_ENROL, where nothing is held. Ids that are gone always get 8903."""

    empty_earn_ids: Literal["all", "refused"] = "all"
    """What `earnIds: []` does."""
