"""By which ids can it be revoked what a customer holds, and was it this bot that gave it?

Capillary said the ids when it enrolled and issued: they stand in the receipts that were kept. Reads show ids as well;
that these are the same ones is to be proved by whoever runs the bot.
"""

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.request import Contact
from bot.providers.capillary.meaning import Standing, Taken

#: what Capillary answered when this bot changed something for a contact, by the promotion's id
Receipts = Callable[[Contact], Awaitable[Mapping[str, Sequence[str]]]]

_ISSUED, _REVOKED = re.compile(r"issued ([\d, ]+)"), re.compile(r"revoked ([\d, ]+)")
_ENROLLED, _ENDED = re.compile(r"(?<!ended )enrolment (\d+)"), re.compile(r"ended enrolment (\d+)")
_ENDED_ALONE = re.compile(r"ended enrolment \d+")


@dataclass(frozen=True, slots=True)
class Given:
    """What this bot has given and not taken back since, by the ids that Capillary gave it."""

    issued: tuple[str, ...] = ()
    enrolled: bool = False


@dataclass(frozen=True, slots=True)
class Namer:
    """Knows what this bot was told."""

    receipts: Receipts
    #: whether ids that reads show may be named, too
    proved: bool

    async def given(self, contact: Contact, promotion: str) -> Given:
        """Say what this bot has given of one promotion."""
        return given_by((await self.receipts(contact)).get(promotion, ()))

    async def taken(self, contact: Contact, promotion: str) -> Taken:
        """Say what this bot has taken back of one promotion."""
        return taken_by((await self.receipts(contact)).get(promotion, ()))

    def names(self, standing: Standing, given: Given) -> tuple[str, ...] | None:
        """Name all that is issued; None: that cannot be told."""
        if standing.untold:
            return given.issued or None
        if self.proved:
            return standing.issued
        ours = _ours(standing, given)
        return ours if len(ours) >= len(standing.issues) else None

    def is_foreign(self, standing: Standing, given: Given) -> bool:
        """Whether something is held that this bot did not give, as far as it can tell."""
        if standing.untold:
            return not given.issued
        others = (
            set(standing.issued) - set(given.issued)
            if self.proved
            else len(_ours(standing, given)) < len(standing.issues)
        )
        return bool(others) or (standing.enrolment is not None and not given.enrolled)


def is_part(receipt: str) -> bool:
    """Whether one step was enough: it was issued to who was enrolled before, or ended for who was enrolled alone."""
    issued_alone = _ISSUED.search(receipt) and not _ENROLLED.search(receipt)
    return bool(issued_alone) or _ENDED_ALONE.fullmatch(receipt) is not None


def given_by(receipts: Iterable[str]) -> Given:
    """Read what was given, and not taken back since, out of Capillary's words, in any order."""
    told = list(receipts)
    revoked = set(_numbers(_REVOKED, told))
    issued = tuple(dict.fromkeys(one for one in _numbers(_ISSUED, told) if one not in revoked))
    return Given(issued=issued, enrolled=bool(set(_numbers(_ENROLLED, told)) - set(_numbers(_ENDED, told))))


def taken_by(receipts: Iterable[str]) -> Taken:
    """Read what was taken back."""
    told = list(receipts)
    return Taken(issues=frozenset(_numbers(_REVOKED, told)), enrolments=frozenset(_numbers(_ENDED, told)))


def _ours(standing: Standing, given: Given) -> tuple[str, ...]:
    ours = tuple(one for one in standing.issued if one in given.issued)
    if ours or len(given.issued) != len(standing.issues):
        return ours
    return given.issued  # reads may name the same things by other ids


def _numbers(kind: re.Pattern[str], receipts: Iterable[str]) -> list[str]:
    found = (numbers for one in receipts for numbers in kind.findall(one))
    return [number for numbers in found for number in re.findall(r"\d+", numbers)]
