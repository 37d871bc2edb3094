"""Which column of a list says what? By the names above the columns and, where they mislead, by what stands in them."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.draft import AddressKind, kind_of_address
from bot.domain.sheet import Record, plain
from bot.domain.tokens import address_like, once, unlinked

#: records that tell which column names the customers, and columns that are looked at
SAMPLE, WIDTH = 200, 100
#: what is longer, or has more addresses in it, does not name one customer
LONGEST, SEVERAL = 5_000, 5

#: what people write above a column, without all that is no letter or digit
_NAMES: Mapping[str, str] = {
    "customer": "email emails emailaddress emailadress mail mailaddress mailadresse emailadresse correo courriel "
    "customer customers customeremail customerid contact contacts contactemail user useremail member memberemail "
    "student studentemail subscriber person who address mobile mobilenumber mobileno phone phonenumber cell id "
    "identifier externalid userid",
    "action": "action do what change operation",
    "offer": "offer offers offerid offername offertitle product productname course bundle promotion promotionid",
    "term": "days day numberofdays duration for limit timelimit until till end ends enddate expires expiry expirydate",
    "reason": "reason reasons why because note notes comment comments",
}
_COLUMNS = {name: column for column, names in _NAMES.items() for name in names.split()}
#: how people make long numbers readable
_GROUPED = re.compile(r"[\s().\-/]")
_MAILTO = re.compile(r"mailto:([^\s?<>]*)[^\s<>]*", re.IGNORECASE)
#: written so by `outcome_file`, and by careful spreadsheets
_QUOTED_FORMULA = re.compile(r"(?:^|(?<=[;|\t\r\n]))'(?=[\s\"]*[=+\-@＝＋－＠])")  # noqa: RUF001 - spreadsheets take them alike

#: whether something can name a customer
Named = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Columns:
    """Where in a record what stands, by the names above."""

    at: Mapping[str, int]
    #: how many fields the header has; None without one
    width: int | None = None
    unread: tuple[str, ...] = ()

    @property
    def table(self) -> bool:
        """Whether each record is one row, and not as many as it names customers."""
        return self.width is not None or bool(self.unread)


def columns_of(found: Sequence[Record], names: Named) -> Columns:
    sample = [record.cells[:WIDTH] for record in found[: SAMPLE + 1] if record.cells is not None]
    heads = tuple(plain(cell) for cell in (found[0].cells or ())[:WIDTH])
    known = _known(heads)
    headed = any(known) and not any(names(customer_in(head)) for head in heads)
    width = max(map(len, sample), default=1)
    if not headed:
        place = _most_customers(sample, range(width), names)
        unread = tuple(f"column {one + 1}" for one in range(width) if one != place)
        return Columns({"customer": place}, unread=unread if _table(sample) else ())
    at: dict[str, int] = {}
    for place, column in enumerate(known):
        if column is not None:
            at.setdefault(column, place)
    body = sample[1:]
    # of several that could name the customers, the one that does; names above columns are easily mistaken
    candidates = [place for place, column in enumerate(known) if column == "customer"]
    others = [place for place, column in enumerate(known) if column is None]
    at["customer"] = _most_customers(body, candidates, names)
    if not _customers(body, at["customer"], names) and others:
        at["customer"] = max(
            at["customer"], _most_customers(body, others, names), key=lambda one: _customers(body, one, names)
        )
    unread = tuple(head or f"column {place + 1}" for place, head in enumerate(heads) if place not in at.values())
    return Columns(at, len(found[0].cells or ()), unread)


def _known(heads: Sequence[str]) -> list[str | None]:
    """Say what stands below each name. What `outcome_file` says of the why of an outcome is nobody's reason."""
    names = [re.sub(r"[\W_]", "", head.casefold()) for head in heads]
    told = {"why"} if "outcome" in names else set[str]()
    return [_COLUMNS.get(name) if name not in told else None for name in names]


def _most_customers(sample: Sequence[Sequence[str]], places: Iterable[int], names: Named) -> int:
    return max(places, key=lambda place: _customers(sample, place, names), default=0)


def _customers(sample: Sequence[Sequence[str]], place: int, names: Named) -> int:
    return sum(place < len(cells) and names(customer_in(cells[place])) for cells in sample)


def _table(sample: Sequence[Sequence[str]]) -> bool:
    """Whether most records have the same several fields: else it is a list, with separators here and there."""
    usual = Counter(len(cells) for cells in sample if len(cells) > 1).most_common(1)
    return len(sample) > 1 and bool(usual) and usual[0][1] * 2 > len(sample)


def customer_in(cell: str) -> str:
    """Clean what names one customer as the form does: links, angle brackets, punctuation, what cannot be seen;
    and numbers in groups.
    """
    if len(cell) > LONGEST or cell.count("@") > SEVERAL:
        return cell
    text = clean(cell)
    addresses = once(address_like(text))
    if len(addresses) == 1:
        return addresses[0]
    compact = _GROUPED.sub("", text)
    return compact if kind_of_address(compact) is AddressKind.MOBILE else text


def clean(text: str) -> str:
    return _MAILTO.sub(r"\1", unlinked(plain(unquoted(text)))).strip()


def unquoted(text: str) -> str:
    return _QUOTED_FORMULA.sub("", text) if "'" in text else text
