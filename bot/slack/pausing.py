"""In what words is the stop switch told?"""

from bot.domain.pause import Pause
from bot.domain.request import AuditEvent, Case, ChangeState, State
from bot.slack.content import Content, content, paragraphs
from bot.slack.text import context, date, mention, quoted, safe

EMOJI, GOING = "⏸️", "▶️"
RESUME = "`/offer resume`"
#: how much of the reason stands in a sentence
WHY_SHOWN = 300


def by_whom(pause: Pause) -> str:
    """Continue “Paused …”: by whom, and why."""
    why = safe(pause.why, WHY_SHOWN).rstrip(".")
    return f"by {mention(pause.by.id)}{f': {why}' if why else ''}."


def on_card(pause: Pause) -> str:
    """Say on a card why nothing happens."""
    return f"{EMOJI} *Paused* {by_whom(pause)} It goes on by itself after {RESUME}."


def standing(pause: Pause) -> str:
    """Say to somebody who looks, or asks, that nothing is carried out for now."""
    return (
        f"{EMOJI} *Paused* since {date(pause.at)} {by_whom(pause)} Requests and decisions go on; "
        f"what is approved is carried out after {RESUME}."
    )


def holds_up(case: Case) -> bool:
    """Whether this request has something to send that may not be sent while the switch is on."""
    open_still = case.request.state in {State.APPROVED, State.EXECUTING}
    if case.request.bulk:
        return open_still and case.unsent > 0
    return open_still and any(change.state is ChangeState.TODO and change.sent is None for change in case.changes)


def answer(event: AuditEvent) -> str:
    """Tell the admin what they have just done."""
    waiting = waiting_in(event)
    if event.name == "execution.resumed":
        return f"{GOING} Going on: {_turns(waiting) if waiting else 'nothing was waiting.'}"
    held = f" {_held_back(waiting)}" if waiting else ""
    return (
        f"{EMOJI} *Paused.* Nothing is sent from now on; what is going out at this very moment is finished, and what "
        f"is sent already is still looked after. Requests and decisions go on.{held} {RESUME} carries out what is "
        f"approved by then."
    )


def alert(event: AuditEvent) -> Content:
    """Tell it where failures are told too."""
    who, waiting = mention(event.actor.id) if event.actor is not None else "I", waiting_in(event)
    if event.name == "execution.resumed":
        since = event.data.get("since")
        after = f", paused since {date(float(since))}" if since is not None else ""
        said = f"{GOING} *Resumed* by {who}{after}."
        then = _turns(waiting) if waiting else ""
    else:
        said = f"{EMOJI} *Paused* by {who}. Nothing is sent until {RESUME}; requests and decisions go on."
        then = _held_back(waiting) if waiting else ""
    why = quoted(event.text, 1500) if event.text.strip() else ""
    spoken = " ".join(filter(None, (said, then, safe(event.text, WHY_SHOWN))))
    return content(spoken, paragraphs([said, why, then]), context(date(event.at)))


def waiting_in(event: AuditEvent) -> int:
    """Return how many approved requests waited when it happened."""
    return int(event.data.get("waiting", 0))


def _held_back(waiting: int) -> str:
    return "1 approved request is held back." if waiting == 1 else f"{waiting} approved requests are held back."


def _turns(waiting: int) -> str:
    """Say that they go on; not that all are carried out, for an approval can have become too old."""
    if waiting == 1:
        return "1 approved request has its turn now."
    return f"{waiting} approved requests have their turns, one after the other, the oldest approval first."
