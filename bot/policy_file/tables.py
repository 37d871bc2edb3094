"""What may stand in the file, table by table."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from bot.domain.policy import (
    MANAGER,
    Access,
    Condition,
    Like,
    OneOf,
    Policy,
    Recent,
    Recurring,
    Rule,
    Span,
    Terms,
    is_group,
    reads,
)
from bot.domain.request import Action
from bot.policy_file.allowances import ByItself, MonthlyBudget
from bot.policy_file.bounds import Bounds, Money, Table
from bot.policy_file.names import LONGEST, SENTENCE, Approver, ChannelId, PersonId, PersonOrGroup
from bot.policy_file.patience import Slow, demand_quick

#: the setting that names the file
NAME = "POLICY_FILE"
#: how the rule is called that decides where no other one fits
DEFAULT = "default"
HOUR, DAY = 3600.0, 86_400.0
#: fewer sides than this are none
TWO = 2

Action_ = Literal["grant", "revoke"]
Hours = Annotated[float, Field(gt=0, le=8760)]
Pattern = Annotated[str, Field(min_length=1, max_length=200)]


class History(Table):
    """How often something was asked before."""

    at_least: Annotated[int, Field(ge=1, le=1000)]
    within_days: Annotated[int, Field(ge=1, le=LONGEST)]
    action: Action_ | None = None
    reason: Pattern = "*"

    def recent(self, whose: str) -> Recent:
        """Turn it into a condition."""
        action = Action(self.action) if self.action is not None else None
        return Recent(
            whose=whose, at_least=self.at_least, within_days=self.within_days, action=action, reason=self.reason
        )


class When(Table):
    """The conditions of a rule; all of them must hold."""

    action: tuple[Action_, ...] = ()
    provider: tuple[str, ...] = ()
    offer: tuple[str, ...] = ()
    title: tuple[Pattern, ...] = ()
    price: Money | None = None
    value: Money | None = None
    recurring: bool | None = None
    customers: Bounds | None = None
    days: Bounds | None = None
    requester: tuple[PersonOrGroup, ...] = ()
    channel: tuple[ChannelId, ...] = ()
    requester_history: History | None = None
    customer_history: History | None = None

    def conditions(self) -> Iterable[Condition]:
        """List them."""
        for fact in ("action", "provider", "offer", "requester", "channel"):
            if values := getattr(self, fact):
                yield OneOf(fact, frozenset(values))
        yield from self._numbers()
        if self.title:
            yield Like(self.title)
        if self.recurring is not None:
            yield Recurring(self.recurring)
        for whose, history in (("requester", self.requester_history), ("customer", self.customer_history)):
            if history is not None:
                yield history.recent(whose)

    def _numbers(self) -> Iterable[Condition]:
        for fact, amount in (("price", self.price), ("value", self.value)):
            if amount is not None:
                yield amount.span(fact, currency=amount.currency)
        for fact, bounds in (("customers", self.customers), ("days", self.days)):
            if bounds is not None:
                yield bounds.span(fact)


class Reason(Table):
    """What a reason has to contain."""

    pattern: Annotated[str, Field(min_length=1, max_length=200)]
    example: Annotated[str, Field(min_length=1, max_length=100)]

    @model_validator(mode="after")
    def _readable(self) -> Self:
        fault = reads(self.pattern)
        if fault is not None:
            raise ValueError(f"the pattern is no regular expression ({fault})")
        try:
            demand_quick(self.pattern)
        except Slow as slow:
            raise ValueError(f"the pattern {slow}") from None
        if re.search(self.pattern, self.example) is None:
            raise ValueError("the example does not fit the pattern")
        return self


class Effects(Table):
    """What follows: a refusal, or who decides and how."""

    refuse: Annotated[str, Field(max_length=SENTENCE)] = ""
    approvers: tuple[Approver, ...] = ()
    quorum: Annotated[int, Field(ge=1, le=20)] = 1
    one_from_each: Annotated[tuple[PersonOrGroup, ...], Field(max_length=10)] = ()
    expires_after_days: Annotated[float, Field(gt=0, le=365)] | None = None
    remind_after_hours: Annotated[tuple[Hours, ...], Field(max_length=20)] = ()
    escalate_after_hours: Hours | None = None
    escalate_to: tuple[Approver, ...] = ()
    reason: Reason | None = None
    max_days: Annotated[int, Field(ge=1, le=LONGEST)] | None = None
    max_customers: Annotated[int, Field(ge=1)] | None = None
    #: where the card goes
    channel: ChannelId | None = None
    automatic: ByItself | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if bool(self.refuse.strip()) == bool(self.approvers or self.one_from_each):
            raise ValueError("needs either approvers, or refuse with the sentence to show")
        useless = sorted(self.model_fields_set - {"refuse", "name", "when"}) if self.refuse else []
        if useless:
            raise ValueError(f"refuses, so {' and '.join(useless)} can have no effect: take it out")
        return self

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        sides = set(self.one_from_each)
        if self.one_from_each and len(sides) < TWO:
            raise ValueError("one_from_each needs two different people or groups at least: for one write approvers")
        people = sides | set(self.approvers)
        if self.quorum > len(people) and not any(map(is_group, people)) and not self.refuse:
            raise ValueError(f"the quorum is {self.quorum}, but {len(people)} are named: name more, or make it smaller")
        return self

    @field_validator("remind_after_hours", mode="before")
    @classmethod
    def _hours(cls, value: object) -> object:
        """Take one number for a list of one."""
        return (value,) if isinstance(value, int | float | Decimal) else value

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        hours = self.remind_after_hours
        if list(hours) != sorted(set(hours)):
            raise ValueError("remind_after_hours counts from the question on: write the smaller numbers first")
        if bool(self.escalate_to) != (self.escalate_after_hours is not None):
            raise ValueError("escalate_to and escalate_after_hours go together: add the other one")
        last = self.expires_after_days
        if (
            last is not None
            and self.escalate_after_hours is not None
            and self.escalate_after_hours * HOUR >= last * DAY
        ):
            raise ValueError("it expires before it is escalated: make escalate_after_hours smaller")
        return self

    def rule(self, name: str, when: Iterable[Condition] = ()) -> Rule:
        """Turn it into a rule."""
        return Rule(
            name=name,
            when=tuple(when),
            refuse=self.refuse.strip(),
            terms=Terms(
                approvers=tuple(dict.fromkeys(self.approvers)),
                quorum=self.quorum,
                one_from_each=tuple(dict.fromkeys(self.one_from_each)),
                expiry=None if self.expires_after_days is None else self.expires_after_days * DAY,
                reminders=tuple(one * HOUR for one in self.remind_after_hours),
                escalate_to=tuple(dict.fromkeys(self.escalate_to)),
                escalate_after=None if self.escalate_after_hours is None else self.escalate_after_hours * HOUR,
            ),
            reason=self.reason.pattern if self.reason is not None else "",
            reason_example=self.reason.example if self.reason is not None else "",
            max_days=self.max_days,
            max_customers=self.max_customers,
            channel=self.channel or "",
            automatic=self.automatic.quota() if self.automatic is not None else None,
        )


class NamedRule(Effects):
    """One rule: when, and what then."""

    name: Annotated[str, Field(min_length=1, max_length=60)]
    when: When

    @model_validator(mode="after")
    def _conditional(self) -> Self:
        if not list(self.when.conditions()):
            raise ValueError("has no condition: write it as [default], which decides whatever no rule fits")
        if self.automatic is not None:
            self.automatic.demand_possible(self.when.conditions())
        return self


class Who(Table):
    """Who may do what that changes nothing."""

    request: tuple[PersonOrGroup, ...] = ()
    look_up: tuple[PersonOrGroup, ...] = ()
    read: tuple[PersonOrGroup, ...] = ()

    @model_validator(mode="after")
    def _has_effect(self) -> Self:
        if self.look_up and not self.request:
            raise ValueError(
                "look_up has no effect while everybody may ask, for whoever asks looks up: set request too"
            )
        return self


class Danger(Table):
    """What approvers are warned of, whatever rule decides."""

    value: Money | None = None
    customers: Bounds | None = None

    def spans(self) -> Iterable[Span]:
        """List them."""
        if self.value is not None:
            yield self.value.span("value", currency=self.value.currency)
        if self.customers is not None:
            yield self.customers.span("customers")


class File(Table):
    """The whole file."""

    admins: tuple[PersonId, ...] = ()
    access: Who = Field(default_factory=Who)
    managers: dict[PersonId, PersonId] = Field(default_factory=dict)
    danger: Danger = Field(default_factory=Danger)
    rule: tuple[NamedRule, ...] = ()
    default: Effects
    budget: tuple[MonthlyBudget, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> Self:
        names = [one.name for one in self.rule]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"two rules are named “{twice[0]}”: give each a name of its own")
        if DEFAULT in names:
            raise ValueError(f"“{DEFAULT}” is the name of what decides where no rule fits: name the rule otherwise")
        budgets = [one.name for one in self.budget]
        again = sorted({name for name in budgets if budgets.count(name) > 1})
        if again:
            raise ValueError(f"two budgets are named “{again[0]}”: give each a name of its own")
        asked = any(MANAGER in (*one.approvers, *one.escalate_to) for one in (*self.rule, self.default))
        if asked and not self.managers:
            raise ValueError(f"a rule names “{MANAGER}”, so the table [managers] must say who is whose")
        own = [person for person, manager in self.managers.items() if person == manager]
        if own:
            raise ValueError(f"managers: {own[0]} cannot be their own manager")
        return self

    def policy(self, digest: str, *, admins: Iterable[str]) -> Policy:
        """Turn it into a policy."""
        return Policy(
            source=NAME,
            digest=digest,
            rules=tuple(one.rule(one.name, one.when.conditions()) for one in self.rule),
            default=self.default.rule(DEFAULT),
            admins=tuple(dict.fromkeys((*self.admins, *admins))),
            access=Access(request=self.access.request, look_up=self.access.look_up, read=self.access.read),
            managers=self.managers,
            dangers=tuple(self.danger.spans()),
            budgets=tuple(one.budget() for one in self.budget),
        )
