"""Tables and their cells. Pages: reference/block-kit/blocks/table-block, data-table-block."""

from collections.abc import Iterator
from typing import Any

from bot.sandbox.blockkit.faults import Faults, invalid
from bot.sandbox.blockkit.richtext import RICH_TEXT
from bot.sandbox.blockkit.shapes import Array, Fields, Number, OneOf, Text, must

_HEAD = {
    "raw_text": Fields({"text": must(Text())}),
    "raw_number": Fields({"value": must(Number(whole=False)), "text": must(Text())}),
}
_CELL = OneOf({**_HEAD, "rich_text": RICH_TEXT})
_ROW = Array(_CELL, 1, 20)


class _Rows:
    """Rows of cells whose text together stays within a limit; the first row may have to be simpler."""

    def __init__(self, fewest: int, most: int, *, characters: int, head: Array = _ROW) -> None:
        self._rows = Array(_ROW, fewest, most)
        self._head = Array(head, 0)
        self._characters = characters

    def check(self, rows: object, at: str, /) -> Faults:
        found = [*self._rows.check(rows, at)]
        if not found and isinstance(rows, list):
            found += self._head.check(rows[:1], at)
            if sum(map(len, _texts(rows))) > self._characters:
                found.append(invalid(f"must be less than {self._characters + 1} characters", at))
        yield from found


def _texts(part: object) -> Iterator[str]:
    if isinstance(part, list):
        for item in part:
            yield from _texts(item)
    elif isinstance(part, dict):
        for name, value in part.items():
            if name == "text" and isinstance(value, str):
                yield value
            else:
                yield from _texts(value)


TABLE_ROWS = _Rows(1, 100, characters=10_000)
DATA_TABLE_ROWS = _Rows(2, 201, characters=20_000, head=Array(OneOf(_HEAD), 1, 20))


def of_one_width(table: dict[str, Any], at: str) -> Faults:
    width = len(table["rows"][0])
    for index, row in enumerate(table["rows"]):
        if len(row) != width:
            yield invalid(f"must have {width} cells like the first row", f"{at}/rows/{index}")


def within_the_columns(table: dict[str, Any], at: str) -> Faults:
    width = len(table["rows"][0])
    if table.get("row_header_column_index", 0) >= width:
        yield invalid(f"must be less than {width}", f"{at}/row_header_column_index")
