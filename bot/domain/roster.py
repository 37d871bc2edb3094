"""Who is meant by a list that somebody gave, and what is to be done for each: good rows, bad rows, and repetitions."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import takewhile

from bot.domain.columns import Columns, Named, clean, columns_of, customer_in, unquoted
from bot.domain.draft import DAYS_LIMIT, REASON_LIMIT, AddressKind, kind_of_address, normal
from bot.domain.errors import ListEmpty, ListTooLarge, ListTooLong
from bot.domain.parsing import action_named
from bot.domain.request import Action
from bot.domain.sheet import Record, plain, records, text_of
from bot.domain.term import Term
from bot.domain.tokens import address_like, counted, once, unlinked

#: rows of one list
ROWS = 10_000
#: characters of what is no table, in which customers are looked for everywhere
LOOSE = 1_000_000
#: characters of a field; of the words that name an offer; of what is repeated of a bad row
FIELD, OFFER, SHOWN = 5_000, 300, 200
#: Slack's way to write an address, which has a separator in it
_LINK = re.compile(r"<mailto:[^<>|\s]{1,400}\|[^<>\n]{0,400}>")
#: one of each kind of name
EXAMPLES: Mapping[AddressKind, str] = {
    AddressKind.EMAIL: "jane@example.com",
    AddressKind.MOBILE: "+491701234567",
    AddressKind.ID: "id:306",
    AddressKind.EXTERNAL: "ext:A-17",
}
#: an earlier row, which is named, asks for something else for the same customer and offer
CONTRADICTED = "Contradicted"
EMAILS = frozenset({AddressKind.EMAIL})

Kinds = Collection[AddressKind]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One customer of a list. What is empty is said for all of them, in the form."""

    #: as a spreadsheet numbers it
    line: int
    customer: str
    action: Action | None = None
    #: words or an id
    offer: str = ""
    term: Term | None = None
    reason: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What one list says once."""
        return normal(self.customer), self.offer.casefold()


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be used: what stood there, and why, as a code and, behind a colon, what belongs to it."""

    line: int
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Merged:
    """Rows that say what an earlier one says."""

    line: int
    again: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """What a list says."""

    rows: tuple[Row, ...] = ()
    bad: tuple[BadRow, ...] = ()
    merged: tuple[Merged, ...] = ()
    #: columns that were not read: by what stands above them, or by their number
    unread: tuple[str, ...] = ()


class _Bad(Exception):
    """Why a row cannot be used. Never leaves this module."""


def read_file(content: bytes, *, kinds: Kinds = EMAILS) -> Roster:
    """Read a file; customers are named in these ways. Raises `BadInput` for what is no list of that length at all."""
    return read_text(text_of(content), kinds=kinds)


def read_text(text: str, *, kinds: Kinds = EMAILS) -> Roster:
    """Read the text of a file, or what was pasted: a table, or customers between blanks, commas and line ends."""
    found = _at_most(records(_LINK.sub(lambda link: unlinked(link[0]).strip(), text)), ROWS + 1)

    def names(one: str) -> bool:
        return kind_of_address(one) in kinds

    columns = columns_of(found, names) if found else Columns({})
    body = found[1:] if columns.width is not None else found
    if not body:
        raise ListEmpty
    if len(body) > ROWS:
        raise ListTooLong(ROWS)
    if not columns.table and sum(len(record.text) for record in body) > LOOSE:
        raise ListTooLarge(LOOSE)
    good: list[Row] = []
    bad: list[BadRow] = []
    for record in body:
        try:
            good += _rows(record, columns, names)
        except _Bad as why:
            bad.append(BadRow(record.number, shown(record.text), str(why)))
    if len(good) > ROWS:
        raise ListTooLong(ROWS)
    return _without_repetitions(good, bad, columns.unread)


def shown(text: str) -> str:
    """Return what can be repeated of what stood there."""
    text = plain(text[: SHOWN * 2])
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"


def _at_most(found: Iterator[Record], most: int) -> list[Record]:
    """Stop at a list that is too long anyway; one row more may be its header."""
    taken = []
    for record in found:
        taken.append(record)
        if len(taken) > most:
            raise ListTooLong(ROWS)
    return taken


# --- one row ---------------------------------------------------------------------------------------------------------


def _rows(record: Record, columns: Columns, names: Named) -> list[Row]:
    if record.cells is None:
        raise _Bad(record.wrong)
    if columns.width is None:
        return _customers_of(record, columns, names)
    if max(map(len, record.cells)) > FIELD:
        raise _Bad(f"FieldTooLong: {FIELD}")
    if len(record.cells) > columns.width:
        raise _Bad("TooManyFields")
    cells = {name: record.cells[at] if at < len(record.cells) else "" for name, at in columns.at.items()}
    offer, reason = (plain(unquoted(cells.get(name, ""))) for name in ("offer", "reason"))
    if len(offer) > OFFER:
        raise _Bad(f"OfferTooLong: {OFFER}")
    if len(reason) > REASON_LIMIT:
        raise _Bad(f"ReasonTooLong: {REASON_LIMIT}")
    row = Row(
        line=record.number,
        customer=_customer(cells["customer"], names),
        action=_action(plain(cells.get("action", ""))),
        offer=offer,
        term=_term(plain(cells.get("term", ""))),
        reason=reason,
    )
    return [row]


def _customers_of(record: Record, columns: Columns, names: Named) -> list[Row]:
    """Read a record without names above it: one customer, or in a list several where all that is there names some."""
    cells, place = record.cells or (), columns.at["customer"]
    if columns.table:
        return [Row(line=record.number, customer=_customer(cells[place] if place < len(cells) else "", names))]
    everybody = list(takewhile(names, (customer_in(cell) for cell in cells if cell.strip())))
    if len(everybody) > 1 and len(everybody) == sum(bool(cell.strip()) for cell in cells):
        return [Row(line=record.number, customer=one) for one in everybody]
    inside = once(filter(names, address_like(clean(record.text)))) if len(cells) == 1 else ()
    if len(inside) > 1 and len(inside) >= record.text.count("@"):
        return [Row(line=record.number, customer=one) for one in inside]
    return [Row(line=record.number, customer=_customer(record.text, names))]


def _customer(cell: str, names: Named) -> str:
    customer = customer_in(cell)
    if not customer:
        raise _Bad("NobodyNamed")
    if names(customer):
        return customer
    if len(once(address_like(customer[:SHOWN]))) > 1:
        raise _Bad("SeveralNamed")
    usual = [kind.value for kind, example in EXAMPLES.items() if names(example)]
    raise _Bad(f"NoAddress: {' '.join(usual)}")


def _action(word: str) -> Action | None:
    if not word:
        return None
    action = action_named(word)
    if action is None:
        raise _Bad("ActionUnknown")
    return action


def _term(words: str) -> Term | None:
    """Read a number of days, a span of time, or a day as ISO 8601 writes it: others are read differently elsewhere."""
    if not words:
        return None
    typed = words.casefold().removeprefix("for ").removeprefix("until ").strip()
    try:
        return Term(day=date.fromisoformat(typed))
    except ValueError:
        pass
    amount, _, unit = re.sub(r"[.,]0+$", "", typed).partition(" ")
    taken, days = counted(amount, unit or "days")
    if not taken or days is None or not amount.strip("0"):
        raise _Bad("TermMalformed")
    if days > DAYS_LIMIT:
        raise _Bad(f"TermTooLong: {DAYS_LIMIT}")
    return Term(days=days)


# --- repetitions -----------------------------------------------------------------------------------------------------


def _without_repetitions(good: Iterable[Row], bad: list[BadRow], unread: tuple[str, ...]) -> Roster:
    kept: dict[tuple[str, str], Row] = {}
    again: dict[int, list[int]] = {}
    for row in good:
        first = kept.setdefault(row.key, row)
        if first is row:
            continue
        if (first.action, first.term) != (row.action, row.term):
            why = f"{CONTRADICTED}: {first.line}"
            bad.append(BadRow(row.line, shown(row.customer), why))
            continue
        again.setdefault(first.line, []).append(row.line)
        if row.reason and not first.reason:
            kept[row.key] = replace(first, reason=row.reason)
    return Roster(
        rows=tuple(kept.values()),
        bad=tuple(sorted(bad, key=lambda one: one.line)),
        merged=tuple(Merged(line, tuple(lines)) for line, lines in again.items()),
        unread=unread,
    )
