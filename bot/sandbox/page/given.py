"""Reading what the page sent: the wrong thing is answered with a sentence."""

from typing import Any

from bot.sandbox.model import CannotDo, Json


class Malformed(Exception):
    """This is not what the page and the server agreed on; the message says where."""


def text(given: Json, name: str) -> str:
    value = given.get(name)
    if not isinstance(value, str):
        raise Malformed(f"“{name}” must be a text.")
    return value


def optional_text(given: Json, name: str) -> str | None:
    return None if given.get(name) is None else text(given, name)


def tree(given: Json, name: str) -> Json:
    value = given.get(name)
    if not isinstance(value, dict):
        raise Malformed(f"“{name}” must be an object.")
    return value


def flag(given: Json, name: str, *, otherwise: bool = False) -> bool:
    value = given.get(name, otherwise)
    if not isinstance(value, bool):
        raise Malformed(f"“{name}” must be true or false.")
    return value


def whole(given: Json, name: str, *, least: int = 0) -> int:
    value = given.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise Malformed(f"“{name}” must be a whole number from {least} on.")
    return value


def sentence(problem: CannotDo | Malformed | str) -> str:
    """What went wrong, as something to be read."""
    said: Any = str(problem).strip()
    return f"{said[:1].upper()}{said[1:]}" if said else "That is not possible."
