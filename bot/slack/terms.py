"""How is a time limit asked for in a form, and in what words is it told?"""

from collections.abc import Mapping
from datetime import date as day_of_year
from typing import Any

from bot.domain.errors import TermMalformed
from bot.domain.term import Term
from bot.domain.tokens import counted
from bot.slack.text import Block, date, plain, strip

#: of what is typed as a number of days, in characters
TYPED = 40


def fields(term: Term | None, *, empty: str) -> list[Block]:
    """Draw the two fields; `empty` says what follows when both are left empty."""
    days: Block = {"type": "plain_text_input", "placeholder": plain("30", 150)}
    until: Block = {"type": "datepicker", "placeholder": plain("Choose a day", 150)}
    if term is not None and term.days is not None:
        days["initial_value"] = str(term.days)
    if term is not None and term.day is not None:
        until["initial_date"] = term.day.isoformat()
    hint = plain(f"Days from when it took effect, or a day: then I take it back by myself. {empty}", 2000)
    return [
        _field("days", "For how many days", days),
        _field("until", "Or until the end of", until) | {"hint": hint},
    ]


def typed(state: Mapping[str, Mapping[str, Any]]) -> Term | None:
    """Read the two fields; raise `TermMalformed` where no number of days is in the first one."""
    words = strip(str(state.get("days", {}).get("value") or ""))
    chosen = str(state.get("until", {}).get("selected_date") or "")
    days, day = _days(words) if words else None, _day(chosen)
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


def _days(words: str) -> int:
    amount, *unit = words.casefold().split() or [""]
    if amount.isdecimal() and amount.isascii() and not unit:
        amount = f"{amount[:6]}d"
    taken, days = counted(amount, *unit[:1])
    if days is None or taken != 1 + len(unit) or not int("".join(filter(str.isdecimal, amount)) or 1):
        raise TermMalformed(words[:TYPED])
    return days


def _day(chosen: str) -> day_of_year | None:
    try:
        return day_of_year.fromisoformat(chosen) if chosen else None
    except ValueError:
        return None


def brief(term: Term) -> str:
    """Say it among other facts."""
    if term.until is not None:
        return f"until {date(term.until)}"
    return f"for {in_days(term.days or 0)}"


def promise(term: Term) -> str:
    """Say before it is approved what follows from it by itself."""
    if term.until is not None:
        return f"taken back by itself {date(term.until)}"
    return f"taken back by itself {in_days(term.days or 0)} after it took effect"


def in_days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"
