"""The cache of offers: for titles and type-ahead, never for an approval.

A row's position is its place by title, with room before and after: a search reads along the positions and may stop
at its limit, and a new title moves no other row.
"""

import math
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial

from bot.domain.request import Offer
from bot.store.part import Part
from bot.store.rows import offer_from, storable, to_json

#: each provider has a shelf of its own, on which offers stand this far apart at first
SHELF = 1 << 56
ROOM = 1 << 32
#: so many are looked at in one turn of the event loop
PIECE = 200

PUT = """
    insert into offer (
        position, provider, id, sorts_as, title, internal_title, description, price, currency, recurring, products,
        listed)
    values (
        :position, :provider, :id, :sorts_as, :title, :internal_title, :description, :price, :currency, :recurring,
        :products, :listed)"""

FIND = """
    select offer.* from offer_words join offer on offer.position = offer_words.rowid
    where offer_words match ? and offer_words.rowid between ? and ? order by offer_words.rowid limit ?"""


class Catalogue(Part):
    """Remembers offers and finds them by the beginnings of their words."""

    async def remember_offers(self, provider: str, offers: Sequence[Offer], *, now: float, whole: bool) -> None:
        """Refresh the cache; `whole` means that what is not in the list is no longer listed.

        Thousands of offers go in pieces, between which everything else has its turn.
        """
        given = sorted({offer.id: cleaned(offer) for offer in offers}.values(), key=place_by_title)
        for start in range(0, len(given), PIECE):
            piece = given[start : start + PIECE]
            await self.db.write(partial(refresh, provider=provider, offers=piece))
        if whole:
            kept = {offer.id for offer in given}
            await self.db.write(lambda sqlite: unlist_others(sqlite, provider, kept, now=now))

    async def suggest(self, provider: str, words: str, *, limit: int) -> Sequence[Offer]:
        """Find listed offers whose words begin as typed, by title."""
        wanted = as_query(words)

        def work(sqlite: sqlite3.Connection) -> list[sqlite3.Row]:
            row = sqlite.execute("select shelf from catalogue where provider = ?", (provider,)).fetchone()
            if row is None:
                return []
            first, last = row["shelf"] * SHELF, (row["shelf"] + 1) * SHELF - 1
            if wanted:
                return sqlite.execute(FIND, (wanted, first, last, limit)).fetchall()
            return sqlite.execute(
                "select * from offer where position between ? and ? and listed order by position limit ?",
                (first, last, limit),
            ).fetchall()

        return [offer_from(row) for row in await self.db.read(work)]

    async def cached_offer(self, provider: str, offer_id: str) -> Offer | None:
        """Read an offer from the cache: for titles, never for an approval."""
        return await self.db.read(lambda sqlite: one_offer(sqlite, provider, offer_id))

    async def offers_age(self, provider: str, *, now: float) -> float | None:
        """Say how old the list is; None when it was never read. Read at a time to come, it may be of any age."""
        row = await self.db.read(
            lambda sqlite: sqlite.execute("select read_at from catalogue where provider = ?", (provider,)).fetchone()
        )
        if row is None or row["read_at"] is None:
            return None
        age = float(now - row["read_at"])
        return age if age >= 0 else math.inf


def as_query(words: str) -> str:
    """Have every word looked for by its beginning. Quoted, none of them is FTS syntax."""
    return " ".join(f'"{word.replace(chr(34), " ")}"*' for word in storable(words).replace("\0", " ").split())


def refresh(sqlite: sqlite3.Connection, *, provider: str, offers: Iterable[Offer]) -> None:
    """Write those that differ from what is known."""
    changed = [offer for offer in offers if one_offer(sqlite, provider, offer.id) != offer]
    for offer in changed:
        take_off(sqlite, offer)
    put_on(sqlite, shelf_of(sqlite, provider), changed)


def unlist_others(sqlite: sqlite3.Connection, provider: str, kept: set[str], *, now: float) -> None:
    """Take out of the list what is not in it any more, and remember when all of it was read."""
    listed = {row["id"] for row in sqlite.execute("select id from offer where provider = ? and listed", (provider,))}
    for offer_id in listed - kept:
        key = (provider, offer_id)
        sqlite.execute(
            "delete from offer_words where rowid = (select position from offer where provider = ? and id = ?)", key
        )
        sqlite.execute("update offer set listed = 0 where provider = ? and id = ?", key)
    sqlite.execute("update catalogue set read_at = ? where shelf = ?", (now, shelf_of(sqlite, provider)))


def cleaned(offer: Offer) -> Offer:
    return replace(
        offer,
        title=storable(offer.title),
        internal_title=storable(offer.internal_title),
        description=storable(offer.description),
    )


def shelf_of(sqlite: sqlite3.Connection, provider: str) -> int:
    sqlite.execute("insert into catalogue (provider) values (?) on conflict do nothing", (provider,))
    row = sqlite.execute("select shelf from catalogue where provider = ?", (provider,)).fetchone()
    return int(row["shelf"])


def offers_of(sqlite: sqlite3.Connection, provider: str) -> list[Offer]:
    return [offer_from(row) for row in sqlite.execute("select * from offer where provider = ?", (provider,))]


def one_offer(sqlite: sqlite3.Connection, provider: str, offer_id: str) -> Offer | None:
    row = sqlite.execute("select * from offer where provider = ? and id = ?", (provider, offer_id)).fetchone()
    return offer_from(row) if row else None


def take_off(sqlite: sqlite3.Connection, offer: Offer) -> None:
    key = (offer.provider, offer.id)
    sqlite.execute(
        "delete from offer_words where rowid = (select position from offer where provider = ? and id = ?)", key
    )
    sqlite.execute("delete from offer where provider = ? and id = ?", key)


def put_on(sqlite: sqlite3.Connection, shelf: int, offers: Iterable[Offer]) -> None:
    """Put offers at their places by title; spread the whole shelf anew when there is no room left between two."""
    in_order = sorted(offers, key=place_by_title)
    for index, offer in enumerate(in_order):
        position = place_for(sqlite, shelf, offer)
        if position is None:
            everything = [*offers_of(sqlite, offer.provider), *in_order[index:]]
            sqlite.execute("delete from offer where provider = ?", (offer.provider,))
            sqlite.execute(
                "delete from offer_words where rowid between ? and ?", (shelf * SHELF, (shelf + 1) * SHELF - 1)
            )
            put_on(sqlite, shelf, everything)
            return
        put(sqlite, offer, position)


def put(sqlite: sqlite3.Connection, offer: Offer, position: int) -> None:
    sqlite.execute(
        PUT,
        {
            "position": position,
            "provider": offer.provider,
            "id": offer.id,
            "sorts_as": sorts_as(offer),
            "title": offer.title,
            "internal_title": offer.internal_title,
            "description": offer.description,
            "price": offer.price,
            "currency": offer.currency,
            "recurring": int(offer.recurring),
            "products": to_json(offer.products),
            "listed": int(offer.listed),
        },
    )
    if offer.listed:
        sqlite.execute(
            "insert into offer_words (rowid, title, internal_title, id) values (?, ?, ?, ?)",
            (position, offer.title, offer.internal_title, offer.id),
        )


def sorts_as(offer: Offer) -> str:
    return offer.title.casefold()


def place_by_title(offer: Offer) -> tuple[str, str]:
    return sorts_as(offer), offer.id


def place_for(sqlite: sqlite3.Connection, shelf: int, offer: Offer) -> int | None:
    """Return a free position between the titles before and after; None when there is none."""
    place = (offer.provider, *place_by_title(offer))
    below = sqlite.execute(
        """
        select position from offer where provider = ? and (sorts_as, id) < (?, ?)
        order by sorts_as desc, id desc limit 1""",
        place,
    ).fetchone()
    above = sqlite.execute(
        "select position from offer where provider = ? and (sorts_as, id) > (?, ?) order by sorts_as, id limit 1",
        place,
    ).fetchone()
    low = below["position"] if below else shelf * SHELF
    if above is None:
        return int(low) + ROOM
    # new titles come in order, so most of the room is left for those that follow
    position = int(low + (above["position"] - low) // 8)
    return position if position > low else None
