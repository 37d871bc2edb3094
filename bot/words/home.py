"""What stands on somebody’s Home besides the requests?"""

from collections.abc import Mapping

from bot.domain.home import Entry, Overview, Part
from bot.domain.parsing import EXAMPLES, Verb
from bot.words import ends, refusals, subjects
from bot.words.scene import Scene
from bot.words.text import date, mention, safe, worth

TITLES: Mapping[Part, str] = {
    Part.WAITING: "Waiting for you",
    Part.MINE: "Your requests",
    Part.ENDING: "Ends by itself",
    Part.ENDED: "Recent outcomes",
}
NOTHING: Mapping[Part, str] = {
    Part.WAITING: "Nothing waits for your decision.",
    Part.MINE: "Nothing that you asked for is open.",
    Part.ENDING: "Nothing ends by itself.",
    Part.ENDED: "Nothing has ended yet.",
}
FURTHER = "Nothing of yours among the first ones I looked at; there are more."
GOING = "Nothing holds me up: what is approved is carried out."
RESUME, RESUME_TEXT = "Let me go on?", "What is approved is carried out then, the oldest first."
HELP = f"`{EXAMPLES[Verb.HELP]}` says what else there is."


def may(overview: Overview) -> str:
    """Say what this person may do."""
    if overview.asking is not None:
        said = refusals.sentence(overview.asking)
    else:
        said = "Ask me to grant an offer or to revoke one: I do it as soon as somebody else has approved."
    if overview.decides:
        return f"{said} You decide on what others ask, here or in the request’s thread."
    return f"{said} You may read what everybody asks." if overview.reads_all else said


def asked(entry: Entry, scene: Scene) -> str:
    """Say of what waits for a decision who asked for it, where, and until when it can be decided."""
    request = entry.case.request
    place = mention(request.place or request.channel)
    until = f" · until {date(request.deadline)}" if request.deadline is not None else ""
    return f"{scene.named(request.id, entry.card)} · {ends.facts(request)} in {place}{until}"


def row(entry: Entry, scene: Scene, *, own: bool) -> str:
    """Say what was asked, and by whom where that is not the reader."""
    request = entry.case.request
    asked_then = f"asked {date(request.created)}" if own and request.planned is None else ends.facts(request)
    facts = (scene.named(request.id, entry.card), worth(request.offer), scene.apart(entry.case), asked_then)
    return f"*{safe(subjects.headline(entry.case), 300)}*\n{' · '.join(filter(None, facts))}"
