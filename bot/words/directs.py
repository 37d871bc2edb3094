"""What is one person told directly, and what does the channel for failures hear?"""

from collections.abc import Mapping

from bot.domain.notices import RESULTS, is_overdue
from bot.domain.pause import holds_up
from bot.domain.request import AuditEvent, Case, State
from bot.words import allowances, ends, events, outcomes, pausing, refusals, subjects
from bot.words.scene import Scene
from bot.words.states import EMOJI
from bot.words.text import date, mention, safe

#: kinds of messages, as the requester knows them
KINDS: Mapping[str, str] = {
    "card": "the card",
    "ask": "the question to the approvers",
    "line": "a line in the thread",
    "result": "the result",
    "file": "the list",
    "direct": "a direct message",
    "alert": "the alert",
}


def told(event: AuditEvent, case: Case, scene: Scene) -> str:
    """Tell the requester one turn of events."""
    known = DIRECT_WORDS.get(event.name)
    return known(event, case, scene) if known is not None else events.told(event, case, scene)


def alert(event: AuditEvent, case: Case, scene: Scene) -> tuple[str, str]:
    """Tell a failure where failures are told too, and what to do about it."""
    if event.name in RESULTS:
        if not events.is_current(event, case, scene):
            return events.overtaken(event, case), ""
        return outcomes.ended(case, scene), outcomes.advice(case, scene)
    if is_overdue(event):
        return f"🚨 {ends.OVERDUE}", "Have somebody who may decide look at it, in its thread or on their *Home*."
    return f"📭 {_undelivered(event)}", "Check that I am in the channel, and that it is not archived."


def where(case: Case) -> str:
    """Say which request a failure is about, for those who have not asked for it."""
    place = f"in {mention(case.request.channel)}, asked by {mention(case.request.requester.id)}"
    return f"{safe(subjects.headline(case), 200)} · {case.request.id} · {place}"


def about(case: Case, *, own: bool = True) -> str:
    """Say which request it is about."""
    where = mention(case.request.channel) if case.request.channel else ""
    whose = "your request" if own else f"asked by {mention(case.request.requester.id)}"
    whose = ends.facts(case.request) if case.request.planned is not None else whose
    return " · ".join(part for part in (whose, safe(subjects.headline(case), 200), case.request.id, where) if part)


def concerns_several(event: AuditEvent, case: Case) -> bool:
    """Whether others than the requester are told the same."""
    return event.name in {"request.edited", "request.overtaken"} or (
        event.name == "request.returned" and case.request.version > 0
    )


def _returned(event: AuditEvent, case: Case, scene: Scene) -> str:
    problem = refusals.of_code(str(event.data.get("problem", "")), provider=scene.provider(case))
    if case.request.bulk:
        return f"↩️ *Closed*: {problem}"
    if case.request.version > 0:
        whose = f"{mention(case.request.editors[-1].id)} changed it" if case.request.editors else "It was changed"
        return f"↩️ *Closed*: {problem} {whose}, so it was to be asked anew. Correct it, and it is."
    return f"↩️ *Not asked yet*: {problem} Nobody else has seen it."


def _postponed(event: AuditEvent, case: Case, scene: Scene) -> str:
    until = event.data.get("until")
    trouble = outcomes.why(str(event.data.get("code", "")), scene.provider(case))
    again = f", next {date(float(until))}" if until is not None else ""
    return f"⏱️ {trouble} Your request is kept; I try again by myself{again}. There is nothing to do for you."


def _settled(event: AuditEvent, case: Case, _: Scene) -> str:
    fact = subjects.achieved(case) if event.data.get("done") else subjects.unachieved(case)
    return f"🖊️ {events.actor(event)} looked: {fact}."


def _undelivered(event: AuditEvent) -> str:
    what = KINDS.get(str(event.data.get("kind", "")), "a message")
    to = event.data.get("to")
    where = f" to {mention(str(to))}" if to else ""
    reason = event.data.get("error") or event.data.get("code") or "no reason given"
    return f"Slack does not take {what}{where}: {safe(str(reason), 60)}."


def _approved(event: AuditEvent, case: Case, scene: Scene) -> str:
    by = f"{events.actor(event)} approved" if event.actor is not None else f"Approved {allowances.granted(event.data)}"
    if scene.pause is not None and holds_up(case):
        return f"👍 {by}. {pausing.on_card(scene.pause)}"
    return f"👍 {by}: I {subjects.task(case)} now."


DIRECT_WORDS: Mapping[str, events.Words] = {
    "request.prepared": lambda _, case, __: (
        f"📍 The rules want this decided in {mention(case.request.channel)}, so that is where its card is. "
        "There is nothing to do for you."
    ),
    "request.edited": events.told,
    "request.overtaken": events.told,
    "request.returned": _returned,
    "request.postponed": _postponed,
    "request.approved": _approved,
    "request.denied": lambda event, case, _: f"⛔ {events.actor(event)} denied it. {outcomes.untouched(case)}",
    "request.drifted": lambda event, case, _: (
        f"🔁 {events.drift(event, case)} {outcomes.untouched(case)} The approvers are asked anew."
    ),
    "request.expired": lambda _, case, __: f"{EMOJI[State.EXPIRED]} Nobody decided in time. {outcomes.untouched(case)}",
    "request.settled": _settled,
    "request.announced": ends.announced,
    "request.held": ends.held,
    "message.undeliverable": lambda event, _, __: (
        f"📭 {_undelivered(event)} Invite me to the channel (`/invite`), or ask again for another one."
    ),
}
