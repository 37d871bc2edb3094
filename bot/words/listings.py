"""What is said of a list of requests, and of each of them in it?"""

from collections.abc import Iterator, Mapping

from bot.domain.listing import ME, Filter
from bot.domain.parsing import EXAMPLES, Scope, Verb, Words
from bot.domain.request import Action, Request, State
from bot.words.scene import Scene
from bot.words.states import EMOJI, STATES
from bot.words.text import DAY, date, listed, mention, safe, worth

LISTS: Mapping[Scope, str] = {
    Scope.MINE: "Your requests",
    Scope.WAITING: "Requests that wait",
    Scope.RECENT: "Recent requests",
}
NO_MORE = "There are no more."


def title(scope: Scope, wanted: Filter, now: float) -> str:
    """Name the list, by what was understood."""
    return LISTS[scope] + "".join(f", {one}" for one in _like(wanted, now))


def shown(heading: str, rows: int) -> str:
    """Say the list in a sentence."""
    return f"{heading}: {rows} shown."


def nothing_so_far(heading: str) -> str:
    """Say that there may be some yet."""
    return f"{heading}: nothing so far. I have not looked at all of them yet: *More* goes on."


def why(request_id: str) -> str:
    """Say how to learn more of one."""
    return f"`{EXAMPLES[Verb.WHY].rpartition(' ')[0]} {request_id}` tells the whole story of one."


def none(words: Words, scope: Scope) -> str:
    """Say that there are none."""
    if words.filtered != Filter():
        return "No request that you may see is like that. Ask for less at once, as in `/offer requests denied`."
    if scope is Scope.MINE:
        return f"You have asked for nothing yet. To ask, type `{EXAMPLES[Verb.GRANT]}`."
    return "Nothing waits for a decision." if scope is Scope.WAITING else "Nothing has been asked for yet."


def _like(wanted: Filter, now: float) -> Iterator[str]:
    """Say the filter back: what was understood shows in it."""
    if wanted.action is not None:
        yield f"{wanted.action.value}s"
    if wanted.states:
        yield listed(sorted(STATES[state] for state in wanted.states), "or")
    if wanted.requester:
        yield "by you" if wanted.requester == ME else f"by {mention(wanted.requester)}"
    if wanted.address:
        yield f"for {safe(wanted.address, 80)}"
    if wanted.words:
        yield f"offer “{safe(wanted.words, 60)}”"
    begins = wanted.begins(now)
    if begins is not None:
        yield f"since {date(begins, DAY)}"


def row(request: Request, card: tuple[str, str] | None, scene: Scene) -> str:
    """Say what one asks for, and how it stands."""
    verb = "grant" if request.action is Action.GRANT else "revoke"
    asked = f"{verb} *{safe(request.offer.title, 60)}* ({worth(request.offer)}), {mention(request.requester.id)}"
    planned = request.is_end and request.state is State.APPROVED and request.planned is not None
    state = f"{EMOJI[request.state]} {STATES[request.state]}"
    state += f", by itself {date(request.planned or 0.0)}" if planned else ""
    return f"• {scene.named(request.id, card)}: {asked}, {date(request.created)} – {state}"
