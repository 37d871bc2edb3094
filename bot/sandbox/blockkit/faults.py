"""What is wrong with a payload, and where: in Slack's words."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One reason to refuse: `code` is Slack's `error`, `str(fault)` one of its `response_metadata.messages`."""

    code: str
    message: str
    pointer: str

    def __str__(self) -> str:
        return f"{self.message} [json-pointer:{self.pointer}]"


Faults = Iterator[Fault]


def invalid(message: str, at: str) -> Fault:
    return Fault("invalid_blocks", message, at)


def unsupported(kind: object, at: str) -> Fault:
    return invalid(f"unsupported type: {kind}", f"{at}/type")
