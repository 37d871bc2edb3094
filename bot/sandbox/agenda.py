"""What the bot will do by itself, and what it is doing: read in its database, where both are rows with a date."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

#: what comes within so many seconds need not be waited for
SOON = 5.0
NEXT = """
    select due, what from (
    select due, id || case
            when state = 'pending' then iif(due = expires, ' expires', ' still waits for a decision')
            when planned is null or state <> 'approved' then ' is looked at again'
            when due < planned then ' is announced: it takes back what was granted for a time'
            else ' takes back what was granted for a time' end as what
        from request where due > :from and worker is null
    union all select due, request_id || ' is tried, or looked at, again' from change
        where due > :from and worker is null
    union all select due, 'A message is tried again' from message where due > :from and worker is null
    union all select due, 'Whoever may decide is reminded of all that waits' from digest where due > :from
    union all select due, 'The audit’s head is told in #alerts' from duty where due > :from
    ) order by due, what like '% again' limit 1"""
UNDER_WAY = """
    select exists (select 1 from request where due is not null and worker is not null)
        or exists (select 1 from change where due is not null and worker is not null)
        or exists (select 1 from message where due is not null and worker is not null)"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that time will bring."""

    at: float
    what: str


@dataclass(frozen=True, slots=True)
class Agenda:
    """Looks into the bot's database, and changes nothing there."""

    database: Path

    def next(self, *, now: float) -> Entry | None:
        """Name what is due next."""
        found = self._row(NEXT, {"from": now + SOON})
        return Entry(*found) if found else None

    @property
    def is_under_way(self) -> bool:
        """Whether something is being worked on at this moment."""
        return bool((self._row(UNDER_WAY, {}) or (0,))[0])

    def _row(self, query: str, values: dict[str, float]) -> tuple[float, str] | None:
        try:
            with closing(sqlite3.connect(f"{self.database.as_uri()}?mode=ro", uri=True, timeout=0.2)) as sqlite:
                row: tuple[float, str] | None = sqlite.execute(query, values).fetchone()
                return row
        except sqlite3.OperationalError:  # it is not there yet, or locked: so nothing is known
            return None
