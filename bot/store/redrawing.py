"""Which Homes a change concerns: they become due in its own transaction. Who never opened theirs has no row.

A Home is *in flight* from its claim until it is shown, postponed or given up; meanwhile a newer version leaves its
`due` alone. After that it rests a moment, so that a burst of changes costs one drawing.
"""

import sqlite3

#: a Home that nobody has opened for so long is drawn when it is opened again, in seconds
AWAKE = 30 * 86_400.0
#: between two drawings of the same Home, unless somebody waits for it
REST = 1.0
#: between the drawings of different ones at a start
APART = 0.6

CONCERNED = """
    update home set version = version + 1,
        due = case
            when worker is not null and due is not null then due
            when due is null then max(:now, min(drawn, :now) + :rest)
            else min(due, max(:now, min(drawn, :now) + :rest)) end
    where (person = :person or oversees = 1) and opened > :asleep"""

ONE = """
    update home set version = version + 1, oversees = 1, asked = max(asked, :asked), digest = iif(:anew, '', digest),
        due = iif(worker is null or due is null, :now, due)
    where person = :person and opened > :asleep"""

ALL = """
    with ranked as (
        select person, row_number() over (order by opened desc) - 1 as place from home where opened > :asleep)
    update home set version = version + 1, oversees = 1,
        due = iif(worker is null or due is null, :now + :apart * ranked.place, due)
    from ranked where home.person = ranked.person"""


def concerned(sqlite: sqlite3.Connection, requester: str, *, now: float, awake: float = AWAKE) -> None:
    """Have drawn anew what shows a request of this person's: their own Home, and those of all who oversee."""
    sqlite.execute(CONCERNED, {"person": requester, "now": now, "rest": REST, "asleep": now - awake})


def concerned_by(sqlite: sqlite3.Connection, request_id: str, *, now: float, awake: float = AWAKE) -> None:
    """Do the same by the request's id."""
    row = sqlite.execute("select requester from request where id = ?", (request_id,)).fetchone()
    if row is not None:
        concerned(sqlite, row["requester"], now=now, awake=awake)


def one(sqlite: sqlite3.Connection, person: str, *, asked: bool, anew: bool, now: float) -> None:
    """Have one person's Home drawn anew; `anew`: publish it even if it looks the same."""
    sqlite.execute(ONE, {"person": person, "asked": int(asked), "anew": int(anew), "now": now, "asleep": now - AWAKE})


def everybodys(sqlite: sqlite3.Connection, *, now: float, awake: float = AWAKE) -> None:
    """Have all Homes drawn anew, one after the other, the latest opened first."""
    sqlite.execute(ALL, {"now": now, "apart": APART, "asleep": now - awake})
