"""What the policy approves by itself, and the budgets of a month, as they are written in the file."""

from collections.abc import Iterable
from decimal import ROUND_FLOOR, Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from bot.domain.money import digits
from bot.domain.policy import Budget, Condition, Quota, Span, zone
from bot.domain.policy.limits import UTC_NAME
from bot.policy_file.bounds import Table
from bot.policy_file.names import LONGEST, SENTENCE, PersonOrGroup

Currency = Annotated[str, Field(pattern="^[A-Z]{3}$")]
Amount = Annotated[Decimal, Field(gt=0)]


class ByItself(Table):
    """What the policy approves by itself: so many of each requester's requests, or so much, within so many days."""

    within_days: Annotated[int, Field(ge=1, le=LONGEST)]
    requests: Annotated[int, Field(ge=1, le=10_000)] | None = None
    value: Amount | None = None
    currency: Currency | None = None
    despite: tuple[Literal["subscription", "value", "customers"], ...] = ()

    @model_validator(mode="after")
    def _limited(self) -> Self:
        if self.requests is None and self.value is None:
            raise ValueError("needs a limit: requests, or value with its currency")
        if (self.value is None) != (self.currency is None):
            raise ValueError("value and currency go together: add the other one")
        return self

    def quota(self) -> Quota:
        """Turn it into a quota."""
        currency = self.currency or ""
        value = None if self.value is None else minor(self.value, currency)
        return Quota(
            within_days=self.within_days,
            requests=self.requests,
            value=value,
            currency=currency,
            despite=self.despite,
        )

    def demand_possible(self, conditions: Iterable[Condition]) -> None:
        """Raise `ValueError` where nothing that the rule is for can ever fit."""
        quota = self.quota()
        for one in conditions:
            if isinstance(one, Span) and one.fact in {"price", "value"} and quota.value is not None:
                if one.currency != quota.currency:
                    raise ValueError(
                        f"the {one.fact} is {one.words}, but automatic is in {quota.currency}: name the same currency"
                    )
                if one.low > quota.value:
                    raise ValueError(
                        f"the {one.fact} is {one.words}, which is more than automatic allows: make its value larger"
                    )


class MonthlyBudget(Table):
    """What some people may be granted in a month, and what follows when it is spent."""

    name: Annotated[str, Field(min_length=1, max_length=60)]
    members: Annotated[tuple[PersonOrGroup, ...], Field(min_length=1)]
    each_month: Annotated[dict[Currency, Amount], Field(min_length=1)]
    time_zone: str = UTC_NAME
    approvers: tuple[PersonOrGroup, ...] = ()
    refuse: Annotated[str, Field(max_length=SENTENCE)] = ""

    @field_validator("time_zone")
    @classmethod
    def _known(cls, value: str) -> str:
        if zone(value) is None:
            raise ValueError(f"there is no time zone “{value}”: write it like Europe/Zurich, or {UTC_NAME}")
        return value

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if bool(self.refuse.strip()) == bool(self.approvers):
            raise ValueError(
                "when it is spent: name approvers who approve as well, or refuse with the sentence to show"
            )
        return self

    def budget(self) -> Budget:
        """Turn it into a budget."""
        return Budget(
            name=self.name,
            members=tuple(dict.fromkeys(self.members)),
            amounts={currency: minor(amount, currency) for currency, amount in self.each_month.items()},
            time_zone=self.time_zone,
            approvers=tuple(dict.fromkeys(self.approvers)),
            refuse=self.refuse.strip(),
        )


def minor(amount: Decimal, currency: str) -> int:
    """Return an amount in the currency's minor unit; what is less than one is none."""
    return int((amount * 10 ** digits(currency)).to_integral_value(ROUND_FLOOR))
