"""Which requests are there? One's own, or everybody's for those who may see them; by what they are like."""

from collections.abc import Iterator

from bot.domain.listing import ME, Filter
from bot.domain.parsing import EXAMPLES, Scope, Verb, Words
from bot.domain.request import Action, Person, Request, State
from bot.ports import Page
from bot.slack import pausing, replies
from bot.slack.content import Content, content, introduced, more, said
from bot.slack.desk import Desk
from bot.slack.subjects import EMOJI, Scene
from bot.slack.text import DAY, context, date, listed, mention, safe, section, stacked, worth

#: rows of a list before *more*
ROWS = 10
LISTS = {Scope.MINE: "Your requests", Scope.WAITING: "Requests that wait", Scope.RECENT: "Recent requests"}


async def requests(desk: Desk, words: Words, *, by: Person, before: float | None = None) -> Content:
    """List ten requests, and lead to those before them."""
    scope, wanted = words.scope or Scope.MINE, words.filtered
    page = await desk.lookups.requests(scope.value, by=by, wanted=wanted, before=before, limit=ROWS)
    shown = _listed(page, words, scope, desk, first=before is None)
    pause = await desk.lookups.paused() if before is None else None
    return introduced(pausing.standing(pause), shown) if pause is not None else shown


def _listed(page: Page, words: Words, scope: Scope, desk: Desk, *, first: bool) -> Content:
    title = LISTS[scope] + "".join(f", {one}" for one in _like(words.filtered, desk.clock()))
    carried = {"scope": scope.value, "before": page.next, "words": words.filter}
    onward = more({"requests": carried}) if page.next is not None else None
    if not page.requests:
        if onward is not None:
            farther = f"{title}: nothing so far. I have not looked at all of them yet: *More* goes on."
            return content(farther, section(farther), onward)
        return said(_none(words, scope, first=first))
    why = f"`{EXAMPLES[Verb.WHY].rpartition(' ')[0]} {page.requests[0].id}` tells the whole story of one."
    return content(
        f"{title}: {len(page.requests)} shown.",
        section(f"*{title}*"),
        *stacked(_row(request, page, desk.scene) for request in page.requests),
        onward,
        context(why),
    )


def _none(words: Words, scope: Scope, *, first: bool) -> str:
    if not first:
        return "There are no more."
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
        yield listed(sorted(replies.STATES[state] for state in wanted.states), "or")
    if wanted.requester:
        yield "by you" if wanted.requester == ME else f"by {mention(wanted.requester)}"
    if wanted.address:
        yield f"for {safe(wanted.address, 80)}"
    if wanted.words:
        yield f"offer “{safe(wanted.words, 60)}”"
    begins = wanted.begins(now)
    if begins is not None:
        yield f"since {date(begins, DAY)}"


def _row(request: Request, page: Page, scene: Scene) -> str:
    verb = "grant" if request.action is Action.GRANT else "revoke"
    asked = f"{verb} *{safe(request.offer.title, 60)}* ({worth(request.offer)}), {mention(request.requester.id)}"
    planned = request.is_end and request.state is State.APPROVED and request.planned is not None
    state = f"{EMOJI[request.state]} {replies.STATES[request.state]}"
    state += f", by itself {date(request.planned or 0.0)}" if planned else ""
    url = scene.link(*page.cards[request.id]) if request.id in page.cards else ""
    named = f"<{url}|{request.id}>" if url else request.id
    return f"• {named}: {asked}, {date(request.created)} – {state}"
