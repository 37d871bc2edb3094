"""People who ask, approve, deny, take back, click twice, try again and settle, whatever goes wrong around them."""

import asyncio
import random
from collections import defaultdict
from contextlib import suppress
from dataclasses import replace

from bot.sandbox.model import CannotDo
from bot.sandbox.sight import Message
from tests.faults.book import BLINK
from tests.faults.evidence import key_of
from tests.faults.reckoning import REST
from tests.faults.rewards import rewards

AT_ONCE = 12


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
            await self._bring_to_rest(errand)
            row = self._row(errand)
            if errand.timed and row["state"] == "succeeded":
                end = replace(errand, action="revoke", grant=row["id"], intention="approve")
                await self._until(lambda: self._row(end) is not None)
                while self._row(end)["state"] == "approved":
                    await self.book.passes(self._row(end)["id"])
                    await self._until(lambda: self._row(end)["state"] != "approved", within=2)
                await self._bring_to_rest(end)

    async def _bring_to_rest(self, errand):
        while self._row(errand)["state"] == "pending" or not self._at_rest(errand):
            await self._deal_with(errand)

    def _row(self, errand):
        return self.book.ends.get(errand.grant) if errand.grant else self.book.rows.get(errand.reason)

    def _at_rest(self, errand):
        row = self._row(errand)
        return row["state"] in REST and (row["state"] not in {"failed", "partly"} or row["left_so"])

    async def _deal_with(self, errand):
        state = self._row(errand)["state"]
        match state:
            case "pending":
                await getattr(self, errand.intention)(errand)
            case "failed" | "partly":
                again = errand.grant or self.chance.random() < (0.9 if self.calm else 0.7)
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
                if await person.submits(**errand.fields) == {}:
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
        """Somebody looks how it is, and says so; where it is not the same for all, the bot is to look first."""
        grace, row = self.people["Grace"], self._row(errand)
        found = {self._is_so(*one) for one in self.book.unknown(row["id"])}
        if len(found) != 1 or errand.listed:
            await self._press(errand.requester, "retry", errand, "card")
            await self._until(lambda: self._row(errand)["state"] != "unknown", within=2)
            found = {self._is_so(*one) for one in self.book.unknown(row["id"])}
        if len(found) != 1:
            return
        async with self.forms[grace]:
            grace.reloads()
            await self._press("Grace", "settle", errand, "card")
            if await self._form(grace, row["id"]):
                with suppress(CannotDo):
                    said = "It is done" if found.pop() else "It is not done"
                    await grace.submits(outcome=said, reason="I looked")

    def _is_so(self, action, contact, offer):
        """Whether it is as the action would make it, by the provider's own books."""
        kajabi, target = self.world.kajabi, (contact, offer)
        if contact in kajabi.books.contacts:
            return (offer in kajabi.holds(contact)) == (action == "grant")
        known = rewards(self.world.capillary)
        return target in known.held if action == "grant" else target not in known.held | known.enrolled

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
