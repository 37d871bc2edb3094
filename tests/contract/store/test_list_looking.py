"""What is known of the customers of a list: found once, with one offer; asked for before; given again since."""

from dataclasses import replace
from functools import partial

from bot.domain import attempt, bulk, lifecycle
from bot.domain.bulk import Looked
from bot.domain.request import DO, EXTEND, NOT_MOVED, UNNEEDED, Action, Case, ChangeState, Contact, State
from bot.domain.term import Term
from bot.ports import Store
from tests.contract.store.listed import approved_list, ended
from tests.contract.store.test_lists import MONTH, counts, listed, shown, timed
from tests.contract.store.world import BOB, BUNDLE, JANE, NOW, approved, finished, pending, stepped, submission


async def test_what_was_looked_at_stays_looked_at(store: Store) -> None:
    case = await listed(store, 4)
    first = await store.rows(case.request.id, looked=False, limit=3)
    found = [
        Looked(first[0].id, DO, fingerprint="f1", contact_id="c1", name="Jane", effects=("A mail may go out.",)),
        Looked(first[1].id, UNNEEDED, contact_id="c2"),
        Looked(first[2].id, "not_found"),
    ]
    late = Looked(first[0].id, "not_found", effects=("A mail may go out.",))
    assert await store.looked(case.request.id, found, offer=BUNDLE)
    assert await store.looked(case.request.id, [*found, late], offer=BUNDLE)

    assert [row.line for row in await store.rows(case.request.id, looked=False, limit=9)] == [5]
    planned = await store.planned(case.request.id)
    assert (planned.plans, planned.signed) == ({"": 1, DO: 1, UNNEEDED: 1, "not_found": 1}, ["f1"])
    assert await counts(store, case) == {"todo": 2, "unneeded": 1, "cancelled": 1}
    left = await store.case(case.request.id)
    assert left is not None
    assert (left.request.preview["effects"], left.request.preview["looked"]) == ({"A mail may go out.": 1}, 3)
    assert [(one.line, one.outcome) for one in left.exceptions] == [(4, "excluded")]


DEARER = replace(BUNDLE, price=5900)


async def test_rows_of_one_list_are_looked_at_with_one_and_the_same_offer(store: Store) -> None:
    case = await listed(store, 3)
    (first, closed, last) = await store.rows(case.request.id, looked=False, limit=9)
    found = [Looked(first.id, DO, fingerprint="f1", effects=("A mail may go out.",)), Looked(closed.id, "not_found")]
    assert await store.looked(case.request.id, found, offer=BUNDLE)
    assert not await store.looked(case.request.id, [Looked(last.id, DO, fingerprint="f9")], offer=DEARER)
    assert [row.line for row in await store.rows(case.request.id, looked=False, limit=9)] == [4]

    anew = await stepped(store, case.request.id, partial(bulk.look_anew, now=NOW + 1))

    assert (anew.request.state, anew.request.due, dict(anew.request.preview)) == (
        State.PREPARING,
        NOW + 1,
        {"looked": 1},
    )
    assert [row.line for row in await store.rows(case.request.id, looked=False, limit=9)] == [2, 4]
    assert await store.looked(case.request.id, [Looked(last.id, DO, fingerprint="f9")], offer=DEARER)


async def test_a_list_that_is_asked_anew_is_looked_at_anew(store: Store) -> None:
    case = await shown(store)
    overtake = partial(lifecycle.overtake, by=BOB, shown=case.request.version, now=NOW)
    anew = await stepped(store, case.request.id, overtake)

    assert anew.request.state is State.PREPARING
    assert len(await store.rows(case.request.id, looked=False, limit=9)) == 5
    assert (await store.planned(case.request.id)).signed == []


async def before(store: Store, case: Case, since: float = NOW) -> list[list[float]]:
    """When what was asked for each customer of a list, after so many seconds."""
    return [[one.created - NOW for one in past] for past in await store.asked_for_each(case.request.id, since)]


async def test_what_was_asked_before_is_told_of_each_customer_of_a_list(store: Store) -> None:
    for number, line in enumerate((3, 4, 4, 9)):
        await store.submit(submission(f"form-{number}", address=f"p{line}@example.com"), offer=BUNDLE, now=NOW + number)
    case = await listed(store)
    assert await before(store, case) == [[0], [1, 2]]
    assert await before(store, case, NOW + 2) == [[2]]
    assert await before(store, case, NOW + 4) == []

    found = await store.rows(case.request.id, looked=False, limit=9)
    looked = [Looked(found[1].id, UNNEEDED), *(Looked(one.id, DO, contact_id=f"c{one.line}") for one in found[2:])]
    await store.looked(case.request.id, looked, offer=BUNDLE)

    assert await before(store, case) == [[1, 2]], "for one of them nothing is to be done"


async def test_a_customer_is_the_same_one_by_another_address(store: Store) -> None:
    first = await pending(store, address="old@example.com", contact=JANE)
    case = await listed(store, 2)
    found = await store.rows(case.request.id, looked=False, limit=9)
    assert await before(store, case) == []
    looked = [Looked(row.id, DO, contact_id=contact_id) for row, contact_id in zip(found, ("c9", "c8"), strict=True)]
    await store.looked(case.request.id, looked, offer=BUNDLE)

    assert await before(store, case) == [[first.request.created - NOW]]


async def timed_for(store: Store, count: int) -> Case:
    """A list for a month that is done."""
    case = await approved_list(store, "list-0", count=count, term=MONTH)
    await ended(store, case, *[ChangeState.SUCCEEDED] * count)
    return case


async def singly(store: Store, key: str, action: Action, address: str, contact_id: str) -> Case:
    contact = Contact(provider="kajabi", address=address, id=contact_id)
    return await finished(store, await approved(store, key, address=address, contact=contact, action=action))


async def test_what_another_request_has_given_since_is_told_of_what_a_list_has_brought_about(store: Store) -> None:
    await singly(store, "form-0", Action.GRANT, "p4@example.com", "c4")
    first = await timed_for(store, 4)
    await singly(store, "form-1", Action.REVOKE, "p2@example.com", "c2")
    again = await singly(store, "form-2", Action.GRANT, "another@example.com", "c2")
    second = await timed(store, "list-2", plan=EXTEND, own=Term(days=40))
    (held, moved) = await store.claim_rows(second.request.id, sent=False, limit=9)
    for one, code in ((held, NOT_MOVED), (moved, "")):
        extend = partial(
            attempt.finish, change_id=one.id, attempt=one.attempts, to=ChangeState.UNNEEDED, code=code, now=NOW + 9
        )
        assert await store.step(second.request.id, extend, changes=[one.id]) is not None

    assert [(one.line, one.since) for one in await store.brought_about(first.request.id)] == [
        (2, again.request.id),
        (3, second.request.id),
        (4, ""),
        (5, ""),
    ]


async def test_a_list_that_goes_on_is_in_no_trouble(store: Store) -> None:
    case = await listed(store, 2)
    first, second = await store.rows(case.request.id, looked=False, limit=9)
    late = partial(lifecycle.postpone, until=NOW + 9, code="Unavailable", now=NOW)
    assert (await stepped(store, case.request.id, late)).request.troubled == NOW

    assert await store.looked(case.request.id, [Looked(first.id, DO, fingerprint="f1")], offer=BUNDLE)
    went_on = await store.case(case.request.id)
    assert went_on is not None
    assert went_on.request.troubled is None
    await stepped(store, case.request.id, late)
    assert await store.looked(case.request.id, [Looked(first.id, DO, fingerprint="f1")], offer=BUNDLE)
    stuck = await store.case(case.request.id)
    assert stuck is not None
    assert stuck.request.troubled == NOW
    assert second.plan == ""
