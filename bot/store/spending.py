"""What requests take of quotas and budgets: one row each, written with the request's own and never beside it."""

import sqlite3
from collections.abc import Sequence

from bot.domain.ends import done_by
from bot.domain.errors import Overdrawn
from bot.domain.policy import Cap, Scope, Used
from bot.domain.request import Case, ChangeState
from bot.domain.spending import Spending, spending, undoes
from bot.store.part import Part

TAKE = """
    insert into spending (request_id, requester, at, action, value, currency, rule, customers, undone)
    values (:id, :requester, :at, :action, :value, :currency, :rule, :customers, 0)
    on conflict (request_id) do update set
        at = iif(:anew, excluded.at, at), value = excluded.value, currency = excluded.currency, rule = excluded.rule,
        customers = excluded.customers"""

GIVE_BACK = "delete from spending where request_id = ?"

# Customer by customer, and each once however often it is undone. The plus keeps the search to this customer's changes:
# of one request there may be ten thousand.
UNDO = """
    update spending set undone = undone + (
        select count(*) from change as revoked join change as granted on granted.contact_ref = revoked.contact_ref
        where revoked.id = :change and revoked.action = 'revoke'
            and +granted.request_id = :parent and granted.action = 'grant' and granted.state = 'succeeded'
            and granted.provider = revoked.provider and granted.offer_id = revoked.offer_id
            and not exists (
                select 1 from change as other join request on request.id = other.request_id
                where other.contact_ref = revoked.contact_ref and other.id <> revoked.id and other.action = 'revoke'
                    and other.state = 'succeeded' and other.provider = revoked.provider
                    and other.offer_id = revoked.offer_id
                    and +request.parent = :parent and request.planned is null))
    where request_id = :parent and action = 'grant'"""

# what a quota counts was approved by its rule; what a budget counts was granted, and is still there
AUTOMATIC = """
    select requester, currency, count(*) as requests, coalesce(sum(value), 0) as value, sum(value is null) as untold
    from spending where requester = :requester and at >= :since and rule = :rule and request_id <> :but
    group by currency"""
GRANTED = """
    select requester, currency, count(*) as requests,
        coalesce(sum(value * (customers - undone) / customers), 0) as value, sum(value is null) as untold
    from spending
    where at >= :since and at < :until and action = 'grant' and undone < customers and request_id <> :but
    group by requester, currency"""
#: later than anything, and a number in SQL, which infinity is not
END_OF_TIME = 1e15


class Spendings(Part):
    """Sums up what was approved."""

    async def used(self, scope: Scope, *, but: str = "") -> Used:
        """Sum up what was approved, and not in vain, but for one request."""
        return await self.db.read(lambda sqlite: used(sqlite, scope, but=but))


def used(sqlite: sqlite3.Connection, scope: Scope, *, but: str = "") -> Used:
    given = {"since": scope.since, "until": min(scope.until, END_OF_TIME), "rule": scope.rule, "but": but}
    if scope.rule:
        found = [
            row
            for requester in sorted(scope.requesters)
            for row in sqlite.execute(AUTOMATIC, given | {"requester": requester})
        ]
    else:
        found = [row for row in sqlite.execute(GRANTED, given) if row["requester"] in scope.requesters]
    values: dict[str, int] = {}
    for row in found:
        values[row["currency"]] = values.get(row["currency"], 0) + row["value"]
    requests, untold = sum(row["requests"] for row in found), sum(row["untold"] for row in found)
    return Used(requests=requests, values=values, untold=untold)


def follow(sqlite: sqlite3.Connection, before: Case, after: Case, swept: Sequence[int]) -> None:
    """Take, or give back, as the request's new state says. `swept`: changes that took effect besides those in it."""
    had, has = spending(before), spending(after)
    renewed = before.request.decided != after.request.decided
    if has is not None and (has != had or renewed):
        sqlite.execute(TAKE, row_of(after, has) | {"anew": had is None or renewed})
    elif had is not None and has is None:
        sqlite.execute(GIVE_BACK, (after.request.id,))
    if undoes(after.request):
        done = (*(one.id for one in done_by(before, after) if one.state is ChangeState.SUCCEEDED), *swept)
        sqlite.executemany(UNDO, [{"change": one, "parent": after.request.parent} for one in done])


def row_of(case: Case, taken: Spending) -> dict[str, object]:
    return {
        "id": case.request.id,
        "requester": taken.requester,
        "at": case.request.updated,
        "action": taken.action.value,
        "value": taken.value,
        "currency": taken.currency,
        "rule": taken.rule,
        "customers": taken.customers,
    }


def demand_within(sqlite: sqlite3.Connection, within: tuple[Cap, ...]) -> None:
    """Raise where more is taken by now than may be; what was written is undone with the transaction."""
    if not all(cap.allows(used(sqlite, cap.scope)) for cap in within):
        raise Overdrawn
