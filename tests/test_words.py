"""What people read stands in one place: whoever translates it finds all of it there, and nothing else has to change."""

import ast
import re
from pathlib import Path

import pytest

BOT = Path(__file__).parents[1] / "bot"
#: where sentences stand: those of the bot, and each provider's own
WORDS = ("words/*.py", "words/*/*.py", "providers/words.py", "providers/*/words.py")
#: what is read by whoever runs the bot stands beside what it is about
FOR_OPERATORS = (
    "app.py",
    "checking.py",
    "cli/*.py",
    "logs.py",
    "metrics.py",
    "policy_file/*.py",
    "providers/*/opening.py",
    "settings.py",
    "store/*.py",
    "web.py",
)
#: what people type is understood by these
FOR_READING = ("domain/columns.py", "domain/parsing.py", "slack/mentions.py")
#: neither: a machine's words, or fragments that are kept with an error as a provider's own would be
OTHERS = {
    "domain/errors/outside.py": {"held back", "The database cannot be written (", "); nothing was done."},
    "domain/attempt.py": {", and no more: "},
    "domain/sheet.py": {"end of data", "field larger"},  # the csv module says it
    "pacing.py": {"too many calls for now"},
    # receipts, which are kept and read again
    "providers/capillary/naming.py": {r"ended enrolment (\d+)", r"ended enrolment \d+"},
    "providers/capillary/writing.py": {"ended enrolment", "nothing issued any more"},
    "slack/bolt.py": {"of another workspace", "for another app", "with an address for answers that is not Slack's"},
}
#: two words in a row
SENTENCE = re.compile(r"[a-z]{2,} [a-z]{2,}")
#: what programmers read
BUILT_IN = {"AssertionError", "NotImplementedError", "RuntimeError", "TypeError", "ValueError"}
LOGS = {"log", "logger"}


def looked_through() -> list[Path]:
    elsewhere = {path for one in (*WORDS, *FOR_OPERATORS, *FOR_READING) for path in BOT.glob(one)}
    elsewhere |= {path for path in BOT.glob("providers/*.py") if is_provider(path.read_text())}
    return [path for path in sorted(BOT.rglob("*.py")) if path not in elsewhere and "sandbox" not in path.parts]


def is_provider(source: str) -> bool:
    """Whether this is a provider in one file: its own sentences stand there, as everything of it does."""
    named = (node for node in ast.parse(source).body if isinstance(node, ast.Assign))
    return any(isinstance(one, ast.Name) and one.id == "PROVIDER" for node in named for one in node.targets)


def sentences(source: str) -> set[str]:
    """Find the strings that could be read by people: no docstring, no log line, nothing for programmers."""
    tree = ast.parse(source)
    spared = {id(part) for node in ast.walk(tree) if unread(node) for part in ast.walk(node)}
    constants = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in spared)
    return {node.value for node in constants if isinstance(node.value, str) and SENTENCE.search(node.value)}


def unread(node: ast.AST) -> bool:
    match node:
        case ast.Expr(value=ast.Constant()):
            return True
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name))):
            return name in LOGS
        case ast.Raise(exc=ast.Call(func=ast.Name(id=name))):
            return name in BUILT_IN
        case _:
            return False


@pytest.mark.parametrize("path", looked_through(), ids=lambda path: str(path.relative_to(BOT)))
def test_no_sentence_stands_outside_the_words(path):
    assert sentences(path.read_text()) == OTHERS.get(str(path.relative_to(BOT)), set())


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('SAID = "Nothing was changed."', {"Nothing was changed."}),
        ('def say(name): return f"{name} took it back"', {" took it back"}),
        ('"""Say that nothing was changed."""', set()),
        ('log.warning("nothing was changed", why="the disk is full")', set()),
        ('raise ValueError("nothing was changed")', set()),
        ('raise Refused("nothing was changed")', {"nothing was changed"}),
        ('STATE = "already_decided"', set()),
    ],
)
def test_a_sentence_is_found_by_its_words(source, found):
    assert sentences(source) == found


def test_a_provider_in_one_file_brings_its_sentences_along():
    toy = Path(__file__).parent / "flow" / "third" / "toy.py"

    assert is_provider(toy.read_text())
    assert not is_provider((BOT / "providers" / "base.py").read_text())


@pytest.mark.parametrize("place", [*WORDS, *FOR_OPERATORS, *FOR_READING, *OTHERS])
def test_every_place_has_something_in_it(place):
    assert any(sentences(path.read_text()) for path in BOT.glob(place))
