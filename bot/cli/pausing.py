"""Is what is approved carried out, or has an admin stopped it?"""

from bot.cli.text import moment, plain
from bot.domain.pause import Pause
from bot.ports import Check


def sentence(pause: Pause) -> str:
    """Say who stopped it, when and why."""
    why = f": {plain(pause.why)}" if pause.why else ""
    return f"paused by {pause.by.id} since {moment(pause.at)}{why}"


def going(pause: Pause | None) -> Check:
    """Make it a line; a stop that is wanted is no fault."""
    if pause is None:
        return Check(name="execution", ok=True, says="goes on; nobody has paused it.")
    return Check(name="execution", ok=True, says=f"{sentence(pause)}. `/offer resume` lets it go on.")
