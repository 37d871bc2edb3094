"""Is a regular expression quick on every text? Python tries every way in which the parts of one can share a text.

So each part that takes more or less of it multiplies the ways, unless what follows says where it ends. The ways are
counted from above: one expression in many is refused that would be quick, and none is taken that is not.
"""

import re
from dataclasses import dataclass, replace
from itertools import product
from math import prod

from bot.domain.draft import REASON_LIMIT

#: steps that are taken within half a second
MOST_STEPS = 20_000_000
#: sequences that the alternatives of one expression may stand for
MOST_SEQUENCES = 200
#: all that people usually write with, and some of everything else
_CHARACTERS = "".join(map(chr, (*range(0x3100), *range(0x3100, 0xD800, 64), *range(0xE000, 0x110000, 256))))
_ATOM = re.compile(
    r"""\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|N\{[^}]*\}|0[0-7]{0,2}|[0-7]{3}|[^0-9])
    |\[\^?\]?(?:\\.|[^\]\\])*\]|[^\\\[()|*+?^$]""",
    re.VERBOSE | re.DOTALL,
)
_NOTHING = re.compile(r"\^|\$|\\[AbBZ]|\(\?#[^)]*\)|\(\?[aiLmsu]+\)")
_QUANTIFIER = re.compile(r"([*+?]|\{(\d*)(,?)(\d*)\})([?+]?)")
_OPENING = re.compile(r"\((?:\?(?::|P<\w+>|[aiLmsu]*(?:-[ims]+)?:|(?P<looks><?[=!])))?")


class Slow(ValueError):
    """It may take very long; the words continue “the pattern”."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some characters of a kind, or a place between two (`kinds` is None)."""

    kinds: frozenset[str] | None
    least: int = 1
    #: in how many ways it can end
    ways: int = 1


Sequence_ = tuple[Part, ...]


def demand_quick(pattern: str) -> None:
    """Raise `Slow` for an expression that may take long on some reason; it must be one that `re` takes."""
    begins = pattern.startswith(("^", r"\A")) and "|" not in pattern and not re.compile(pattern).flags & re.MULTILINE
    starts = 1 if begins else REASON_LIMIT
    if sum(_steps(one, starts) for one in _Reader(pattern).read()) > MOST_STEPS:
        raise Slow(
            "could take very long, since parts that repeat fit the same text: put between them what neither fits"
        )


def _steps(sequence: Sequence_, starts: int) -> int:
    """Count the steps of an attempt from every place where one can start."""
    if sequence and sequence[-1].ways > 1:  # nothing that could fail comes after it
        sequence = (*sequence[:-1], replace(sequence[-1], ways=1))
    variable = [place for place, part in enumerate(sequence) if part.ways > 1]
    open_ended = [place for place in variable if not _ends_plainly(sequence, place)]
    if all(place > 0 and _disjoint(sequence[0], sequence[place]) for place in variable):
        starts = 1  # what one attempt goes through, no other one does
    plain = [sequence[place].ways for place in variable if open_ended and place not in open_ended]
    ways = prod(sequence[place].ways for place in open_ended) * max(plain, default=1)
    return starts * max(ways, REASON_LIMIT) // 2


def _ends_plainly(sequence: Sequence_, place: int) -> bool:
    """Whether what follows a part can begin in one place only: where this part cannot go on."""
    for one in sequence[place + 1 :]:
        if not _disjoint(sequence[place], one):
            return False
        if one.least:
            return True
    return False


def _disjoint(one: Part, other: Part) -> bool:
    return one.kinds is not None and other.kinds is not None and not one.kinds & other.kinds


class _Reader:
    """Reads an expression into the sequences of parts that its alternatives stand for."""

    def __init__(self, pattern: str) -> None:
        self.pattern, self.at = pattern, 0
        self.fitting: dict[str, frozenset[str]] = {}

    def read(self) -> list[Sequence_]:
        return self._alternatives()

    def _alternatives(self) -> list[Sequence_]:
        found = self._sequences()
        while self.pattern.startswith("|", self.at):
            self.at += 1
            found = _few([*found, *self._sequences()])
        return found

    def _sequences(self) -> list[Sequence_]:
        found: list[Sequence_] = [()]
        while self.at < len(self.pattern) and self.pattern[self.at] not in "|)":
            each = self._repeated(self._one())
            if len(found) * len(each) > MOST_SEQUENCES:
                raise Slow("has too many alternatives: write several rules, or fewer of them")
            found = [(*before, *one) for before, one in product(found, each)]
        return found

    def _one(self) -> list[Sequence_]:
        if nothing := _NOTHING.match(self.pattern, self.at):
            self.at = nothing.end()
            return [(Part(None, least=0),)]
        if opening := _OPENING.match(self.pattern, self.at):
            return self._group(opening)
        if atom := _ATOM.match(self.pattern, self.at):
            self.at = atom.end()
            if atom[0] not in self.fitting:  # in capitals or not
                found = re.findall(atom[0], _CHARACTERS, re.IGNORECASE | re.DOTALL)
                self.fitting[atom[0]] = frozenset(found)
            return [(Part(self.fitting[atom[0]]),)]
        raise Slow(f"has “{self.pattern[self.at : self.at + 4]}”, which I do not take: say it without")

    def _group(self, opening: re.Match[str]) -> list[Sequence_]:
        if self.pattern.startswith("(?", self.at) and opening.end() == self.at + 1:
            raise Slow(f"has “{self.pattern[self.at : self.at + 4]}”, which I do not take: say it without")
        self.at = opening.end()
        inside = self._alternatives()
        self.at += 1
        if opening["looks"] is None:
            return inside
        if any(part.ways > 1 for one in inside for part in one):
            raise Slow("looks ahead or back for something of any length: say it without")
        return [(Part(None, least=0),)]

    def _repeated(self, each: list[Sequence_]) -> list[Sequence_]:
        quantifier = _QUANTIFIER.match(self.pattern, self.at)
        if quantifier is None or quantifier[1] == "{}":
            return each
        self.at = quantifier.end()
        least, most = _bounds(quantifier)
        if most <= 1 and least == 0 and [len(one) for one in each] == [1]:
            return [(replace(each[0][0], least=0, ways=each[0][0].ways + 1),)]
        if most <= 1:
            return [*each, *([()] if least == 0 else [])]
        if len(each) > 1 or any(part.ways > 1 for part in each[0]):
            raise Slow(
                "could take very long, since it repeats what repeats, or has alternatives, itself: do only one of both"
            )
        kinds = frozenset[str]().union(*(part.kinds for part in each[0] if part.kinds is not None))
        return [(Part(kinds, least=least, ways=most - least + 1),)]


def _bounds(quantifier: re.Match[str]) -> tuple[int, int]:
    sign, least, comma, most, _ = quantifier.groups()
    if sign in {"*", "+"}:
        return int(sign == "+"), REASON_LIMIT
    if sign == "?":
        return 0, 1
    low = int(least or 0)
    return low, int(most) if most else REASON_LIMIT + low if comma else low


def _few(sequences: list[Sequence_]) -> list[Sequence_]:
    if len(sequences) > MOST_SEQUENCES:
        raise Slow("has too many alternatives: write several rules, or fewer of them")
    return sequences
