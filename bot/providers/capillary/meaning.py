"""From Capillary's documents to our nouns. Its reads and its writes call the same things by different names:

an enrolment is `enrollmentId` where it is read and `issualId` where it is written; what was issued to a customer is
`issuedDetails[].issualId` where it is read and `earnedId` where it is written.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, unique
from typing import Any

from bot.domain.request import Holding, Offer
from bot.providers.capillary import words
from bot.providers.capillary.faults import CAPILLARY
from bot.providers.cleaning import clean, identifier, moment

DESCRIPTION, NAME = 2000, 200
#: numbers above it are milliseconds
_MILLISECONDS = 1e11
#: no time is as late as that, in milliseconds; what is no number is not less, either
_LATEST = 1e15
Json = Mapping[str, Any]


@unique
class Kind(Enum):
    """What may be done with a promotion, in our words."""

    EVERYBODYS = words.WITHOUT_ISSUE
    DIRECT = words.DIRECT
    ENROL = words.ENROL


#: reads, filters, writes and older pages each spell the types in their own way
KINDS: Mapping[str, Kind] = {
    "GENERIC": Kind.EVERYBODYS,
    "LOYALTY": Kind.DIRECT,
    "DIRECT": Kind.DIRECT,
    "DIRECT_EARN": Kind.DIRECT,
    "DIRECT_ISSUE": Kind.DIRECT,
    "LOYALTY_EARNING": Kind.ENROL,
    "ISSUE_AND_EARN": Kind.ENROL,
    "ENROL_AND_ISSUE": Kind.ENROL,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """A promotion issued to a customer."""

    id: str
    since: float | None = None
    expires: float | None = None
    redeemed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a customer stands to one promotion, leaving out what has expired."""

    enrolment: str | None = None
    enrolled: float | None = None
    enrolled_until: float | None = None
    issues: tuple[Issue, ...] = ()
    #: Capillary did not say: it may be so or not
    untold: bool = False
    #: it may be so or not, as all that is listed was taken back by this bot
    stale: bool = False
    #: when the last of what was there expired, where nothing is there any more
    expired: float | None = None

    @property
    def issued(self) -> tuple[str, ...]:
        """Name what is issued, by the ids of the reads."""
        return tuple(one.id for one in self.issues)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """Ids of what was taken back. Capillary may go on listing that, and has no mark for it."""

    issues: frozenset[str] = frozenset()
    enrolments: frozenset[str] = frozenset()


NOTHING = Standing()
UNTOLD = Standing(untold=True)
NOT_TAKEN = Taken()


def kind_of(promotion: Json) -> Kind | None:
    """Tell the type of a promotion; None where it is not told, unknown, or told in two ways."""
    told = {KINDS.get(str(promotion[name]).upper()) for name in _TYPES if promotion.get(name)}
    return told.pop() if len(told) == 1 else None


_TYPES = ("pointsOfferType", "loyaltyEarningType")


def promotion_id(promotion: Json, *names: str) -> str | None:
    """Return the number of a promotion, or of its program, as text."""
    found = next((promotion[name] for name in names if promotion.get(name) is not None), None)
    text = identifier(found)
    return text if text is not None and text.isdigit() else None


def offer_from(promotion: Json) -> Offer | None:
    """Read a promotion; None where it has no usable id."""
    offer_id = promotion_id(promotion, "id", "promotionId")
    if offer_id is None:
        return None
    kind = kind_of(promotion)
    told = (kind.value if kind else words.NO_TYPE, clean(promotion.get("identifier"), limit=NAME))
    status = promotion.get("promotionStatus")
    return Offer(
        provider=CAPILLARY,
        id=offer_id,
        title=clean(promotion.get("name") or promotion.get("promotionName")) or words.untitled(offer_id),
        internal_title=" · ".join(filter(None, told)),
        description=clean(promotion.get("description"), limit=DESCRIPTION),
        listed=status in {None, "LIVE"} and promotion.get("isActive") is not False,
    )


def name_in(profiles: Any) -> str:
    """Find a customer's name in the profiles of its sources."""
    for profile in profiles if isinstance(profiles, list) else ():
        if isinstance(profile, dict):
            parts = [clean(profile.get(one), limit=NAME) for one in ("firstName", "lastName")]
            if any(parts):
                return clean(" ".join(filter(None, parts)), limit=NAME)
    return ""


def standing_in(item: Json, now: float, taken: Taken = NOT_TAKEN) -> Standing:
    """Read how the customer stands to a promotion of `promotionData`. What cannot be read is not known."""
    timelines = item.get("customerPromotionTimelines")
    if not isinstance(timelines, list):
        return UNTOLD
    enrolment: Json | None = None
    issues: list[Issue] = []
    ends: list[float] = []
    stale = False
    for one in timelines:
        found = _issues(one)
        if found is None:
            return UNTOLD
        there = [issue for issue in found if issue.id not in taken.issues]
        ended = identifier(one.get("enrollmentId")) in taken.enrolments
        stale = stale or ended or len(there) < len(found)
        until = _time(one, "enrollmentExpiryDate")
        if one.get("enrollmentId") is not None and not ended:
            if until is None or until > now:
                enrolment = one
            else:
                ends.append(until)
        issues += [issue for issue in there if issue.expires is None or issue.expires > now]
        ends += [issue.expires for issue in there if issue.expires is not None and issue.expires <= now]
    if kind_of(item) is Kind.DIRECT:
        enrolment = None  # what stands there is no enrolment that anybody asked for
    if stale and enrolment is None and not issues:
        return Standing(untold=True, stale=True)
    return Standing(
        enrolment=identifier(enrolment.get("enrollmentId")) if enrolment is not None else None,
        enrolled=_time(enrolment, "enrollmentDate") if enrolment is not None else None,
        enrolled_until=_time(enrolment, "enrollmentExpiryDate") if enrolment is not None else None,
        issues=tuple(issues),
        expired=max(ends, default=None) if enrolment is None and not issues else None,
    )


def holding_from(item: Json, offer_id: str, standing: Standing) -> Holding | None:
    """Turn what a customer stands in into a holding; None where there is nothing."""
    held = bool(standing.enrolment or standing.issues)
    if not held and standing.expired is None:
        return None
    begun = [standing.enrolled, *(one.since for one in standing.issues)]
    return Holding(
        offer_id=offer_id,
        title=clean(item.get("promotionName") or item.get("name")),
        granted=held,
        partly=held and not standing.issues,
        since=min((one for one in begun if one is not None), default=None),
        ended=standing.expired,
        ended_reason=words.ENDED if standing.expired is not None else "",
        details=_details(standing),
    )


def of_program(items: Iterable[Any], program_id: int) -> list[Json]:
    """Keep the promotions of one program: where an item does not say of which, the filter has seen to it."""
    return [
        one for one in items if isinstance(one, dict) and promotion_id(one, "programId") in {None, "0", str(program_id)}
    ]


def _issues(timeline: Any) -> list[Issue] | None:
    """Read what was issued in one timeline, where an enrolment may stand alone; None: that cannot be read."""
    if not isinstance(timeline, dict):
        return None
    enrolment, told = timeline.get("enrollmentId"), timeline.get("issuedDetails")
    if enrolment is not None and identifier(enrolment) is None:
        return None
    if told is None:
        return None if enrolment is None else []
    found = [_issue(one) for one in told] if isinstance(told, list) else [None]
    read = [one for one in found if one is not None]
    return read if len(read) == len(found) else None


def _issue(told: Any) -> Issue | None:
    issue_id = identifier(told.get("issualId")) if isinstance(told, dict) else None
    if issue_id is None:
        return None
    count = str(told.get("redeemedCount") or 0)
    return Issue(
        id=issue_id,
        since=_time(told, "issualDate"),
        expires=_time(told, "issualExpiryDate"),
        redeemed=int(count) if count.isascii() and count.isdigit() and len(count) <= _DIGITS else 0,
    )


_DIGITS = 9


def _time(told: Json, name: str) -> float | None:
    """Read a time: newer answers carry it a second time, as ISO 8601."""
    for value in (told.get(f"{name}ISO"), told.get(name)):
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _LATEST:
            return value / 1000 if value > _MILLISECONDS else float(value)
        if (read := moment(value)) is not None:
            return read
    return None


def _details(standing: Standing) -> tuple[str, ...]:
    enrolled = (words.enrolled(standing.enrolled_until),) if standing.enrolment else ()
    return (*enrolled, *(words.issued(one.id, one.redeemed, one.expires) for one in standing.issues))
