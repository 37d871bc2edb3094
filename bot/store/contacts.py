"""Customers: the one table with addresses and names, and how they are forgotten."""

import sqlite3
from dataclasses import dataclass

from bot.domain.draft import normal
from bot.domain.request import AuditEvent, Change, Contact
from bot.store import audit, forgetting
from bot.store.part import Part
from bot.store.rows import storable


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
            blanked = forgetting.blank_texts(sqlite, folded)
            theirs = {request_id for ref in gone for request_id in requests_of(sqlite, ref)}
            concerned = forgetting.show_again(sqlite, theirs, blanked, now=now)
            if gone or blanked.texts:
                audit.append(sqlite, AuditEvent(name="contact.forgotten", at=now, data={"contact_refs": gone}))
            return Forgotten(contacts=len(gone), texts=blanked.texts, requests=len(concerned))

        forgotten = await self.db.write(work)
        # the log beside the file would still hold the old pages
        self.db.checkpoint()
        self.announce()
        return forgotten


def requests_of(sqlite: sqlite3.Connection, ref: int) -> set[str]:
    rows = sqlite.execute("select distinct request_id from change where contact_ref = ?", (ref,))
    return {row["request_id"] for row in rows}
