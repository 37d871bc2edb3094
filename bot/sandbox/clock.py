"""The time of the little world. It can be moved forward: for Slack, for the providers and for the bot, all at once."""

from pathlib import Path
from time import time


class WorldClock:
    """The machine's time, and what the world is ahead of it: that stands in a file, so that all processes agree."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __call__(self) -> float:
        return time() + self.ahead

    @property
    def ahead(self) -> float:
        """Seconds."""
        try:
            return float(self.file.read_text())
        except FileNotFoundError:
            return 0.0

    def forward(self, seconds: float) -> None:
        """Go on by so many seconds. There is no way back: what has happened has happened."""
        if seconds < 0:
            raise ValueError("the clock only goes forward")
        written = self.file.with_suffix(".next")
        written.write_text(repr(self.ahead + seconds))
        written.replace(self.file)
