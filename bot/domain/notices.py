"""Who is told what: the messages that each event owes. They are stored in the event's own transaction."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.request import AuditEvent, Case, Message, MessageKind, State

#: endings, told to the whole channel
RESULTS = frozenset({"request.succeeded", "request.failed", "request.partly", "request.unknown", "request.unneeded"})
#: what the people in the thread want to follow
LINES = frozenset(
    {
        "request.approved",
        "request.denied",
        "request.doubted",
        "request.drifted",
        "request.reminded",
        "request.expired",
        "request.cancelled",
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
        "request.returned",
        "request.postponed",
        "request.approved",
        "request.denied",
        "request.drifted",
        "request.expired",
        "request.settled",
        "message.undeliverable",
    }
)
ALERTS = frozenset({"request.failed", "request.partly", "request.unknown", "message.undeliverable"})
#: what changes nothing on the card, or comes before there is one
CARDLESS = frozenset({"request.submitted", "request.returned", "request.postponed", "message.undeliverable"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Notices:
    """Turns events into messages. `alerts` is the channel where failures are told too."""

    alerts: str | None = None

    def owed(self, event: AuditEvent, case: Case) -> Iterator[Message]:
        """Name every message that this event makes due, in the order in which they belong."""
        yield from self._shown(event, case)
        if event.name in LINES and case.request.version > 0:
            yield _told(MessageKind.LINE, event, case, to=case.request.channel, parent=card_key(case.request.id))
        if event.name in RESULTS:
            yield _told(MessageKind.RESULT, event, case, to=case.request.channel, parent=card_key(case.request.id))
        if event.name in DIRECT | RESULTS and event.actor != case.request.requester:
            yield _told(MessageKind.DIRECT, event, case, to=case.request.requester.id)
        if self.alerts is not None and event.name in ALERTS and self.alerts != case.request.channel:
            yield _told(MessageKind.ALERT, event, case, to=self.alerts)

    def to_all(self, event: AuditEvent) -> Iterator[Message]:
        """Name the messages of what concerns no request in particular."""
        if self.alerts is not None:
            key = f"{MessageKind.ALERT.value}/{event.seq}"
            yield Message(key=key, request_id=None, kind=MessageKind.ALERT, to=self.alerts, event=event.seq)

    def halted(self, event: AuditEvent, case: Case) -> Iterator[Message]:
        """Tell of the stop switch where something waits for it: on the card, and in its thread."""
        yield from self._shown(event, case)
        yield _told(MessageKind.LINE, event, case, to=case.request.channel, parent=card_key(case.request.id))

    def _shown(self, event: AuditEvent, case: Case) -> Iterator[Message]:
        """Bring the card and the questions up to date; a new version asks anew."""
        request = case.request
        if event.name in CARDLESS or request.version == 0:
            return
        yield Message(key=card_key(request.id), request_id=request.id, kind=MessageKind.CARD, to=request.channel)
        if event.name in {"request.prepared", "request.drifted"}:
            yield ask(case, to=request.channel, version=request.version)
            for person in event.data.get("outside", ()):
                yield ask(case, to=person, version=request.version, direct=True)
        if event.name == "request.reminded":  # who is not in the channel does not see the reminder in the thread
            for person in event.data.get("outside", ()):
                yield ask(case, to=person, version=request.version, direct=True, again=True)

    @staticmethod
    def redraws(event: AuditEvent) -> bool:
        """Whether the Homes that show the request look different after it."""
        return event.name.startswith("request.") or event.name in LINES

    @staticmethod
    def outdates(event: AuditEvent, case: Case) -> frozenset[MessageKind]:
        """Name the kinds of messages on the screen whose buttons no longer fit; they are shown anew."""
        if event.name in {"request.approved", "request.denied", "request.expired", "request.drifted"}:
            return frozenset({MessageKind.ASK})
        if event.name == "request.cancelled" and case.request.state is not State.PENDING:
            return frozenset({MessageKind.ASK})
        if event.name in {"request.retried", "request.left", "request.settled"} or (
            event.name in RESULTS and event.data.get("was") == State.UNKNOWN
        ):
            return frozenset({MessageKind.RESULT, MessageKind.DIRECT})
        return frozenset()


def card_key(request_id: str) -> str:
    """Name the one card of a request."""
    return f"{request_id}/card"


def ask(case: Case, *, to: str, version: int, direct: bool = False, again: bool = False) -> Message:
    """Ask about one version: in the thread, or one person directly, and perhaps once again."""
    request = case.request
    key = f"{request.id}/ask/{version}" + (f"/{to}" if direct else "") + ("/again" if again else "")
    return Message(
        key=key,
        request_id=request.id,
        kind=MessageKind.ASK,
        to=to,
        parent=None if direct else card_key(request.id),
        asks=version,
    )


def _told(kind: MessageKind, event: AuditEvent, case: Case, *, to: str, parent: str | None = None) -> Message:
    return Message(
        key=f"{case.request.id}/{kind.value}/{event.seq}",
        request_id=case.request.id,
        kind=kind,
        to=to,
        parent=parent,
        event=event.seq,
    )
