"""What an org of Capillary is made of, as the local Capillary keeps it.

To *enrol* is "issue" to the backend, and to *issue* is "earn": an enrolment's id is `issualId` in writes and
`enrollmentId` in reads; an issue's is `earnedId` in writes and `issualId` in reads.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """A promotion's type, as reads name it in `pointsOfferType`."""

    GENERIC = "GENERIC"  #: available without issue
    DIRECT = "LOYALTY"  #: direct issue
    ENROL_AND_ISSUE = "LOYALTY_EARNING"

    @property
    def filter_name(self) -> str:
        """As the filter of promotionData names it."""
        return {"LOYALTY": "DIRECT_ISSUE", "LOYALTY_EARNING": "ENROL_AND_ISSUE"}.get(self.value, "GENERIC")

    @property
    def earning_type(self) -> str | None:
        """As `loyaltyEarningType` names it."""
        return {"LOYALTY": "DIRECT_EARN", "LOYALTY_EARNING": "ISSUE_AND_EARN"}.get(self.value)


@dataclass(kw_only=True)
class Program:
    id: int
    name: str
    description: str


@dataclass(kw_only=True)
class Promotion:
    id: int
    program_id: int
    name: str
    identifier: str
    description: str
    kind: Kind
    starts: float
    ends: float
    active: bool = True
    #: how often a customer may be enrolled, be issued it, and redeem each issue
    enrolments: int = 1
    issues: int = 1
    redemptions: int = 1
    #: seconds after which an enrolment or an issue ends; None: with the promotion
    lasts: float | None = None

    def status(self, now: float) -> str:
        if not self.active:
            return "INACTIVE"
        if now < self.starts:
            return "UPCOMING"
        return "LIVE" if now <= self.ends else "COMPLETED"

    def expiry(self, now: float) -> float:
        return self.ends if self.lasts is None else min(self.ends, now + self.lasts)


@dataclass(kw_only=True)
class Customer:
    id: int
    first_name: str
    last_name: str
    #: by the name of the identifier: mobile, email, externalId, cardnumber
    identifiers: dict[str, str]
    sources: tuple[str, ...] = ("INSTORE",)
    account_id: str | None = None
    loyal: bool = True
    #: another customer that this one was merged into
    merged_into: int | None = None

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(kw_only=True)
class Issue:
    id: int
    at: float
    expires: float
    redeemed: int = 0
    revoked: bool = False


@dataclass(kw_only=True)
class Enrolment:
    """A direct issue has one, too: it stands for nothing."""

    id: int
    customer_id: int
    promotion_id: int
    at: float
    expires: float
    issues: list[Issue] = field(default_factory=list)
    revoked: bool = False
    #: another enrolment took its place
    replaced: bool = False
