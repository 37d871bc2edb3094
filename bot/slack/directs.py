"""What is one person told directly, and what does the channel for failures hear?"""

from collections.abc import Callable, Mapping

from bot.domain.notices import RESULTS
from bot.domain.request import AuditEvent, Case, State
from bot.slack import controls, ends
from bot.slack.blocks import Block, context, section
from bot.slack.content import Content, button, buttons, content, paragraphs
from bot.slack.thread import NOTE, moved_on
from bot.words import directs, events, labels, list_ends, outcomes
from bot.words.scene import Scene
from bot.words.text import quoted, safe


def direct(event: AuditEvent, case: Case, scene: Scene) -> Content:
    """Tell the requester one turn of events."""
    if case.request.bulk and event.request_id != case.request.id:
        return _together(event, case)
    if event.name in RESULTS:
        return _result(event, case, scene)
    said = directs.told(event, case, scene)
    note = quoted(event.text, NOTE) if event.text.strip() else ""
    rows = OFFERED[event.name](event, case, scene) if event.name in OFFERED else []
    return content(
        f"{case.request.id}: {said} {safe(event.text, 200)}",
        paragraphs([said, note]),
        context(directs.about(case, own=not directs.concerns_several(event, case))),
        *rows,
    )


def alert(event: AuditEvent, case: Case, scene: Scene) -> Content:
    """Tell a failure where failures are told too."""
    if case.request.bulk and event.request_id != case.request.id:
        return _together(event, case)
    said, advice = directs.alert(event, case, scene)
    return content(
        f"{case.request.id}: {said}",
        paragraphs([said, advice]),
        context(directs.where(case)),
        buttons([controls.history(case)]),
    )


def _together(event: AuditEvent, case: Case) -> Content:
    """Tell of what ends on one day for the customers of a list; the event is that of the first of them."""
    said = list_ends.told(event, case)
    about = context(list_ends.about(case))
    return content(f"{case.request.id}: {said}", section(said), about, buttons([controls.history(case)]))


def _result(event: AuditEvent, case: Case, scene: Scene) -> Content:
    if not events.is_current(event, case, scene):
        return moved_on(event, case)
    ended = outcomes.ended(case, scene)
    row = controls.of_ending(case)
    if case.request.state is State.FAILED:
        row += controls.ask_again(case)
    return content(
        f"{case.request.id}: {ended}",
        paragraphs([ended, outcomes.advice(case, scene)]),
        context(directs.about(case)),
        buttons(row),
    )


def _correct(event: AuditEvent, case: Case, scene: Scene) -> list[Block | None]:
    if case.request.bulk:
        return []
    request_id = case.request.id
    again = buttons([button(labels.CORRECT, "correct", request_id, primary=True)], controls.CORRECT_ROW)
    creatable = event.data.get("problem") == "ContactNotFound" and case.request.provider in scene.creators
    if not creatable or case.request.action.value != "grant":
        return [again]
    create = button(labels.CREATE, "correct", request_id)
    return [again, buttons([create], controls.CREATE_ROW)]


def _anew(_: AuditEvent, case: Case, __: Scene) -> list[Block | None]:
    return [buttons(controls.ask_again(case))]


def _elsewhere(event: AuditEvent, case: Case, scene: Scene) -> list[Block | None]:
    """Offer to ask in another channel; a list is asked where it was."""
    return [] if case.request.bulk else _anew(event, case, scene)


#: the rows of buttons under what is told
OFFERED: Mapping[str, Callable[[AuditEvent, Case, Scene], list[Block | None]]] = {
    "request.returned": _correct,
    "request.denied": _anew,
    "request.expired": _anew,
    "request.announced": lambda _, case, __: [buttons(ends.buttons(case.request.id))],
    "message.undeliverable": _elsewhere,
}
