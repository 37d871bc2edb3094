"""What people do, from the first word to the last, although the bot dies meanwhile."""

from dataclasses import dataclass, field
from time import time

from bot.sandbox.troubles import ALWAYS, Trouble
from tests.faults.listings import LEASE, breaking_off, listing, repairing, stopping
from tests.faults.loyalty import BATCHES, PAIRS, batching, issuing, stepping
from tests.faults.people import COMMANDS, MOMENT, PATH, WRITES
from tests.faults.rulings import BUDGET, QUOTA, by_itself, overtaken
from tests.faults.terms import ending, ending_early, extending, failing_to_end, prolonging


async def approval(people):
    """Asked for, approved, carried out, verified and told."""
    await people.grace.opens_home()
    request = await people.asks()
    await people.approves(request)
    await people.ends(request)


async def mention(people):
    """Approved by a word in the thread."""
    request = await people.asks()
    await people.prepared(request)

    async def act():
        card = await people.until(lambda: people.shown(request, "card", "cancel", to=people.grace), within=MOMENT)
        question = people.shown(request, "ask", "approve", to=people.grace)
        if card and question:
            await people.grace.types("@Offerdesk approve", thread=card)

    await people.insists(act, lambda: people.state(request) != "pending")
    await people.ends(request)


async def denial(people):
    """Denied, with a reason."""
    request = await people.asks()
    await people.prepared(request)
    done = lambda: people.state(request) == "denied"  # noqa: E731 - short
    await people.fills(people.grace, "deny", request, "ask", done, reason="Not this time")


async def editing(people):
    """Changed before anybody decided, and approved as it is then."""
    request = await people.asks()
    await people.prepared(request)
    edited = lambda: people.happened("request.edited", request)  # noqa: E731 - short
    await people.fills(people.ada, "edit", request, "ask", edited, reason="refund case 4413")
    await people.approves(request)
    await people.ends(request)


async def cancellation(people):
    """Taken back before anybody decided."""
    request = await people.asks()
    await people.prepared(request)
    await people.presses(people.ada, "cancel", request, "card", lambda: people.state(request) == "cancelled")


async def reminding(people):
    """Approved after the reminder."""
    request = await people.asks()
    await people.until(lambda: people.happened("request.reminded"))
    await people.approves(request)
    await people.ends(request)


async def expiry(people):
    """Decided by nobody."""
    request = await people.asks()
    await people.until(lambda: people.state(request) == "expired")


async def retrying(people):
    """Refused by Kajabi, and tried again."""
    people.stage.kajabi.trouble("refused", **WRITES[people.action], path=PATH, times=1)
    request = await people.asks()
    await people.approves(request)
    if await people.ends(request) == "failed":
        await people.retries(request)
        await people.ends(request)


async def leaving(people):
    """Refused by Kajabi, and left so."""
    people.stage.kajabi.trouble("refused", **WRITES[people.action], path=PATH)
    request = await people.asks()
    await people.approves(request)
    if await people.rests(request) == "failed":
        left = lambda: people.happened("request.left", request)  # noqa: E731 - short
        await people.presses(people.ada, "cancel", request, "card", left)
    await people.ends(request)


async def waiting(people):
    """Kajabi is away for a moment, before the change and after it."""
    for method, path in (("GET", "/v1/contacts"), (WRITES[people.action]["method"], PATH)):
        people.stage.kajabi.trouble("unavailable", method=method, path=path, times=1)
    request = await people.asks()
    await people.approves(request)
    await people.ends(request)


async def settling(people):
    """Kajabi says yes and does nothing: unknown, until somebody looks."""
    people.stage.kajabi.trouble("forget", **WRITES[people.action], path=PATH)
    request = await people.asks()
    await people.approves(request)
    await people.ends(request)


async def undoing(people):
    """Done, and taken back by a request of its own."""
    first = await people.asks()
    await people.approves(first)
    await people.ends(first)
    done = lambda: len(people.requests()) == 2  # noqa: E731 - short
    await people.fills(people.ada, "undo", first, "card", done, reason="by mistake")
    second = people.requests()[1]["id"]
    await people.approves(second)
    await people.ends(second)


async def correcting(people):
    """Asked for somebody whom Kajabi does not know, and then for whom it knows."""
    right = COMMANDS[people.action].split()[2]
    wrong = await people.asks(COMMANDS[people.action].replace(right, f"x{right}"))
    await people.ends(wrong)
    done = lambda: len(people.requests()) == 2  # noqa: E731 - short
    await people.fills(people.ada, "Correct", wrong, "direct", done, customer=right)
    request = people.requests()[1]["id"]
    await people.approves(request)
    await people.ends(request)


async def pausing(people):
    """Stopped by the admin when it is about to be sent, and resumed."""
    request = await people.asks()
    await people.prepared(request)
    held = people.stage.kajabi.trouble("held", method="GET", path="/v1/contacts", times=1)
    await people.approves(request)
    await people.until(lambda: held.seen)
    await people.says(people.olga, "/offer pause have a look", "#alerts", people.paused)
    held.stop()
    under_way = "select 1 from change where worker is not null and due > "
    await people.until(lambda: not people.stage.rows(f"{under_way}{time()}"))
    resumed = lambda: people.happened("execution.resumed")  # noqa: E731 - short
    await people.says(people.olga, "/offer resume", "#alerts", resumed)
    await people.ends(request)


async def drifting(people):
    """Changed in price after it was shown: asked about and approved once more."""
    request = await people.asks()
    await people.prepared(request)
    people.gets_dearer()
    await people.approves_whenever_asked(request)


async def readdressing(people):
    """The customer has another address before it is sent: a revoke finds them by id, a grant finds nobody."""
    request = await people.asks()
    await people.prepared(request)
    address = COMMANDS[people.action].split()[2]
    people.stage.kajabi.contact(address).email = f"new.{address}"
    await people.approves_whenever_asked(request)


async def slack_away(people):
    """Slack fails once, and lets nobody write to Linus."""
    troubles = people.town.workspace.troubles
    troubles.fail("chat.postMessage", times=1)
    linus = people.town.workspace.direct_channel(people.linus.id).id
    troubles.add(Trouble("chat.postMessage", "refuse", "is_inactive", ALWAYS, lambda call: call["channel"] == linus))
    request = await people.asks()
    await people.approves(request)
    await people.ends(request)


@dataclass(frozen=True)
class Story:
    play: object
    #: how the requests may end
    ends: tuple[str, ...] = ("succeeded",)
    requests: int = 1
    settings: dict = field(default_factory=dict)
    #: what cannot be delivered
    but: str = ""
    #: the rules, where they are more than who approves
    policy: str = ""
    #: what it is begun with; what always begins with a grant is played once
    actions: tuple[str, ...] = ("grant", "revoke")
    #: there is a Capillary, too
    loyalty: bool = False


GRANT = ("grant",)
STORIES = {
    "approval": Story(approval),
    "mention": Story(mention),
    "denial": Story(denial, ("denied",)),
    "editing": Story(editing),
    "cancellation": Story(cancellation, ("cancelled",)),
    "reminding": Story(reminding, settings={"REMINDER_HOURS": str(0.2 / 3600)}),
    "expiry": Story(
        expiry, ("expired",), settings={"REMINDER_HOURS": str(0.2 / 3600), "EXPIRY_DAYS": str(1.0 / 86400)}
    ),
    "retrying": Story(retrying, ("succeeded", "failed")),
    "leaving": Story(leaving, ("failed",)),
    "waiting": Story(waiting, ("succeeded", "failed")),
    "settling": Story(settling, ("failed",)),
    "undoing": Story(undoing, requests=2),
    "correcting": Story(correcting, ("cancelled", "succeeded"), requests=2),
    "ending": Story(ending, requests=2, actions=GRANT),
    "extending": Story(extending, ("succeeded", "unneeded", "cancelled"), requests=4, actions=GRANT),
    "ending_early": Story(ending_early, ("succeeded", "cancelled"), requests=3, actions=GRANT),
    "failing_to_end": Story(failing_to_end, requests=2, actions=GRANT),
    "prolonging": Story(prolonging, ("succeeded", "cancelled"), requests=7, actions=GRANT),
    "pausing": Story(pausing),
    "drifting": Story(drifting),
    "by_itself": Story(by_itself, requests=2, policy=QUOTA),
    "overtaken": Story(overtaken, requests=2, policy=BUDGET),
    "listing": Story(listing, ("succeeded", "partly", "cancelled"), requests=2),
    "stopping": Story(stopping, ("failed",), settings={"LEASE_SECONDS": str(LEASE)}),
    "breaking_off": Story(breaking_off, ("partly",)),
    "repairing": Story(repairing, requests=2),
    "issuing": Story(issuing, ("succeeded", "failed"), loyalty=True),
    "batching": Story(batching, ("succeeded", "partly", "failed"), settings=BATCHES, loyalty=True),
    "stepping": Story(stepping, ("succeeded", "partly", "failed"), settings=PAIRS, loyalty=True),
    "readdressing": Story(readdressing, ("succeeded", "failed")),
    "slack_away": Story(slack_away, but="/ask/1/U0LINUS stands in Slack 0 times"),
}


#: the stories of lists, of what is granted for a time, and of Capillary
LISTS = ("listing", "stopping", "breaking_off", "repairing")
TIMED = ("ending", "extending", "ending_early", "failing_to_end", "prolonging")
LOYAL = ("issuing", "batching", "stepping")
