"""One page of a list on a Home, read along an index of its own from a key on: what it costs does not grow."""

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass, replace

from bot.domain.home import Entry, Home, Leaf, Part, Place
from bot.domain.notices import card_key
from bot.domain.request import Request
from bot.store import cases, lists
from bot.store.rows import request_from

Wanted = Callable[[Request], bool]
#: entries on a page
SIZE = 5
#: rows that are read at once to find those, and how often: further on it is looked when somebody turns the page
BATCH, BATCHES = 20, 100
#: the ends of time, as numbers in SQL
FIRST, LAST = -1.0, 1e15
#: the rows of each part, in the words of its index, and the column that they are sorted by. SQLite itself would
#: rather look through all requests in these states and sort them
WAITING = "from request indexed by request_waiting where state in ('pending', 'unknown') and requester <> :person"
MINE = """
    from request indexed by request_unended
    where state in ('preparing', 'pending', 'approved', 'executing', 'unknown', 'failed', 'partly') and left_so = 0
        and requester = :person and not (state = 'approved' and planned is not null and version = 1)"""
ENDING = """
    from request indexed by request_ending
    where planned is not null and state in ('approved', 'executing', 'failed') and version = 1 and left_so = 0"""
ENDED = f"""
    from request indexed by request_ended
    where state in ('succeeded', 'failed', 'partly', 'unneeded', 'denied', 'expired', 'cancelled')
        and not (requester = :person and state in ('failed', 'partly') and left_so = 0)
        and not ({lists.OF_A_ROW})"""
ROWS: Mapping[Part, tuple[str, str, bool]] = {
    Part.WAITING: (WAITING, "created", True),
    Part.MINE: (MINE, "created", False),
    Part.ENDING: (ENDING, "planned", True),
    Part.ENDED: (ENDED, "updated", False),
}


def leaf(sqlite: sqlite3.Connection, part: Part, home: Home, *, wanted: Wanted, all_of: bool) -> Leaf:
    """Read one page; one that has nothing on it any more is the first one."""
    rows = Rows(part, home.person.id, all_of=all_of)
    place = home.places.get(part)
    found, stopped = rows.read(sqlite, place, wanted=wanted)
    if place is not None and not found and stopped is None:
        place, (found, stopped) = None, rows.read(sqlite, None, wanted=wanted)
    shown = found[:SIZE]
    edge = Place(shown[0]["at"], shown[0]["number"]) if shown else place
    return Leaf(
        entries=tuple(entry(sqlite, row["id"]) for row in shown),
        before=replace(edge, back=True) if place is not None and edge is not None else None,
        after=Place(shown[-1]["at"], shown[-1]["number"]) if len(found) > SIZE else stopped,
    )


def beginning(sqlite: sqlite3.Connection, rows: "Rows", place: Place | None) -> Place | None:
    """Return behind which row a page begins: one that was named by its end would move when something on it goes."""
    if place is None or not place.back:
        return place
    before, _ = rows.read(sqlite, place, wanted=anything)
    return Place(before[SIZE]["at"], before[SIZE]["number"]) if len(before) > SIZE else None


def anything(_: Request) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a part, as one person may see them."""

    part: Part
    person: str
    _: KW_ONLY
    #: what others asked for as well
    all_of: bool

    def read(
        self, sqlite: sqlite3.Connection, place: Place | None, *, wanted: Wanted
    ) -> tuple[list[sqlite3.Row], Place | None]:
        """Read one row more than a page has, as far as there are any; and where it stopped to look for more."""
        back = place is not None and place.back
        rows, column, rising = ROWS[self.part]
        if self.part is Part.ENDED and not self.all_of:
            rows = f"{rows.replace('request_ended', 'request_ended_of')} and requester = :person"
        if self.part is Part.ENDING and not self.all_of:
            rows = f"{rows} and requester = :person"
        sign, order = (">", "asc") if rising is not back else ("<", "desc")
        query = f"""
            select *, {column} as at {rows} and ({column}, number) {sign} (:at, :number)
            order by {column} {order}, number {order} limit {BATCH}"""
        at, number = (place.at, place.number) if place is not None else (FIRST if rising else LAST, 0)
        found: list[sqlite3.Row] = []
        for _ in range(BATCHES):
            batch = sqlite.execute(query, {"person": self.person, "at": at, "number": number}).fetchall()
            found += [row for row in batch if wanted(request_from(row))]
            if len(found) > SIZE or len(batch) < BATCH:
                return found[: SIZE + 1], None
            at, number = batch[-1]["at"], batch[-1]["number"]
        return found, Place(at, number)


def entry(sqlite: sqlite3.Connection, request_id: str) -> Entry:
    card = sqlite.execute(
        "select channel, ts from message where key = ? and shown > 0 and ts <> ''", (card_key(request_id),)
    ).fetchone()
    return Entry(case=cases.found(sqlite, request_id), card=(card["channel"], card["ts"]) if card else None)
