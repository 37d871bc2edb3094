"""How things look in a terminal and in a spreadsheet."""

from datetime import UTC, datetime
from unicodedata import normalize

#: what a spreadsheet takes for the beginning of a formula
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def moment(at: float | None) -> str:
    """Write a time as people and machines read it, in UTC."""
    return "" if at is None else f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M:%SZ}"


def plain(text: object) -> str:
    """Show a text of somebody's as text: nothing in it moves the cursor or turns the direction of reading."""
    return "".join(sign if sign.isprintable() else "�" for sign in str(text))


def cell(text: str) -> str:
    """Show a text as text in a spreadsheet, too."""
    # normalised, because spreadsheets take the wide forms of the same signs, too
    seen = normalize("NFKC", text).lstrip(" ")
    return f"'{text}" if seen.startswith(FORMULA) else text
