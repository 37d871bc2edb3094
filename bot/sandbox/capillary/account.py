"""The org from Python: what tests and the page put into it, and ask it afterwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any
from uuid import UUID

from bot.sandbox.capillary.books import Books, Footprint
from bot.sandbox.capillary.conduct import Conduct
from bot.sandbox.capillary.nouns import Customer, Issue, Kind, Program, Promotion

DAY = 86_400.0
#: how long a promotion runs, where nothing is said: since some time ago, and for a while
RUNS = {"starts": -30 * DAY, "ends": 335 * DAY}


class Account:
    """Changes made here are Capillary's own: no effect counted, no call recorded."""

    def __init__(self, *, clock: Callable[[], float], conduct: Conduct) -> None:
        self.books = Books(clock, conduct)
        self.conduct = conduct
        self.clock = clock
        #: accounts of sources that have several: they must be named
        self.accounts: dict[str, set[str]] = {}
        #: the codes that a client may attribute its calls to
        self.entities: set[str] = set()

    # What there is

    def add_program(
        self, name: str = "Default Program", *, description: str = "", number: int | None = None
    ) -> Program:
        program = Program(id=number or self.books.next_id("programs"), name=name, description=description)
        self.books.programs[program.id] = program
        return program

    def add_promotion(
        self,
        name: str,
        kind: Kind = Kind.ENROL_AND_ISSUE,
        *,
        program: Program | None = None,
        description: str = "",
        identifier: str = "",
        number: int | None = None,
        **told: Any,
    ) -> Promotion:
        """`told`: active, enrolments, issues, redemptions, lasts; starts and ends in seconds from now."""
        promotion_id = number or self.books.next_id("promotions")
        starts, ends = (self.clock() + told.pop(which, usual) for which, usual in RUNS.items())
        promotion = Promotion(
            id=promotion_id,
            program_id=(program or self._first_program()).id,
            name=name,
            identifier=identifier or str(UUID(int=promotion_id << 64 | 0xB64277)),
            description=description,
            kind=kind,
            starts=starts,
            ends=ends,
            **told,
        )
        self.books.promotions[promotion.id] = promotion
        return promotion

    def add_customer(
        self,
        first_name: str,
        last_name: str = "",
        *,
        mobile: str = "",
        email: str = "",
        external_id: str = "",
        number: int | None = None,
        **told: Any,
    ) -> Customer:
        """`told`: sources, account_id, loyal, merged_into."""
        named = {"mobile": mobile, "email": email, "externalId": external_id}
        identifiers = {name: value for name, value in named.items() if value}
        customer = Customer(
            id=number or self.books.next_id("customers"),
            first_name=first_name,
            last_name=last_name,
            identifiers=identifiers,
            **told,
        )
        self.books.customers[customer.id] = customer
        self.books.known_as |= {(name, value.casefold()): customer.id for name, value in identifiers.items()}
        return customer

    # What happens in Capillary itself

    def enrol(self, who: Customer | str, which: Promotion | str) -> None:
        if self.books.enrol(self.customer(who), self.promotion(which)) is None:
            raise LookupError("no enrolment left for this customer")

    def issue(self, who: Customer | str, which: Promotion | str) -> Issue:
        """Enrol first, where that is needed."""
        customer, promotion = self.customer(who), self.promotion(which)
        if promotion.kind is Kind.ENROL_AND_ISSUE and self.books.enrolment(customer, promotion) is None:
            self.enrol(customer, promotion)
        made = self.books.issue(customer, promotion)
        if made is None:
            raise LookupError("no issue left for this customer")
        return made[1]

    def take_back(self, who: Customer | str, which: Promotion | str) -> None:
        """All that was issued, and the enrolment."""
        customer, promotion = self.customer(who), self.promotion(which)
        issued = self.books.issued(customer, promotion)
        self.books.revoke_issues(customer, promotion, [issue.id for issue in issued])
        enrolment = self.books.enrolment(customer, promotion)
        if enrolment is not None:
            enrolment.revoked = True

    # What is so

    def customer(self, who: Customer | str) -> Customer:
        """By the customer itself, an id or an identifier of any kind."""
        if isinstance(who, Customer):
            return who
        named = [self.books.known_as.get((name, who.casefold())) for name in ("mobile", "email", "externalId")]
        known = next((one for one in named if one is not None), int(who) if who.isdecimal() else 0)
        if known not in self.books.customers:
            raise LookupError(f"no customer {who}")
        return self.books.customers[known]

    def promotion(self, which: Promotion | str) -> Promotion:
        if isinstance(which, Promotion):
            return which
        known = int(which) if which.isdecimal() else 0
        if known not in self.books.promotions:
            raise LookupError(f"no promotion {which}")
        return self.books.promotions[known]

    def holds(self, who: Customer | str) -> set[str]:
        """The ids of the promotions that this customer is enrolled in or was issued."""
        customer = self.customer(who)
        held = {one.promotion_id for one in self.books.enrolments.get(customer.id, [])}
        return {str(one) for one in held if self.books.holds(customer, self.books.promotions[one])}

    @property
    def writes(self) -> Counter[Footprint]:
        """How often each (bulk action, customer id, promotion id) was asked for over HTTP and reached the books."""
        return self.books.writes

    @property
    def effects(self) -> Counter[Footprint]:
        """How often each (bulk action, customer id, promotion id) asked for over HTTP changed something."""
        return self.books.effects

    def _first_program(self) -> Program:
        return next(iter(self.books.programs.values()), None) or self.add_program()
