"""What does the channel see of a request? One card: what, for whom, worth how much, why, and how it stands now."""

from bot.domain.request import Case, State
from bot.slack import controls
from bot.slack.blocks import Block, context, plain, section
from bot.slack.content import Content, buttons, content, paragraphs
from bot.words import allowances, background, subjects
from bot.words import cards as words
from bot.words.scene import Scene
from bot.words.text import quoted

#: the states in which a danger can still be kept away
WAITING = frozenset({State.PENDING, State.APPROVED})


def card(case: Case, scene: Scene) -> Content:
    """Draw the card."""
    request = case.request
    return content(
        words.spoken(case),
        {"type": "header", "text": plain(subjects.headline(case), 150)},
        context(words.facts(case, scene)),
        section(quoted(request.reason, words.REASON_SHOWN)) if request.reason.strip() else None,
        paragraphs(background.dangers(case)) if request.state in WAITING else None,
        paragraphs([*allowances.budgets(case), allowances.withheld(case)]) if request.state is State.PENDING else None,
        section(words.standing(case, scene)),
        _background(case),
        buttons(controls.of_card(case)),
    )


def _background(case: Case) -> Block | None:
    known = background.brief(case) if case.request.state is State.PENDING else ""
    return context(known) if known else None
