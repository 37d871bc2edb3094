"""What became of each row, as a file that every spreadsheet opens, and in which no cell is taken for a formula."""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass

HEAD = ("row", "customer", "offer", "outcome", "why")
#: what makes a spreadsheet calculate, also in the wide form of East Asian keyboards
_FORMULA = tuple("=+-@＝＋－＠")  # noqa: RUF001 - spreadsheets take them alike


@dataclass(frozen=True, slots=True)
class Outcome:
    """One line of the file."""

    line: int
    customer: str
    offer: str
    outcome: str
    why: str = ""


def written(outcomes: Iterable[Outcome]) -> Iterator[bytes]:
    """Write the file piece by piece, in UTF-8 with its mark, without which spreadsheets guess."""
    yield codecs.BOM_UTF8 + _line(HEAD)
    for outcome in outcomes:
        yield row(outcome)


def row(outcome: Outcome) -> bytes:
    """Write one line."""
    return _line([harmless(str(cell)) for cell in astuple(outcome)])


def harmless(text: str) -> str:
    """Put an apostrophe before what a spreadsheet would calculate; `roster` reads it without."""
    return f"'{text}" if text.lstrip().startswith(_FORMULA) or text[:1] in {"\t", "\r", "\n"} else text


def _line(cells: Iterable[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue().encode(errors="replace")
