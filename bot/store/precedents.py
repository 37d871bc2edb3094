"""What was asked before for the customers of a list, whichever of their addresses it was asked for with."""

import sqlite3

from bot.domain.policy import Precedent
from bot.domain.request import Action, State

#: `who` is a customer of the list, `ref` each row under which they are known
BEFORE = """
    with customer as (
        select distinct contact.ref, contact.provider, contact.id
        from change join contact on contact.ref = change.contact_ref
        where change.request_id = :id and change.line > 0 and change.plan in ('', 'do', 'extend')),
    known as (
        select ref as who, ref from customer
        union
        select customer.ref, contact.ref from customer
        join contact on contact.provider = customer.provider and contact.id = customer.id and contact.id is not null)
    select distinct known.who, request.number, request.action, request.state, request.reason, request.created
    from known join change on change.contact_ref = known.ref join request on request.id = change.request_id
    where request.id <> :id and request.created >= :since and change.action <> 'create' and request.planned is null
    order by known.who, request.number"""


def for_each(sqlite: sqlite3.Connection, request_id: str, *, since: float) -> list[tuple[Precedent, ...]]:
    """Read it; what is the same for several customers is there once."""
    once: dict[int, Precedent] = {}
    pasts: dict[int, tuple[int, ...]] = {}
    for row in sqlite.execute(BEFORE, {"id": request_id, "since": since}):
        number = row["number"]
        if number not in once:
            once[number] = Precedent(
                action=Action(row["action"]), state=State(row["state"]), reason=row["reason"], created=row["created"]
            )
        pasts[row["who"]] = (*pasts.get(row["who"], ()), number)
    return [tuple(once[number] for number in past) for past in dict.fromkeys(pasts.values())]
