"""How a list looks at its customers before it sends: not longer ago than is safe, and not more often than is needed."""

from dataclasses import replace
from time import monotonic

import pytest

from bot.domain.request import Action, State, Submission
from bot.sandbox.town import SUPPORT
from tests.flow.conftest import QUICK
from tests.flow.following import rows
from tests.flow.test_list_work import (
    ENDED,
    approved,
    asked,
    calls,
    comes,
    pastry,
    people,
    person,
    shown,
    slow,
    until,
    written,
)


@pytest.fixture
def transport():
    """Slack has little to do here."""
    return "http"


async def outcomes(desk, case):
    return [one.outcome async for one in desk.bot.parts.store.outcomes(case.request.id)]


async def under_way(idle, action):
    """A list of sixty of whom a few are served, and not the last one."""
    desk = await slow(idle)
    addresses = people(desk, 60)
    for address in addresses if action is Action.REVOKE else ():
        desk.kajabi.grant(address, pastry(desk))
    case = await shown(desk, asked(desk, addresses, action=action))
    await approved(desk, case)
    await written(desk, 3)
    return desk, case, addresses[-1]


async def test_what_was_bought_a_minute_ago_is_not_revoked_by_a_list_that_was_looked_at_before(idle):
    desk, case, last = await under_way(idle, Action.REVOKE)
    desk.kajabi.purchase(last, pastry(desk))
    await desk.passes(61)
    case = await until(desk, case.request.id, ENDED, within=60)

    assert (await outcomes(desk, case))[-1] == "failed"
    assert "Pastry Basics" in desk.holds(last)
    assert case.request.state is State.PARTLY


async def test_a_clock_that_is_put_back_makes_no_old_look_new(idle):
    desk, case, last = await under_way(idle, Action.GRANT)
    desk.kajabi.purchase(last, pastry(desk))
    await desk.passes(-86_400)
    case = await until(desk, case.request.id, ENDED, within=60)

    assert (await outcomes(desk, case))[-1] == "unneeded"
    assert case.request.state is State.SUCCEEDED


async def test_a_lease_too_short_for_the_rows_that_were_taken_costs_no_further_looks(idle):
    idle.settings = idle.settings.model_copy(update={"kajabi_rate": 10, "lease_seconds": 3.0})
    for number in range(900):
        idle.kajabi.add_contact(f"z{number}@example.net")
    addresses = people(idle, 60)
    await idle.start()
    case = await shown(idle, asked(idle, addresses))
    before = calls(idle)
    await approved(idle, case)
    case = await until(idle, case.request.id, ENDED, within=60)

    assert case.request.state is State.SUCCEEDED
    assert calls(idle) - before <= 60 + 20


async def test_a_row_that_waits_for_another_request_is_tried_at_leisure_and_done_in_the_end(idle):
    idle.timing = replace(QUICK, busy=0.5, longest=10.0)
    await idle.start()
    desk, addresses = idle, people(idle, 2)
    lost = desk.kajabi.trouble("timeout_before", closed=True, path="*/relationships/offers", method="POST")
    single = Submission(
        action=Action.GRANT,
        provider="kajabi",
        requester=person(desk.ada),
        channel=SUPPORT,
        address=addresses[0],
        offer_id=pastry(desk).id,
        reason="refund case 4412",
        key="single",
    )
    stuck = await desk.bot.service.submit(single)
    await approved(desk, await until(desk, stuck.request.id, {State.PENDING}))
    await until(desk, stuck.request.id, {State.UNKNOWN}, within=60)
    lost.stop()
    case = await shown(desk, asked(desk, addresses))
    await approved(desk, case)

    async def tried(times):
        [(attempts,)] = rows(desk, "select attempts from change where line = 2")
        return attempts >= times

    await comes(lambda: tried(2))
    began = monotonic()
    await comes(lambda: tried(4))
    assert monotonic() - began >= 0.9

    await desk.bot.service.settle(stuck.request.id, done=False, by=person(desk.grace), note="it is not there")
    case = await until(desk, case.request.id, ENDED, within=60)
    assert case.request.state is State.SUCCEEDED
    assert await outcomes(desk, case) == ["done", "done"]
