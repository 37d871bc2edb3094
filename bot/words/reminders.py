"""What is one person reminded of? All that waits for their decision."""

from bot.domain.home import Entry
from bot.domain.request import Action
from bot.words.scene import Scene
from bot.words.subjects import offer
from bot.words.text import date, mention, worth

STILL = "Still waiting"
NOTHING = "Nothing waits for your decision any more."
WHERE = "Decide in the request’s thread, or on my *Home* tab, where all of them are."


def waiting(requests: int) -> str:
    """Count them."""
    return f"{requests} request{' waits' if requests == 1 else 's wait'} for your decision."


def further(requests: int) -> str:
    """Say how many are not named."""
    return f"… and {requests} more."


def line(entry: Entry, scene: Scene) -> str:
    """Say what is asked. No customer is named: a reminder is never drawn anew."""
    request = entry.case.request
    verb = "grant" if request.action is Action.GRANT else "revoke"
    until = f", until {date(request.deadline)}" if request.deadline is not None else ""
    asks = f"{mention(request.requester.id)} asks to {verb} {offer(entry.case)} ({worth(request.offer)})"
    return f"• {scene.named(request.id, entry.card)}: {asks}{until}"
