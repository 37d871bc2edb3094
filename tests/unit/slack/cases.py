"""Requests as a messenger meets them, in every state."""

from dataclasses import replace
from typing import Any

from bot.domain.outcome_file import Outcome
from bot.domain.preview import Preview
from bot.domain.request import (
    Action,
    AuditEvent,
    Case,
    Change,
    ChangeState,
    Choice,
    Contact,
    Decision,
    Holding,
    Message,
    MessageKind,
    Offer,
    Person,
    Request,
    State,
)
from bot.ports import Delivery
from bot.words.scene import Scene

NOW = 1_795_255_200.0
ADA, BOB = Person("T1", "U0ADA"), Person("T1", "U0BOB")
CHANNEL, ALERTS = "C0OFFERS", "C0ALERTS"
SCENE = Scene(titles={"kajabi": "Kajabi"}, creators=frozenset({"kajabi"}), alerts=ALERTS)

CHANGES: dict[State, dict[str, Any]] = {
    State.SUCCEEDED: {"state": ChangeState.SUCCEEDED, "verified": NOW + 60, "receipt": "204"},
    State.FAILED: {"state": ChangeState.FAILED, "error": "422: no such site"},
    State.UNKNOWN: {"state": ChangeState.UNKNOWN, "error": "NotSeen", "sent": NOW},
    State.UNNEEDED: {"state": ChangeState.UNNEEDED},
    State.EXECUTING: {"sent": NOW},
    State.DENIED: {"state": ChangeState.CANCELLED},
    State.EXPIRED: {"state": ChangeState.CANCELLED},
    State.CANCELLED: {"state": ChangeState.CANCELLED},
    State.PARTLY: {"state": ChangeState.FAILED, "error": "GaveUp: Unavailable: no connection"},
}
DECIDED = set(State) - {State.PREPARING, State.PENDING, State.EXPIRED, State.CANCELLED}


def a_case(
    state=State.PENDING,
    action=Action.GRANT,
    *,
    title="Bundle",
    name="Jane Doe",
    address="jane@example.com",
    reason="refund case 4412",
    note="",
    creates=False,
    holdings=(),
    effects=("A gift mail may still go out.",),
    rivals=(),
    error=None,
    **fields,
):
    offer = Offer(provider="kajabi", id="7", title=title, price=19900, currency="usd")
    contact = Contact(provider="kajabi", address=address, name=name, id=None if creates else "c-1", ref=1)
    preview = Preview(
        holdings=holdings,
        creates_contact=creates,
        effects=effects,
        rivals=rivals,
        approvers=("U0ADA", "U0BOB", "S0MANAGERS"),
        rule="APPROVERS",
    )
    request = Request(
        id="R-4F7K",
        action=action,
        provider="kajabi",
        state=state,
        requester=ADA,
        channel=CHANNEL,
        offer=offer,
        reason=reason,
        created=NOW,
        version=0 if state is State.PREPARING else 1,
        preview=preview.as_data(),
        creates_contact=creates,
        expires=NOW + 7 * 86400,
        decided=NOW + 30 if state in DECIDED else None,
    )
    change = Change(id=2, request_id="R-4F7K", action=action, provider="kajabi", contact=contact, offer_id="7")
    change = replace(change, after=1 if creates else None, **CHANGES.get(state, {}))
    if error is not None:
        change = replace(change, error=error)
    creation = replace(change, id=1, action=Action.CREATE, offer_id="", after=None)
    if state is State.PARTLY:
        creation = replace(creation, state=ChangeState.SUCCEEDED, error="", verified=NOW + 30)
    choice = Choice.DENY if state is State.DENIED else Choice.APPROVE
    decision = Decision(request_id="R-4F7K", version=1, choice=choice, by=BOB, at=NOW + 30, note=note)
    return Case(
        request=replace(request, **fields),
        changes=(creation, change) if creates or state is State.PARTLY else (change,),
        decisions=(decision,) if state in DECIDED else (),
    )


#: how many rows of a list stand where; the last one: how many are not sent
ROWS: dict[State, tuple[dict[ChangeState, int], int]] = {
    State.PREPARING: ({ChangeState.TODO: 12}, 12),
    State.EXECUTING: ({ChangeState.TODO: 5, ChangeState.SUCCEEDED: 3, ChangeState.FAILED: 1}, 3),
    State.SUCCEEDED: ({ChangeState.SUCCEEDED: 9}, 0),
    State.FAILED: ({ChangeState.FAILED: 9}, 0),
    State.PARTLY: ({ChangeState.SUCCEEDED: 6, ChangeState.FAILED: 3}, 0),
    State.UNKNOWN: ({ChangeState.SUCCEEDED: 7, ChangeState.UNKNOWN: 2}, 0),
    State.UNNEEDED: ({ChangeState.UNNEEDED: 9}, 0),
    **dict.fromkeys((State.DENIED, State.EXPIRED, State.CANCELLED), ({ChangeState.CANCELLED: 9}, 0)),
}
LEFT_OUT = {ChangeState.UNNEEDED: 1, ChangeState.CANCELLED: 2}


def a_bulk(state=State.PENDING, action=Action.GRANT, *, text="jane@example.com", held=None, **fields):
    """A request for the twelve customers of a list, of whom something is to be done for nine."""
    one = a_case(state, action, **fields)
    counts, unsent = ROWS.get(state, ({ChangeState.TODO: 9}, 9))
    if state is State.PREPARING:
        preview = {"calls": [3, 9], "looked": 0}
    else:
        counts = {found: counts.get(found, 0) + LEFT_OUT.get(found, 0) for found in {*counts, *LEFT_OUT}}
        rows = {"do": 9, "unneeded": 1, "not_found": 1, "ContactAmbiguous": 1}
        effects = dict.fromkeys(one.request.preview["effects"], 9)
        preview = {**one.request.preview, "holdings": (), "rows": rows, "value": 179100, "effect_counts": effects}
    request = replace(
        one.request, size=12, bad=1, repeated=2, file_name=text, held=held, creates_contact=False, preview=preview
    )
    exceptions = tuple(Outcome(line, text, "Bundle", "unusable", text) for line in range(2, 22))
    return replace(one, request=request, changes=(), rest=counts, unsent=unsent, exceptions=exceptions)


def an_event(name, *, actor=BOB, text="", **data):
    return AuditEvent(name=name, at=NOW + 60, request_id="R-4F7K", actor=actor, text=text, data=data, seq=9)


def a_message(kind=MessageKind.CARD, *, to=CHANNEL, **fields):
    return Message(key=f"R-4F7K/{kind.value}", request_id="R-4F7K", kind=kind, to=to, **fields)


PAID = Holding(offer_id="7", title="Bundle", purchases=("p-1",), paying=True, since=NOW - 864000)
STARTER = Holding(offer_id="5", title="Starter", granted=True, since=NOW - 8640000)


def a_delivery(kind, case, event=None, **fields):
    return Delivery(message=a_message(kind, **fields), case=case, event=event)


def all_texts(message):
    found = [message.text]

    def walk(part):
        if isinstance(part, list):
            for one in part:
                walk(one)
        elif isinstance(part, dict):
            if part.get("type") == "mrkdwn":
                found.append(part["text"])
            for one in part.values():
                walk(one)

    walk(message.blocks)
    return found


def labels(message):
    rows = [block["elements"] for block in message.blocks if block["type"] == "actions"]
    return {button["action_id"]: button["text"]["text"] for row in rows for button in row}


def shown(message):
    return "\n".join(all_texts(message))
