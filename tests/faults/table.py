"""The table of the proofs: what was done to the bot, what happened, what was counted.

SECURITY.md has all rows, under the first sentence of the module that proves them; README.md has the chosen ones.
`python -m tests.faults` writes them; every other run asserts that they stand there as they were proved.
"""

import ast
import re
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
WHOLE, SHORT = ROOT / "SECURITY.md", ROOT / "README.md"
BEGIN, END = "<!-- faults: written by `python -m tests.faults` -->", "<!-- faults end -->"
HEAD = "| fault | what happened | what was counted |\n|---|---|---|\n"
#: the environment variable that says what is done with the rows: `check`, `write`, or `ignore`
MODE = "FAULTS_TABLE"
#: the rows of the README, by their fault
CHOSEN = (
    "SIGKILL at service._step/store.step",
    "SIGKILL at executor._send/store.send",
    "SIGKILL at executor._call/provider.write",
    "SIGKILL at executor._look/provider.read",
    "SIGKILL at courier._attempt/messenger.deliver",
    "SIGKILL while the rows of a list are sent, written down and read back, and while its files are given",
    "SIGKILL while an end is announced, put off, given up, carried out, or tried again",
    "SIGKILL before, between and after the two steps of a grant or a revoke at Capillary, for one and for several",
    "100 clicks on Approve at once, by 5 managers, to two processes on one database, over HTTP and Socket Mode",
    "Approve against Deny in the same millisecond, to two processes on one database",
    "Kajabi makes the change long after the call was given up, beside the second call",
    "Kajabi answers success, twice, and makes no change",
    "The API key is rotated between the approval and the change",
    "The power is lost at any moment of four grants, with the last writes torn off at any byte",
    "signatures forged, missing, altered, late, early, or of another body",
    "the requester joins the approvers after asking, and decides: buttons, a direct question, mentions",
)


@dataclass(frozen=True)
class Row:
    fault: str
    happened: str
    counted: str
    #: what was counted depends on how long the run was, and stands in the documents as the longer run had it
    sized: bool = False

    @property
    def line(self):
        return "| " + " | ".join(map(escaped, (self.fault, self.happened, self.counted))) + " |\n"

    @property
    def start(self):
        """What does not depend on the length of the run."""
        return "| " + " | ".join(map(escaped, (self.fault, self.happened))) + " |" if self.sized else self.line


@dataclass
class Table:
    """The rows proved so far, by area."""

    areas: dict[str, list[Row]] = field(default_factory=dict)

    def add(self, area, row):
        known = next((one for one in self.rows if one.fault == row.fault), None)
        assert known in (None, row), f"recorded twice, and not alike: {known} {row}"
        if known is None:
            self.areas.setdefault(area, []).append(row)

    @property
    def rows(self):
        return [row for rows in self.areas.values() for row in rows]

    @staticmethod
    def missing_row(row):
        """Whether it was proved, and does not stand in the documents as it was proved."""
        paths = [WHOLE, *([SHORT] if row.fault in CHOSEN else [])]
        return not all(stands_in(table_of(path), row) for path in paths)

    def unproved(self):
        """Name what the documents claim and nobody has proved."""
        starts = tuple(row.start for row in self.rows)
        lines = [line for path in (WHOLE, SHORT) for line in table_of(path).splitlines(keepends=True)]
        return [line for line in lines if line.startswith("| ") and line not in HEAD and not line.startswith(starts)]

    def write(self):
        """Put what was proved into the documents; what other modules have proved stays there."""
        areas = {area: text for area, text in areas_of(table_of(WHOLE)).items() if area in areas_of_modules()}
        areas |= {area: HEAD + "".join(row.line for row in rows) for area, rows in self.areas.items()}
        put(WHOLE, "\n".join(f"### {area}\n\n{text}" for area, text in sorted(areas.items())))
        lines = "".join(areas.values()).splitlines(keepends=True)
        put(
            SHORT,
            HEAD + "".join(line for fault in CHOSEN for line in lines if line.startswith(f"| {escaped(fault)} |")),
        )


def areas_of(text):
    """Return the tables of a document by their headings."""
    sections = [section.partition("\n\n") for section in f"\n{text.strip()}\n".split("\n### ")[1:]]
    return {area: table.strip() + "\n" for area, _, table in sections}


def area_of(docstring):
    """What the rows of a module stand under."""
    return " ".join(docstring.split("\n\n")[0].split())


def areas_of_modules():
    modules = Path(__file__).parent.glob("test_*.py")
    return {area_of(ast.get_docstring(ast.parse(path.read_text())) or "") for path in modules}


def put(path, text):
    before, _, after = parts_of(path)
    path.write_text(f"{before}{BEGIN}\n\n{text}\n{END}{after}")


def stands_in(text, row):
    return any(line.startswith(row.start) for line in text.splitlines(keepends=True))


def table_of(path):
    return parts_of(path)[1]


def parts_of(path):
    """Return what stands before the table, the table, and what stands behind it."""
    found = re.fullmatch(f"(.*){re.escape(BEGIN)}(.*){re.escape(END)}(.*)", path.read_text(), flags=re.DOTALL)
    assert found is not None, f"{path.name} does not say where the table of the faults stands"
    return found.groups()


def escaped(text):
    assert text == " ".join(text.split()), f"one line, plain: {text!r}"
    return re.sub(r"([\\|<*`\[])", r"\\\1", text)
