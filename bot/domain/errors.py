"""All that can be refused or can fail.

Offerdesk
├── Refusal              our own rule says no; its sentence is in words/refusals, a form shows it at `field`
│   ├── BadInput         what was typed cannot be used: it goes back to the person who typed it
│   ├── GivenBack        the provider's answer makes the request pointless: back to the requester, with Correct
│   └── NotAllowed       this person, now, on this request
├── ProviderError        an outside system; each class answers "did it happen?"
│   ├── Rejected         no, and asking again is useless
│   ├── Unavailable      no, try again later
│   │   └── Withheld     no: it was not let go
│   └── Unknown          maybe: read; where reading does not tell, ask a person
├── OutOfTurn            something else goes first; never told to anybody
├── Overdrawn            others were faster, and what is left is not enough: it is ruled anew
├── DeliveryError        Slack did not take a message
│   ├── Undeliverable    for good
│   └── NotDelivered     for now
├── StoreUnavailable     the database cannot be written; nothing was done
└── Misconfigured        a setting is missing, malformed or refused; the message names it
"""

from collections.abc import Sequence
from typing import ClassVar

from bot.domain.pause import Pause
from bot.domain.request import Holding, Offer, State


class OfferdeskError(Exception):
    """Never raised itself."""


class Refusal(OfferdeskError):
    """Our own rule says no. Never raised itself."""

    #: the form's field that the sentence belongs to
    field: ClassVar[str | None] = None

    @property
    def code(self) -> str:
        """Name the refusal in the audit and in a request's note."""
        return type(self).__name__


class BadInput(Refusal):
    """What was typed cannot be used."""


class Misunderstood(BadInput):
    """Some words made no sense; `example` would have."""

    def __init__(self, words: str, example: str) -> None:
        super().__init__(words, example)
        self.words, self.example = words, example


class FormOutdated(BadInput):
    """The form is not one that this release has drawn."""


class AddressMissing(BadInput):
    """No customer was named."""

    field = "customer"


class AddressMalformed(BadInput):
    """The customer is not named in a way that the provider takes; `kinds` are those it does."""

    field = "customer"

    def __init__(self, typed: str, *, kinds: Sequence[str] = ()) -> None:
        super().__init__()
        self.typed, self.kinds = typed, tuple(kinds)


class SeveralAddresses(BadInput):
    """One request is for one customer."""

    field = "customer"

    def __init__(self, addresses: Sequence[str]) -> None:
        super().__init__()
        self.addresses = tuple(addresses)


class OfferMissing(BadInput):
    """No offer was chosen."""

    field = "offer"


class OfferNotFound(BadInput):
    """Nothing the provider sells fits the words."""

    field = "offer"

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


class OfferAmbiguous(BadInput):
    """Several offers fit the words."""

    field = "offer"

    def __init__(self, words: str, offers: Sequence[Offer]) -> None:
        super().__init__(words)
        self.words, self.offers = words, tuple(offers)


class OfferForeign(BadInput):
    """The option chosen belongs to another provider, or was never offered."""

    field = "offer"


class NameMissing(BadInput):
    """A contact cannot be created without a name."""

    field = "name"


class SentAlready(BadInput):
    """The form was sent before, with something else in it; `request_id` is what that has made."""

    def __init__(self, request_id: str) -> None:
        super().__init__(request_id)
        self.request_id = request_id


class NothingEdited(BadInput):
    """The form asks for what is asked already."""


class ReasonMissing(BadInput):
    """Every request says why."""

    field = "reason"


class ReasonTooLong(BadInput):
    """The reason does not fit a card."""

    field = "reason"

    def __init__(self, length: int, limit: int) -> None:
        super().__init__(length, limit)
        self.length, self.limit = length, limit


class ReasonUnfit(BadInput):
    """A rule wants something in the reason that is not there; `example` has it."""

    field = "reason"

    def __init__(self, example: str) -> None:
        super().__init__(example)
        self.example = example


class TooManyDays(BadInput):
    """A rule limits for how long this may be granted."""

    field = "days"

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


class TermMalformed(BadInput):
    """What was typed as a number of days is none."""

    field = "days"

    def __init__(self, typed: str) -> None:
        super().__init__(typed)
        self.typed = typed


class TermTooLong(BadInput):
    """So long a time limit is none."""

    field = "days"

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


class TermTwice(BadInput):
    """A number of days and a day: one of them counts."""

    field = "until"


class DayPassed(BadInput):
    """The day until which it is to be granted is over."""

    field = "until"


class IdsMalformed(BadInput):
    """What was typed as ids of what is to be revoked are none, or more than `limit`."""

    field = "ids"

    def __init__(self, typed: str, limit: int) -> None:
        super().__init__(typed, limit)
        self.typed, self.limit = typed, limit


class IdsNotTaken(BadInput):
    """Ids of what is to be revoked are given, and the provider takes none."""

    field = "ids"


class ListMissing(BadInput):
    """Neither a file was given nor a list pasted."""

    field = "customer"


class ListTwice(BadInput):
    """A file was given, and a list pasted: one of them counts."""

    field = "customer"


class FilesNotReadable(BadInput):
    """The app was installed without the scope that lets it read files."""

    field = "file"


class FileElsewhere(BadInput):
    """The file is not kept by Slack, so nobody knows who would get the token."""

    field = "file"


class FileNotGiven(BadInput):
    """Slack did not hand the file out, or not in time."""

    field = "file"


class ListUseless(BadInput):
    """Not one row can be used; this is what is wrong with the first one."""

    field = "file"

    def __init__(self, line: int, text: str, why: str) -> None:
        super().__init__(line)
        self.line, self.text, self.why = line, text, why


class ListEmpty(BadInput):
    """The list names nobody."""

    field = "file"


class ListNotText(BadInput):
    """The file is no text that could be a list."""

    field = "file"

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        #: what it is instead; empty where that cannot be told
        self.kind = kind


class ListTooLarge(BadInput):
    """The file has more bytes than a list of customers needs."""

    field = "file"

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


class ListMixed(BadInput):
    """The list would become more requests, one for each action and offer, than anybody wants to decide on."""

    field = "file"

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


class NotBroughtAbout(BadInput):
    """For none of those who were chosen has the list changed anything."""

    field = "customer"

    def __init__(self, request_id: str) -> None:
        super().__init__(request_id)
        self.request_id = request_id


class ListTooLong(BadInput):
    """The list has more rows than one request may have."""

    field = "file"

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


class TooManyCustomers(BadInput):
    """A rule limits for how many customers this may be asked at once."""

    field = "customer"

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


class ChannelMissing(BadInput):
    """There is no channel to show the card in."""

    field = "channel"


class GivenBack(Refusal):
    """What the provider (or Slack) said while the request was prepared makes it pointless."""


class ContactNotFound(GivenBack):
    """The provider knows no contact with exactly this address."""

    field = "customer"


class NobodyByThis(ContactNotFound):
    """The same at a provider that knows customers by several identifiers: they may be known by another one first."""


class ContactAmbiguous(GivenBack):
    """Several contacts have exactly this address."""

    field = "customer"


class ContactExists(GivenBack):
    """A contact was to be created, and the provider knows the address already."""

    field = "customer"


class OfferGone(GivenBack):
    """The provider no longer has the offer, or has archived it."""

    field = "offer"


class OfferElsewhere(GivenBack):
    """The offer belongs to another site than the one this bot works for."""

    field = "offer"


class AlreadyHeld(GivenBack):
    """The customer has the offer already."""

    field = "offer"

    def __init__(self, holding: Holding | None = None) -> None:
        super().__init__()
        self.holding = holding


class TermOver(GivenBack):
    """The day until which it was to be granted has passed since it was asked for."""

    field = "until"


class EndsLater(GivenBack):
    """The customer has it for longer already."""

    field = "days"


class NobodyLeft(GivenBack):
    """Nothing is to be done for anybody on the list."""

    field = "file"


class NotHeld(GivenBack):
    """The customer does not have the offer, so there is nothing to revoke."""

    field = "offer"


class IdsNeeded(GivenBack):
    """The provider revokes what is named by its ids, and only a person can say them."""

    field = "ids"


class ChannelUnreachable(GivenBack):
    """The bot cannot post in the channel: not invited, archived, or gone."""

    field = "channel"


class RoomClosed(GivenBack):
    """The bot cannot post in the channel in which the rules want it decided."""


class RuledOut(GivenBack):
    """The policy, with all that is known by now, does not allow it; `words` are the rule's own, where it has some."""

    def __init__(self, words: str = "") -> None:
        super().__init__(words)
        self.words = words


class ProviderRefused(GivenBack):
    """The provider rejected the look-up itself, in words that are safe to show."""


class ProviderGone(GivenBack):
    """The provider is no longer set up here."""


class NotPrepared(GivenBack):
    """Something other than the provider kept it from being prepared for so long that waiting on is pointless."""


class ProviderDown(GivenBack):
    """The provider could not be asked for so long that waiting on is pointless."""


class NotAllowed(Refusal):
    """This person, now, on this request."""


class RequestNotFound(NotAllowed):
    """There is no request with that id."""

    def __init__(self, request_id: str) -> None:
        super().__init__(request_id)
        self.request_id = request_id


class NobodyMayDecide(NotAllowed):
    """Nobody but the requester could approve it."""


class TooFewMayDecide(NotAllowed):
    """More have to approve it than there are besides the requester."""

    def __init__(self, needed: int) -> None:
        super().__init__(needed)
        self.needed = needed


class OwnRequest(NotAllowed):
    """Nobody decides on a request of their own."""


class NotApprover(NotAllowed):
    """The policy names others."""

    def __init__(self, approvers: Sequence[str] = ()) -> None:
        super().__init__()
        self.approvers = tuple(approvers)


class NotNamed(NotAllowed):
    """The policy gives this to others."""

    def __init__(self, allowed: Sequence[str] = ()) -> None:
        super().__init__()
        self.allowed = tuple(allowed)


class RefusedByRule(NotAllowed):
    """A rule refuses, in its own words."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


class NotAutomatic(NotAllowed):
    """The policy approved this by itself, and does not any more."""


class RulesChanged(NotAllowed):
    """The policy has changed since this was shown: an approval needs both, what was shown and what holds now."""


class Deactivated(NotAllowed):
    """The Slack account is switched off."""


class GuestAccount(NotAllowed):
    """Guests look on."""


class BotAccount(NotAllowed):
    """Only people ask and decide."""


class OtherWorkspace(NotAllowed):
    """Only people of this workspace ask and decide."""


class StandingUnknown(NotAllowed):
    """Slack could not be asked who this is; nothing was done."""


class GroupGone(StandingUnknown):
    """A rule asks who is in a user group that Slack does not have any more, so which rule holds cannot be told."""


class AlreadyDecided(NotAllowed):
    """Somebody, or time, was faster."""

    def __init__(self, state: State, by: str | None = None) -> None:
        super().__init__(state, by)
        self.state, self.by = state, by


class AlreadyApproved(NotAllowed):
    """This person's approval counts already; others are still needed."""

    def __init__(self, missing: int, awaited: Sequence[str] = ()) -> None:
        super().__init__()
        self.missing, self.awaited = missing, tuple(awaited)


class OlderThanDeed(NotAllowed):
    """It was written before this person approved or withdrew; Slack brings some messages late, or more than once."""


class NothingToWithdraw(NotAllowed):
    """No approval of this person's counts here."""


class OlderVersion(NotAllowed):
    """The click was on a preview that is no longer true."""

    def __init__(self, shown: int, current: int) -> None:
        super().__init__(shown, current)
        self.shown, self.current = shown, current


class NotRequester(NotAllowed):
    """Only who asked may take it back."""


class NotConcerned(NotAllowed):
    """Only the requester and those who may decide can do this."""


class OnlyOwn(NotAllowed):
    """Only those who may decide list what others asked for."""


class NotEditable(NotAllowed):
    """What is asked is decided, being prepared or done in part; the state says which."""

    def __init__(self, state: State) -> None:
        super().__init__(state)
        self.state = state


class TooLate(NotAllowed):
    """It is under way or over; the state says which."""

    def __init__(self, state: State) -> None:
        super().__init__(state)
        self.state = state


class NothingToRetry(NotAllowed):
    """Nothing failed, and nothing is unknown."""


class NothingToSettle(NotAllowed):
    """Nothing is unknown."""


class NothingToHold(NotAllowed):
    """Nothing of a list is still to be sent; or it is held up already, or not held up."""


class NothingToUndo(NotAllowed):
    """Nothing was brought about by this request."""


class EndApproved(NotAllowed):
    """That it ends was approved; who asks for it cannot take that back alone."""


class EndTakesMore(NotAllowed):
    """To let it go on for good takes several approvals, which a click of one person is not."""

    def __init__(self, needed: int) -> None:
        super().__init__(needed)
        self.needed = needed


class NothingPlanned(NotAllowed):
    """There is no end any more that could be moved."""


class NotAdmin(NotAllowed):
    """Only admins stop and resume."""

    def __init__(self, admins: Sequence[str] = ()) -> None:
        super().__init__()
        self.admins = tuple(admins)


class Paused(NotAllowed):
    """Nothing is sent until an admin resumes."""

    def __init__(self, pause: Pause) -> None:
        super().__init__()
        self.pause = pause


class NotPaused(NotAllowed):
    """There is nothing to resume."""


class ProviderError(OfferdeskError):
    """An outside system failed. `detail` is short, safe to show and to log: never a body, a secret or an address."""

    def __init__(self, provider: str, detail: str, *, code: str = "") -> None:
        super().__init__(f"{provider}: {detail}")
        self.provider, self.detail, self.code = provider, detail, code


class Rejected(ProviderError):
    """It did not happen, and asking again is useless."""


class Unavailable(ProviderError):
    """It did not happen; try again, not before `retry_after` seconds where the provider said so."""

    def __init__(self, provider: str, detail: str, *, code: str = "", retry_after: float | None = None) -> None:
        super().__init__(provider, detail, code=code)
        self.retry_after = retry_after


class Withheld(Unavailable):
    """It did not happen: when its turn had come, it was not let go."""

    def __init__(self, provider: str) -> None:
        super().__init__(provider, "held back", code="withheld")


class Unknown(ProviderError):
    """It may have happened. Read; never repeat blindly."""


class Overdrawn(OfferdeskError):
    """Less is left of a quota or a budget than when it was looked up. Nothing was done."""


class OutOfTurn(OfferdeskError):
    """What was approved earlier goes first. Nothing was done."""


class DeliveryError(OfferdeskError):
    """Slack did not take a message. `code` is Slack's own."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Undeliverable(DeliveryError):
    """It never will: archived, not invited, gone."""


class NotDelivered(DeliveryError):
    """Not now; try again after `retry_after` seconds, where Slack said so."""

    def __init__(self, code: str, *, retry_after: float | None = None) -> None:
        super().__init__(code)
        self.retry_after = retry_after


class StoreUnavailable(OfferdeskError):
    """The database cannot be written: locked for too long, full, read-only or damaged. Nothing was done.

    `detail` is SQLite's or the system's own word for it.
    """

    def __init__(self, detail: str) -> None:
        super().__init__(f"The database cannot be written ({detail}); nothing was done.")
        self.detail = detail


class Unfinished(OfferdeskError):
    """It took longer than Slack waits for an answer. It may be done all the same."""


class Misconfigured(OfferdeskError):
    """The start stops here: the sentence names the setting and what to do."""
