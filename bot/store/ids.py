"""Ids that can be said on the telephone."""

import random
import sqlite3

from bot.domain.request import ID_ALPHABET

SHORTEST = 4


def new_id(sqlite: sqlite3.Connection, randomness: random.Random) -> str:
    """Return an id like `R-4F7K` that no request has."""
    made = sqlite.execute("select max(number) as made from request").fetchone()["made"] or 0
    while True:
        request_id = "R-" + "".join(randomness.choices(ID_ALPHABET, k=id_length(made)))
        if not sqlite.execute("select 1 from request where id = ?", (request_id,)).fetchone():
            return request_id


def id_length(made: int) -> int:
    """Grow by one when a hundredth of the space is used, so that a mistyped id hardly ever hits another request."""
    length = SHORTEST
    while made * 100 >= len(ID_ALPHABET) ** length:
        length += 1
    return length
