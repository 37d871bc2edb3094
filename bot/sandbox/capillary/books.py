"""The org as it is, and as its readers may see it while a write has not reached them yet."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.sandbox.capillary.conduct import Conduct
from bot.sandbox.capillary.nouns import Customer, Enrolment, Issue, Kind, Program, Promotion
from bot.sandbox.remote.answers import Lag

FIRST_IDS = {
    "programs": 2714,
    "promotions": 202_001,
    "customers": 423_927_001,
    "enrolments": 36_001,
    "issues": 35_001,
}

Footprint = tuple[str, int, int]
"""(bulk action, customer id, promotion id)"""


@dataclass(kw_only=True)
class Veil:
    """What readers still see of one customer."""

    customer_id: int
    enrolments: list[Enrolment]
    until: float | None
    reads: int | None
    read: Counter[str] = field(default_factory=Counter)

    def hides(self, address: str, *, now: float) -> bool:
        if self.until is not None:
            return now < self.until
        return self.reads is not None and self.read[address] < self.reads


class Books:
    """All state. A copy of it can be written to without a trace in the original."""

    def __init__(self, clock: Callable[[], float], conduct: Conduct) -> None:
        self.clock = clock
        self.conduct = conduct
        self.programs: dict[int, Program] = {}
        self.promotions: dict[int, Promotion] = {}
        self.customers: dict[int, Customer] = {}
        self.known_as: dict[tuple[str, str], int] = {}  # identifiers: a list of 100,000 is not searched
        self.enrolments: dict[int, list[Enrolment]] = {}  # by customer
        self.writes: Counter[Footprint] = Counter()
        self.effects: Counter[Footprint] = Counter()
        self.veils: list[Veil] = []
        self.last_ids = Counter({kind: first - 1 for kind, first in FIRST_IDS.items()})

    def next_id(self, kind: str) -> int:
        self.last_ids[kind] += 1
        return self.last_ids[kind]

    # What is so

    def of(self, customer: Customer, promotion: Promotion) -> list[Enrolment]:
        """All that ever was."""
        every = self.enrolments.get(customer.id, [])
        return [one for one in every if one.promotion_id == promotion.id]

    def enrolment(self, customer: Customer, promotion: Promotion) -> Enrolment | None:
        now = self.clock()
        standing = (one for one in self.of(customer, promotion) if not (one.revoked or one.replaced))
        return next((one for one in standing if now <= one.expires), None)

    def issued(self, customer: Customer, promotion: Promotion) -> list[Issue]:
        every = [issue for one in self.of(customer, promotion) for issue in one.issues]
        return [issue for issue in every if not issue.revoked and self.clock() <= issue.expires]

    def holds(self, customer: Customer, promotion: Promotion) -> bool:
        if promotion.kind is Kind.ENROL_AND_ISSUE and self.enrolment(customer, promotion):
            return True
        return bool(self.issued(customer, promotion))

    # Changes; each says whether there was anything to change

    def enrol(self, customer: Customer, promotion: Promotion) -> Enrolment | None:
        """Replace the enrolment that stands, if any; None at the limit."""
        before = self.of(customer, promotion)
        if promotion.kind is Kind.ENROL_AND_ISSUE and self._used(before) >= promotion.enrolments:
            return None
        now = self.clock()
        new = Enrolment(
            id=self.next_id("enrolments"),
            customer_id=customer.id,
            promotion_id=promotion.id,
            at=now,
            expires=promotion.expiry(now),
        )
        if promotion.kind is Kind.ENROL_AND_ISSUE:
            self._replace(self.enrolment(customer, promotion), new)
        self.enrolments.setdefault(customer.id, []).append(new)
        return new

    def issue(self, customer: Customer, promotion: Promotion) -> tuple[Enrolment, Issue] | None:
        """None at the limit, and where an enrolment is needed and missing."""
        used = self._used([issue for one in self.of(customer, promotion) for issue in one.issues])
        if used >= promotion.issues:
            return None
        direct = promotion.kind is Kind.DIRECT
        enrolment = self.enrol(customer, promotion) if direct else self.enrolment(customer, promotion)
        if enrolment is None:
            return None
        now = self.clock()
        issue = Issue(id=self.next_id("issues"), at=now, expires=promotion.expiry(now))
        enrolment.issues.append(issue)
        return enrolment, issue

    def revoke_issues(self, customer: Customer, promotion: Promotion, ids: list[int]) -> None:
        for enrolment in self.of(customer, promotion):
            for issue in enrolment.issues:
                issue.revoked = issue.revoked or issue.id in ids
            if promotion.kind is Kind.DIRECT and all(issue.revoked for issue in enrolment.issues):
                enrolment.revoked = True

    def _used(self, before: list[Enrolment] | list[Issue]) -> int:
        given_back = self.conduct.limit_after_revoke == "given back"
        return sum(not (one.revoked and given_back) for one in before)

    def _replace(self, old: Enrolment | None, new: Enrolment) -> None:
        if old is None:
            return
        old.replaced = True
        if self.conduct.replaced_enrolment == "keeps issues":
            new.issues, old.issues = old.issues, []

    def hide(self, customer: Customer, lag: Lag) -> None:
        """Let readers see what they see now, for as long as the lag says."""
        self.veils.append(
            Veil(
                customer_id=customer.id,
                enrolments=copy.deepcopy(self.enrolments.get(customer.id, [])),
                until=None if lag.seconds is None else self.clock() + lag.seconds,
                reads=lag.reads,
            )
        )

    def seen(self, customer: Customer, address: str) -> list[Enrolment]:
        """What a read of this address sees; it is counted as missed."""
        now = self.clock()
        for veil in self.veils:
            if veil.customer_id == customer.id and veil.hides(address, now=now):
                veil.read[address] += 1
                return veil.enrolments
        return self.enrolments.get(customer.id, [])
