"""Events again, out of order and late.

Slack brings an event again when it heard no answer, hours later too; here to two processes on one database.
"""

import asyncio

from tests.faults.rush import clock as clock  # noqa: PLC0414 - a fixture is found by its name
from tests.faults.rush import rush as rush  # noqa: PLC0414 - as above
from tests.faults.rush import states
from tests.flow.following import GRANT, over_http

DELIVERIES = 20
HOUR = 3600.0
NOWHERE = "http://127.0.0.1:9/"


@over_http
async def test_an_event_delivered_again_to_two_processes_at_once_decides_once(rush, record):
    desk = rush.desk
    card, _ = await desk.asks(desk.ada, GRANT)
    await rush.rests()
    desk.slack.events_url = NOWHERE  # nobody gets it yet
    await desk.grace.types("@Offerdesk approve", thread=card)
    [event] = mentions(desk)
    await asyncio.gather(*(rush.brings(event) for _ in range(DELIVERIES)))
    await desk.ada.sees("Done, verified", in_=card)
    await rush.brings(event)
    desk.clock.ahead += 5 * HOUR
    await rush.brings(event)
    await rush.rests()

    evidence = rush.agrees()
    assert len(evidence.decisions) == sum(evidence.effects.values()) == 1
    assert desk.grace.messages("ephemeral") == []
    record(
        "One event delivered again and again, to two processes at once, and once more hours later",
        "it decides once; to its author that is no news",
        f"{DELIVERIES + 2} deliveries: 1 decision, 1 effect",
    )


@over_http
async def test_events_out_of_order_are_taken_as_they_come_and_say_so(rush, record):
    desk = rush.desk
    desk.workspace.join("#support", "Linus")
    card, _ = await desk.asks(desk.ada, GRANT)
    await rush.rests()
    desk.slack.events_url = NOWHERE
    await desk.grace.types("@Offerdesk approve", thread=card)
    await desk.linus.types("@Offerdesk deny too expensive", thread=card)
    approval, denial = mentions(desk)
    await rush.brings(denial)
    await rush.brings(approval)
    await desk.grace.sees("It is denied, by @Linus", in_="ephemeral")
    await rush.rests()

    assert states(rush.agrees()) == {"denied"}
    record(
        "An approval and a denial by mention, delivered in reverse order",
        "the one that arrives first decides; the other person is told who was faster",
        "1 decision, 0 effects",
    )


@over_http
async def test_an_old_event_about_a_group_gives_nobody_their_rights_back(rush, record):
    desk = rush.desk
    desk.workspace.change_group("offer-approvers", ["Grace", "Linus", "Olga"])
    desk.workspace.change_group("offer-approvers", ["Grace", "Linus"])
    await desk.slack.settled()
    came, went = [one.payload for one in desk.workspace.journal.delivered("event")][-2:]
    _, question = await desk.asks(desk.ada, GRANT)
    desk.clock.ahead += 3 * HOUR
    for event in (went, came, went, came):
        await rush.brings(event | {"event_id": f"{event['event_id']}AGAIN"})
    await rush.all_at_once([rush.click(desk.olga, "approve", question)] * 2)
    await desk.olga.sees("not among those who may decide", in_="ephemeral")
    await rush.rests()

    assert rush.evidence().decisions == []
    record(
        "Slack tells hours late, and in the wrong order, that somebody joined the approvers and left them",
        "what counts is whom Slack names when it is asked at the click",
        "2 clicks by who had left: 0 decisions",
    )


def mentions(desk):
    """The mentions that Slack tried to tell of, oldest first, each once."""
    found = [one.payload for one in desk.workspace.journal.delivered("event") if one.attempt == 0]
    return [one for one in found if one["event"]["type"] == "app_mention"]
