"""How is a time limit asked for in a form?"""

from collections.abc import Mapping
from datetime import date as day_of_year
from typing import Any

from bot.domain.errors import TermMalformed
from bot.domain.term import Term
from bot.domain.tokens import counted
from bot.slack.blocks import Block, plain
from bot.words import forms as words
from bot.words.text import strip

#: of what is typed as a number of days, in characters
TYPED = 40


def fields(term: Term | None, *, empty: str) -> list[Block]:
    """Draw the two fields; `empty` says what follows when both are left empty."""
    days: Block = {"type": "plain_text_input", "placeholder": plain(words.DAYS_EXAMPLE, 150)}
    until: Block = {"type": "datepicker", "placeholder": plain(words.CHOOSE_DAY, 150)}
    if term is not None and term.days is not None:
        days["initial_value"] = str(term.days)
    if term is not None and term.day is not None:
        until["initial_date"] = term.day.isoformat()
    hint = plain(words.term_hint(empty), 2000)
    return [
        _field("days", words.DAYS, days),
        _field("until", words.UNTIL, until) | {"hint": hint},
    ]


def typed(state: Mapping[str, Mapping[str, Any]]) -> Term | None:
    """Read the two fields; raise `TermMalformed` where no number of days is in the first one."""
    given = strip(str(state.get("days", {}).get("value") or ""))
    chosen = str(state.get("until", {}).get("selected_date") or "")
    days, day = _days(given) if given else None, _day(chosen)
    return None if days is None and day is None else Term(days=days, day=day)


def legible(state: Mapping[str, Mapping[str, Any]]) -> Term | None:
    """Read them as far as they make sense, while somebody is still typing."""
    try:
        return typed(state)
    except TermMalformed:
        return None


def _field(name: str, label: str, element: Block) -> Block:
    named = {**element, "action_id": name}
    return {"type": "input", "block_id": name, "label": plain(label, 2000), "element": named, "optional": True}


def _days(given: str) -> int:
    amount, *unit = given.casefold().split() or [""]
    if amount.isdecimal() and amount.isascii() and not unit:
        amount = f"{amount[:6]}d"
    taken, days = counted(amount, *unit[:1])
    if days is None or taken != 1 + len(unit) or not int("".join(filter(str.isdecimal, amount)) or 1):
        raise TermMalformed(given[:TYPED])
    return days


def _day(chosen: str) -> day_of_year | None:
    try:
        return day_of_year.fromisoformat(chosen) if chosen else None
    except ValueError:
        return None
