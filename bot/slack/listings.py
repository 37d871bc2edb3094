"""Which requests are there? One's own, or everybody's for those who may see them; by what they are like."""

from bot.domain.parsing import Scope, Words
from bot.domain.request import Person
from bot.ports import Page
from bot.slack.blocks import context, section, stacked
from bot.slack.content import Content, content, introduced, more, said
from bot.slack.desk import Desk
from bot.words import listings, pausing

#: rows of a list before *more*
ROWS = 10


async def requests(desk: Desk, words: Words, *, by: Person, before: float | None = None) -> Content:
    """List ten requests, and lead to those before them."""
    scope, wanted = words.scope or Scope.MINE, words.filtered
    page = await desk.lookups.requests(scope.value, by=by, wanted=wanted, before=before, limit=ROWS)
    shown = _listed(page, words, scope, desk, first=before is None)
    pause = await desk.lookups.paused() if before is None else None
    return introduced(pausing.standing(pause), shown) if pause is not None else shown


def _listed(page: Page, words: Words, scope: Scope, desk: Desk, *, first: bool) -> Content:
    title = listings.title(scope, words.filtered, desk.clock())
    carried = {"scope": scope.value, "before": page.next, "words": words.filter}
    onward = more({"requests": carried}) if page.next is not None else None
    if not page.requests:
        if onward is not None:
            farther = listings.nothing_so_far(title)
            return content(farther, section(farther), onward)
        return said(listings.none(words, scope) if first else listings.NO_MORE)
    return content(
        listings.shown(title, len(page.requests)),
        section(f"*{title}*"),
        *stacked(listings.row(request, page.cards.get(request.id), desk.scene) for request in page.requests),
        onward,
        context(listings.why(page.requests[0].id)),
    )
