"""In what words is a time limit told?"""

from bot.domain.term import Term
from bot.words.text import date


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
