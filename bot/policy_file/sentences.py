"""What is wrong with the file, in a sentence each: where, what, and what to do."""

import difflib
from collections.abc import Mapping
from typing import Any

from bot.domain.policy import MANAGER
from bot.policy_file.allowances import ByItself, MonthlyBudget
from bot.policy_file.bounds import Bounds, Money
from bot.policy_file.lines import Lines
from bot.policy_file.names import CHANNEL, GROUP, PERSON
from bot.policy_file.tables import (
    DEFAULT,
    File,
    History,
    NamedRule,
    Reason,
    When,
    Who,
)

TABLES = (File, Who, NamedRule, When, Bounds, Money, History, Reason, ByItself, MonthlyBudget)
KEYS = sorted({key for table in TABLES for key in table.model_fields})
#: pydantic's kinds of faults, in words
WORDS: Mapping[str, str] = {
    "bool_type": "must be true or false",
    "decimal_parsing": "must be a number",
    "decimal_type": "must be a number",
    "dict_type": "must be a table",
    "float_parsing": "must be a number",
    "float_type": "must be a number",
    "greater_than": "must be more than {gt:g}",
    "greater_than_equal": "must be at least {ge:g}",
    "int_from_float": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_type": "must be a whole number",
    "less_than_equal": "must be at most {le:g}",
    "literal_error": "must be {expected}",
    "missing": "is missing: add it",
    "model_type": "must be a table",
    "string_too_long": "must have at most {max_length} characters",
    "string_too_short": "must not be empty",
    "string_type": "must be text, in quotation marks",
    "tuple_type": "must be a list, in square brackets",
}
#: what the patterns of `tables` ask for
TAKES: Mapping[str, str] = {
    f"^{PERSON}$": "takes the Slack id of a person (U…, W…), not a name",
    f"^({PERSON}|{GROUP})$": "takes Slack ids of people (U…, W…) and user groups (S…), not names",
    f"^({PERSON}|{GROUP}|{MANAGER})$": (
        f"takes Slack ids of people (U…, W…) and user groups (S…), and “{MANAGER}”, not names"
    ),
    f"^{CHANNEL}$": "takes the ids of channels (C…), not names",
    "^[A-Z]{3}$": "takes three capital letters, like USD",
}


def sentence(fault: Mapping[str, Any], lines: Lines) -> str:
    """Say one fault of pydantic's: the line, the key, what to do."""
    loc = tuple(part for part in fault["loc"] if part != "[key]")
    if not loc:
        return f": {_words(fault, loc)}."
    listed = loc[0] in {"rule", "budget"} and len(loc) > 1
    named = ".".join(str(part) for part in (loc[2:] if listed else loc))
    if listed:
        named = f"{loc[0]} {loc[1] + 1}{', ' if named else ''}{named}"
    return f", line {lines.of(loc)}: {named}: {_words(fault, loc)}."


def _words(fault: Mapping[str, Any], loc: tuple[Any, ...]) -> str:
    kind, context = str(fault["type"]), fault.get("ctx", {})
    if kind == "extra_forbidden":
        close = difflib.get_close_matches(str(loc[-1]), [one for one in KEYS if one != loc[-1]], n=1)
        return f"there is no such key{f'; do you mean “{close[0]}”?' if close else ': take it out'}".removesuffix("?")
    if kind == "missing" and loc == (DEFAULT,):
        return f"is missing: add the table [{DEFAULT}] for whatever no rule fits"
    if kind == "string_pattern_mismatch":
        return TAKES[context["pattern"]]
    if kind in WORDS:
        return WORDS[kind].format(**context)
    words = str(fault["msg"]).removeprefix("Value error, ")
    return words[0].lower() + words[1:]
