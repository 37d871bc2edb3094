"""Before there is a request: what a form is filled with, what its preview foresees, and what may be submitted."""

import re
from dataclasses import dataclass

from bot.domain.errors import (
    AddressMalformed,
    AddressMissing,
    ChannelMissing,
    NameMissing,
    OfferdeskError,
    OfferForeign,
    OfferMissing,
    ReasonMissing,
    ReasonTooLong,
)
from bot.domain.request import Action, Case, Contact, Holding, Offer, Reading, Submission

#: what fits a card and can still be read on a phone, in characters
REASON_LIMIT = 1500
#: the longest address that mail systems must carry (RFC 5321, 4.5.3.1.3)
ADDRESS_LIMIT = 254
_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\"\\]+@[^\s@<>()\[\],;:\"\\]+\.[^\s@<>()\[\],;:\"\\.]{2,}")


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
    #: why it would be given back, or why nothing can be foreseen
    problem: OfferdeskError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What a customer holds and had, and what this bot did about it."""

    contact: Contact
    holdings: tuple[Holding, ...]
    given: tuple[Case, ...]


def is_address(text: str) -> bool:
    """Whether it could be an e-mail address; whether it exists only the provider knows."""
    return len(text) <= ADDRESS_LIMIT and _ADDRESS.fullmatch(text) is not None


def normal(address: str) -> str:
    """Write an address the way it is compared: no blanks around it, case-folded."""
    return address.strip().casefold()


def check(submission: Submission, offer: Offer | None) -> None:
    """Refuse what can be seen to be unusable without asking a provider; the first fault in the form's order."""
    if not submission.channel:
        raise ChannelMissing
    if not submission.address.strip():
        raise AddressMissing
    if not is_address(submission.address):
        raise AddressMalformed(submission.address)
    if not submission.offer_id:
        raise OfferMissing
    if offer is None or offer.provider != submission.provider:
        raise OfferForeign
    check_reason(submission.reason)


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
