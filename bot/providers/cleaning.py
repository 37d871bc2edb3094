"""Makes text and numbers from outside safe to keep: cut, without control characters, of the type they should be."""

import re
import unicodedata
from datetime import UTC, datetime
from typing import Any

#: the longest title that is kept
TITLE = 300
_IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{1,64}")
_ADDRESS = re.compile(r"[^\s@<>()\"',;:]+(?:@|%40)[^\s@<>()\"',;:]+", re.IGNORECASE)
#: characters that turn the reading direction of what follows, beyond the text they stand in
_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def clean(value: Any, *, limit: int = TITLE) -> str:
    """Return text on one line, at most `limit` characters long; whatever is no text becomes empty."""
    if not isinstance(value, str):
        return ""
    text = _TURNING.sub("", value[: limit * 4])
    text = "".join(" " if char.isspace() else char for char in text if char.isspace() or not _unprintable(char))
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1] + "…"


def clean_private(value: Any, *, limit: int) -> str:
    """Do as `clean`, and take out e-mail addresses."""
    return clean(_ADDRESS.sub("…", value[: limit * 4]) if isinstance(value, str) else value, limit=limit)


def identifier(value: Any) -> str | None:
    """Return an id that may stand in a path; None when it is not one."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    return text if isinstance(text, str) and _IDENTIFIER.fullmatch(text) else None


def moment(value: Any) -> float | None:
    """Read an ISO 8601 time; without a zone it is UTC."""
    if not isinstance(value, str):
        return None
    try:
        read = datetime.fromisoformat(value)
        return (read if read.tzinfo is not None else read.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None


def cents(value: Any) -> int | None:
    """Read an amount in the currency's minor unit; an absurd one counts as not told."""
    whole = isinstance(value, int) and not isinstance(value, bool)
    return value if whole and 0 <= value < 10**12 else None


def _unprintable(char: str) -> bool:
    """Control characters, and halves of characters that no encoding can write."""
    return unicodedata.category(char) in {"Cc", "Cs"}
