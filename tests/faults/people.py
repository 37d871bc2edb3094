"""People in a town whose bot may be gone at any moment: who gets no answer tries again."""

import asyncio
import json
import sqlite3
from contextlib import closing, suppress
from time import time

from bot.sandbox.model import CannotDo
from bot.sandbox.sight import Message
from tests.faults.evidence import held, key_of
from tests.faults.reckoning import REST
from tests.faults.stage import BLINK, PATIENCE

#: how long somebody waits for an answer before they try again, in seconds
MOMENT = 0.4
CHANGES = "select action, offer_id, contact.id from change join contact on contact.ref = contact_ref"
WRITES = {"grant": {"method": "POST"}, "revoke": {"method": "DELETE"}}
PATH = "*/relationships/offers"
COMMANDS = {
    "grant": "/offer grant jane@example.com everything bundle because refund case 4412",
    "revoke": "/offer revoke mia.chen@example.com pastry basics because asked to leave",
}


class People:
    """Everybody in a town whose bot may be gone for a moment at any time."""

    def __init__(self, stage, action):
        self.stage, self.action = stage, action
        self.town = stage.town
        self.ada, self.grace, self.linus, self.olga = (
            stage.town.ada,
            stage.town.grace,
            stage.town.linus,
            stage.town.olga,
        )

    # --- what they know ----------------------------------------------------------------------------------------------

    def requests(self):
        return self.stage.rows("select * from request order by number")

    def state(self, request):
        return next(one["state"] for one in self.requests() if one["id"] == request)

    def is_held(self, request):
        return any(one["id"] == request and one["held"] is not None for one in self.requests())

    def lease_left(self, request):
        """Seconds for which nobody else may work on it."""
        return next(one["due"] or 0.0 for one in self.requests() if one["id"] == request) - time()

    def happened(self, name, request=None):
        events = self.stage.rows("select * from event")
        return [one for one in events if one["name"] == name and request in (None, one["request_id"])]

    def paused(self):
        return bool(self.stage.rows("select 1 from pause"))

    def shown(self, request, kind, button, *, to):
        """The newest message of a kind about a request that offers this person a button."""
        posts = [post for channel in self.town.workspace.channels.values() for post in channel.posts.values()]
        about = [post for post in posts if key_of(post).startswith(f"{request}/{kind}")]
        mine = [post for post in about if to.id in self.town.workspace.channels[post.channel].members]
        seen = [Message(self.town.workspace, to.member, post) for post in mine]
        return next((one for one in reversed(seen) if f'"{button}"' in json.dumps(one.blocks)), None)

    def gets_dearer(self):
        """Let what was asked for first have another price."""
        title = self.stage.rows("select json_extract(offer, '$.title') as title from request")[0]["title"]
        next(one for one in self.stage.kajabi.books.offers.values() if one.title == title).price_in_cents += 1000

    def end_of(self, grant):
        """The last end that was planned for a grant."""
        return [one["id"] for one in self.requests() if one["parent"] == grant and one["planned"]][-1]

    def passes(self, end, *, until):
        """Let the time pass after which something ends by itself: its dates come nearer."""
        dates = {"end": end, "until": until, "now": time()}
        with closing(sqlite3.connect(self.stage.database, timeout=PATIENCE)) as sqlite, sqlite:
            sqlite.execute("update request set planned = :until, due = :now where id = :end", dates)
            sqlite.execute("update change set due = :until where request_id = :end", dates)

    # --- what they do ------------------------------------------------------------------------------------------------

    async def until(self, look, *, within=PATIENCE):
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                while not (found := look()):  # noqa: ASYNC110 - it happens in another process
                    await asyncio.sleep(BLINK)
                return found
        assert within == MOMENT, f"waited in vain\n{self.stage.said()}"
        return look()

    async def insists(self, act, done):
        """Do it, and do it again as long as nothing has come of it."""
        async with asyncio.timeout(PATIENCE):
            while not done():
                await self.stage.ready.wait()
                with suppress(CannotDo):
                    await act()
                await asyncio.sleep(BLINK)
                await self.until(done, within=MOMENT)

    async def asks(self, command=None, **fields):
        """Ada asks; return the request's id."""
        before = {one["id"] for one in self.requests()}
        command = command or COMMANDS[self.action]

        async def act():
            self.ada.reloads()
            await self.ada.types(command, channel="#support")
            await self.sends(self.ada, command.partition(" because ")[2], **fields)

        await self.insists(act, lambda: {one["id"] for one in self.requests()} - before)
        (new,) = {one["id"] for one in self.requests()} - before
        return new

    async def sends(self, person, words, *, done=lambda: False, **fields):
        """Send a form when it has opened, again and again until it is taken, or was all the same."""
        if await self.until(lambda: person.form is not None and words in person.form.plain, within=MOMENT):
            while person.form is not None and not done() and await person.submits(**fields) != {}:
                await asyncio.sleep(BLINK)
                await self.stage.ready.wait()

    async def presses(self, person, button, request, kind, done):
        async def act():
            message = await self.until(lambda: self.shown(request, kind, button, to=person), within=MOMENT)
            if message:
                await person.presses(button, message)

        await self.insists(act, done)

    async def fills(self, person, button, request, kind, done, **fields):
        """Press a button that opens a form, and send it."""

        async def act():
            person.reloads()
            message = await self.until(lambda: self.shown(request, kind, button, to=person), within=MOMENT)
            if message:
                await person.presses(button, message)
                await self.sends(person, "", done=done, **fields)

        await self.insists(act, done)

    async def prepared(self, request):
        await self.until(lambda: self.state(request) != "preparing")

    async def approves(self, request):
        await self.prepared(request)
        await self.presses(self.grace, "approve", request, "ask", lambda: self.state(request) != "pending")

    async def approves_whenever_asked(self, request):
        """Approve it anew whenever it is asked anew."""
        while await self.rests(request) == "pending" or self.state(request) not in REST:
            await self.approves(request)

    async def retries(self, request):
        state = self.state(request)
        await self.presses(self.ada, "retry", request, "card", lambda: self.state(request) != state)

    async def says(self, person, words, channel, done):
        await self.insists(lambda: person.types(words, channel=channel), done)

    async def rests(self, request):
        """Wait until nothing more happens to it by itself."""
        await self.until(lambda: self.state(request) in REST | {"unknown", "pending"})
        return self.state(request)

    async def ends(self, request):
        """See it through: what the bot cannot tell, somebody looks up and settles."""
        if await self.rests(request) == "unknown":
            outcome = "It is done" if self.is_so(request) else "It is not done"
            settled = lambda: self.state(request) != "unknown"  # noqa: E731 - short
            await self.fills(self.grace, "settle", request, "card", settled, outcome=outcome, reason="I looked")
        return self.state(request)

    def is_so(self, request):
        """Look how it is with what the bot cannot tell; what is so can be read, also of a list."""
        changes = self.stage.rows(f"{CHANGES} where request_id = '{request}' and state = 'unknown'")
        now = held(self.stage.kajabi, self.stage.capillary)
        (so,) = {((one["id"], one["offer_id"]) in now) == (one["action"] == "grant") for one in changes}
        return so
