"""What people do with a list of customers."""

from bot.sandbox.town import CUSTOMERS
from tests.faults.people import PATH, WRITES
from tests.faults.reckoning import REST
from tests.faults.stage import SEVERAL

LIST = {
    "grant": "/offer bulk grant holiday baking because the course starts",
    "revoke": "/offer bulk revoke sourdough because the course is over",
}
#: the same for so many that they are not sent all at once
LONG = {
    "grant": "/offer bulk grant kids because the course starts",
    "revoke": "/offer bulk revoke gluten because the course is over",
}
#: the lease of a list that is looked at for more than half of it, in seconds
LEASE = 2.0


async def listing(people):
    """Asked for several, held up and let go on, done for each and read back; Kajabi says yes to one and does nothing.

    Then somebody asks to take it all back, and thinks better of it.
    """
    people.stage.kajabi.trouble("forget", **WRITES[people.action], path=PATH, times=1)
    request = await people.asks(LIST[people.action], customer=f"{' '.join(SEVERAL)} nobody@example.com")
    await people.prepared(request)
    held = people.stage.kajabi.trouble("held", method="GET", path="/v1/offers/*", times=1)
    await people.approves(request)
    await people.until(lambda: held.seen)
    stopped = lambda: people.is_held(request) or people.state(request) in REST | {"unknown"}  # noqa: E731 - short
    await people.presses(people.ada, "hold", request, "card", stopped)
    held.stop()
    await people.presses(people.grace, "go_on", request, "card", lambda: not people.is_held(request))
    await people.ends(request)
    undone = lambda: len(people.requests()) == 2  # noqa: E731 - short
    await people.fills(people.ada, "undo", request, "card", undone, reason="the wrong course")
    undo = people.requests()[1]["id"]
    await people.prepared(undo)
    await people.presses(people.ada, "cancel", undo, "card", lambda: people.state(undo) == "cancelled")


async def stopping(people):
    """Asked for several, while Kajabi takes its time; then the price is another one, and nothing is sent."""
    held = people.stage.kajabi.trouble("held", method="GET", path="/v1/offers/*", times=1)
    request = await people.asks(LIST[people.action], customer=" ".join(SEVERAL))
    await people.until(lambda: held.seen)
    await people.until(lambda: people.state(request) != "preparing" or people.lease_left(request) < LEASE / 2)
    held.stop()
    await people.prepared(request)
    people.gets_dearer()
    await people.approves(request)
    await people.ends(request)


async def breaking_off(people):
    """Taken back midway: what was sent is finished, what was not is never sent, and each customer is told of."""
    held = people.stage.kajabi.trouble("held", **WRITES[people.action], path=PATH, times=1)
    request = await people.asks(LONG[people.action], customer=" ".join(address for address, _ in CUSTOMERS))
    await people.approves(request)
    await people.until(lambda: held.seen)
    cancelled = lambda: people.happened("request.cancelled", request)  # noqa: E731 - short
    await people.presses(people.ada, "cancel", request, "card", cancelled)
    held.stop()
    await people.ends(request)


async def repairing(people):
    """Refused for one, and tried again for that one; then the whole of it is taken back by a list of its own."""
    people.stage.kajabi.trouble("refused", **WRITES[people.action], path=PATH, times=1)
    request = await people.asks(LIST[people.action], customer=" ".join(SEVERAL))
    await people.approves(request)
    if await people.ends(request) != "succeeded":
        await people.retries(request)
        await people.ends(request)
    undone = lambda: len(people.requests()) == 2  # noqa: E731 - short
    await people.fills(people.ada, "undo", request, "card", undone, reason="the wrong course")
    undo = people.requests()[1]["id"]
    await people.approves(undo)
    await people.ends(undo)
