"""What happened to a request, line by line, for whoever wants to know all of it?"""

from collections.abc import Mapping

from bot.domain.request import Action, AuditEvent, Case
from bot.words import ends, events, outcomes, subjects
from bot.words.events import Words
from bot.words.scene import Scene
from bot.words.states import EMOJI
from bot.words.text import date, mention, safe, worth


def about(case: Case) -> str:
    """Say what it is about, and how it stands."""
    request, emoji = case.request, EMOJI[case.request.state]
    if request.planned is not None:
        return f"{emoji} {ends.spoken(case)} is {outcomes.stands(case)}."
    asks = f"{mention(request.requester.id)} asks to {subjects.task(case)} ({worth(request.offer)})"
    return f"{asks}.\n{emoji} It is {outcomes.stands(case)}."


def footing(case: Case, told: int) -> str:
    """Say how many events there were, and who the customer is."""
    return f"{told} events · customer: {subjects.customer_in_full(case)}"


def line(event: AuditEvent, case: Case, scene: Scene) -> str:
    """Say when what happened."""
    words = WORDS.get(event.name)
    said = words(event, case, scene) if words is not None else events.told(event, case, scene)
    persons = event.actor is not None and event.text.strip()  # the words of a provider are told as the reason
    note = f" “{safe(event.text, 300)}”" if persons else ""
    return f"{date(event.at, '{date_short} {time_secs}')} {said}{note}"


def left_out(count: int, request_id: str) -> str:
    """Say who can see the events that are not shown."""
    return f"… {count} more: whoever runs me sees them with `python -m bot requests show {request_id}` …"


def _step(event: AuditEvent) -> str:
    steps = {Action.GRANT: "the grant", Action.REVOKE: "the revoke", Action.CREATE: "the new contact"}
    return steps.get(Action(event.data["action"]), "the change") if event.data.get("action") else "the change"


def _why(event: AuditEvent, case: Case, scene: Scene, key: str = "code") -> str:
    code = outcomes.code_of(event) if key == "code" else str(event.data.get(key) or "")
    return f" {outcomes.why(code, scene.provider(case))}" if code else ""


def _prepared(event: AuditEvent, _: Case, __: Scene) -> str:
    moved = event.data.get("moved")
    where = f" in {mention(str(moved))}, as the rules want it" if moved else ""
    shown = "Shown" if event.data.get("by_itself") else "Shown to those who may decide"
    return f"{shown}{where}, as version {event.data.get('version', 1)}."


def _ended(event: AuditEvent, _: Case, __: Scene) -> str:
    return f"*{event.name.partition('.')[2].capitalize()}.*"


WORDS: Mapping[str, Words] = {
    "request.submitted": lambda event, _, __: f"{events.actor(event)} asked.",
    "request.prepared": _prepared,
    "request.returned": lambda event, case, scene: (
        f"Given back to {mention(case.request.requester.id)}.{_why(event, case, scene, 'problem')}"
    ),
    "request.postponed": lambda event, case, scene: f"Preparing takes longer.{_why(event, case, scene)}",
    "request.succeeded": _ended,
    "request.failed": _ended,
    "request.partly": lambda _, __, ___: "*Done in part.*",
    "request.unknown": _ended,
    "request.unneeded": lambda _, __, ___: "*Not needed: it already was so.*",
    "change.sent": lambda event, case, scene: f"Sent {_step(event)} to {safe(scene.provider(case), 40)}.",
    "change.resent": lambda event, case, scene: f"Sent {_step(event)} once more to {safe(scene.provider(case), 40)}.",
    "change.held": lambda event, _, __: f"Held {_step(event)} back before it was done.",
    "change.dropped": lambda event, _, __: f"Dropped {_step(event)}: it was not done, and the request is cancelled.",
    "change.confirmed": lambda event, case, scene: f"{safe(scene.provider(case), 40)} confirmed {_step(event)}.",
    "change.verified": lambda event, _, __: f"Read {_step(event)} back: it is so.",
    "change.taken": lambda event, case, scene: (
        f"{safe(scene.provider(case), 40)} confirmed {_step(event)}; it cannot be read back."
    ),
    "change.unneeded": lambda event, _, __: f"Nothing was sent for {_step(event)}: it already was so.",
    "change.failed": lambda event, case, scene: f"Failed: {_step(event)}.{_why(event, case, scene)}",
    "message.undeliverable": lambda event, _, __: (
        f"A message could not be delivered ({safe(str(event.data.get('error', '')), 60)})."
    ),
}
