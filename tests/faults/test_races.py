"""Races.

Clicks by the hundred, opposite decisions in the same millisecond, the same form five times: always to two processes on
one database. Every one ends with the same reckoning as the soak.
"""

import random

from tests.faults.rush import clock as clock  # noqa: PLC0414 - a fixture is found by its name
from tests.faults.rush import rush as rush  # noqa: PLC0414 - as above
from tests.faults.rush import states
from tests.flow.following import GRANT, history, in_thread, over_http, over_socket, rows
from tests.flow.steps import opened

ROUNDS = 20
SENT = "select 1 from change where request_id = '{}' and sent is not null"
MANAGERS = ("Grace", "Linus", "Mallory", "Olga", "Gus")


async def test_a_hundred_clicks_by_five_managers_are_one_decision_and_one_effect(rush, record):
    desk = rush.desk
    desk.workspace.add_person("Gus")
    desk.workspace.change_group("offer-approvers", MANAGERS)
    await desk.slack.settled()
    card, question = await desk.asks(desk.ada, GRANT)
    people = [desk.workspace.person(name) for name in MANAGERS]
    asked = [await one.sees("Approve", in_="dm") if one.name in {"Linus", "Gus"} else question for one in people]
    clicks = [rush.click(one, "approve", message) for one, message in zip(people, asked, strict=True)] * 20
    random.Random(1).shuffle(clicks)
    await rush.all_at_once(clicks)
    await desk.ada.sees("Done, verified", in_=card, timeout=20)
    refused = "no longer waiting for a decision"
    told = await desk.workspace.changes.until(lambda: len(asides(people, refused)) >= 99 or None, timeout=10)
    await rush.rests()

    evidence = rush.agrees()
    assert len(evidence.decisions) == 1
    assert sum(evidence.effects.values()) == sum(evidence.writes.values()) == 1
    assert told
    assert len(asides(people, refused)) == 99
    assert (await history(desk, card)).count("request.approved") == 1
    assert sum("approved. I start now" in line for line in in_thread(card)) == 1
    record(
        "100 clicks on Approve at once, by 5 managers, to two processes on one database, over HTTP and Socket Mode",
        "the first one decides; everybody else is told by whom it was decided",
        "1 decision, 1 call, 1 effect, 1 ending told, 99 answers that it is no longer waiting",
    )


def asides(people, words):
    return [one for person in people for one in person.messages("ephemeral") if words in one.plain]


@over_http
async def test_approve_against_deny_in_the_same_millisecond_is_one_of_them(rush, record):
    requests = await rush.requests(ROUNDS)
    await rush.rests()
    pairs = [(rush.click(rush.desk.grace, "approve", one.question), await rush.denial(one)) for one in requests]
    rush.desk.clock.stands = rush.desk.clock()
    await rush.all_at_once(shuffled(pairs))
    rush.desk.clock.stands = None
    await rush.rests()

    evidence = rush.agrees()
    assert len(evidence.decisions) == ROUNDS
    assert states(evidence) == {"succeeded", "denied"}
    record(
        "Approve against Deny in the same millisecond, to two processes on one database",
        "one of them decides and the other person is told so; what was denied is never carried out",
        f"{ROUNDS} rounds: {ROUNDS} decisions, each with its one ending",
    )


@over_socket
async def test_approve_against_cancel_in_the_same_millisecond_is_one_of_them(rush, record):
    desk, requests = rush.desk, await rush.requests(ROUNDS)
    await rush.rests()
    approvals = [rush.click(desk.grace, "approve", one.question) for one in requests]
    cancels = [rush.click(desk.ada, "cancel", one.card) for one in requests]
    half = ROUNDS // 2
    desk.kajabi.trouble("slow", method="POST", path="*/relationships/offers", seconds=0.3)
    late = [rush.arrives_when(SENT.format(requests[one].id), cancels[one]) for one in range(half, ROUNDS)]
    desk.clock.stands = desk.clock()
    at_once = shuffled(zip(approvals[:half], cancels[:half], strict=True))
    await rush.all_at_once([*at_once, *approvals[half:]], among=late)
    desk.clock.stands = None
    await rush.rests()
    cancelled = [one for (one,) in rows(desk, "select id from request where state = 'cancelled'")]
    refused, left = "can no longer be taken back", ROUNDS - len(cancelled)
    await desk.workspace.changes.until(lambda: len(asides([desk.ada], refused)) >= left or None, timeout=10)

    evidence = rush.agrees()
    found = [one["state"] for one in evidence.requests]
    assert set(found[:half]) <= {"succeeded", "cancelled"}
    assert "cancelled" in found[:half]
    assert set(found[half:]) == {"succeeded"}
    assert {one["request_id"] for one in evidence.events if one["name"] == "request.cancelled"} == set(cancelled)
    assert len(asides([desk.ada], refused)) == left
    record(
        "Approve against Cancel in the same millisecond, and Cancel while Kajabi is being told, to two processes",
        "what is taken back before it was sent is never sent; what was sent is finished and told as done",
        f"{ROUNDS} rounds: each with its one ending, and an effect exactly where that ending says so",
    )


@over_http
async def test_approve_against_expiry_in_the_same_millisecond_is_one_of_them(rush, record):
    desk = rush.desk
    desk.clock.stands = desk.clock()
    requests = await rush.requests(ROUNDS)
    await rush.rests()
    [(expires,)] = set(rows(desk, "select expires from request"))
    desk.clock.stands = expires - 0.0005
    desk.bot.engine.wake()
    await until_reminded(desk)
    await rush.rests()
    clicks = [rush.click(desk.grace, "approve", one.question) for one in requests]
    await rush.all_at_once(clicks, among=[strikes(desk, expires, after=ROUNDS // 3)])
    desk.clock.stands = None
    desk.clock.ahead = expires - desk.clock() + 1
    await rush.rests()

    evidence = rush.agrees()
    assert all(one["at"] < expires for one in evidence.decisions)
    assert states(evidence) == {"succeeded", "expired"}
    record(
        "Approve against expiry in the same millisecond, to two processes on one database",
        "what expires at that moment cannot be approved any more; what was approved before it never expires",
        f"{ROUNDS} rounds: each with its one ending",
    )


async def until_reminded(desk):
    query = "select count(*) from request where reminded is not null"
    assert await desk.workspace.changes.until(lambda: rows(desk, query) == [(ROUNDS,)] or None, timeout=20)


async def strikes(desk, moment, *, after):
    """The time of all comes while the clicks are on their way."""
    query = "select count(*) from decision"
    assert await desk.workspace.changes.until(lambda: rows(desk, query)[0][0] >= after or None, timeout=20)
    desk.clock.stands = moment


def shuffled(pairs):
    """Both of a pair at once, now this one first, now the other one."""
    chance = random.Random(2)
    return [deed for pair in pairs for deed in chance.sample(pair, 2)]


@over_socket
async def test_the_same_form_sent_five_times_to_two_processes_is_one_request(rush, record):
    desk, forms, query = rush.desk, 10, "select 1 from request"
    sent = []
    for _ in range(forms):
        await opened(desk.ada, GRANT)
        sent.append(rush.form(desk.ada))
        await desk.ada.closes()
    answers = await rush.all_at_once(sent * 5)
    all_there = await desk.workspace.changes.until(lambda: len(rows(desk, query)) >= forms or None, timeout=10)
    await rush.rests()
    answers += await rush.all_at_once(sent)
    await rush.rests()

    assert all_there
    assert [one for one in answers if one.error or one.body] == []
    assert len(rows(desk, query)) == forms
    assert len(rows(desk, "select 1 from message where kind = 'card'")) == forms
    record(
        "The same form sent five times at once, to two processes on one database, and once more later",
        "the first one is the request, the others are taken as it",
        f"{forms} forms sent {forms * 6} times: {forms} requests, {forms} cards",
    )
