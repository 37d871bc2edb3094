"""The store's methods about Homes: whose are due, what stands on them, and what became of it."""

import json
import sqlite3
from collections.abc import Mapping, Sequence

from bot.domain.home import Home, Leaf, Part, Place
from bot.domain.request import Person
from bot.store import redrawing
from bot.store.leaves import Rows, Wanted, anything, beginning, leaf
from bot.store.part import Part as StorePart
from bot.store.rows import to_json

OPEN = """
    update home set version = version + 1, team = :team, opened = :now, asked = 1, places = '{}',
        oversees = 1, digest = iif(:blank, '', digest), due = iif(worker is null or due is null, :now, due)
    where person = :person returning person"""

ADD = """
    insert into home (person, team, places, digest, version, asked, oversees, opened, drawn, due, attempts, error)
    values (:person, :team, '{}', '', 1, 1, 1, :now, 0, :now, 0, '')"""

CLAIM = """
    update home set due = :until, attempts = attempts + 1, worker = :worker
    where person in (select person from home where due <= :now order by asked desc, due limit :limit)
    returning *"""

HELD = """
    select 1 from home where person = :person and attempts = :attempts and due = :due and worker is not null"""

SHOWN = """
    update home set
        digest = :digest, oversees = iif(version > :version, 1, :oversees), asked = iif(version > :version, asked, 0),
        drawn = :now, attempts = 0, error = '', worker = null, due = iif(version > :version, :again, null)
    where person = :person"""

# Whoever was frozen past the lease has just put an old drawing over what others had shown meanwhile.
OVERWRITTEN = """
    update home set version = version + 1, digest = '', due = iif(worker is null or due is null, :now, due)
    where person = :person"""

POSTPONED = "update home set due = :until, error = :error, worker = null where person = :person"

# it sleeps until it is opened again
GIVEN_UP = """
    update home set due = null, opened = 0, digest = '', asked = 0, error = :error, worker = null
    where person = :person"""


class Homes(StorePart):
    """Gives out the Homes that are due, reads what they show, and records what became of it."""

    async def open_home(self, person: Person, *, blank: bool, now: float) -> None:
        """Somebody looks at their Home: show it from its beginning; `blank`: Slack has nothing to show."""
        told = {"person": person.id, "team": person.team, "now": now, "blank": int(blank)}

        def work(sqlite: sqlite3.Connection) -> None:
            if sqlite.execute(OPEN, told).fetchone() is None:
                sqlite.execute(ADD, {name: value for name, value in told.items() if name != "blank"})

        await self.db.write(work)
        self.announce()

    async def turn_home(self, person: Person, part: Part, place: Place | None, *, now: float) -> None:
        """Show another page of a part; None: the first one."""

        def work(sqlite: sqlite3.Connection) -> None:
            row = sqlite.execute("select places, oversees from home where person = ?", (person.id,)).fetchone()
            if row is None:
                return
            rows = Rows(part, person.id, all_of=bool(row["oversees"]))
            places = places_from(row["places"]) | {part: beginning(sqlite, rows, place)}
            sqlite.execute("update home set places = ? where person = ?", (places_text(places), person.id))
            redrawing.one(sqlite, person.id, asked=True, anew=False, now=now)

        await self.db.write(work)
        self.announce()

    async def redraw_home(self, person: str, *, asked: bool = False, anew: bool = False, now: float) -> None:
        """Draw somebody's Home anew; `asked`: they wait for it; `anew`: show it even if it looks the same."""
        await self.db.write(lambda sqlite: redrawing.one(sqlite, person, asked=asked, anew=anew, now=now))
        self.announce()

    async def redraw_homes(self, *, now: float) -> None:
        """Draw all Homes anew: who may what has perhaps changed, or how they look."""
        await self.db.write(lambda sqlite: redrawing.everybodys(sqlite, now=now))
        self.announce()

    async def claim_homes(self, *, now: float, lease: float, limit: int) -> Sequence[Home]:
        """Take Homes that are due, those first that somebody waits for."""
        claim = {"now": now, "until": now + lease, "limit": limit, "worker": self.worker}
        return await self.db.write(lambda sqlite: [home_from(row) for row in sqlite.execute(CLAIM, claim).fetchall()])

    async def home_shown(self, home: Home, *, digest: str, oversees: bool, now: float) -> None:
        """Record which drawing is on the screen, and whether others' requests are on it."""
        told = {"person": home.person.id, "version": home.version, "digest": digest, "oversees": int(oversees)}

        def work(sqlite: sqlite3.Connection) -> None:
            if is_held(sqlite, home):
                sqlite.execute(SHOWN, told | {"now": now, "again": now + redrawing.REST})
            else:
                sqlite.execute(OVERWRITTEN, {"person": home.person.id, "now": now})

        await self.db.write(work)

    async def postpone_home(self, home: Home, *, until: float, error: str) -> None:
        """Try again later."""
        await self._ended(home, POSTPONED, {"until": until, "error": error})

    async def give_up_home(self, home: Home, *, error: str) -> None:
        """Draw it no more until it is opened again."""
        await self._ended(home, GIVEN_UP, {"error": error})

    async def _ended(self, home: Home, statement: str, told: Mapping[str, object]) -> None:
        def work(sqlite: sqlite3.Connection) -> None:
            if is_held(sqlite, home):
                sqlite.execute(statement, {"person": home.person.id, **told})
            else:  # its lease is over, and what was tried may be on the screen all the same
                sqlite.execute(OVERWRITTEN, {"person": home.person.id, "now": home.due})

        await self.db.write(work)

    async def leaves(self, home: Home, *, decides: Wanted | None, reads_all: bool) -> Mapping[Part, Leaf]:
        """Read the pages of a Home at one moment. `decides` tells what waits for this person; None: nothing does."""

        def work(sqlite: sqlite3.Connection) -> Mapping[Part, Leaf]:
            parts: dict[Part, Wanted] = dict.fromkeys((Part.MINE, Part.ENDING, Part.ENDED), anything)
            if decides is not None:
                parts[Part.WAITING] = decides
            return {part: leaf(sqlite, part, home, wanted=wanted, all_of=reads_all) for part, wanted in parts.items()}

        return await self.db.read(work)


def is_held(sqlite: sqlite3.Connection, home: Home) -> bool:
    """Whether the claim that `home` came from still holds: nobody has taken it since."""
    claim = {"person": home.person.id, "attempts": home.attempts, "due": home.due}
    return sqlite.execute(HELD, claim).fetchone() is not None


def home_from(row: sqlite3.Row) -> Home:
    places = places_from(row["places"])
    return Home(
        person=Person(row["team"], row["person"]),
        places={part: place for part, place in places.items() if place is not None},
        # an earlier attempt may have shown what it did not record
        digest=row["digest"] if row["attempts"] == 1 else "",
        version=row["version"],
        asked=bool(row["asked"]),
        attempts=row["attempts"],
        due=row["due"],
    )


def places_from(text: str) -> dict[Part, Place | None]:
    return {Part(name): Place(at, number) for name, (at, number) in json.loads(text).items()}


def places_text(places: Mapping[Part, Place | None]) -> str:
    kept = {part.value: place for part, place in places.items() if place is not None}
    return to_json({name: [place.at, place.number] for name, place in kept.items()})
