"""On which line of a TOML file does something stand? The parser of the standard library does not tell."""

import re

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"\s*((?:[\w-]+|\"[^\"]*\"|'[^']*')(?:\s*\.\s*(?:[\w-]+|\"[^\"]*\"|'[^']*'))*)\s*=")

Path = tuple[str | int, ...]


class Lines:
    """Where the tables and keys of a file begin. Of inline tables and lists only the beginning is known."""

    def __init__(self, text: str) -> None:
        self._found: dict[Path, int] = {}
        self._counts: dict[str, int] = {}
        table: Path = ()
        for number, line in enumerate(text.splitlines(), 1):
            header, key = _HEADER.match(line), _KEY.match(line)
            if header is not None:
                table = self._table(header[2], is_list=header[1] == "[[")
                self._remember(table, number)
            elif key is not None:
                self._remember((*table, *_parts(key[1])), number)

    def of(self, path: Path) -> int:
        """Return the line of what is named, or of the nearest thing around it; the first line for the whole."""
        while path and path not in self._found:
            path = path[:-1]
        return self._found.get(path, 1)

    def _table(self, name: str, *, is_list: bool) -> Path:
        first, *others = _parts(name)
        if is_list and not others:
            self._counts[first] = self._counts.get(first, -1) + 1
        return (first, self._counts[first], *others) if first in self._counts else (first, *others)

    def _remember(self, path: Path, number: int) -> None:
        for length in range(1, len(path) + 1):
            self._found.setdefault(path[:length], number)


def _parts(dotted: str) -> list[str]:
    return [part.strip().strip("\"'") for part in dotted.split(".")]
