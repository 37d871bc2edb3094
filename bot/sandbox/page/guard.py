"""A world to play in must not start beside the keys of a real one."""

import re
from collections.abc import Mapping

REAL = {"SLACK_BOT_TOKEN": re.compile(r"xoxb-\d"), "SLACK_APP_TOKEN": re.compile(r"xapp-\d")}


class RealToken(Exception):
    """The environment holds what looks like a real token; the message says which, and what to do."""


def refuse_real_tokens(environment: Mapping[str, str]) -> None:
    """Raises `RealToken`. The sandbox would not use it, but whoever has it set may believe to be somewhere else."""
    for name, pattern in REAL.items():
        if pattern.match(environment.get(name, "").strip()):
            raise RealToken(
                f"{name} looks like the token of a real workspace. The sandbox needs none and does not start "
                f"beside one: `unset {name}`, or use another terminal."
            )
