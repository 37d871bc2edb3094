"""Before there is a request: what a form is filled with, what its preview foresees, and what may be submitted."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.errors import (
    AddressMalformed,
    AddressMissing,
    ChannelMissing,
    DayPassed,
    IdsMalformed,
    NameMissing,
    OfferdeskError,
    OfferForeign,
    OfferMissing,
    ReasonMissing,
    ReasonTooLong,
    TermTooLong,
    TermTwice,
)
from bot.domain.request import Action, Case, Contact, Holding, Offer, Reading, Request, Submission
from bot.domain.term import Term

#: what fits a card and can still be read on a phone, in characters
REASON_LIMIT = 1500
#: the longest address that mail systems must carry (RFC 5321, 4.5.3.1.3)
ADDRESS_LIMIT = 254
#: the longest time limit, in days: whoever means longer means for good
DAYS_LIMIT = 3650
#: ids of what is to be revoked: how many, and digits of each
IDS_LIMIT, ID_DIGITS = 50, 19


class AddressKind(StrEnum):
    """How a customer can be named; which kinds it takes is the provider's to say."""

    EMAIL = "email"
    MOBILE = "mobile"
    ID = "id"
    EXTERNAL = "external"


_KINDS: Mapping[AddressKind, re.Pattern[str]] = {
    AddressKind.EMAIL: re.compile(r"[^\s@<>()\[\],;:\"\\]+@[^\s@<>()\[\],;:\"\\]+\.[^\s@<>()\[\],;:\"\\.]{2,}"),
    AddressKind.MOBILE: re.compile(r"\+[0-9]{7,15}"),
    AddressKind.ID: re.compile(r"id:[0-9]{1,19}", re.IGNORECASE),
    AddressKind.EXTERNAL: re.compile(r"ext:[^\s@<>()\[\],;:\"\\]{1,100}", re.IGNORECASE),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is known of a request before its form is sent."""

    action: Action
    provider: str
    address: str = ""
    #: asks for the contact to be created under this name
    creates_contact: bool = False
    name: str = ""
    offer: Offer | None = None
    #: ids of what is to be revoked, as they were typed
    ids: str = ""
    #: how long it is to last, as it was typed: where the day ends is not known yet
    term: Term | None = None
    reason: str = ""
    welcome_email: bool = False
    #: where the card will go; empty: the form asks
    channel: str = ""
    #: the channel was no place to show it in, so the form asks again
    asks_channel: bool = False
    parent: str | None = None
    #: the request that it changes, and the version of it that the form was filled with
    edits: str = ""
    shown: int = 0
    #: words the form cannot use, told at its top: a time limit, offers that fit equally well
    remarks: tuple[OfferdeskError, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """What the form's preview shows: the world now, and what the request would do to it."""

    reading: Reading | None = None
    effects: tuple[str, ...] = ()
    rivals: tuple[str, ...] = ()
    #: the end planned for the same customer and offer, which a grant would move
    moves: Request | None = None
    #: why it would be given back, or why nothing can be foreseen
    problem: OfferdeskError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What a customer holds and had, and what this bot did about it."""

    contact: Contact
    holdings: tuple[Holding, ...]
    given: tuple[Case, ...]
    #: what takes back by itself that which is held for a time, by the offer's id
    ends: Mapping[str, Request] = field(default_factory=dict)


def kind_of_address(text: str) -> AddressKind | None:
    """Tell how a customer is named: jane@example.com, +491701234567, id:306 or ext:A-17; None: not at all."""
    if len(text) > ADDRESS_LIMIT:
        return None
    return next((kind for kind, shape in _KINDS.items() if shape.fullmatch(text)), None)


def is_address(text: str) -> bool:
    """Whether it could name a customer; whether there is one only the provider knows."""
    return kind_of_address(text) is not None


def check_address(address: str, kinds: Collection[AddressKind]) -> None:
    """Refuse what names no customer, or not in a way that the provider takes."""
    if kind_of_address(address) not in kinds:
        raise AddressMalformed(address, kinds=[kind.value for kind in kinds])


def normal(address: str) -> str:
    """Write an address the way it is compared: no blanks around it, case-folded but for ids of others' making."""
    address = address.strip()
    if kind_of_address(address) is AddressKind.EXTERNAL:
        return f"ext:{address[len('ext:') :]}"
    return address.casefold()


def check(
    submission: Submission, offer: Offer | None, kinds: Collection[AddressKind] = frozenset({AddressKind.EMAIL})
) -> None:
    """Refuse what can be seen to be unusable without asking a provider; the first fault in the form's order."""
    if not submission.channel:
        raise ChannelMissing
    if not submission.address.strip():
        raise AddressMissing
    check_address(submission.address, kinds)
    check_offer(submission.offer_id, submission.provider, offer)
    check_reason(submission.reason)


def named_ids(typed: str) -> tuple[str, ...]:
    """Read the ids of what is to be revoked, once each: numbers between commas or blanks."""
    found = tuple(dict.fromkeys(re.split(r"[\s,;]+", typed.strip(" \t\n,;"))))
    if found == ("",):
        return ()
    usable = all(one.isascii() and one.isdigit() and len(one) <= ID_DIGITS and int(one) for one in found)
    if not usable or len(found) > IDS_LIMIT:
        raise IdsMalformed(typed, IDS_LIMIT)
    return found


def check_offer(offer_id: str, provider: str, offer: Offer | None) -> None:
    """Refuse what is no offer of the provider's."""
    if not offer_id:
        raise OfferMissing
    if offer is None or offer.provider != provider:
        raise OfferForeign


def check_term(term: Term | None, *, now: float) -> None:
    """Refuse a time limit that nobody can mean."""
    if term is None:
        return
    if term.days is not None and term.day is not None:
        raise TermTwice
    if term.ends(now) <= now:
        raise DayPassed
    if term.in_days(now) > DAYS_LIMIT:
        raise TermTooLong(DAYS_LIMIT)


def check_reason(reason: str) -> None:
    """Refuse a reason that says nothing, or more than a card can show."""
    if says_nothing(reason):
        raise ReasonMissing
    if len(reason) > REASON_LIMIT:
        raise ReasonTooLong(len(reason), REASON_LIMIT)


def check_name(name: str) -> None:
    """Refuse to create a contact without a name."""
    if says_nothing(name):
        raise NameMissing


def says_nothing(text: str) -> bool:
    """Whether there is nothing in it that anybody could see."""
    return not any(char.isprintable() and not char.isspace() for char in text)


def undo_of(case: Case) -> Action:
    """Return the action that takes back what a request brought about."""
    return Action.REVOKE if case.request.action is Action.GRANT else Action.GRANT
