"""The rules on the page: the file that the bot reads, with what its comments say set beside it."""

import re
from pathlib import Path

from bot.sandbox.model import Json


class PolicyPanel:
    def __init__(self, file: Path | None) -> None:
        self._file = file

    def shown(self) -> Json:
        """`file` is None where the approvers are the whole policy."""
        if self._file is None:
            return {"file": None, "parts": []}
        return {"file": str(self._file), "parts": parts_of(self._file.read_text(encoding="utf-8"))}


def parts_of(text: str) -> list[Json]:
    """Each paragraph: what its comment says, and the lines themselves."""
    paragraphs = [one.splitlines() for one in re.split(r"\n\s*\n", text.strip())]
    return [
        {
            "says": "\n".join(line.removeprefix("#").strip() for line in lines if line.startswith("#")),
            "lines": "\n".join(line for line in lines if not line.startswith("#")),
        }
        for lines in paragraphs
    ]
