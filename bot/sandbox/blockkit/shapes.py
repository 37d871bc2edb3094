"""Which shape must a piece of JSON have? The few shapes out of which the tables are put together."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from bot.sandbox.blockkit.faults import Fault, Faults, invalid, unsupported

Rule = Callable[[dict[str, Any], str], Faults]


class Shape(Protocol):
    def check(self, value: object, at: str, /) -> Faults: ...


@dataclass(frozen=True, slots=True)
class Must:
    """A field that may not be left out."""

    shape: Shape


def must(shape: Shape) -> Must:
    return Must(shape)


@dataclass(frozen=True, slots=True)
class Text:
    """A string of so many characters that matches the pattern, if there is one."""

    longest: int | None = None
    shortest: int = 1
    pattern: str | None = None

    def check(self, value: object, at: str, /) -> Faults:
        if not isinstance(value, str):
            yield invalid("must provide a string", at)
        elif len(value) < self.shortest:
            yield invalid(f"must be more than {self.shortest - 1} characters", at)
        elif self.longest is not None and len(value) > self.longest:
            yield invalid(f"must be less than {self.longest + 1} characters", at)
        elif self.pattern and not re.fullmatch(self.pattern, value):
            yield invalid(f"must match regex: {self.pattern}", at)


@dataclass(frozen=True, slots=True)
class Number:
    low: int | None = None
    high: int | None = None
    whole: bool = True

    def check(self, value: object, at: str, /) -> Faults:
        if isinstance(value, bool) or not isinstance(value, int if self.whole else int | float):
            yield invalid(f"must provide {'an integer' if self.whole else 'a number'}", at)
        elif self.low is not None and value < self.low:
            yield invalid(f"must be greater than {self.low - 1}", at)
        elif self.high is not None and value > self.high:
            yield invalid(f"must be less than {self.high + 1}", at)


@dataclass(frozen=True, slots=True)
class Flag:
    def check(self, value: object, at: str, /) -> Faults:
        if not isinstance(value, bool):
            yield invalid("must provide a boolean", at)


class Choice:
    def __init__(self, *allowed: str) -> None:
        self._allowed = allowed

    def check(self, value: object, at: str, /) -> Faults:
        if value not in self._allowed:
            yield invalid(f"must be a valid enum value: {', '.join(self._allowed)}", at)


@dataclass(frozen=True, slots=True)
class Maybe:
    """The shape, or null."""

    shape: Shape

    def check(self, value: object, at: str, /) -> Faults:
        if value is not None:
            yield from self.shape.check(value, at)


@dataclass(frozen=True, slots=True)
class Array:
    item: Shape
    fewest: int = 0
    most: int | None = None

    def check(self, value: object, at: str, /) -> Faults:
        if not isinstance(value, list):
            yield invalid("must provide an array", at)
            return
        if len(value) < self.fewest:
            yield invalid(f"no less than {self.fewest} items allowed", at)
        if self.most is not None and len(value) > self.most:
            yield invalid(f"no more than {self.most} items allowed", at)
            return
        for index, item in enumerate(value):
            yield from self.item.check(item, f"{at}/{index}")


class Fields:
    """An object with these fields and no others; rules between fields count once each field is right."""

    def __init__(self, known: Mapping[str, Shape | Must], *rules: Rule) -> None:
        self._known = known
        self._rules = rules

    def check(self, value: object, at: str, /) -> Faults:
        if not isinstance(value, dict):
            yield invalid("must provide an object", at)
            return
        found = list(self._in_fields(value, at))
        yield from found
        if not found:
            for rule in self._rules:
                yield from rule(value, at)

    def _in_fields(self, value: dict[str, Any], at: str) -> Faults:
        for name in value:
            if name not in self._known:
                yield invalid(f"invalid additional property: {name}", at)
        for name, shape in self._known.items():
            wanted = shape.shape if isinstance(shape, Must) else shape
            if name in value:
                yield from wanted.check(value[name], f"{at}/{name}")
            elif isinstance(shape, Must):
                yield invalid(f"missing required field: {name}", at)


@dataclass(frozen=True, slots=True)
class OneOf:
    """An object whose `type` says which shape the rest of it has."""

    kinds: Mapping[str, Shape]

    def check(self, value: object, at: str, /) -> Faults:
        if not isinstance(value, dict):
            yield invalid("must provide an object", at)
        elif "type" not in value:
            yield invalid("missing required field: type", at)
        elif not isinstance(kind := value["type"], str) or kind not in self.kinds:
            yield unsupported(kind, at)
        else:
            rest = {name: part for name, part in value.items() if name != "type"}
            yield from self.kinds[kind].check(rest, at)


@dataclass(frozen=True, slots=True)
class AnyObject:
    """An object of the sender's own making."""

    def check(self, value: object, at: str, /) -> Faults:
        if not isinstance(value, dict):
            yield invalid("must provide an object", at)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Known here, and checked elsewhere."""

    def check(self, _value: object, _at: str, /) -> Faults:
        yield from ()


def some_of(*names: str) -> Rule:
    def rule(value: dict[str, Any], at: str) -> Faults:
        if not any(name in value for name in names):
            yield invalid(f"must define either {' or '.join(f'`{name}`' for name in names)}", at)

    return rule


def only_one_of(*names: str) -> Rule:
    def rule(value: dict[str, Any], at: str) -> Faults:
        if sum(name in value for name in names) > 1:
            yield invalid(f"must define only one of {', '.join(f'`{name}`' for name in names)}", at)

    return rule


def all_or_none(*names: str) -> Rule:
    def rule(value: dict[str, Any], at: str) -> Faults:
        for name in names:
            if name not in value and any(other in value for other in names):
                yield invalid(f"missing required field: {name}", at)

    return rule


def in_order(low: str, high: str) -> Rule:
    """The lower bound may not pass the upper one; both may be numbers or numbers written as strings."""

    def rule(value: dict[str, Any], at: str) -> Faults:
        if low in value and high in value and float(value[low]) > float(value[high]):
            yield invalid(f"`{low}` must not be greater than `{high}`", at)

    return rule


def never_both(first: str, second: str) -> Rule:
    """Two switches that exclude each other."""

    def rule(value: dict[str, Any], at: str) -> Faults:
        if value.get(first) and value.get(second):
            yield invalid(f"`{second}` is not allowed together with `{first}`", f"{at}/{second}")

    return rule


def recoded(faults: Faults, code: str) -> Faults:
    return (Fault(code, fault.message, fault.pointer) for fault in faults)
