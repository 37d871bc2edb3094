"""What did somebody type, piece by piece? Links, quotes, addresses, spans of time.

Every pattern here is linear in what was typed, so that ten thousand characters of anything are parsed at once.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from bot.domain.draft import is_address, normal

_LINK = re.compile(r"<([^<>|]{1,400})(?:\|([^<>|]{0,400}))?>")
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"') | dict.fromkeys("‘’‚‛", "'"))  # noqa: RUF001 - phones type these
_PIECE = re.compile(r"\"([^\"]*)\"|(?<!\S)'([^']*)'(?!\S)|([^\s\"]+)|\"")
#: how customers are named that are not named by e-mail, see `draft.AddressKind`
_OTHERS = re.compile(r"\+[0-9]{7,15}|id:[0-9]+|ext:[^\s@]+", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s,;|<>()\"]+")
_BECAUSE = re.compile(r"because[:,]?|reason:", re.IGNORECASE)
_AMOUNT = re.compile(r"([0-9]{1,5})([a-zA-Z]{0,6})")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DAYS = {
    "d": 1,
    "day": 1,
    "w": 7,
    "week": 7,
    "mo": 30,
    "month": 30,
    "y": 365,
    "yr": 365,
    "year": 365,
    "h": 0,
    "hour": 0,
}
_IDS = re.compile(r"[0-9][\w,;]*")
_COUNTS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "six": 6}


@dataclass(frozen=True, slots=True)
class Token:
    """A word, or what stood between quotes."""

    text: str
    quoted: bool
    start: int

    @property
    def word(self) -> str:
        """Return it as words are compared; what was quoted is never a word of ours."""
        return "" if self.quoted else self.text.casefold().strip(",.;:!?")

    @property
    def addressed(self) -> bool:
        """Whether it was meant as an address."""
        return ("@" in self.text or bool(_OTHERS.fullmatch(self.text))) and not (self.quoted and " " in self.text)


@dataclass(frozen=True, slots=True)
class Span:
    """A time limit: as typed, and in days or as a day where it can be told."""

    typed: str = ""
    days: int | None = None
    #: the day until which
    day: date | None = None


def unlinked(text: str) -> str:
    """Replace Slack's links by what they lead to, and its entities by their characters."""
    text = _LINK.sub(_target, text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def addresses_in(text: str) -> tuple[str, ...]:
    """Find the addresses in a message, once each, in their order."""
    found = once(one for one in address_like(unlinked(text)) if is_address(one))
    return tuple(one for one in found if "@" in one) or found  # beside one, a number is only a number


def address_like(text: str) -> list[str]:
    """Find what was meant as addresses, well-formed or not."""
    words = [word.removeprefix("mailto:").strip(".:!?[]'*_`") for word in _BETWEEN.split(text)]
    return [word for word in words if "@" in word or _OTHERS.fullmatch(word)]


def once(addresses: Iterable[str]) -> tuple[str, ...]:
    """Leave repetitions out."""
    unique: dict[str, str] = {}
    for address in addresses:
        unique.setdefault(normal(address), address)
    return tuple(unique.values())


def tokens_of(text: str) -> list[Token]:
    """Cut a text into words and quotations; a quotation mark without its partner is no more than a mark."""
    tokens = []
    for piece in _PIECE.finditer(text.translate(_QUOTES)):
        quoted = piece[1] if piece[1] is not None else piece[2]
        if quoted is not None and quoted.strip():
            tokens.append(Token(" ".join(quoted.split()), quoted=True, start=piece.start()))
        elif piece[3]:
            tokens.append(Token(piece[3], quoted=False, start=piece.start()))
    return tokens


def split_reason(tokens: list[Token], text: str) -> tuple[list[Token], str]:
    """Take all that stands behind *because*, as it was typed."""
    for place, token in enumerate(tokens):
        if not token.quoted and _BECAUSE.fullmatch(token.text):
            return tokens[:place], text[token.start + len(token.text) :].strip()
    return tokens, ""


def split_provider(tokens: list[Token], names: Collection[str]) -> tuple[list[Token], str]:
    """Take *on kajabi* out, where that is a name."""
    for place, (first, second) in enumerate(pairwise(tokens)):
        if first.word == "on" and second.word in names:
            return tokens[:place] + tokens[place + 2 :], second.word
    return tokens, ""


def split_limit(tokens: list[Token]) -> tuple[list[Token], Span]:
    """Take *for 30d*, *for 2 weeks* or *until 2027-01-01* out."""
    for place, token in enumerate(tokens[:-1]):
        taken, days, day = 0, None, None
        if token.word == "for":
            taken, days = counted(*(one.word for one in tokens[place + 1 : place + 3]))
        elif token.word in {"until", "till"} and tokens[place + 1].word[:1].isdigit():
            taken, day = 1, day_of(tokens[place + 1].word)
        if taken:
            end = place + 1 + taken
            typed = " ".join(one.text.strip(",;") for one in tokens[place:end])
            return tokens[:place] + tokens[end:], Span(typed, days, day)
    return tokens, Span()


def split_ids(tokens: list[Token]) -> tuple[list[Token], str]:
    """Take *ids 123,456* out; whether these can be ids is seen where they are used."""
    for place, token in enumerate(tokens):
        if token.word == "ids":
            end = place + 1
            while end < len(tokens) and _IDS.fullmatch(tokens[end].text):
                end += 1
            if end > place + 1:
                return tokens[:place] + tokens[end:], " ".join(one.text for one in tokens[place + 1 : end])
    return tokens, ""


def day_of(word: str) -> date | None:
    """Read a day as 2027-01-31; written in any other order, nobody can tell the day from the month."""
    try:
        return date.fromisoformat(word) if _DAY.fullmatch(word) else None
    except ValueError:
        return None


def counted(amount: str, unit: str = "") -> tuple[int, int | None]:
    """Say how many words are a span of time, and how many days that is; hours are a day begun."""
    match = _AMOUNT.fullmatch(amount)
    count = int(match[1]) if match else _COUNTS.get(amount)
    joined = match is not None and match[2] != ""
    each = _unit(match[2]) if match is not None and joined else _unit(unit)
    return (0, None) if count is None or each is None else (1 if joined else 2, max(count * each, 1))


def _unit(word: str) -> int | None:
    return _DAYS.get(word, _DAYS.get(word.removesuffix("s")))


def _target(link: re.Match[str]) -> str:
    target, label = link[1], link[2] or ""
    if not target.startswith("mailto:"):
        return label or target
    address = target.removeprefix("mailto:").partition("?")[0]
    # a link that shows another address than it leads to is no reason to choose for the reader
    differs = is_address(label) and normal(label) != normal(address)
    return f" {address} {label} " if differs else f" {address} "
