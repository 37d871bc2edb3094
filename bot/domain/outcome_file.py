"""What became of each row, as a file that every spreadsheet opens, and in which no cell is taken for a formula."""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass
from enum import StrEnum

HEAD = ("row", "customer", "offer", "outcome", "why", "days", "reason")
#: what makes a spreadsheet calculate, also in the wide form of East Asian keyboards
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]")  # noqa: RUF001 - spreadsheets take them alike
#: where a cell begins for a spreadsheet that cuts elsewhere, and what begins there would be calculated
_CUT = re.compile(r"([;|\t\r\n])(?=[\s\"]*[=+\-@＝＋－＠])")  # noqa: RUF001 - as above


class Became(StrEnum):
    """What became of a row."""

    DONE = "done"
    EXTENDED = "extended"
    UNNEEDED = "unneeded"
    FAILED = "failed"
    UNKNOWN = "unknown"
    #: it was never to be done
    EXCLUDED = "excluded"
    CANCELLED = "cancelled"
    SENT = "sent"
    WAITING = "waiting"
    #: nobody could tell whom or what it names
    UNUSABLE = "unusable"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One line of the file. What became of it, and why, are codes until words say them."""

    line: int
    customer: str
    offer: str
    outcome: str
    why: str = ""
    #: for how long, as `roster` reads it: a number of days, or a day
    days: str = ""
    reason: str = ""


def written(outcomes: Iterable[Outcome]) -> Iterator[bytes]:
    """Write the file piece by piece, in UTF-8 with its mark, without which spreadsheets guess."""
    yield codecs.BOM_UTF8 + _line(HEAD)
    for outcome in outcomes:
        yield row(outcome)


def row(outcome: Outcome) -> bytes:
    """Write one line."""
    return _line([harmless(str(cell)) for cell in astuple(outcome)])


def harmless(text: str) -> str:
    """Put an apostrophe before what a spreadsheet would calculate, wherever it cuts; `roster` reads it without."""
    text = _CUT.sub(r"\1'", text)
    return f"'{text}" if _FORMULA.match(text) or text[:1] in {"\t", "\r", "\n"} else text


def _line(cells: Iterable[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue().encode(errors="replace")
