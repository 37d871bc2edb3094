"""The systems that grant."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from bot.domain.draft import AddressKind
from bot.domain.errors import ProviderError
from bot.domain.request import Action, Change, Contact, Holding, Offer, Reading
from bot.ports.running import Told

#: asked right before the call that makes a change, when nothing else keeps it waiting; False: there is no call
Permit = Callable[[Change], Awaitable[bool]]


async def permitted(_: Change) -> bool:
    """Permit every call."""
    return True


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


@runtime_checkable
class Batches(Protocol):
    """A provider that makes one change for several customers with one call."""

    #: how many at most
    batch: int
