"""Rows to nouns and back."""

import json
import sqlite3
from collections.abc import Mapping
from typing import Any

from bot.domain.request import (
    Action,
    AuditEvent,
    Change,
    ChangeState,
    Choice,
    Contact,
    Decision,
    Message,
    MessageKind,
    Offer,
    Person,
    Request,
    State,
)
from bot.domain.term import Term


def to_json(value: object) -> str:
    """Write canonically: the same value always gives the same text, which the audit hashes."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def storable(text: str) -> str:
    """Replace halves of surrogate pairs, which JSON may carry and SQLite refuses."""
    return text.encode(errors="replace").decode()


# --- requests ------------------------------------------------------------------------------------------------------


def request_values(request: Request) -> dict[str, Any]:
    return {
        "id": request.id,
        "action": request.action.value,
        "provider": request.provider,
        "state": request.state.value,
        "team": request.requester.team,
        "requester": request.requester.id,
        "channel": request.channel,
        "asked_in": request.asked_in,
        "offer": to_json(offer_data(request.offer)),
        "reason": request.reason,
        "created": request.created,
        "version": request.version,
        "fingerprint": request.fingerprint,
        "preview": to_json(request.preview),
        "welcome_email": int(request.welcome_email),
        "creates_contact": int(request.creates_contact),
        "term": term_text(request.term),
        "planned": request.planned,
        "parent": request.parent,
        "editors": to_json([[one.team, one.id] for one in request.editors]),
        "submitted_key": request.submitted_key,
        "size": request.size,
        "file_name": request.file_name,
        "bad": request.bad,
        "repeated": request.repeated,
        "held": request.held,
        "updated": request.updated,
        "decided": request.decided,
        "expires": request.expires,
        "reminded": request.reminded,
        "troubled": request.troubled,
        "left_so": int(request.left),
        "due": request.due,
        "attempts": request.attempts,
        "note": request.note,
    }


def request_from(row: sqlite3.Row) -> Request:
    return Request(
        id=row["id"],
        action=Action(row["action"]),
        provider=row["provider"],
        state=State(row["state"]),
        requester=Person(row["team"], row["requester"]),
        channel=row["channel"],
        asked_in=row["asked_in"],
        offer=offer_from_data(json.loads(row["offer"])),
        reason=row["reason"],
        created=row["created"],
        version=row["version"],
        fingerprint=row["fingerprint"],
        preview=json.loads(row["preview"]),
        welcome_email=bool(row["welcome_email"]),
        creates_contact=bool(row["creates_contact"]),
        term=term_from(row["term"]),
        planned=row["planned"],
        parent=row["parent"],
        editors=() if row["editors"] == NOTHING else tuple(Person(*one) for one in json.loads(row["editors"])),
        submitted_key=row["submitted_key"],
        size=row["size"],
        file_name=row["file_name"],
        bad=row["bad"],
        repeated=row["repeated"],
        held=row["held"],
        updated=row["updated"],
        decided=row["decided"],
        expires=row["expires"],
        reminded=row["reminded"],
        troubled=row["troubled"],
        left=bool(row["left_so"]),
        due=row["due"],
        attempts=row["attempts"],
        note=row["note"],
    )


# --- changes, decisions --------------------------------------------------------------------------------------------


def change_values(change: Change) -> dict[str, Any]:
    """Return what a step may change of a change."""
    return {
        "id": change.id,
        "state": change.state.value,
        "attempts": change.attempts,
        "sent": change.sent,
        "sent_to": change.sent_to,
        "resent": change.resent,
        "reads": change.reads,
        "receipt": change.receipt,
        "verified": change.verified,
        "troubled": change.troubled,
        "error": change.error,
        "in_part": change.in_part,
        "due": change.due,
    }


def change_from(row: sqlite3.Row) -> Change:
    """Read a row of `change` joined with its contact."""
    return Change(
        id=row["id"],
        request_id=row["request_id"],
        action=Action(row["action"]),
        provider=row["provider"],
        contact=Contact(
            provider=row["provider"],
            address=row["address"],
            id=row["contact_id"],
            name=row["new_name"] or row["name"],
            customer_id=row["customer_id"],
            ref=row["contact_ref"],
        ),
        offer_id=row["offer_id"],
        welcome_email=bool(row["welcome_email"]),
        ids=tuple(row["ids"].split(",")) if row["ids"] else (),
        undoes=row["undoes"] or "",
        state=ChangeState(row["state"]),
        after=row["after"],
        attempts=row["attempts"],
        sent=row["sent"],
        sent_to=row["sent_to"],
        resent=row["resent"],
        reads=row["reads"],
        receipt=row["receipt"],
        verified=row["verified"],
        troubled=row["troubled"],
        error=row["error"],
        in_part=row["in_part"],
        due=row["due"],
        line=row["line"],
        plan=row["plan"],
        fingerprint=row["fingerprint"],
        term=term_from(row["term"]),
        reason=row["reason"],
    )


def term_text(term: Term | None) -> str:
    return "" if term is None else to_json(term.as_data())


def term_from(text: str) -> Term | None:
    return Term.from_data(json.loads(text)) if text else None


def decision_from(row: sqlite3.Row) -> Decision:
    return Decision(
        request_id=row["request_id"],
        version=row["version"],
        choice=Choice(row["choice"]),
        by=Person(row["team"], row["person"]),
        at=row["at"],
        note=row["note"],
    )


# --- events, messages ----------------------------------------------------------------------------------------------


def event_from(row: sqlite3.Row) -> AuditEvent:
    """Read a row of `event` joined with its note."""
    return AuditEvent(
        seq=row["seq"],
        name=row["name"],
        at=row["at"],
        request_id=row["request_id"],
        actor=None if row["person"] is None else Person(row["team"], row["person"]),
        data=json.loads(row["data"]),
        text=row["text"] or "",
    )


def message_from(row: sqlite3.Row) -> Message:
    return Message(
        key=row["key"],
        request_id=row["request_id"],
        kind=MessageKind(row["kind"]),
        to=row["recipient"],
        parent=row["parent"],
        event=row["event"],
        asks=row["asks"],
        version=row["version"],
        shown=row["shown"],
        channel=row["channel"],
        ts=row["ts"],
        attempts=row["attempts"],
        # SQLite returns a whole number as an integer from the very statement that has written it
        due=None if row["due"] is None else float(row["due"]),
        error=row["error"],
    )


NOTHING = "[]"

# --- offers --------------------------------------------------------------------------------------------------------


def offer_data(offer: Offer) -> dict[str, Any]:
    return {
        "provider": offer.provider,
        "id": offer.id,
        "title": offer.title,
        "internal_title": offer.internal_title,
        "description": offer.description,
        "price": offer.price,
        "currency": offer.currency,
        "recurring": offer.recurring,
        "products": list(offer.products),
        "listed": offer.listed,
    }


def offer_from_data(data: Mapping[str, Any]) -> Offer:
    return Offer(**{**data, "products": tuple(data["products"])})


def offer_from(row: sqlite3.Row) -> Offer:
    """Read a row of the cache."""
    return Offer(
        provider=row["provider"],
        id=row["id"],
        title=row["title"],
        internal_title=row["internal_title"],
        description=row["description"],
        price=row["price"],
        currency=row["currency"],
        recurring=bool(row["recurring"]),
        products=() if row["products"] == NOTHING else tuple(json.loads(row["products"])),
        listed=bool(row["listed"]),
    )
