"""In what words is the stop switch told?"""

from bot.domain.pause import Pause
from bot.domain.request import AuditEvent
from bot.words.text import date, mention, safe

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


def told(event: AuditEvent) -> str:
    """Tell it where failures are told too."""
    who = mention(event.actor.id) if event.actor is not None else "I"
    if event.name == "execution.resumed":
        since = event.data.get("since")
        after = f", paused since {date(float(since))}" if since is not None else ""
        return f"{GOING} *Resumed* by {who}{after}."
    return f"{EMOJI} *Paused* by {who}. Nothing is sent until {RESUME}; requests and decisions go on."


def follows(event: AuditEvent) -> str:
    """Say what becomes of that which was approved; empty where nothing was."""
    waiting = waiting_in(event)
    if not waiting:
        return ""
    return _turns(waiting) if event.name == "execution.resumed" else _held_back(waiting)


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
