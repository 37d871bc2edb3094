"""What is told in a card's thread: one line for each turn of events, and the ending for the whole channel."""

from bot.domain.request import AuditEvent, Case, State
from bot.slack import controls
from bot.slack.blocks import context, section
from bot.slack.content import Content, buttons, content, paragraphs
from bot.words import bulk, events, outcomes, subjects
from bot.words.scene import Scene
from bot.words.text import quoted, safe

#: how much of a note is told
NOTE = 1500


def line(event: AuditEvent, case: Case, scene: Scene) -> Content:
    """Tell one event in the thread."""
    said = events.told(event, case, scene)
    note = quoted(event.text, NOTE) if event.text.strip() else ""
    spoken = f"{said} {safe(event.text, 200)}".strip()
    again = controls.ask_again(case) if event.name == "request.expired" else []
    told = section("\n".join(part for part in (said, note) if part))
    return content(f"{case.request.id}: {spoken}", told, buttons(again))


def result(event: AuditEvent, case: Case, scene: Scene) -> Content:
    """Tell an ending to the thread and the channel, with what can be done about it."""
    if not events.is_current(event, case, scene):
        return moved_on(event, case)
    failed = case.request.state in {State.FAILED, State.PARTLY, State.UNKNOWN}
    ended, next_step = outcomes.ended(case, scene), outcomes.advice(case, scene)
    about = f"{subjects.headline(case)} · {case.request.id}"
    return content(
        outcomes.spoken(ended, case),
        section(ended),
        section(f"{next_step} {outcomes.told(case, scene)}") if failed else None,
        paragraphs(bulk.named(case, heading=bulk.NOT_DONE)) if case.request.bulk else None,
        context(safe(about, 300)),
        buttons(controls.of_ending(case)),
    )


def listed_elsewhere(case: Case) -> Content:
    """Say who can get the list where the bot may not give files."""
    said = f"📄 {bulk.whole_list(case)}"
    return content(f"{case.request.id}: {said}", section(said))


def moved_on(event: AuditEvent, case: Case) -> Content:
    """Tell an ending that is none any more."""
    said = events.overtaken(event, case)
    return content(f"{case.request.id}: {said}", section(said), context(safe(subjects.headline(case), 200)))
