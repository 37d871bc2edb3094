"""People who ask, approve, deny, take back, click twice, try again and settle, whatever goes wrong around them."""

import asyncio
import random
import sqlite3
from collections import defaultdict
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass

from bot.sandbox.model import CannotDo
from bot.sandbox.sight import Message
from tests.faults.evidence import key_of
from tests.faults.reckoning import REST

#: how often somebody looks whether anything has happened, in seconds
BLINK = 0.1
#: what is done about a request that waits for a decision; as often as it stands here
INTENTIONS = (
    *("approve",) * 6,
    *("clicks_twice",) * 3,
    *("both_approve",) * 3,
    *("mentions",) * 2,
    *("deny",) * 2,
    *("approve_against_deny",) * 2,
    *("approve_against_cancel",) * 2,
    "cancel",
    "only_the_wrong_people",
)
AT_ONCE = 12


@dataclass(frozen=True)
class Errand:
    """One request that somebody makes, and what the approvers do about it."""

    number: int
    requester: str
    action: str
    address: str
    offer: str
    intention: str

    @property
    def reason(self):
        return f"case {self.number:04}"

    @property
    def command(self):
        return f"/offer {self.action} {self.address} {self.offer} because {self.reason}"


class Book:
    """The requests as they are on disk, read by somebody who is not the bot."""

    def __init__(self, database):
        self.database = database
        self.rows: dict[str, dict] = {}
        self.owed = 0

    @asynccontextmanager
    async def kept(self):
        # one connection that stays: the last one that closes would tidy up what a killed bot has left behind
        with closing(sqlite3.connect(f"{self.database.as_uri()}?mode=ro", uri=True)) as sqlite:
            sqlite.row_factory = sqlite3.Row
            reading = asyncio.create_task(self._read(sqlite))
            try:
                yield
            finally:
                reading.cancel()

    async def nobody_is_owed_anything(self):
        while self.owed:  # noqa: ASYNC110 - another process has no event to wait for
            await asyncio.sleep(BLINK)

    async def _read(self, sqlite):
        while True:
            with suppress(sqlite3.OperationalError):  # a bot that starts has the file for itself for a moment
                self.rows = {row["reason"]: dict(row) for row in sqlite.execute("select * from request")}
                self.owed = sqlite.execute("select count(*) from message where due is not null").fetchone()[0]
            await asyncio.sleep(BLINK)


class Crowd:
    def __init__(self, world, book, errands, *, seed):
        self.world, self.book, self.errands, self.chance = world, book, errands, random.Random(seed)
        town = world.town
        self.people = {one.name: one for one in town.everybody}
        self.forms = defaultdict(asyncio.Lock)
        self.doors = asyncio.Semaphore(AT_ONCE)
        #: how many of them have been begun: they are spread over the time in which things go wrong
        self.begun = 0
        #: whether nothing goes wrong any more: only then somebody can look how it really is
        self.calm = False

    def hurries(self, part):
        """Let so many of the requests begin."""
        self.begun = len(self.errands) * part

    async def do_all(self):
        async with asyncio.TaskGroup() as group:
            for errand in self.errands:
                group.create_task(self._see_through(errand))

    async def _see_through(self, errand):
        async with self.doors:
            await self._until(lambda: self.calm or errand.number < self.begun, within=600)
            await self._ask(errand)
            await self._until(lambda: self._row(errand) is not None)
            while self._row(errand)["state"] == "pending" or not self._at_rest(errand):
                await self._deal_with(errand)

    def _row(self, errand):
        return self.book.rows.get(errand.reason)

    def _at_rest(self, errand):
        row = self._row(errand)
        return row["state"] in REST and (row["state"] not in {"failed", "partly"} or row["left_so"])

    async def _deal_with(self, errand):
        state = self._row(errand)["state"]
        match state:
            case "pending":
                await getattr(self, errand.intention)(errand)
            case "failed" | "partly":
                again = self.calm or self.chance.random() < 0.7
                await self._press(errand.requester, "retry" if again else "cancel", errand, "card")
            case "unknown" if self.calm:
                await self.settles(errand)
            case "unknown":
                await self._press(errand.requester, "retry", errand, "card")
        await self._until(lambda: self._row(errand)["state"] != state, within=2)

    # --- asking ------------------------------------------------------------------------------------------------------

    async def _ask(self, errand):
        person = self.people[errand.requester]
        async with self.forms[person]:
            while True:
                person.reloads()
                with suppress(CannotDo):
                    await person.types(errand.command, channel="#support")
                if await self._sends(person, errand):
                    return

    async def _sends(self, person, errand):
        """Press Send until it is taken: the same form, however often, is the same request."""
        while await self._form(person, errand.reason):
            with suppress(CannotDo):
                if await person.submits() == {}:
                    return True
            await asyncio.sleep(BLINK)
        return False

    async def _form(self, person, words):
        """Wait for the form with these words: one that was asked for long ago may open late."""
        return await self._until(lambda: person.form is not None and words in person.form.plain, within=3)

    # --- deciding ----------------------------------------------------------------------------------------------------

    async def approve(self, errand):
        await self._press(self._approver(), "approve", errand, "ask")

    async def clicks_twice(self, errand):
        who = self._approver()
        await asyncio.gather(*(self._press(who, "approve", errand, "ask") for _ in range(2)))

    async def both_approve(self, errand):
        await asyncio.gather(*(self._press(one, "approve", errand, "ask") for one in ("Grace", "Linus")))

    async def mentions(self, errand):
        card = self._shown(errand, "card")
        if card is None or self.chance.random() < 0.5:
            await self.approve(errand)
            return
        with suppress(CannotDo):
            grace = self.people["Grace"]
            await grace.types("@Offerdesk approve", thread=Message(grace._world, grace.member, card))  # noqa: SLF001 - found by its key

    async def deny(self, errand):
        person = self.people[self._approver()]
        async with self.forms[person]:
            person.reloads()
            await self._press(person.name, "deny", errand, "ask")
            if await self._form(person, self._row(errand)["id"]):
                with suppress(CannotDo):
                    await person.submits(reason="Not this time")

    async def cancel(self, errand):
        await self._press(errand.requester, "cancel", errand, "card")

    async def approve_against_deny(self, errand):
        await asyncio.gather(self.approve(errand), self.deny(errand))

    async def approve_against_cancel(self, errand):
        await asyncio.gather(self.approve(errand), self.cancel(errand))

    async def only_the_wrong_people(self, errand):
        """Nobody decides: it expires."""
        await self._press("Mallory", "approve", errand, "ask")
        await self._press(errand.requester, "approve", errand, "ask")
        await asyncio.sleep(2)

    def _approver(self):
        return self.chance.choice(("Grace", "Linus"))

    # --- afterwards --------------------------------------------------------------------------------------------------

    async def settles(self, errand):
        """Somebody looks into Kajabi, and says how it is."""
        grace, kajabi = self.people["Grace"], self.world.kajabi
        has = errand.offer in {kajabi.offer(one).title for one in kajabi.holds(errand.address)}
        async with self.forms[grace]:
            grace.reloads()
            await self._press("Grace", "settle", errand, "card")
            if await self._form(grace, self._row(errand)["id"]):
                done = has == (errand.action == "grant")
                with suppress(CannotDo):
                    await grace.submits(outcome="It is done" if done else "It is not done", reason="I looked")

    # --- what they see and press ---------------------------------------------------------------------------------

    async def _press(self, who, button, errand, kind):
        person = self.people[who]
        post = self._shown(errand, kind, to=person)
        with suppress(CannotDo):  # the button has just gone, or Slack is away
            if post is not None:
                await person.presses(button, Message(person._world, person.member, post))  # noqa: SLF001 - found by its key

    def _shown(self, errand, kind, *, to=None):
        """The newest message of that kind about a request, where this person can see it."""
        row = self._row(errand)
        start = f"{row['id']}/{kind}"
        place = "dm" if to is not None and to.name == "Linus" else "#support"
        reader = to or self.people["Grace"]
        channel = reader._place(place)  # noqa: SLF001 - as a client that follows a link
        found = [one for one in channel.posts.values() if key_of(one).startswith(start)]
        return found[-1] if found else None

    @staticmethod
    async def _until(look, *, within=30.0):
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                while not (found := look()):  # noqa: ASYNC110 - it happens in another process
                    await asyncio.sleep(BLINK)
                return found
        return look()
