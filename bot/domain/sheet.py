"""What stands in a file or a pasted list, field by field, whichever program has written it?

Nothing is guessed by chance: the same bytes are always read alike. A record that cannot be read is one bad record,
never a bad file.
"""

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.domain.errors import ListNotText, ListTooLarge

#: bytes of a file
SIZE = 5_000_000
SEPARATORS = (",", ";", "\t", "|")
#: lines that one record may have, for a quotation may have several
LINES = 20
NEVER_CLOSED = "QuoteOpen"
TOO_LONG = "QuoteTooLong"
#: records that the separator is found by
SAMPLE = 50
#: how files begin that are no text, and what they are
_KINDS = {
    b"PK\x03\x04": "spreadsheet",
    b"\xd0\xcf\x11\xe0": "spreadsheet",
    b"%PDF": "PDF",
    b"\x89PNG": "picture",
    b"\xff\xd8\xff": "picture",
    b"GIF8": "picture",
}
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_TOLD = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Record:
    """One row, numbered as a spreadsheet numbers it; `cells` is None where it cannot be cut into fields."""

    number: int
    cells: tuple[str, ...] | None
    #: as it stands there
    text: str
    #: why it cannot be cut, as a code
    wrong: str = ""


def text_of(content: bytes) -> str:
    """Decode a file. Raises `ListTooLarge` or, for what is no text, `ListNotText`."""
    if len(content) > SIZE:
        raise ListTooLarge(SIZE)
    kind = next((kind for start, kind in _KINDS.items() if content.startswith(start)), None)
    if kind is not None:
        raise ListNotText(kind)
    text = content.decode(_encoding(content), errors="replace")
    if "\0" in text:
        raise ListNotText("")
    return text


def records(text: str) -> Iterator[Record]:
    """Cut a text into its records; empty ones are left out, and counted."""
    lines = list(io.StringIO(text.removeprefix("\ufeff"), newline=None))
    told = _TOLD.fullmatch(lines[0]) if lines else None
    lines = lines[1:] if told else lines
    return _cut(lines, told[1] if told else _separator(lines))


def plain(text: str) -> str:
    """Take out what cannot be seen, and what is more than a blank."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    seen = "".join(" " if char.isspace() else char for char in text if char.isspace() or _visible(char))
    return " ".join(seen.split())


def _encoding(content: bytes) -> str:
    for mark, name in _MARKS:
        if content.startswith(mark):
            return name
    if content[1:2] == b"\0" and content[:1] != b"\0":
        return "utf-16-le"
    if content[:1] == b"\0" and content[1:2] != b"\0":
        return "utf-16-be"
    for name in ("utf-8", "cp1252"):
        try:
            content.decode(name)
        except UnicodeDecodeError:
            continue
        return name
    return "latin-1"  # every byte is a letter in it


def _cut(lines: Sequence[str], separator: str) -> Iterator[Record]:
    number = at = 0
    while at < len(lines):
        number += 1
        cells, taken = _record(lines, at, separator)
        text = "".join(lines[at : at + taken]).rstrip("\n")
        at += taken
        if cells is None:
            yield Record(number, None, text, NEVER_CLOSED if taken == 1 else TOO_LONG)
        elif any(cell.strip() for cell in cells):
            yield Record(number, cells, text)


def _record(lines: Sequence[str], at: int, separator: str) -> tuple[tuple[str, ...] | None, int]:
    """Read one record, and say how many lines it took."""
    line = lines[at]
    if '"' not in line:
        return _trimmed(line.rstrip("\n").split(separator)), 1
    whole = csv.reader(lines[at : at + LINES], delimiter=separator, strict=True)
    try:
        return _trimmed(next(whole)), whole.line_num
    except csv.Error as error:
        if "end of data" in str(error) or "field larger" in str(error):
            return None, _quoted(lines, at, separator)
    try:  # "Jane" Doe: spreadsheets take that as it looks
        return _trimmed(next(csv.reader([line], delimiter=separator))), 1
    except csv.Error:
        return None, 1


def _quoted(lines: Sequence[str], at: int, separator: str) -> int:
    """Say how many lines a quotation takes that is opened in the first of them; one, where nothing closes it.

    What stands inside is nobody who was asked for.
    """
    if _even(lines[at]):
        return 1
    last = next((further for further in range(at + 1, len(lines)) if not _even(lines[further])), None)
    if last is None:
        return 1
    behind = lines[last].replace('""', "").partition('"')[2]
    return last + 1 - at if behind[:1] in {separator, "\n", ""} else 1


def _even(line: str) -> bool:
    """Whether as many quotations are closed as opened: a mark inside of one is doubled."""
    return line.count('"') % 2 == 0


def _trimmed(cells: list[str]) -> tuple[str, ...]:
    while cells and not cells[-1].strip():
        cells.pop()
    return tuple(cells)


def _separator(lines: Sequence[str]) -> str:
    """Return what cuts most of the first records into the same number of fields, of at least two."""
    sample = [line for line in lines[: SAMPLE * 4] if line.strip()][:SAMPLE]
    return max(SEPARATORS, key=lambda separator: _agreement(sample, separator))


def _agreement(lines: Sequence[str], separator: str) -> tuple[int, int]:
    widths = [len(record.cells) for record in _cut(lines, separator) if record.cells is not None]
    several = [width for width in widths if width > 1]
    usual = max(sorted(set(several)), key=several.count, default=0)
    return several.count(usual), usual


def _visible(char: str) -> bool:
    return unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
