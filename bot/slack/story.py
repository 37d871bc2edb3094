"""Why does a request stand as it does, and what happened to it, line by line? For one reader, privately."""

from collections.abc import Callable, Mapping

from bot.domain.explanation import Explanation
from bot.domain.request import Action, AuditEvent, Case
from bot.slack import outcomes, standing, subjects, thread
from bot.slack.content import Content, content, paragraphs
from bot.slack.subjects import EMOJI, Scene
from bot.slack.text import context, date, mention, quoted, safe, section, stacked, worth

#: the oldest and the newest events that are told where there are very many
FIRST, LAST = 10, 50
Words = Callable[[AuditEvent, Case, Scene], str]


def told(explained: Explanation, scene: Scene) -> Content:
    """Tell who decides and why, and the story from the beginning, the newest line last."""
    case, events = explained.case, explained.events
    request = case.request
    url = scene.link(*explained.card) if explained.card is not None else ""
    asks = f"{mention(request.requester.id)} asks to {subjects.task(case)} ({worth(request.offer)})"
    state = f"{EMOJI[request.state]} It is {outcomes.stands(case)}."
    return content(
        f"{request.id}: {asks}. {state}",
        section(f"*{f'<{url}|{request.id}>' if url else request.id}*: {asks}.\n{state}"),
        section(quoted(request.reason, 1500)) if request.reason.strip() else None,
        paragraphs(standing.lines(explained)),
        *stacked(_shortened([_line(event, case, scene) for event in events], request.id)),
        context(f"{len(events)} events · customer: {subjects.customer_in_full(case)}"),
    )


def _line(event: AuditEvent, case: Case, scene: Scene) -> str:
    words = WORDS.get(event.name)
    said = words(event, case, scene) if words is not None else thread.words(event, case, scene)
    persons = event.actor is not None and event.text.strip()  # the words of a provider are told as the reason
    note = f" “{safe(event.text, 300)}”" if persons else ""
    return f"{date(event.at, '{date_short} {time_secs}')} {said}{note}"


def _shortened(lines: list[str], request_id: str) -> list[str]:
    left = len(lines) - FIRST - LAST
    where = f"… {left} more: whoever runs me sees them with `python -m bot requests show {request_id}` …"
    return [*lines[:FIRST], where, *lines[-LAST:]] if left > 0 else lines


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
    "request.submitted": lambda event, _, __: f"{thread.actor(event)} asked.",
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
