"""Bounds of numbers and of money, as they are written in the file, and what all its tables have in common."""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from bot.domain.money import digits
from bot.domain.policy import Span


class Table(BaseModel):
    """A table of the file. A key that it does not have is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @field_validator("*", mode="before")
    @classmethod
    def _listed(cls, value: object, info: Any) -> object:
        """Take one of something for a list of one."""
        wants_list = str(cls.model_fields[info.field_name].annotation).startswith("tuple")
        return (value,) if wants_list and isinstance(value, str) else value


class Bounds(Table):
    """At most two bounds of a number."""

    over: Decimal | None = None
    at_least: Decimal | None = None
    below: Decimal | None = None
    at_most: Decimal | None = None

    @property
    def words(self) -> str:
        """Say them as they were written."""
        given = {name: getattr(self, name) for name in Bounds.model_fields if getattr(self, name) is not None}
        return " and ".join(f"{name.replace('_', ' ')} {value:,}" for name, value in given.items())

    def span(self, fact: str, *, currency: str = "") -> Span:
        """Turn them into whole numbers, of minor units where it is money."""
        scale = Decimal(10 ** digits(currency)) if currency else Decimal(1)
        least = [value for value in (_above(self.over, scale), _up(self.at_least, scale)) if value is not None]
        most = [value for value in (_under(self.below, scale), _down(self.at_most, scale)) if value is not None]
        return Span(
            fact=fact,
            least=max(least, default=None),
            most=min(most, default=None),
            currency=currency,
            words=f"{self.words} {currency}".strip(),
        )

    @model_validator(mode="after")
    def _some(self) -> Self:
        if not self.words:
            raise ValueError("needs a bound: over, at_least, below or at_most")
        span = self.span("price")
        if span.low > span.high:
            raise ValueError(f"no number is {self.words}")
        return self


class Money(Bounds):
    """Bounds of an amount of money, in the currency's usual unit."""

    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")]


def _up(value: Decimal | None, scale: Decimal) -> int | None:
    return None if value is None else int((value * scale).to_integral_value(ROUND_CEILING))


def _down(value: Decimal | None, scale: Decimal) -> int | None:
    return None if value is None else int((value * scale).to_integral_value(ROUND_FLOOR))


def _above(value: Decimal | None, scale: Decimal) -> int | None:
    floor = _down(value, scale)
    return None if floor is None else floor + 1


def _under(value: Decimal | None, scale: Decimal) -> int | None:
    ceiling = _up(value, scale)
    return None if ceiling is None else ceiling - 1
