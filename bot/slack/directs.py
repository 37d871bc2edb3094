"""What is one person told directly, and what does the channel for failures hear?"""

from collections.abc import Callable, Mapping

from bot.domain.notices import RESULTS, is_overdue
from bot.domain.request import AuditEvent, Case, State
from bot.slack import allowances, controls, ends, outcomes, pausing, replies, subjects
from bot.slack.content import Content, button, buttons, content, paragraphs
from bot.slack.subjects import EMOJI, Scene
from bot.slack.text import Block, context, date, mention, quoted, safe
from bot.slack.thread import NOTE, Words, actor, drift, is_current, moved_on, overtaken, words

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


def direct(event: AuditEvent, case: Case, scene: Scene) -> Content:
    """Tell the requester one turn of events."""
    if event.name in RESULTS:
        return _result(event, case, scene)
    known = DIRECT_WORDS.get(event.name)
    said = known(event, case, scene) if known is not None else words(event, case, scene)
    note = quoted(event.text, NOTE) if event.text.strip() else ""
    rows = OFFERED[event.name](event, case, scene) if event.name in OFFERED else []
    return content(
        f"{case.request.id}: {said} {safe(event.text, 200)}",
        paragraphs([said, note]),
        context(_about(case, own=not _concerns_several(event, case))),
        *rows,
    )


def alert(event: AuditEvent, case: Case, scene: Scene) -> Content:
    """Tell a failure where failures are told too."""
    where = f"in {mention(case.request.channel)}, asked by {mention(case.request.requester.id)}"
    if event.name in RESULTS:
        said = outcomes.ended(case, scene) if is_current(event, case, scene) else overtaken(event, case)
        advice = outcomes.advice(case, scene) if is_current(event, case, scene) else ""
    elif is_overdue(event):
        said, advice = (
            f"🚨 {ends.OVERDUE}",
            "Have somebody who may decide look at it, in its thread or on their *Home*.",
        )
    else:
        said, advice = f"📭 {_undelivered(event)}", "Check that I am in the channel, and that it is not archived."
    return content(
        f"{case.request.id}: {said}",
        paragraphs([said, advice]),
        context(f"{safe(subjects.headline(case), 200)} · {case.request.id} · {where}"),
        buttons([controls.history(case)]),
    )


def _result(event: AuditEvent, case: Case, scene: Scene) -> Content:
    if not is_current(event, case, scene):
        return moved_on(event, case)
    ended = outcomes.ended(case, scene)
    row = controls.of_ending(case)
    if case.request.state is State.FAILED:
        row += controls.ask_again(case)
    return content(
        f"{case.request.id}: {ended}",
        paragraphs([ended, outcomes.advice(case, scene)]),
        context(_about(case)),
        buttons(row),
    )


def _concerns_several(event: AuditEvent, case: Case) -> bool:
    """Whether others than the requester are told the same."""
    return event.name in {"request.edited", "request.overtaken"} or (
        event.name == "request.returned" and case.request.version > 0
    )


def _about(case: Case, *, own: bool = True) -> str:
    where = mention(case.request.channel) if case.request.channel else ""
    whose = "your request" if own else f"asked by {mention(case.request.requester.id)}"
    return " · ".join(part for part in (whose, safe(subjects.headline(case), 200), case.request.id, where) if part)


def _returned(event: AuditEvent, case: Case, scene: Scene) -> str:
    problem = replies.of_code(str(event.data.get("problem", "")), provider=scene.provider(case))
    if case.request.bulk:
        return f"↩️ *Closed*: {problem}"
    if case.request.version > 0:
        whose = f"{mention(case.request.editors[-1].id)} changed it" if case.request.editors else "It was changed"
        return f"↩️ *Closed*: {problem} {whose}, so it was to be asked anew. Correct it, and it is."
    return f"↩️ *Not asked yet*: {problem} Nobody else has seen it."


def _correct(event: AuditEvent, case: Case, scene: Scene) -> list[Block | None]:
    if case.request.bulk:
        return []
    request_id = case.request.id
    again = buttons([button("Correct", "correct", request_id, primary=True)], controls.CORRECT_ROW)
    creatable = event.data.get("problem") == "ContactNotFound" and case.request.provider in scene.creators
    if not creatable or case.request.action.value != "grant":
        return [again]
    create = button("Create the contact and ask", "correct", request_id)
    return [again, buttons([create], controls.CREATE_ROW)]


def _anew(_: AuditEvent, case: Case, __: Scene) -> list[Block | None]:
    return [buttons(controls.ask_again(case))]


def _postponed(event: AuditEvent, case: Case, scene: Scene) -> str:
    until = event.data.get("until")
    trouble = outcomes.why(str(event.data.get("code", "")), scene.provider(case))
    again = f", next {date(float(until))}" if until is not None else ""
    return f"⏱️ {trouble} Your request is kept; I try again by myself{again}. There is nothing to do for you."


def _settled(event: AuditEvent, case: Case, _: Scene) -> str:
    fact = subjects.achieved(case) if event.data.get("done") else subjects.unachieved(case)
    return f"🖊️ {actor(event)} looked: {fact}."


def _undelivered(event: AuditEvent) -> str:
    what = KINDS.get(str(event.data.get("kind", "")), "a message")
    to = event.data.get("to")
    where = f" to {mention(str(to))}" if to else ""
    reason = event.data.get("error") or event.data.get("code") or "no reason given"
    return f"Slack does not take {what}{where}: {safe(str(reason), 60)}."


def _approved(event: AuditEvent, case: Case, scene: Scene) -> str:
    by = f"{actor(event)} approved" if event.actor is not None else f"Approved {allowances.granted(event.data)}"
    if scene.pause is not None and pausing.holds_up(case):
        return f"👍 {by}. {pausing.on_card(scene.pause)}"
    return f"👍 {by}: I {subjects.task(case)} now."


DIRECT_WORDS: Mapping[str, Words] = {
    "request.prepared": lambda _, case, __: (
        f"📍 The rules want this decided in {mention(case.request.channel)}, so that is where its card is. "
        "There is nothing to do for you."
    ),
    "request.edited": words,
    "request.overtaken": words,
    "request.returned": _returned,
    "request.postponed": _postponed,
    "request.approved": _approved,
    "request.denied": lambda event, case, _: f"⛔ {actor(event)} denied it. {outcomes.untouched(case)}",
    "request.drifted": lambda event, case, _: (
        f"🔁 {drift(event, case)} {outcomes.untouched(case)} The approvers are asked anew."
    ),
    "request.expired": lambda _, case, __: f"{EMOJI[State.EXPIRED]} Nobody decided in time. {outcomes.untouched(case)}",
    "request.settled": _settled,
    "request.announced": ends.announced,
    "request.held": ends.held,
    "message.undeliverable": lambda event, _, __: (
        f"📭 {_undelivered(event)} Invite me to the channel (`/invite`), or ask again for another one."
    ),
}
#: the rows of buttons under what is told
OFFERED: Mapping[str, Callable[[AuditEvent, Case, Scene], list[Block | None]]] = {
    "request.returned": _correct,
    "request.denied": _anew,
    "request.expired": _anew,
    "request.announced": lambda _, case, __: [buttons(ends.buttons(case.request.id))],
    "message.undeliverable": _anew,
}
