"""A list from its submission to its end, with the local Kajabi: in few calls, once each, and told as it is."""

import asyncio
from time import monotonic

import pytest

from bot.domain.bulk import BulkSubmission
from bot.domain.errors import NothingToHold, NothingToUndo
from bot.domain.request import Action, ChangeState, Choice, Person, State, Submission
from bot.domain.roster import BadRow, Row
from bot.domain.term import Term
from bot.sandbox.town import SUPPORT
from bot.words import rows

#: calls a second where a list and people share them
PACE = 4
ENDED = {State.SUCCEEDED, State.PARTLY, State.FAILED, State.UNKNOWN, State.UNNEEDED, State.CANCELLED}


@pytest.fixture
def transport():
    """Slack has little to do here."""
    return "http"


def people(desk, count, *, first=0):
    addresses = [f"p{number}@example.com" for number in range(first, first + count)]
    for address in addresses:
        desk.kajabi.add_contact(address, address.partition("@")[0])
    return addresses


def asked(desk, addresses, *, key="list-1", action=Action.GRANT, **fields):
    return BulkSubmission(
        action=action,
        provider="kajabi",
        requester=person(desk.ada),
        channel=SUPPORT,
        offer_id=pastry(desk).id,
        reason="the autumn class",
        key=key,
        rows=tuple(Row(line=line, customer=address) for line, address in enumerate(addresses, start=2)),
        file_name="class.csv",
        **fields,
    )


def pastry(desk):
    return next(one for one in desk.kajabi.books.offers.values() if one.title == "Pastry Basics")


def person(one):
    return Person("T0SANDBOX", one.id)


async def comes(look, *, within=60):
    """Wait for what has no other way to tell."""
    async with asyncio.timeout(within):
        while not (found := await look()):  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.02)
        return found


async def until(desk, request_id, states, *, within=12):
    async def ended():
        case = await desk.bot.service.case(request_id)
        return case if case.request.state in states else None

    return await comes(ended, within=within)


async def read_back(desk, request_id):
    """Wait until nothing that was sent waits to be read back."""

    async def nothing():
        case = await desk.bot.service.case(request_id)
        return case if case.counts[ChangeState.TODO] == case.unsent else None

    return await comes(nothing)


async def shown(desk, submission):
    case = await desk.bot.service.submit_bulk(submission)
    return await until(desk, case.request.id, {State.PENDING, State.CANCELLED})


async def approved(desk, case):
    return await desk.bot.service.decide(
        case.request.id, Choice.APPROVE, by=person(desk.grace), shown=case.request.version
    )


def holders(desk, addresses):
    return [address for address in addresses if "Pastry Basics" in desk.holds(address)]


async def test_a_list_is_shown_as_a_sum_and_then_done_for_everybody_once(desk):
    addresses = people(desk, 30)
    desk.kajabi.grant(addresses[3], pastry(desk))
    bad = BadRow(40, "nonsense", "This is no e-mail address.")

    case = await shown(desk, asked(desk, [*addresses, "nobody@example.com"], bad=(bad,)))

    assert dict(case.request.preview["rows"]) == {"do": 29, "unneeded": 1, "not_found": 1}
    assert case.request.preview["value"] == 29 * 5900
    assert [(one.line, one.outcome) for one in case.exceptions] == [(32, "excluded"), (40, "unusable")]
    assert holders(desk, addresses) == [addresses[3]]

    await approved(desk, case)
    case = await until(desk, case.request.id, ENDED)

    assert case.request.state is State.SUCCEEDED  # what was left out was approved so
    assert case.counts[ChangeState.SUCCEEDED] == 29
    assert holders(desk, addresses) == addresses
    assert sum(desk.kajabi.writes.values()) == 29
    outcomes = [one async for one in desk.bot.parts.store.outcomes(case.request.id)]
    assert [one.outcome for one in outcomes] == (["done"] * 3 + ["unneeded"] + ["done"] * 26 + ["excluded", "unusable"])


async def test_the_same_form_twice_makes_one_list(desk):
    addresses = people(desk, 5)

    first, second = [await desk.bot.service.submit_bulk(asked(desk, addresses)) for _ in range(2)]

    assert first.request.id == second.request.id
    assert second.request.size == 5
    await until(desk, first.request.id, {State.PENDING})


async def test_a_list_on_which_nothing_is_to_be_done_for_anybody_goes_back(desk):
    addresses = people(desk, 3)
    for address in addresses:
        desk.kajabi.grant(address, pastry(desk))

    case = await shown(desk, asked(desk, addresses))

    assert (case.request.state, case.request.note) == (State.CANCELLED, "NobodyLeft")
    assert not desk.kajabi.writes


async def slow(idle, rate=20):
    idle.settings = idle.settings.model_copy(update={"kajabi_rate": rate})
    await idle.start()
    return idle


async def written(desk, least):
    async def enough():
        return sum(desk.kajabi.writes.values()) >= least

    await comes(enough)


async def test_a_list_that_is_cancelled_midway_tells_exactly_what_is_done(idle):
    desk = await slow(idle)
    addresses = people(desk, 60)
    case = await shown(desk, asked(desk, addresses))
    await approved(desk, case)
    await written(desk, 10)

    await desk.bot.service.cancel(case.request.id, by=person(desk.ada))
    case = await until(desk, case.request.id, ENDED)

    done = holders(desk, addresses)
    assert case.request.state is State.PARTLY
    assert 10 <= len(done) < 60
    assert case.counts[ChangeState.SUCCEEDED] == len(done) == sum(desk.kajabi.writes.values())
    assert case.counts[ChangeState.CANCELLED] == 60 - len(done)


async def test_a_list_can_be_held_up_and_goes_on_where_it_stopped(idle):
    desk = await slow(idle, rate=100)
    addresses = people(desk, 150)
    case = await shown(desk, asked(desk, addresses))
    await approved(desk, case)
    await written(desk, 10)

    held = await desk.bot.service.hold_bulk(case.request.id, by=person(desk.grace))
    with pytest.raises(NothingToHold):
        await desk.bot.service.hold_bulk(case.request.id, by=person(desk.grace))
    stopped = await read_back(desk, case.request.id)
    writes = sum(desk.kajabi.writes.values())
    await desk.passes(600)
    assert held.request.held is not None
    assert stopped.counts[ChangeState.SUCCEEDED] == writes == len(holders(desk, addresses)) < 150

    await desk.bot.service.resume_bulk(case.request.id, by=person(desk.ada))
    case = await until(desk, case.request.id, ENDED)
    assert case.request.state is State.SUCCEEDED
    assert holders(desk, addresses) == addresses
    assert sum(desk.kajabi.writes.values()) == 150


async def test_the_stop_switch_stops_a_list_too(idle):
    desk = await slow(idle, rate=100)
    addresses = people(desk, 100)
    case = await shown(desk, asked(desk, addresses))
    await approved(desk, case)
    await written(desk, 5)

    await desk.bot.service.pause("a wrong price", by=person(desk.olga))
    stopped = await read_back(desk, case.request.id)
    assert stopped.unsent > 0

    await desk.bot.service.resume(by=person(desk.olga))
    case = await until(desk, case.request.id, ENDED)
    assert case.request.state is State.SUCCEEDED
    assert sum(desk.kajabi.writes.values()) == 100


async def test_what_changed_since_it_was_shown_is_not_done_on_the_old_approval(desk):
    addresses = people(desk, 6)
    case = await shown(desk, asked(desk, addresses))
    desk.kajabi.grant(addresses[1], pastry(desk))
    desk.kajabi.delete_contact(addresses[2])
    desk.kajabi.add_contact(addresses[2], "somebody else")

    await approved(desk, case)
    case = await until(desk, case.request.id, ENDED)

    outcomes = [one.outcome async for one in desk.bot.parts.store.outcomes(case.request.id)]
    assert outcomes == ["done", "unneeded", "failed", "done", "done", "done"]
    assert case.request.state is State.PARTLY
    assert addresses[2] not in holders(desk, addresses)


async def granted_for_a_month(desk, address):
    """One customer holds what the list is about, by a grant for a time."""
    asked_singly = Submission(
        action=Action.GRANT,
        provider="kajabi",
        requester=person(desk.ada),
        channel=SUPPORT,
        address=address,
        offer_id=pastry(desk).id,
        reason="for a month",
        key=f"for a month {address}",
        term=Term(days=30),
    )
    case = await desk.bot.service.submit(asked_singly)
    await approved(desk, await until(desk, case.request.id, {State.PENDING}))
    assert (await until(desk, case.request.id, ENDED)).request.state is State.SUCCEEDED


async def test_who_was_granted_it_for_a_time_after_a_list_was_shown_is_told_as_not_done(desk):
    addresses = people(desk, 3)
    case = await shown(desk, asked(desk, addresses))
    await granted_for_a_month(desk, addresses[0])

    await approved(desk, case)
    case = await until(desk, case.request.id, ENDED)

    outcomes = [one async for one in desk.bot.parts.store.outcomes(case.request.id)]
    assert [one.outcome for one in outcomes] == ["failed", "done", "done"]
    assert "taken back by itself on 20" in rows.told(outcomes[0]).why


async def test_a_new_price_ends_what_is_not_sent(desk):
    addresses = people(desk, 6)
    case = await shown(desk, asked(desk, addresses))
    desk.kajabi.set_price(pastry(desk), 9900)

    await approved(desk, case)
    case = await until(desk, case.request.id, ENDED)

    assert case.request.state is State.FAILED
    assert case.counts[ChangeState.FAILED] == 6
    assert not desk.kajabi.writes


async def test_what_failed_can_be_tried_again(desk):
    addresses = people(desk, 6)
    case = await shown(desk, asked(desk, addresses))
    desk.kajabi.trouble("other", status=422, body=b"{}", path="*/relationships/offers", method="POST", times=2)
    await approved(desk, case)
    case = await until(desk, case.request.id, ENDED)
    assert (case.request.state, case.counts[ChangeState.FAILED]) == (State.PARTLY, 2)

    await desk.bot.service.retry(case.request.id, by=person(desk.ada))
    case = await until(desk, case.request.id, ENDED)

    assert case.request.state is State.SUCCEEDED
    assert holders(desk, addresses) == addresses
    assert sum(desk.kajabi.writes.values()) == 6


async def test_an_answer_that_is_lost_midway_is_looked_for_and_nobody_is_written_twice(desk):
    addresses = people(desk, 12)
    case = await shown(desk, asked(desk, addresses))
    desk.kajabi.trouble("timeout_after", closed=True, path="*/relationships/offers", method="POST", times=3)
    await approved(desk, case)

    case = await until(desk, case.request.id, ENDED)

    assert case.request.state is State.SUCCEEDED
    assert holders(desk, addresses) == addresses
    assert set(desk.kajabi.effects.values()) == {1}


async def test_a_list_is_undone_as_a_whole_and_nobody_loses_what_they_had_before(desk):
    addresses = people(desk, 8)
    desk.kajabi.grant(addresses[0], pastry(desk))
    case = await shown(desk, asked(desk, addresses))
    await approved(desk, case)
    await until(desk, case.request.id, {State.SUCCEEDED})

    undo = await desk.bot.service.undo_bulk(
        case.request.id, by=person(desk.ada), reason="the wrong class", key="undo-1"
    )
    undo = await until(desk, undo.request.id, {State.PENDING})
    assert (undo.request.action, undo.request.size, undo.request.parent) == (Action.REVOKE, 7, case.request.id)
    await approved(desk, undo)
    await until(desk, undo.request.id, {State.SUCCEEDED})

    assert holders(desk, addresses) == [addresses[0]]
    with pytest.raises(NothingToUndo):
        await desk.bot.service.undo(case.request.id, by=person(desk.ada))


async def test_a_provider_that_is_away_for_a_while_is_not_called_for_every_row(desk):
    addresses = people(desk, 100)
    case = await shown(desk, asked(desk, addresses))
    away = desk.kajabi.trouble("unavailable", path="*/relationships/offers", method="POST")
    await approved(desk, case)

    async def waits():
        found = await desk.bot.service.case(case.request.id)
        return found.request.troubled is not None and away.seen

    await comes(waits)
    assert len(desk.kajabi.called("POST", "*/relationships/offers")) <= 32
    away.stop()
    case = await until(desk, case.request.id, ENDED)

    assert case.request.state is State.SUCCEEDED
    assert holders(desk, addresses) == addresses
    assert set(desk.kajabi.effects.values()) == {1}


def calls(desk):
    return len([one for one in desk.kajabi.calls if "oauth" not in one.path])


async def test_a_thousand_customers_take_few_calls_more_than_there_are_customers(idle):
    addresses = people(idle, 1_000)
    desk = await slow(idle, rate=10_000)
    case = await shown(desk, asked(desk, addresses))
    before = calls(desk)

    await approved(desk, case)
    case = await until(desk, case.request.id, ENDED, within=120)

    assert case.request.state is State.SUCCEEDED
    assert sum(desk.kajabi.writes.values()) == 1_000
    assert calls(desk) - before <= 1_050


async def test_a_person_is_served_within_seconds_beside_a_list_of_a_thousand(idle):
    addresses = people(idle, 1_000)
    desk = await slow(idle, rate=PACE)
    case = await shown(desk, asked(desk, addresses))
    await approved(desk, case)
    await written(desk, 8)
    single = Submission(
        action=Action.GRANT,
        provider="kajabi",
        requester=person(desk.ada),
        channel=SUPPORT,
        address="lena@example.org",
        offer_id=pastry(desk).id,
        reason="refund case 4412",
        key="single-1",
    )
    asked_for = await desk.bot.service.submit(single)
    asked_for = await until(desk, asked_for.request.id, {State.PENDING})

    began = monotonic()
    await approved(desk, asked_for)
    done = await until(desk, asked_for.request.id, ENDED)

    assert done.request.state is State.SUCCEEDED
    assert (monotonic() - began) * PACE <= 8 * 2  # eight seconds at two calls a second
    listed = await desk.bot.service.case(case.request.id)
    assert listed.unsent > 500
