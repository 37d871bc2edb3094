"""Customers: the one table with addresses and names, and how they are forgotten."""

import re
import sqlite3
from dataclasses import dataclass

from bot.domain.draft import normal
from bot.domain.request import AuditEvent, Change, Contact
from bot.store import audit, outbox
from bot.store.part import Part
from bot.store.rows import storable

FORGOTTEN = "[forgotten]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """What forgetting an address has blanked."""

    contacts: int
    texts: int
    requests: int


def contact_ref(sqlite: sqlite3.Connection, *, provider: str, address: str) -> int:
    """Return the row of that address, made if there is none. Its name is the provider's to tell."""
    folded = normal(storable(address))
    row = sqlite.execute(
        "select ref from contact where provider = ? and address = ? and address <> ''", (provider, folded)
    ).fetchone()
    if row is None:
        made = sqlite.execute(
            "insert into contact (provider, address, name) values (?, ?, '') returning ref", (provider, folded)
        )
        return int(made.fetchone()["ref"])
    return int(row["ref"])


def named(sqlite: sqlite3.Connection, ref: int) -> Contact:
    """Return what is known of a contact."""
    row = sqlite.execute("select * from contact where ref = ?", (ref,)).fetchone()
    return Contact(
        provider=row["provider"],
        address=row["address"],
        id=row["id"],
        name=row["name"],
        customer_id=row["customer_id"],
        ref=ref,
    )


def identify(sqlite: sqlite3.Connection, before: Change, after: Change) -> None:
    """Keep what the provider said about a contact. What was forgotten meanwhile stays forgotten."""
    if after.contact == before.contact:
        return
    sqlite.execute(
        """
        update contact set id = :id, customer_id = :customer, name = iif(address = '', name, :name) where ref = :ref""",
        {
            "id": after.contact.id,
            "customer": after.contact.customer_id,
            "name": storable(after.contact.name),
            "ref": before.contact.ref,
        },
    )


def refs(sqlite: sqlite3.Connection, contact: Contact) -> list[int]:
    """Name all rows of this customer: by row, by the provider's id, by address."""
    found = [] if contact.ref is None else [contact.ref]
    if contact.id is not None:
        rows = sqlite.execute("select ref from contact where provider = ? and id = ?", (contact.provider, contact.id))
        found += [row["ref"] for row in rows]
    rows = sqlite.execute(
        "select ref from contact where provider = ? and address = ? and address <> ''",
        (contact.provider, normal(storable(contact.address))),
    )
    return sorted({*found, *(row["ref"] for row in rows)})


class Contacts(Part):
    """Forgetting, for `offerdesk forget`."""

    async def forget(self, address: str, *, now: float) -> Forgotten:
        """Blank an address, with the name, wherever it stands; the audit never held it, so its chain still holds."""

        def work(sqlite: sqlite3.Connection) -> Forgotten:
            folded = normal(storable(address))
            gone = [
                row["ref"]
                for row in sqlite.execute(
                    "update contact set address = '', name = '' where address = ? and address <> '' returning ref",
                    (folded,),
                ).fetchall()
            ]
            sqlite.executemany("update change set new_name = '' where contact_ref = ?", [(ref,) for ref in gone])
            texts, mentioned = blank_texts(sqlite, folded)
            concerned = mentioned.union(*(requests_of(sqlite, ref) for ref in gone))
            if gone or texts:
                audit.append(sqlite, AuditEvent(name="contact.forgotten", at=now, data={"contact_refs": gone}))
            for request_id in sorted(concerned):
                outbox.show_again(sqlite, request_id, now=now)
            return Forgotten(contacts=len(gone), texts=texts, requests=len(concerned))

        forgotten = await self.db.write(work)
        # the log beside the file would still hold the old pages
        self.db.checkpoint()
        self.announce()
        return forgotten


def requests_of(sqlite: sqlite3.Connection, ref: int) -> set[str]:
    rows = sqlite.execute("select distinct request_id from change where contact_ref = ?", (ref,))
    return {row["request_id"] for row in rows}


def blank_texts(sqlite: sqlite3.Connection, address: str) -> tuple[int, set[str]]:
    """Replace the address in what people and providers wrote; return how many texts, and whose requests."""
    if not address:
        return 0, set()
    pattern = re.compile(rf"(?<![\w.+-]){re.escape(address)}(?!\.?[\w-])", re.IGNORECASE)
    sqlite.create_function("blanked", 1, lambda text: pattern.sub(FORGOTTEN, text), deterministic=True)
    touched = [
        row["request_id"]
        for statement in (
            "update request set reason = blanked(reason) where reason <> blanked(reason) returning id as request_id",
            "update decision set note = blanked(note) where note <> blanked(note) returning request_id",
            "update change set receipt = blanked(receipt) where receipt <> blanked(receipt) returning request_id",
            "update pause set why = blanked(why) where why <> blanked(why) returning null as request_id",
            "update change set error = blanked(error) where error <> blanked(error) returning request_id",
            """
            update note set text = blanked(text) where text <> blanked(text)
                returning (select request_id from event where event.seq = note.seq) as request_id""",
        )
        for row in sqlite.execute(statement).fetchall()
    ]
    return len(touched), {request_id for request_id in touched if request_id is not None}
