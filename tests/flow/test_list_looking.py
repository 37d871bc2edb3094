"""How the customers of a list are looked up, with the local Kajabi: who is meant, and what stands in the way."""

from bot.domain.request import State
from tests.flow.test_list_work import ENDED, approved, asked, people, transport, until

__all__ = ["transport"]


async def test_who_is_forgotten_before_the_look_up_is_nobody_else(desk):
    nameless = desk.kajabi.add_contact("", "Somebody without e-mail")
    addresses = people(desk, 3)
    away = desk.kajabi.trouble("unavailable")
    case = await desk.bot.service.submit_bulk(asked(desk, addresses))
    await desk.bot.parts.store.forget(addresses[0], now=desk.clock())
    away.stop()
    case = await until(desk, case.request.id, {State.PENDING, State.CANCELLED})
    assert dict(case.request.preview["rows"]) == {"do": 2, "forgotten": 1}

    await approved(desk, case)
    case = await until(desk, case.request.id, ENDED)

    assert case.request.state is State.SUCCEEDED
    assert not desk.kajabi.holds(nameless)
    outcomes = [one async for one in desk.bot.parts.store.outcomes(case.request.id)]
    assert [(one.customer, one.outcome, one.why) for one in outcomes[:1]] == [("forgotten", "excluded", "forgotten")]


async def test_a_list_of_people_who_are_forgotten_goes_back(desk):
    addresses = people(desk, 2)
    away = desk.kajabi.trouble("unavailable")
    case = await desk.bot.service.submit_bulk(asked(desk, addresses))
    for one in addresses:
        await desk.bot.parts.store.forget(one, now=desk.clock())
    away.stop()

    case = await until(desk, case.request.id, {State.PENDING, State.CANCELLED})

    assert (case.request.state, case.request.note) == (State.CANCELLED, "NobodyLeft")
