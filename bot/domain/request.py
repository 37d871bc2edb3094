"""The nouns: what is asked, of whom, for whom, and what became of it.

Times are seconds since the epoch (UTC). Ids of people are Slack's, ids of offers and contacts the provider's.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bot.domain.outcome_file import Outcome
from bot.domain.term import Term

#: what requests' ids are made of, without what looks or sounds like something else: 0 O, 1 I L, 2 Z, 5 S, 8 B, U V
ID_ALPHABET = "34679ACDEFGHJKMNPQRTVWXY"


#: what the preview of a row of a list found: something is to be done; what is held for a time is to be held for longer,
#: or for good; it is so already
DO, EXTEND, UNNEEDED = "do", "extend", "unneeded"
#: rows that an approval is for, and all that are not left out
WANTED = frozenset({DO, EXTEND})
FIT = WANTED | {UNNEEDED}
#: the customer was forgotten before anybody looked
FORGOTTEN = "forgotten"
#: among what is kept of the preview of an end: it belongs to a row of a list
OF_LIST = "of_list"
#: of a grant that was not needed: the end that it was to put off is not planned any more
NOT_MOVED = "NotMoved"


class Action(StrEnum):
    """What a change does. People ask for a grant or a revoke; a create only ever goes before a grant."""

    GRANT = "grant"
    REVOKE = "revoke"
    CREATE = "create"


class State(StrEnum):
    """Where a request stands; `lifecycle.NEXT` says what may follow."""

    PREPARING = "preparing"  #: stored; its preview is being read from the provider
    PENDING = "pending"  #: shown in the channel, waiting for a decision
    APPROVED = "approved"  #: decided; nothing sent yet
    EXECUTING = "executing"  #: at least one change was sent, or is about to be
    SUCCEEDED = "succeeded"  #: every change confirmed and read back
    FAILED = "failed"  #: nothing of it took effect
    PARTLY = "partly"  #: some of it took effect
    UNKNOWN = "unknown"  #: nobody can say yet; the bot keeps looking, a person may settle it
    UNNEEDED = "unneeded"  #: it already was so; nothing was sent
    DENIED = "denied"  #: an approver said no
    EXPIRED = "expired"  #: nobody decided in time
    CANCELLED = "cancelled"  #: taken back by the requester, or given back to them before it was shown


class ChangeState(StrEnum):
    """Where one change stands."""

    TODO = "todo"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    UNKNOWN = "unknown"
    UNNEEDED = "unneeded"
    CANCELLED = "cancelled"


class Choice(StrEnum):
    """What an approver may answer."""

    APPROVE = "approve"
    DENY = "deny"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in Slack: a user id counts only together with its workspace."""

    team: str
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What Slack says about a person right now."""

    person: Person
    name: str
    active: bool = True
    guest: bool = False
    bot: bool = False
    #: whether the person belongs to the workspace the bot is installed in
    ours: bool = True
    #: the account's e-mail address; empty where Slack does not tell it
    address: str = field(default="", repr=False)
    #: the time zone's name; empty where Slack does not tell it
    zone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Something that can be granted. `price` is in the currency's minor unit; None means not told."""

    provider: str
    id: str
    title: str
    internal_title: str = ""
    description: str = ""
    price: int | None = None
    currency: str = ""
    recurring: bool = False
    products: tuple[str, ...] = ()
    #: False once the provider's list leaves it out (archived) though it can still be read by id
    listed: bool = True

    @property
    def key(self) -> str:
        """Name the offer across providers, as option values do."""
        return f"{self.provider}:{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A customer at a provider. `id` is None until the provider has been asked, or while it knows no such address."""

    provider: str
    address: str
    id: str | None = None
    name: str = ""
    #: Kajabi's second id of the same human, which purchases hang on
    customer_id: str | None = None
    #: our own row: changes and the audit name a contact by it, so that an address can be forgotten
    ref: int | None = None

    @property
    def known(self) -> bool:
        """Whether it can be looked up: of one that was forgotten before it was found, nothing is left."""
        return bool(self.address or self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """An offer a contact has, or had: granted, bought, or both."""

    offer_id: str
    title: str = ""
    granted: bool = False
    #: ids of purchases that give access now
    purchases: tuple[str, ...] = ()
    #: one of those purchases is a subscription or a payment plan
    paying: bool = False
    since: float | None = None
    #: a purchase that was switched off: when, and the provider's reason
    ended: float | None = None
    ended_reason: str = ""
    #: a part of it is missing, so that there is something left to grant as well as to revoke
    partly: bool = False
    #: what else counts, in the provider's own words: an approval is for it, too
    details: tuple[str, ...] = ()

    @property
    def active(self) -> bool:
        """Whether it gives access now."""
        return self.granted or bool(self.purchases)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the provider says about one target at one moment."""

    contact: Contact | None
    holdings: tuple[Holding, ...] = ()
    #: None: not asked for, or the provider no longer has it
    offer: Offer | None = None
    #: ids of offers of which the provider does not tell whether they are held
    untold: frozenset[str] = frozenset()
    #: those of them of which what was taken back is still listed, for a while or for good
    stale: frozenset[str] = frozenset()
    #: ids of offers that can be revoked only by ids which a person has to give
    unnamed: frozenset[str] = frozenset()
    #: ids of offers of which something is held that this bot did not give, as far as it can tell
    foreign: frozenset[str] = frozenset()

    def holding(self, offer_id: str) -> Holding | None:
        """Return the active holding of that offer."""
        return next((one for one in self.holdings if one.offer_id == offer_id and one.active), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What a person asked for, as it came from the form; nothing in it has been checked with a provider."""

    action: Action
    provider: str
    requester: Person
    channel: str
    address: str
    offer_id: str
    reason: str
    #: the form's own id: the same form sent five times makes one request
    key: str
    #: create the contact under this name when the provider does not know the address
    name: str = ""
    welcome_email: bool = False
    #: where it was asked, which the rules may go by; empty: nowhere; None: where its card goes
    asked_in: str | None = None
    #: how long a grant is to last; None: until somebody revokes it
    term: Term | None = None
    #: of a revoke: the provider's ids of what is to be revoked, where a person has read them there
    ids: tuple[str, ...] = ()
    #: the request this one undoes, corrects or extends
    parent: str | None = None
    #: others whose wording it is: they count as requesters, too
    editors: tuple[Person, ...] = ()

    @property
    def place(self) -> str:
        """Name the channel it is asked in, as the rules see it."""
        return self.channel if self.asked_in is None else self.asked_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Somebody asks for changes."""

    id: str
    action: Action
    provider: str
    state: State
    requester: Person
    #: where its card stands, or will
    channel: str
    offer: Offer
    reason: str
    created: float
    #: where it was asked; empty: nowhere; None: where its card stands
    asked_in: str | None = None
    #: raised whenever what an approval would be for changes; 0 until the first preview
    version: int = 0
    #: what an approval signs (see `preview.fingerprint`)
    fingerprint: str = ""
    #: the preview as shown, without addresses (see `preview.Preview`)
    preview: Mapping[str, Any] = field(default_factory=dict)
    welcome_email: bool = False
    #: create the contact when the provider does not know it
    creates_contact: bool = False
    #: how long a grant is to last; None: until somebody revokes it
    term: Term | None = None
    #: of the end of a timed grant (its parent): when it is carried out by itself
    planned: float | None = None
    parent: str | None = None
    #: those who have changed what is asked: they count as requesters, too
    editors: tuple[Person, ...] = ()
    submitted_key: str = ""
    #: rows of the list that it was asked for with; 0: it is for one customer
    size: int = 0
    #: the list's name, and how many of its rows cannot be used or repeat another one
    file_name: str = ""
    bad: int = 0
    repeated: int = 0
    #: since when somebody holds up what is still to be sent of a list
    held: float | None = None
    updated: float = 0.0
    decided: float | None = None
    expires: float | None = None
    reminded: float | None = None
    #: since when preparing has met trouble, so that trying again has an end
    troubled: float | None = None
    #: somebody chose to leave a failure as it is
    left: bool = False
    #: when something must be done about the request itself: prepare, remind, expire
    due: float | None = None
    attempts: int = 0
    #: a code for why it was given back, failed or waits; its words are the messenger's business
    note: str = ""

    @property
    def place(self) -> str:
        """Name the channel it was asked in, as the rules see it."""
        return self.channel if self.asked_in is None else self.asked_in

    @property
    def askers(self) -> frozenset[str]:
        """Name all who count as requesters: none of them decides."""
        return frozenset({self.requester.id, *(one.id for one in self.editors)})

    @property
    def bulk(self) -> bool:
        """Whether it is for the customers of a list."""
        return self.size > 0

    @property
    def customers(self) -> int:
        """Count those for whom something is to be done; before that is known, all of the list."""
        if not self.bulk:
            return 1
        rows = self.preview.get("rows")
        return self.size if rows is None else sum(int(rows.get(plan, 0)) for plan in WANTED)

    @property
    def deadline(self) -> float | None:
        """By when it has to be decided; None where nobody waits, or it is asked about until somebody does decide."""
        return self.expires if self.planned is None else None

    @property
    def of_list(self) -> bool:
        """Whether it takes back by itself what a list has granted to one of its customers."""
        return self.is_end and bool(self.preview.get(OF_LIST))

    @property
    def is_end(self) -> bool:
        """Whether it takes back by itself what was granted for a time; once people were asked, it is a revoke."""
        return self.planned is not None and self.version == 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One action on one contact and one offer."""

    id: int
    request_id: str
    action: Action
    provider: str
    contact: Contact
    offer_id: str
    welcome_email: bool = False
    #: of a revoke: the provider's ids of what is to be revoked, as a person gave them; empty: it finds out by itself
    ids: tuple[str, ...] = ()
    #: of what undoes another change: the provider's own words when it confirmed that one
    undoes: str = ""
    state: ChangeState = ChangeState.TODO
    #: the change that must have succeeded first
    after: int | None = None
    attempts: int = 0
    #: the point of no return: set in a commit of its own right before the call
    sent: float | None = None
    #: the provider's id of the contact that it was sent for: addresses move on, what was done does not; of an end that
    #: is not sent yet, for whom that was granted which it takes back
    sent_to: str | None = None
    #: the one repetition a repeatable action may have
    resent: float | None = None
    #: how many reads since the last send have said that it is not so
    reads: int = 0
    #: the provider's own words when it confirmed
    receipt: str = ""
    verified: float | None = None
    #: first failure to reach the provider, so that trying again has an end
    troubled: float | None = None
    error: str = ""
    #: what an attempt has done of it that failed with the rest; it stays so, whatever becomes of other attempts
    in_part: str = ""
    due: float | None = None
    #: of a row of a list: its number, what its preview found (`DO`, `EXTEND`, `UNNEEDED`, or why it cannot be done),
    #: and what an approval signs of it
    line: int = 0
    plan: str = ""
    fingerprint: str = ""
    #: of a row that says so itself: how long it is to last, and why
    term: Term | None = None
    reason: str = ""

    @property
    def confirmed(self) -> str:
        """Join the provider's own words about all that was done."""
        return ", ".join(filter(None, (self.in_part, self.receipt)))

    @property
    def open(self) -> bool:
        """Whether its ending is still to come."""
        return self.state in {ChangeState.TODO, ChangeState.UNKNOWN}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One approver's answer to one version of a request."""

    request_id: str
    version: int
    choice: Choice
    by: Person
    at: float
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent:
    """One unchangeable line. `data` holds ids, codes and numbers: never an address, never free text.

    What people wrote goes into `text`, which is kept beside the chain, not in it, so that it can be forgotten.
    """

    name: str
    at: float
    request_id: str | None = None
    #: None: the bot itself
    actor: Person | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    text: str = ""
    #: position in the audit; 0 until stored
    seq: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """A request that gave the customer something before, and who approved it."""

    request: Request
    approvers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A request with all that belongs to it: what a card shows and a step is taken from."""

    request: Request
    changes: tuple[Change, ...] = ()
    decisions: tuple[Decision, ...] = ()
    #: of what its preview names as given before; read with it, so that what is forgotten is forgotten here, too
    earlier: tuple[Earlier, ...] = ()
    #: what takes back by itself that which this request has granted for a time
    end: Request | None = None
    #: of a list: how many changes that are not in `changes` stand where, and how many of those to do are not sent
    rest: Mapping[ChangeState, int] = field(default_factory=dict)
    unsent: int = 0
    #: of a list: the first rows that cannot be used, were not done, or are not known to be done
    exceptions: tuple[Outcome, ...] = ()
    #: of a list: for how many customers it has put off the end of what they hold, and how many of the requests that
    #: take back by themselves what it granted for a time stand where
    extended: int = 0
    ends: Mapping[State, int] = field(default_factory=dict)
    #: of a list: for how many it is so only by the provider's word, as it cannot be read back, or by a person's
    unseen: int = 0
    settled: int = 0

    @property
    def weighty(self) -> Mapping[ChangeState, int]:
        """Count the rest without the rows that were approved as left out."""
        rows = self.request.preview.get("rows", {})
        left_out = sum(count for plan, count in rows.items() if plan not in FIT)
        rest = dict(self.rest)
        rest[ChangeState.CANCELLED] = max(rest.get(ChangeState.CANCELLED, 0) - left_out, 0)
        return rest

    @property
    def counts(self) -> Mapping[ChangeState, int]:
        """Count its changes by where they stand."""
        loaded = Counter(change.state for change in self.changes)
        return {state: loaded[state] + self.rest.get(state, 0) for state in ChangeState}

    @property
    def main(self) -> Change:
        """The change that was asked for; a contact's creation goes before it."""
        return next(change for change in self.changes if change.action is not Action.CREATE)

    @property
    def creation(self) -> Change | None:
        """The step that creates the contact, where there is one."""
        return next((change for change in self.changes if change.action is Action.CREATE), None)

    @property
    def approvals(self) -> tuple[Decision, ...]:
        """The approvals of the version that stands; it may take more than one."""
        version = self.request.version
        return tuple(one for one in self.decisions if one.version == version and one.choice is Choice.APPROVE)

    @property
    def verdict(self) -> Decision | None:
        """What decided the version that stands: a denial, or the approval after which no other one was needed."""
        if self.request.decided is None:
            return None
        return next((one for one in reversed(self.decisions) if one.version == self.request.version), None)

    def change(self, change_id: int) -> Change:
        """Return one of its changes."""
        return next(change for change in self.changes if change.id == change_id)


class MessageKind(StrEnum):
    """What a message shows; how it looks is the messenger's business."""

    CARD = "card"  #: in the channel, one per request, always up to date
    ASK = "ask"  #: asks the approvers, with the buttons: in the thread, or by direct message
    LINE = "line"  #: one event, told in the thread
    RESULT = "result"  #: an ending, told in the thread and broadcast to the channel
    DIRECT = "direct"  #: one event, told to one person
    FILE = "file"  #: what became of each row of a list, in the thread
    DIGEST = "digest"  #: all that waits for one person, told to them
    ALERT = "alert"  #: a failure, or what concerns all requests, told in the alerts channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Something that is owed to people. The same key again means a newer version of the same message."""

    key: str
    #: None: it is about no request in particular
    request_id: str | None
    kind: MessageKind
    #: a channel's or a person's id
    to: str
    #: the key of the message in whose thread it stands
    parent: str | None = None
    #: the event it tells, or the request's version it asks about
    event: int | None = None
    asks: int | None = None
    #: the version that is wanted, and the one that is on the screen
    version: int = 1
    shown: int = 0
    channel: str = ""
    ts: str = ""
    attempts: int = 0
    due: float | None = None
    error: str = ""
