"""What the core needs from the outside, on one page.

The store keeps requests and what they owe; the messenger shows them; people are Slack's; providers are the systems
that grant; the engine sees to it that due rows are worked on. Times are seconds since the epoch, durations seconds.
"""

import math
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from bot.domain.bulk import Brought, BulkSubmission, Looked, Planned
from bot.domain.draft import AddressKind
from bot.domain.errors import ProviderError
from bot.domain.home import Entry, Home, Leaf, Overview, Part, Place
from bot.domain.outcome_file import Outcome
from bot.domain.pause import Pause
from bot.domain.policy.conditions import Precedent
from bot.domain.policy.limits import Scope, Used
from bot.domain.request import (
    Action,
    AuditEvent,
    Case,
    Change,
    Contact,
    Holding,
    Message,
    Offer,
    Person,
    Profile,
    Reading,
    Request,
    State,
    Submission,
)
from bot.domain.roster import Row
from bot.domain.states import Step

#: the current time; injected, so that tests own it
Clock = Callable[[], float]
#: a step of the lifecycle, bound to all but the case it is taken from
Take = Callable[[Case], Step | None]
#: the same for a step that also needs the contact it is about from then on
Rewrite = Callable[[Case, Contact], Step | None]
#: asked right before the call that makes a change, when nothing else keeps it waiting; False: there is no call
Permit = Callable[[Change], Awaitable[bool]]
#: hears how many of how many calls were made
Told = Callable[[int, int], Awaitable[None]]


# --- providers -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One thing to read: a contact (by id where it is known, else by address) and, with it, an offer."""

    contact: Contact
    offer_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One line of the start-up checks and of `doctor`."""

    name: str
    ok: bool
    #: what was found; when it failed, also what to do
    says: str
    #: it works, but something that is named is not there
    doubtful: bool = False
    #: it failed in a way that may pass by itself: no reason to stay away
    passing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferQuery:
    """What to list. Words are searched in title and description."""

    words: str = ""
    by_price: bool = False
    descending: bool = False


async def permitted(_: Change) -> bool:
    """Permit every call."""
    return True


class Provider(Protocol):
    """An outside system that can grant and revoke.

    Every method raises `Rejected`, `Unavailable` or `Unknown` (reads never `Unknown`); lists answer in the order
    they were asked, each place holding its result or its own error.
    """

    name: str
    #: as people call it
    title: str
    #: actions that may be sent once more when nobody can tell whether the first call took effect
    repeatable: frozenset[Action]
    #: whether an unknown address can be made a contact
    creates_contacts: bool
    #: whether it has a welcome mail that may be left out
    sends_welcome: bool
    #: how contacts may be named
    addresses: frozenset[AddressKind]

    async def check(self) -> Sequence[Check]:
        """Try credentials, permissions and settings; never raises for what it finds."""
        ...

    async def list_offers(self, query: OfferQuery) -> Sequence[Offer]:
        """List what can be granted, sorted by title or price."""
        ...

    async def offer(self, offer_id: str) -> Offer | None:
        """Read one offer with the titles of its products; None when there is none (or it is not this site's)."""
        ...

    async def read(self, targets: Sequence[Target], *, with_offers: bool = True) -> Sequence[Reading | ProviderError]:
        """Read what the contacts hold now, and the offers unless told not to."""
        ...

    async def write(self, changes: Sequence[Change], *, permit: Permit = permitted) -> Sequence[str | ProviderError]:
        """Make the changes; each answer is the provider's receipt. A receipt is not proof: read back.

        Each waits first for whatever it has to (its place in the rate, a token), then for the permit, and then goes
        out at once; one that gets none is answered with `Withheld`. A call that goes out again, because it surely did
        nothing, needs another one.
        """
        ...

    def effects(self, action: Action, reading: Reading, *, welcome_email: bool) -> tuple[str, ...]:
        """Say, in careful sentences, what else will or may happen."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What a provider's lists say about one target: less than a `Reading`, and cheaper by far.

    A `holding` is as good as a reading's for "it is held", but for what else is known of it. That nothing is held is
    proved only where the sight is `whole`; else read the target singly.
    """

    #: None: nobody has the address
    contact: Contact | None
    #: what gives access to the target's offer
    holding: Holding | None = None
    #: everything that could give access was looked through, purchases, too
    whole: bool = False


@runtime_checkable
class Surveys(Protocol):
    """A provider that can read many targets in few calls, by its lists."""

    async def survey(
        self, targets: Sequence[Target], *, purchases: bool = False, told: Told | None = None
    ) -> Sequence[Sight | ProviderError]:
        """See which contacts there are and who holds the target's offer, in the order they were asked.

        A contact with an id is not looked up; a list that names it with another address than asked for counts as not
        naming it. `purchases`: look through them, too, which costs more and makes sights whole. `told` hears after
        each call how many were made and how many there will be, as far as that is known: renew a lease there, show
        progress, or raise to stop. Raises as `read` where a list cannot be read.
        """
        ...


@runtime_checkable
class Batches(Protocol):
    """A provider that makes one change for several customers with one call."""

    #: how many at most
    batch: int


@runtime_checkable
class TakesIds(Protocol):
    """A provider whose revokes can be told by a person, by ids, what they are to take back (`Change.ids`)."""

    #: which ids these are, and where they are found: what the form says at their field
    ids_hint: str


@runtime_checkable
class UndoesParts(Protocol):
    """A provider of which a grant or a revoke may do a part alone, where the rest was so before (`Change.undoes`)."""

    def is_part(self, receipt: str) -> bool:
        """Whether that is all that was done."""
        ...

    def part_effects(self, action: Action, reading: Reading) -> tuple[str, ...]:
        """Do as `effects`, for undoing no more than that."""
        ...


# --- people and messages -------------------------------------------------------------------------------------------


class People(Protocol):
    """Who is who in Slack. `max_age` bounds how old a cached answer may be."""

    async def profile(self, person: Person, *, max_age: float = 300) -> Profile:
        """Raise `StandingUnknown` when Slack cannot tell."""
        ...

    async def members(self, group: str, *, max_age: float = 300) -> frozenset[str]:
        """List the ids in a user group; raise `GroupGone`, or `StandingUnknown` when Slack cannot tell."""
        ...

    async def outside(self, channel: str, people: Iterable[str]) -> frozenset[str]:
        """Name those who are not in the channel."""
        ...

    async def reach(self, channel: str) -> None:
        """Raise `ChannelUnreachable` when the bot cannot post there."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message to deliver, with all that its text is made from."""

    message: Message
    #: the request it is about; None where it is about none in particular
    case: Case | None
    #: the event it tells, for the kinds that tell one
    event: AuditEvent | None = None
    #: the message in whose thread it stands
    thread: Message | None = None
    #: nothing is sent to providers for now
    pause: Pause | None = None
    #: after the event, which was an ending, it was tried again
    tried_again: bool = False
    #: the requests that it lists, for the kind that lists them
    entries: tuple[Entry, ...] = ()


class Messenger(Protocol):
    """Shows things to people."""

    async def deliver(self, delivery: Delivery) -> tuple[str, str]:
        """Post or update; return where it stands (channel, ts). Raises `Undeliverable` or `NotDelivered`."""
        ...

    async def withdraw_copies(self, delivery: Delivery) -> None:
        """Take away what stands beside the message where it stands. Raises as `deliver`."""
        ...


class Screen(Protocol):
    """Shows each person what concerns them, on a page of their own."""

    async def show(self, home: Home, overview: Overview) -> str:
        """Draw it, publish it unless it is on the screen already, and return the drawing's digest.

        Raises `Undeliverable` or `NotDelivered`.
        """
        ...


# --- the store -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some requests, newest first, and where the next page begins."""

    requests: tuple[Request, ...]
    #: where the card of each one stands (channel and ts), of those that have one
    cards: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    #: pass it as `before` for the next page; None at the end
    next: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What can be counted: for watching the bot, never for deciding."""

    #: the newest event's position
    last: int
    #: events by name
    events: Mapping[str, int]
    #: open requests by state
    waiting: Mapping[str, int]
    #: how late the oldest due row of each kind is, in seconds
    late: Mapping[str, float]
    #: nothing is sent for now
    paused: bool = False


class Ledger(Protocol):
    """What was approved so far."""

    async def used(self, scope: Scope, *, but: str = "") -> Used:
        """Sum up what was approved, and not in vain, but for one request."""
        ...


class Records(Ledger, Protocol):
    """What was asked before."""

    async def asked_since(
        self, since: float, *, requester: str = "", contact: Contact | None = None, but: str = ""
    ) -> Sequence[Request]:
        """List what somebody asked for, or what was asked for a contact, since then, but for one (id or form's key)."""
        ...

    async def asked_for_each(self, request_id: str, since: float) -> Sequence[tuple[Precedent, ...]]:
        """List what else was asked since then for each customer of a list; what is the same for several is there once.

        Those for whom nothing is to be done, or was asked, are left out.
        """
        ...


class Lists(Protocol):
    """Keeps requests for many customers, and their rows. A method is one transaction."""

    async def submit_bulk(self, lists: Sequence[tuple[BulkSubmission, Offer]], *, now: float) -> Sequence[Case]:
        """Store new requests with all their rows, due to be looked at. The same key again returns the one it made."""
        ...

    async def claim_lists(self, *, now: float, lease: float, limit: int) -> Sequence[Case]:
        """Take lists that are due, to be looked at or carried out: nobody else gets them for `lease` seconds."""
        ...

    async def renew_list(self, case: Case, *, until: float) -> bool:
        """Keep a list that was claimed, as it was claimed; False when it is somebody else's by now."""
        ...

    async def rows(self, request_id: str, *, looked: bool, limit: int) -> Sequence[Change]:
        """Read rows that are not sent: those that are not looked at yet, or those that are to be done."""
        ...

    async def claim_rows(self, request_id: str, *, sent: bool, limit: int) -> Sequence[Change]:
        """Take rows of a claimed list: such as are sent and not read back, or such as are to be sent.

        Each attempt is counted, as by `claim_changes`.
        """
        ...

    async def looked(self, request_id: str, found: Sequence[Looked], *, offer: Offer) -> bool:
        """Keep what was found about rows that nobody had looked at; what is not to be done is at its end.

        False, and nothing is kept, where others were looked at while the `offer` was another, or nobody has to be.
        """
        ...

    async def planned(self, request_id: str) -> Planned:
        """Sum up what was found for the rows of a list."""
        ...

    async def show_progress(self, request_id: str, *, calls: tuple[int, int] | None = None, now: float) -> None:
        """Have the card shown anew. `calls`: how many of how many were made to look at the rows."""
        ...

    def outcomes(self, request_id: str) -> AsyncIterator[Outcome]:
        """Say what became of each row of a list, in its order, those that cannot be used among them."""
        ...

    def asked_rows(self, request_id: str) -> AsyncIterator[Row]:
        """Read what the rows of a list ask for, in its order, without customers who are forgotten."""
        ...

    async def brought_about(self, request_id: str) -> Sequence[Brought]:
        """Name the customers for whom a list has brought something about."""
        ...


class Store(Records, Lists, Protocol):
    """Keeps requests. A method is one transaction, committed to disk when it returns."""

    async def submit(self, submission: Submission, *, offer: Offer, now: float) -> Case:
        """Store a new request, due to be prepared. The same `submission.key` again returns the one it made."""
        ...

    async def step(self, request_id: str, take: Take, *, changes: Sequence[int] = ()) -> Case | None:
        """Run a step on what is on disk and write what it returns; None when it had nothing to do.

        Of a list the case holds no changes but those that are named here; the others are counted.

        A step that brings a timed grant to a good end plans in the same transaction what takes it back (`domain.ends`);
        None also while such an end is under way to the provider that the step would move.

        Raises `RequestNotFound`, `Overdrawn` where the step went over what it must stay within, and whatever `take`
        raises; then nothing is written.
        """
        ...

    async def edit(self, request_id: str, take: Rewrite, *, address: str) -> Case | None:
        """Do as `step`, with what is asked for this address from now on: `take` gets its contact as well."""
        ...

    async def send(self, request_id: str, take: Take, *, changes: Sequence[int] = ()) -> Case | None:
        """Do as `step`, but return None also while another change of the same contact and offer is under way.

        Looked up in the same transaction, with nothing written: raises `Paused` while the stop switch is on, and
        `OutOfTurn` while something that was approved earlier, and waited for the end of a pause as well, goes first.
        """
        ...

    async def pause(self, *, by: Person, why: str, now: float) -> AuditEvent:
        """Let nothing be sent any more, in any process; raises `Paused` where that is so already.

        The event says how many approved requests wait; each has its card shown anew and a line in its thread.
        """
        ...

    async def resume(self, *, by: Person, now: float) -> AuditEvent:
        """Make due what waits, the oldest approval first and one after the other; raises `NotPaused`."""
        ...

    async def paused(self) -> Pause | None:
        """Return the pause that stands."""
        ...

    async def head_due(self, *, now: float) -> bool:
        """Whether it is time for the day's head of the audit to be told."""
        ...

    async def tell_head(self, *, now: float, daily: bool) -> Message | None:
        """Owe the alerts channel the audit's head: the day's, once among all processes, or what is new since.

        None where there is nobody to tell, or nothing to be told.
        """
        ...

    async def digests_due(self, *, now: float, period: float, limit: int) -> Sequence[str]:
        """Name people who are to be reminded and were not within the last `period` seconds."""
        ...

    async def tell_digest(
        self, person: str, *, waits: Callable[[Request], bool], period: float, now: float
    ) -> Message | None:
        """Owe a person the list of what waits for them; None where nothing does, or somebody else was faster."""
        ...

    async def postpone_digest(self, person: str, *, until: float) -> None:
        """Remind somebody later."""
        ...

    async def follow_policy(self, digest: str, *, source: str, now: float) -> AuditEvent | None:
        """Remember which rules are followed from now on, and tell of a change; None where there is none."""
        ...

    async def refuse_policy(self, why: str, *, source: str, now: float) -> AuditEvent:
        """Tell that new rules could not be read, so that the old ones stay."""
        ...

    async def case(self, request_id: str, *, changes: Sequence[int] = ()) -> Case | None:
        """Read one request with its changes and decisions; `changes` as in `step`."""
        ...

    async def claim_requests(self, *, now: float, lease: float, limit: int) -> Sequence[Case]:
        """Take requests that are due: nobody else gets them for `lease` seconds."""
        ...

    async def claim_changes(self, *, now: float, lease: float, limit: int) -> Sequence[Change]:
        """Take changes that are due; each attempt is counted, and its number is what later steps must show.

        While the stop switch is on, what is not sent yet stays where it is, and no attempt is counted.
        """
        ...

    async def claim_messages(
        self, *, now: float, lease: float, limit: int, key: str | None = None
    ) -> Sequence[Delivery]:
        """Take messages that are due, whose parent is on the screen, and in a thread only the oldest.

        `key`: only this one.
        """
        ...

    async def delivered(self, message: Message, *, channel: str, ts: str, now: float) -> bool:
        """Record that this version is on the screen; it stays due when a newer one is wanted.

        Returns whether somebody else had taken the message over: then it is only shown once more, as it should be.
        """
        ...

    async def postpone_message(self, message: Message, *, until: float, error: str, now: float) -> bool:
        """Try again later. Returns as `delivered`: what was tried may be on the screen all the same."""
        ...

    async def message(self, key: str) -> Message | None:
        """Read one message, with the place where it stands."""
        ...

    async def give_up_message(self, message: Message, *, error: str, now: float) -> None:
        """End a message, and all that waits for it, as undeliverable; the event is told to the requester."""
        ...

    async def end_of(self, contact: Contact, offer_id: str) -> Request | None:
        """Return the end that is planned for a customer and an offer; there is one at most."""
        ...

    async def ends_of(self, held: Mapping[int, Contact], offer_id: str) -> Mapping[int, float]:
        """Say when what these customers hold is taken back by itself, under the keys they came with."""
        ...

    async def ending(self, *, until: float, requester: str | None, limit: int) -> Sequence[Entry]:
        """List what ends by itself until then, the earliest first; of one requester, or of all."""
        ...

    async def rivals(self, contact: Contact, offer_id: str, *, but: str = "") -> Sequence[str]:
        """Name the open requests for a contact and an offer, but for one."""
        ...

    async def history(self, request_id: str) -> Sequence[AuditEvent]:
        """All that happened to a request, oldest first."""
        ...

    async def requests(
        self,
        *,
        states: frozenset[State] | None = None,
        requester: str | None = None,
        customers: Sequence[Contact] | None = None,
        since: float | None = None,
        wanted: Callable[[Request], bool] | None = None,
        before: float | None = None,
        limit: int = 10,
    ) -> Page:
        """List requests, newest first, by keyset; for any of these customers, and only what is `wanted`.

        A page may hold fewer than there are, or none, and yet have a next one: so many were looked at in vain.
        """
        ...

    async def last_provider(self, place: str) -> str | None:
        """Name the provider of what was asked last in a channel; None where nothing was."""
        ...

    async def given(self, provider: str, contact: Contact, *, limit: int = 20) -> Sequence[Case]:
        """List what this bot did for a contact, newest first: who asked, who approved, why."""
        ...

    async def in_thread(self, channel: str, thread_ts: str) -> str | None:
        """Name the request whose card, or whose direct question, stands there."""
        ...

    async def asked_before(self, request_id: str, *, channel: str, ts: str) -> int | None:
        """Return the newest version that was asked about in this thread before the message at `ts`."""
        ...

    async def open_home(self, person: Person, *, blank: bool, now: float) -> None:
        """Somebody looks at their Home: show it from its beginning; `blank`: Slack has nothing to show.

        From then on it becomes due by the transaction of every step that changes it.
        """
        ...

    async def turn_home(self, person: Person, part: Part, place: Place | None, *, now: float) -> None:
        """Show another page of a part; None: the first one."""
        ...

    async def redraw_home(self, person: str, *, asked: bool = False, anew: bool = False, now: float) -> None:
        """Draw somebody's Home anew; `asked`: they wait for it; `anew`: show it even if it looks the same."""
        ...

    async def redraw_homes(self, *, now: float) -> None:
        """Draw all Homes anew: who may what has perhaps changed, or how they look."""
        ...

    async def claim_homes(self, *, now: float, lease: float, limit: int) -> Sequence[Home]:
        """Take Homes that are due, those first that somebody waits for."""
        ...

    async def home_shown(self, home: Home, *, digest: str, oversees: bool, now: float) -> None:
        """Record which drawing is on the screen, and whether others' requests are on it."""
        ...

    async def postpone_home(self, home: Home, *, until: float, error: str) -> None:
        """Try again later."""
        ...

    async def give_up_home(self, home: Home, *, error: str) -> None:
        """Draw it no more until it is opened again."""
        ...

    async def leaves(
        self, home: Home, *, decides: Callable[[Request], bool] | None, reads_all: bool
    ) -> Mapping[Part, Leaf]:
        """Read the pages of a Home at one moment. `decides` tells what waits for this person; None: nothing does."""
        ...

    async def first_sight(self, event_id: str, *, now: float) -> bool:
        """Remember one of Slack's events; False when it was seen before."""
        ...

    async def remember_offers(self, provider: str, offers: Sequence[Offer], *, now: float, whole: bool) -> None:
        """Refresh the cache; `whole` means that what is not in the list is no longer listed."""
        ...

    async def suggest(self, provider: str, words: str, *, limit: int) -> Sequence[Offer]:
        """Find listed offers whose words begin as typed, by title."""
        ...

    async def cached_offer(self, provider: str, offer_id: str) -> Offer | None:
        """Read an offer from the cache: for titles, never for an approval."""
        ...

    async def offers_age(self, provider: str, *, now: float) -> float | None:
        """Say how old the list is; None when it was never read. Read at a time to come, it may be of any age."""
        ...

    async def next_slots(
        self,
        name: str,
        count: int = 1,
        *,
        now: float,
        interval: float,
        burst: int,
        patience: float = math.inf,
        calm: bool = False,
    ) -> Sequence[float]:
        """Reserve the next calls of a rate-limited API for all processes; return how long to wait for each.

        There are fewer than `count` where the others are too far away: further than `patience`. Who is calm leaves
        part of the burst to others and gets no slot in advance: `pace.ABOUT_NOW` is too far away. A first one that is
        too far away means that nothing was reserved.
        """
        ...

    async def hold_slots(self, name: str, *, until: float) -> None:
        """Give out no slot before `until`: the API said so."""
        ...

    async def slow_down(self, name: str, *, now: float, until: float, interval: float) -> None:
        """Do as `hold_slots`, and give out fewer slots a second from then on: the API was called too often.

        How many comes back little by little, at most to the `interval` that callers ask for.
        """
        ...

    async def newest_event(self) -> float | None:
        """Return when the last thing happened."""
        ...

    async def move_due(self, *, latest: float, now: float, lease: float) -> None:
        """The clock was put back from `latest`: make due by the time of now what was due by the old one.

        What is being worked on stays its holder's for a lease.
        """
        ...

    async def figures(self, *, after: int | None, now: float) -> Figures:
        """Count events after a position (None: none of them), open requests, and how late the oldest due row is."""
        ...

    def subscribe(self, committed: Callable[[], None]) -> None:
        """Call this after every commit that made something due."""
        ...


class Engine(Protocol):
    """Sees to it that due rows are worked on."""

    def wake(self) -> None:
        """Look for due rows now rather than at the next tick."""
        ...

    async def stop(self, *, within: float) -> None:
        """Finish what runs, at most that long, and leave the rest on disk."""
        ...


class Pacer(Protocol):
    """Keeps calls to one API within its rate."""

    async def wait(self) -> None:
        """Return when the next call may start."""
        ...

    async def hold(self, seconds: float, *, slower: bool = False) -> None:
        """Start nothing for that long; `slower`: and then fewer calls than before, for there were too many."""
        ...
