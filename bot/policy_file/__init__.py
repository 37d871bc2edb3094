"""Reads POLICY_FILE: TOML that a manager can read. Every fault is a sentence that names the line and the mend."""

import hashlib
import tomllib
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

from pydantic import ValidationError

from bot.domain.errors import Misconfigured
from bot.domain.policy import Policy, dead_rules
from bot.policy_file.lines import Lines
from bot.policy_file.sentences import sentence
from bot.policy_file.tables import DEFAULT, NAME, File


def read_policy_file(path: Path, *, admins: Iterable[str] = ()) -> Policy:
    """Read and check the file; raise `Misconfigured` with a sentence for each fault. `admins` are added to its own."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not text in UTF-8"
        raise Misconfigured(f"{NAME}: {path} cannot be read ({why}): name a file that the bot may read.") from None
    return read_policy(text, where=path.name, admins=admins)


def read_policy(text: str, *, where: str = NAME, admins: Iterable[str] = ()) -> Policy:
    """Turn the text of a file into a policy; raise `Misconfigured` with a sentence for each fault."""
    try:
        tables = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise Misconfigured(f"{where}: this is not TOML: {error}.") from None
    lines = Lines(text)
    try:
        policy = File.model_validate(tables).policy(digest_of(text), admins=admins)
    except ValidationError as error:
        faults = error.errors(include_input=False, include_url=False)
        raise Misconfigured("\n".join(f"{where}{sentence(one, lines)}" for one in faults)) from None
    refuse_dead_rules(policy, lines, where=where)
    return policy


def digest_of(text: str) -> str:
    """Return what tells this content from another one."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def refuse_dead_rules(policy: Policy, lines: Lines, *, where: str) -> None:
    """Refuse a file with rules that never decide: somebody relies on them."""
    places = {rule.name: lines.of(("rule", place)) for place, rule in enumerate(policy.rules)}
    places[DEFAULT] = lines.of((DEFAULT,))
    found = [
        f"{where}, line {places[rule.name]}: “{rule.name}” never decides, since “{earlier.name}” "
        f"(line {places[earlier.name]}) fits whatever it fits: move it before that one, or take it out."
        for rule, earlier in dead_rules(policy)
    ]
    if found:
        raise Misconfigured("\n".join(found))
