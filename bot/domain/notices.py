"""Who is told what: the messages that each event owes. They are stored in the event's own transaction."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.domain.request import DO, AuditEvent, Case, Message, MessageKind, Request, State
from bot.domain.term import DAY

#: turns that leave the question as it is to those who have not approved yet
COUNTS = frozenset({"approval.given", "approval.lapsed", "approval.withdrawn"})
#: endings, told to the whole channel
RESULTS = frozenset({"request.succeeded", "request.failed", "request.partly", "request.unknown", "request.unneeded"})
#: what the people in the thread want to follow
LINES = COUNTS | frozenset(
    {
        "request.edited",
        "request.returned",
        "request.approved",
        "request.denied",
        "request.doubted",
        "request.drifted",
        "request.overtaken",
        "request.reminded",
        "request.escalated",
        "request.expired",
        "request.cancelled",
        "request.halted",
        "request.continued",
        "request.stopped",
        "request.left",
        "request.retried",
        "request.settled",
        "change.postponed",
        "change.lost",
    }
)
#: a turn of events that the requester is told in person; what they did themselves is not news to them
DIRECT = frozenset(
    {
        "request.edited",
        "request.returned",
        "request.postponed",
        "request.approved",
        "request.denied",
        "request.drifted",
        "request.overtaken",
        "request.expired",
        "request.settled",
        "request.announced",
        "request.held",
        "message.undeliverable",
    }
)
#: what becomes of the end of a timed grant before it is carried out; it is shown on a card where it has one
QUIET = frozenset({"request.planned", "request.announced", "request.held", "request.cancelled", "request.left"})
ALERTS = frozenset({"request.failed", "request.partly", "request.unknown", "message.undeliverable"})
#: what changes nothing on the card, or comes before there is one
CARDLESS = frozenset({"request.submitted", "message.undeliverable"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Notices:
    """Turns events into messages. `alerts` is the channel where failures are told too."""

    alerts: str | None = None

    def owed(self, event: AuditEvent, case: Case) -> Iterator[Message]:
        """Name every message that this event makes due, in the order in which they belong."""
        if is_of_a_row(event, case):
            return
        if case.request.of_list:
            yield from self._of_list(event, case)
            return
        yield from self._shown(event, case)
        if event.name in LINES and (case.request.version > 0 or case.request.bulk):
            yield _told(MessageKind.LINE, event, case, to=case.request.channel, parent=card_key(case.request.id))
        if event.name in RESULTS:
            yield _told(MessageKind.RESULT, event, case, to=case.request.channel, parent=card_key(case.request.id))
        if _is_listed(event, case):
            yield _told(MessageKind.FILE, event, case, to=case.request.channel, parent=card_key(case.request.id))
        skipped = case.request.planned is not None and event.name in {"request.cancelled", "request.left"}
        if event.name in DIRECT | RESULTS or skipped or event.data.get("moved"):
            for person in _in_person(event, case):
                yield _told(MessageKind.DIRECT, event, case, to=person)
        alarming = event.name in ALERTS or is_overdue(event)
        if self.alerts is not None and alarming and self.alerts != case.request.channel:
            yield _told(MessageKind.ALERT, event, case, to=self.alerts)

    def _of_list(self, event: AuditEvent, case: Case) -> Iterator[Message]:
        """Tell of what ends for one customer of a list: once for all that ends on the same day, and on the list's card.

        What somebody does about one of them is told as of any other.
        """
        request = case.request
        if event.actor is not None and event.name in DIRECT | QUIET:
            for person in _in_person(event, case):
                yield _told(MessageKind.DIRECT, event, case, to=person)
        elif event.name in {"request.announced", "request.held"}:
            yield _together(MessageKind.DIRECT, event, request, to=request.requester.id)
        elif event.name in RESULTS:
            yield _together(MessageKind.DIRECT, event, request, to=request.requester.id)
            if self.alerts is not None and event.name in ALERTS:
                yield _together(MessageKind.ALERT, event, request, to=self.alerts)

    def to_all(self, event: AuditEvent) -> Iterator[Message]:
        """Name the messages of what concerns no request in particular."""
        if self.alerts is not None:
            key = f"{MessageKind.ALERT.value}/{event.seq}"
            yield Message(key=key, request_id=None, kind=MessageKind.ALERT, to=self.alerts, event=event.seq)

    def halted(self, event: AuditEvent, case: Case) -> Iterator[Message]:
        """Tell of the stop switch where something waits for it: on the card, and in its thread."""
        if case.request.of_list:
            return
        yield from self._shown(event, case)
        yield _told(MessageKind.LINE, event, case, to=case.request.channel, parent=card_key(case.request.id))

    def _shown(self, event: AuditEvent, case: Case) -> Iterator[Message]:
        """Bring the card and the questions up to date; a new version asks anew."""
        request = case.request
        unseen = request.version == 0 and not request.bulk  # a list is shown while it is looked at
        if unseen or (event.name in CARDLESS and not request.bulk) or (request.is_end and event.name in QUIET):
            return
        yield Message(key=card_key(request.id), request_id=request.id, kind=MessageKind.CARD, to=request.channel)
        asks = event.name == "request.drifted" or (event.name == "request.prepared" and request.state is State.PENDING)
        if asks:
            yield ask(case, to=request.channel, version=request.version)
            for person in event.data.get("outside", ()):
                yield ask(case, to=person, version=request.version, direct=True)
        if event.name == "request.escalated":  # the question names them by now
            yield ask(case, to=request.channel, version=request.version)
            for person in event.data.get("outside", ()):
                yield ask(case, to=person, version=request.version, direct=True)

    @staticmethod
    def reminds(event: AuditEvent) -> Sequence[str]:
        """Name the people who are to be reminded of all that waits for them."""
        return tuple(event.data.get("people", ())) if event.name == "request.reminded" else ()

    @staticmethod
    def digest(event: AuditEvent) -> Message:
        """Remind one person of all that waits for them."""
        person = str(event.data["person"])
        key = f"{MessageKind.DIGEST.value}/{event.seq}"
        return Message(key=key, request_id=None, kind=MessageKind.DIGEST, to=person, event=event.seq)

    @staticmethod
    def redraws(event: AuditEvent) -> bool:
        """Whether the Homes that show the request look different after it."""
        return event.name.startswith("request.") or event.name in LINES

    @staticmethod
    def goes_on(event: AuditEvent) -> bool:
        """Whether what was asked is still asked after it: a question that nobody has seen yet is on its way."""
        return event.name in COUNTS or is_overdue(event)

    @staticmethod
    def outdates(event: AuditEvent, case: Case) -> frozenset[MessageKind]:
        """Name the kinds of messages on the screen whose buttons no longer fit; they are shown anew."""
        if case.request.is_end and event.name in QUIET:
            again = {MessageKind.RESULT, MessageKind.DIRECT} if event.name == "request.left" else set[MessageKind]()
            return frozenset({MessageKind.CARD, *again})
        if is_overdue(event) or event.name in COUNTS | {
            "request.approved",
            "request.denied",
            "request.expired",
            "request.drifted",
        }:
            return frozenset({MessageKind.ASK})
        if event.name in {"request.edited", "request.overtaken", "request.returned"} and case.request.version > 0:
            return frozenset({MessageKind.ASK})
        if event.name == "request.prepared" and case.request.version > 1:
            return frozenset({MessageKind.ASK})
        if event.name == "request.cancelled" and case.request.state is not State.PENDING:
            return frozenset({MessageKind.ASK})
        if event.name in {"request.retried", "request.left", "request.settled"} or (
            event.name in RESULTS and event.data.get("was") == State.UNKNOWN
        ):
            return frozenset({MessageKind.RESULT, MessageKind.DIRECT})
        return frozenset()


def is_overdue(event: AuditEvent) -> bool:
    """Whether it tells that nobody has decided in time on what is asked until somebody does."""
    return bool(event.data.get("overdue"))


def is_of_a_row(event: AuditEvent, case: Case) -> bool:
    """Whether it is about one customer of a list: what is told of a list is told of all of it."""
    return case.request.bulk and event.name.startswith("change.")


def _is_listed(event: AuditEvent, case: Case) -> bool:
    """Whether people get the whole list: what is left out before it is decided, and what became of each in the end."""
    if not case.request.bulk:
        return False
    shown = case.request.preview
    left_out = sum(count for plan, count in event.data.get("rows", {}).items() if plan != DO) + case.request.bad
    differ = left_out > 0 or len(shown.get("terms", ())) > 1 or bool(shown.get("reasons"))
    return event.name in RESULTS | {"request.returned"} or (event.name == "request.prepared" and differ)


def _in_person(event: AuditEvent, case: Case) -> list[str]:
    """Name those who are told directly: the requester, and whom a change of what is asked concerns."""
    request = case.request
    people = [request.requester.id, *event.data.get("void", ())]
    if event.name == "request.returned":
        people += [one.id for one in request.editors[-1:] if request.version > 0]
    return [one for one in dict.fromkeys(people) if event.actor is None or one != event.actor.id]


def card_key(request_id: str) -> str:
    """Name the one card of a request."""
    return f"{request_id}/card"


def ask(case: Case, *, to: str, version: int, direct: bool = False) -> Message:
    """Ask about one version: in the thread, or one person directly."""
    request = case.request
    key = f"{request.id}/ask/{version}" + (f"/{to}" if direct else "")
    return Message(
        key=key,
        request_id=request.id,
        kind=MessageKind.ASK,
        to=to,
        parent=None if direct else card_key(request.id),
        asks=version,
    )


def _together(kind: MessageKind, event: AuditEvent, end: Request, *, to: str) -> Message:
    """Tell of the ends of a list's customers: however many there are on a day, it is one message about the list."""
    told = "announced" if event.name == "request.announced" else "held" if event.name == "request.held" else "ended"
    day = int((end.planned or event.at) // DAY)
    key = f"{end.parent}/{kind.value}/{told}/{day}"
    return Message(key=key, request_id=end.parent, kind=kind, to=to, event=event.seq)


def _told(kind: MessageKind, event: AuditEvent, case: Case, *, to: str, parent: str | None = None) -> Message:
    others = f"/{to}" if kind is MessageKind.DIRECT and to != case.request.requester.id else ""
    return Message(
        key=f"{case.request.id}/{kind.value}/{event.seq}{others}",
        request_id=case.request.id,
        kind=kind,
        to=to,
        parent=parent,
        event=event.seq,
    )
