"""Homes: whose become due by what, what stands on them, and that nobody pays for what they do not look at."""

import sqlite3
from dataclasses import replace

import pytest

from bot.domain import lifecycle
from bot.domain.home import Part, Place
from bot.domain.request import ChangeState, Choice
from bot.store.leaves import BATCH, BATCHES
from bot.store.redrawing import AWAKE, REST
from tests.contract.store.world import (
    ADA,
    BOB,
    EVE,
    LEASE,
    NOW,
    approved,
    claimed,
    decided,
    everything_shown,
    finished,
    opened,
    pending,
    sent,
    shown,
    stepped,
    submitted,
)

LATER = NOW + 10


async def due(store, *, now=LATER, limit=10):
    return list(await store.claim_homes(now=now, lease=LEASE, limit=limit))


async def open_and_shown(store, person, *, oversees, now=NOW, digest="d1"):
    """Have somebody open their Home, and show it."""
    await store.open_home(person, blank=True, now=now)
    for home in await due(store, now=now):
        await store.home_shown(home, digest=digest, oversees=oversees and home.person == person, now=now)


async def people_due(store, **options):
    return sorted(home.person.id for home in await due(store, **options))


async def test_a_home_is_due_as_soon_as_it_is_opened_and_then_no_more(store):
    await store.open_home(ADA, blank=True, now=NOW)
    (home,) = await due(store, now=NOW)
    assert (home.person, home.digest, home.asked, home.places) == (ADA, "", True, {})
    assert await due(store) == []
    await store.home_shown(home, digest="d1", oversees=False, now=NOW)

    assert await due(store) == []


async def test_a_step_concerns_the_requester_and_those_who_oversee_and_nobody_else(store):
    case = await pending(store)
    await open_and_shown(store, EVE, oversees=False)
    await open_and_shown(store, BOB, oversees=True)
    await open_and_shown(store, ADA, oversees=False)
    await decided(store, case, Choice.DENY, note="no")

    assert await people_due(store) == ["UADA", "UBOB"]


async def test_a_new_request_concerns_them_as_well(store):
    await open_and_shown(store, BOB, oversees=True)
    await submitted(store)

    assert await people_due(store) == ["UBOB"]


async def test_steps_that_nobody_sees_draw_nothing(store):
    case = await approved(store)
    await everything_shown(store)
    await open_and_shown(store, BOB, oversees=True)
    assert await sent(store, case) is not None

    assert await due(store) == []


async def test_a_card_that_has_just_been_posted_is_linked_to(store):
    case = await pending(store)
    await open_and_shown(store, BOB, oversees=True)
    (card,) = await claimed(store)
    await shown(store, card.message, "12.5")
    (home,) = await due(store)
    leaves = await store.leaves(home, decides=lambda _: True, reads_all=True)

    (entry,) = leaves[Part.WAITING].entries
    assert (entry.case.request.id, entry.card) == (case.request.id, ("CSALES", "12.5"))


async def test_a_burst_of_changes_costs_one_drawing_after_a_moment_of_rest(store):
    await open_and_shown(store, BOB, oversees=True)
    for number in range(5):
        await pending(store, f"form-{number}")

    assert await due(store, now=NOW) == []
    assert len(await due(store, now=NOW + REST)) == 1


async def test_what_happens_while_a_home_is_drawn_is_drawn_afterwards(store):
    await open_and_shown(store, BOB, oversees=True)
    await submitted(store, "form-1")
    (home,) = await due(store)
    await submitted(store, "form-2")
    assert await due(store) == []
    await store.home_shown(home, digest="d2", oversees=True, now=LATER)
    (again,) = await due(store, now=LATER + REST)

    assert again.digest == "d2"


async def test_who_was_frozen_past_the_lease_has_the_home_drawn_again(store):
    await store.open_home(BOB, blank=True, now=NOW)
    (frozen,) = await due(store, now=NOW)
    (taken,) = await due(store, now=NOW + LEASE)
    await store.home_shown(taken, digest="new", oversees=True, now=NOW + LEASE)
    await store.home_shown(frozen, digest="old", oversees=True, now=NOW + LEASE)
    (again,) = await due(store, now=NOW + LEASE + REST)

    assert again.digest == ""


async def test_who_was_frozen_past_the_lease_and_got_no_answer_has_the_home_drawn_again(store):
    await store.open_home(BOB, blank=True, now=NOW)
    (frozen,) = await due(store, now=NOW)
    (taken,) = await due(store, now=NOW + LEASE)
    await store.home_shown(taken, digest="new", oversees=True, now=NOW + LEASE)
    await store.postpone_home(frozen, until=NOW + LEASE + 60, error="timeout")
    (again,) = await due(store, now=NOW + LEASE)

    assert again.digest == ""


@pytest.mark.parametrize("answered", [True, False])
async def test_after_an_attempt_that_was_not_recorded_nobody_knows_what_is_on_the_screen(store, answered):
    await open_and_shown(store, BOB, oversees=True)
    await submitted(store)
    (home,) = await due(store)
    assert home.digest == "d1"
    if answered:
        await store.postpone_home(home, until=LATER + LEASE, error="connection_lost")
    (home,) = await due(store, now=LATER + LEASE)

    assert home.digest == ""
    await store.home_shown(home, digest="d2", oversees=True, now=LATER + LEASE)
    await submitted(store, "form-2")
    (home,) = await due(store, now=LATER + LEASE + REST)
    assert home.digest == "d2"


async def test_who_waits_for_their_home_comes_first(store):
    await open_and_shown(store, BOB, oversees=True)
    await submitted(store)
    await store.open_home(EVE, blank=True, now=NOW + 5)

    assert [home.person for home in await due(store, limit=1)] == [EVE]


async def test_a_home_that_was_not_taken_is_due_later_and_one_given_up_sleeps_until_it_is_opened(store):
    await store.open_home(BOB, blank=True, now=NOW)
    (home,) = await due(store, now=NOW)
    await store.postpone_home(home, until=NOW + 60, error="ratelimited")
    assert await due(store, now=NOW + 59) == []
    (home,) = await due(store, now=NOW + 60)
    assert home.attempts == 2
    await store.give_up_home(home, error="user_not_found")
    await submitted(store)
    assert await due(store, now=NOW + 3600) == []
    await store.open_home(BOB, blank=False, now=NOW + 3600)

    assert await people_due(store, now=NOW + 3600) == ["UBOB"]


async def test_a_home_that_nobody_has_opened_for_long_is_left_alone(store):
    await open_and_shown(store, BOB, oversees=True, now=NOW - AWAKE - 1)
    await submitted(store)

    assert await due(store) == []


async def test_everybodys_homes_are_drawn_one_after_the_other(store):
    for person in (ADA, BOB, EVE):
        await open_and_shown(store, person, oversees=False)
    await store.redraw_homes(now=NOW)

    assert len(await due(store, now=NOW)) == 1
    assert len(await due(store, now=NOW + 5)) == 2


async def test_a_pause_is_drawn_on_every_home(store):
    await open_and_shown(store, EVE, oversees=False)
    await store.pause(by=BOB, why="", now=NOW)

    assert await people_due(store) == ["UEVE"]


async def test_a_dead_process_leaves_its_homes_to_the_next_one(tmp_path):
    async with opened(tmp_path) as store:
        await store.open_home(BOB, blank=True, now=NOW)
        assert len(await due(store, now=NOW)) == 1
    async with opened(tmp_path) as store:
        assert len(await due(store, now=NOW)) == 1


# --- what stands on them ---------------------------------------------------------------------------------------------


async def home_of(store, person, **places):
    await store.open_home(person, blank=True, now=NOW)
    (home,) = [one for one in await due(store, now=NOW) if one.person == person]
    return replace(home, places={Part(name): place for name, place in places.items()})


async def ids(store, home, part, *, decides=lambda _: True, reads_all=True):
    leaf = (await store.leaves(home, decides=decides, reads_all=reads_all))[part]
    return [entry.case.request.id for entry in leaf.entries]


async def test_every_open_request_is_on_exactly_one_page_forwards_and_back(store):
    cases = [await pending(store, f"form-{number}") for number in range(23)]
    wanted = [case.request.id for case in cases]
    home = await home_of(store, BOB)
    pages: list[list[str]] = []
    walked: list[list[str]] = []
    while True:
        leaf = (await store.leaves(home, decides=lambda _: True, reads_all=True))[Part.WAITING]
        pages.append([entry.case.request.id for entry in leaf.entries])
        if leaf.after is None:
            break
        home = replace(home, places={Part.WAITING: leaf.after})
    assert [one for page in pages for one in page] == wanted
    assert [len(page) for page in pages] == [5, 5, 5, 5, 3]
    while leaf.before is not None:
        await store.turn_home(BOB, Part.WAITING, leaf.before, now=NOW)
        (home,) = await due(store, now=NOW + 60 * len(walked) + LEASE)
        leaf = (await store.leaves(home, decides=lambda _: True, reads_all=True))[Part.WAITING]
        walked.append([entry.case.request.id for entry in leaf.entries])

    assert walked == pages[-2::-1]


async def test_a_page_that_has_become_empty_is_the_first_one(store):
    await pending(store)
    home = await home_of(store, BOB, waiting=Place(NOW + 99, 99))

    assert len(await ids(store, home, Part.WAITING)) == 1


async def test_what_waits_is_what_one_may_decide_and_never_ones_own(store):
    own = await pending(store, "form-1", requester=BOB)
    others = [await pending(store, f"form-{number}") for number in range(2, 50)]
    home = await home_of(store, BOB)
    last = others[-1].request.id

    assert own.request.id not in await ids(store, home, Part.WAITING)
    assert await ids(store, home, Part.WAITING, decides=lambda request: request.id == last) == [last]
    assert Part.WAITING not in await store.leaves(home, decides=None, reads_all=False)


async def test_what_failed_stays_with_its_requester_until_it_is_left_so(store):
    case = await finished(store, await approved(store), ChangeState.FAILED)
    home, boss = await home_of(store, ADA), await home_of(store, BOB)
    assert (await ids(store, home, Part.MINE), await ids(store, home, Part.ENDED)) == ([case.request.id], [])
    assert await ids(store, boss, Part.ENDED) == [case.request.id]
    await stepped(store, case.request.id, lambda found: lifecycle.cancel(found, by=ADA, now=NOW))

    assert (await ids(store, home, Part.MINE), await ids(store, home, Part.ENDED)) == ([], [case.request.id])


async def test_outcomes_of_others_are_for_those_who_read_everything(store):
    case = await finished(store, await approved(store))
    home = await home_of(store, EVE)

    assert await ids(store, home, Part.ENDED, reads_all=False) == []
    assert await ids(store, home, Part.ENDED, reads_all=True) == [case.request.id]


async def test_the_latest_outcome_comes_first(store):
    old, new = await pending(store, "form-1"), await pending(store, "form-2")
    await decided(store, new, Choice.DENY, note="no", now=NOW + 1)
    await decided(store, old, Choice.DENY, note="no", now=NOW + 2)

    assert await ids(store, await home_of(store, ADA), Part.ENDED) == [old.request.id, new.request.id]


#: steps for a request that only an index names, as it is somebody else's to decide; to read one takes far more
PASSED_OVER = 12


@pytest.mark.parametrize("part", Part)
async def test_a_page_among_five_hundred_costs_as_much_as_one_among_twenty(tmp_path, part):
    costs = []
    for count in (20, 500):
        folder = tmp_path / str(count)
        folder.mkdir()
        async with opened(folder) as store:
            cases = [
                await pending(store, f"form-{number}", address=f"p{number}@example.com") for number in range(count)
            ]
            if part is Part.ENDED:
                for case in cases:
                    await decided(store, case, Choice.DENY, note="no")
            home = await home_of(store, ADA if part is Part.MINE else BOB)
            middle = cases[count // 2].request
            at = middle.created if part is not Part.ENDED else NOW
            home = replace(home, places={part: Place(at, count // 2)})
            costs.append(await cost(store, home))
    (statements, steps), many = costs

    assert many[0] == statements
    assert many[1] < steps + 480 * PASSED_OVER


async def cost(store, home):
    """How many statements one Home takes, and how many steps of the database's machine."""
    statements: list[str] = []
    steps: list[None] = []
    store.db.sqlite.set_trace_callback(statements.append)
    store.db.sqlite.set_progress_handler(lambda: steps.append(None), 1)
    await store.leaves(home, decides=lambda _: True, reads_all=True)
    store.db.sqlite.set_progress_handler(None, 0)
    store.db.sqlite.set_trace_callback(None)
    return len(statements), len(steps)


async def test_every_page_and_every_marking_is_found_along_an_index(tmp_path):
    async with opened(tmp_path) as store:
        home = await home_of(store, BOB, waiting=Place(NOW, 1), mine=Place(NOW, 1), ended=Place(NOW, 1))
        asked: list[str] = []
        store.db.sqlite.set_trace_callback(asked.append)
        await store.leaves(home, decides=lambda _: True, reads_all=True)
        await store.leaves(home, decides=None, reads_all=False)
        await submitted(store)
        await due(store)
        store.db.sqlite.set_trace_callback(None)
        pages = [one for one in asked if " as at " in one or "update home" in one]
        plans = [plan_of(store.db.sqlite, one) for one in pages]

    assert len(pages) >= 7
    for page, plan in zip(pages, plans, strict=True):
        assert "SCAN" not in plan, (page, plan)
        assert "TEMP B-TREE" not in plan or "update home" in page, (page, plan)


def plan_of(sqlite: sqlite3.Connection, statement: str) -> str:
    return "\n".join(row["detail"] for row in sqlite.execute(f"explain query plan {statement}"))


def multiplied(sqlite, number):
    """Make so many older requests out of the one there is."""
    others = {"number": "number + i", "id": "'X-' || i", "submitted_key": "'x' || i", "created": "created - i"}
    names = [row["name"] for row in sqlite.execute("pragma table_info(request)")]
    sqlite.execute(
        f"""
        with recursive n (i) as (select 1 union all select i + 1 from n where i < {number})
        insert into request ({", ".join(names)})
        select {", ".join(others.get(name, name) for name in names)} from n, (select * from request)"""  # noqa: S608
    )


async def test_where_very_many_are_others_the_page_stops_to_look_and_goes_on_there(store):
    """What is looked at while everybody waits is bounded, however many requests there are."""
    await pending(store)
    multiplied(store.db.sqlite, BATCH * BATCHES)
    mine = await pending(store, "mine", address="carol@example.net")
    looked, home = [], await home_of(store, EVE)

    def decides(request):
        looked.append(request.id)
        return request.id == mine.request.id

    async def page(place):
        there = replace(home, places={Part.WAITING: place} if place else {})
        return (await store.leaves(there, decides=decides, reads_all=True))[Part.WAITING]

    first = await page(None)
    at_once = len(looked)
    second = await page(first.after)

    assert first.entries == ()
    assert at_once == BATCH * BATCHES
    assert [one.case.request.id for one in second.entries] == [mine.request.id]
    assert second.before is not None
