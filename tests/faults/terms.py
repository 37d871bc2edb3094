"""What people do with what is granted for a time."""

from time import time

from tests.faults.stage import SEVERAL

FOR_A_TIME = "/offer grant jane@example.com everything bundle for 30d because they may try it"
SOME_FOR_A_TIME = "/offer bulk grant holiday baking for 30d because they may try it"
ALL_FOR_LONGER = "/offer bulk grant holiday baking for 60d because they want to go on"
HOUR = 3600


async def ending(people):
    """Granted for a time, which then passes: announced, and taken back by itself."""
    end = await _granted(people)
    await _announced(people, end)
    people.passes(end, until=time())
    await people.ends(end)


async def extending(people):
    """Announced, and extended: the later end stands in place of the first one, and comes."""
    first = await _granted(people)
    await _announced(people, first)
    asked = lambda: len(people.requests()) == 3  # noqa: E731 - short
    fields = {"days": "60", "reason": "they want to go on"}
    await people.fills(people.ada, "extend", first, "direct", asked, **fields)
    longer = people.requests()[2]["id"]
    await people.approves(longer)
    await people.ends(longer)
    second = people.requests()[3]["id"]
    people.passes(second, until=time())
    await people.ends(second)


async def ending_early(people):
    """Ended before its time by a request of its own, which leaves nothing to end."""
    end = await _granted(people)
    grant = people.requests()[0]["id"]
    asked = lambda: len(people.requests()) == 3  # noqa: E731 - short
    await people.fills(people.ada, "end_now", grant, "card", asked, reason="they want out")
    revoke = people.requests()[2]["id"]
    await people.approves(revoke)
    await people.ends(revoke)
    await people.until(lambda: people.state(end) == "cancelled")


async def failing_to_end(people):
    """Refused by Kajabi when the time is over: told loudly, and tried again by Ada at once."""
    people.stage.kajabi.trouble("refused", method="DELETE", path="*/relationships/offers", times=1)
    end = await _granted(people)
    people.passes(end, until=time())
    if await people.ends(end) == "failed":
        await people.retries(end)
        await people.ends(end)


async def _granted(people):
    """Granted for a time; return what is planned."""
    grant = await people.asks(FOR_A_TIME)
    await people.approves(grant)
    await people.ends(grant)
    return people.requests()[1]["id"]


async def _announced(people, end):
    people.passes(end, until=time() + HOUR)
    await people.until(lambda: people.happened("request.announced", end))


async def prolonging(people):
    """Granted to a list for a time, and then to a longer list for longer: each customer has one end, which comes."""
    first = await people.asks(SOME_FOR_A_TIME, customer=" ".join(SEVERAL[:2]))
    await people.approves(first)
    await people.ends(first)
    second = await people.asks(ALL_FOR_LONGER, customer=" ".join(SEVERAL))
    await people.approves(second)
    await people.ends(second)
    ends = [one["id"] for one in people.requests() if one["parent"] == second]
    for end in ends:
        people.passes(end, until=time())
    for end in ends:
        await people.ends(end)
