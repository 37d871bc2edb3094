"""What a person can do on the page: each verb of it, as something a hand does."""

import base64
import binascii
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from bot.sandbox.model import CannotDo, Json
from bot.sandbox.page.given import Malformed, flag, optional_text, text, tree
from bot.sandbox.page.hand import Hand, Screens
from bot.sandbox.page.unread import Seen

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace


class Acts:
    """Carries out what one person does."""

    def __init__(self, world: "Workspace", seen: Seen, screens: Screens) -> None:
        self._world = world
        self._seen = seen
        self._screens = screens

    async def do(self, given: Json) -> Json:
        """The answer to the page. Raises `CannotDo` or `Malformed` with the reason."""
        verb = VERBS.get(text(given, "verb"))
        if verb is None:
            raise Malformed(f"There is no verb {given['verb']!r}.")
        return {"ok": True} | await verb(self, self.hand(text(given, "as")), given)

    def hand(self, person_id: str) -> Hand:
        member = self._world.members.get(person_id)
        if member is None or member.bot:
            raise CannotDo(f"Nobody here has the id {person_id}.")
        return Hand(self._world, member, self._screens)

    # messages

    async def type(self, hand: Hand, given: Json) -> Json:
        channel, words = self._channel(given), text(given, "text")
        if not words.strip():
            raise CannotDo("There are no words to send.")
        root = optional_text(given, "thread_ts")
        thread = hand.message(channel, root) if root else None
        posted = await hand.types(words, channel=None if thread else self._world.channels[channel], thread=thread)
        if posted is None:
            return {}
        if not posted.is_ephemeral:
            self._seen.read(hand.id, self._world.channels[posted.channel], posted.ts)
            self._world.changes.tell()
        return {"ts": posted.ts, "channel": posted.channel}

    async def edit(self, hand: Hand, given: Json) -> Json:
        if not text(given, "text").strip():
            raise CannotDo("There are no words to send.")
        await hand.edits(hand.message(self._channel(given), text(given, "ts")), text(given, "text"))
        return {}

    async def delete(self, hand: Hand, given: Json) -> Json:
        await hand.deletes(hand.message(self._channel(given), text(given, "ts")))
        return {}

    async def read(self, hand: Hand, given: Json) -> Json:
        channel = self._world.channels[self._channel(given)]
        if hand.id not in channel.members:
            raise CannotDo(f"{hand.name} is not in #{channel.name}.")
        self._seen.read(hand.id, channel, text(given, "ts"))
        self._world.changes.tell()
        return {}

    def _channel(self, given: Json) -> str:
        channel = text(given, "channel")
        if channel not in self._world.channels:
            raise CannotDo("That channel does not exist.")
        return channel

    # shortcuts and the Home tab

    async def shortcut(self, hand: Hand, given: Json) -> Json:
        await hand.opens_shortcut(text(given, "callback_id"))
        return {}

    async def message_shortcut(self, hand: Hand, given: Json) -> Json:
        message = hand.message(self._channel(given), text(given, "ts"))
        await hand.uses_shortcut(text(given, "callback_id"), message)
        return {}

    async def open_home(self, hand: Hand, _: Json) -> Json:
        await hand.opens_home()
        return {}

    # what stands in messages and views

    async def press(self, hand: Hand, given: Json) -> Json:
        await hand.press(tree(given, "where"), **_spot(given), value=optional_text(given, "value"))
        return {}

    async def choose(self, hand: Hand, given: Json) -> Json:
        await hand.choose(tree(given, "where"), **_spot(given), state=tree(given, "state"))
        return {}

    async def fill(self, hand: Hand, given: Json) -> Json:
        finished = flag(given, "dispatch", otherwise=True)
        await hand.fill(text(given, "view_id"), **_spot(given), state=tree(given, "state"), dispatch=finished)
        return {}

    async def suggest(self, hand: Hand, given: Json) -> Json:
        where = tree(given, "where") if "where" in given else {"view": text(given, "view_id")}
        options = await hand.suggest(where, **_spot(given), text=text(given, "text"))
        return {"options": options}

    async def upload(self, hand: Hand, given: Json) -> Json:
        try:
            content = base64.b64decode(text(given, "content_base64"), validate=True)
        except (binascii.Error, ValueError):
            raise Malformed("“content_base64” is not in base64.") from None
        name = text(given, "name")
        return {"file": await hand.upload(text(given, "view_id"), **_spot(given), name=name, content=content)}

    async def submit(self, hand: Hand, given: Json) -> Json:
        return {"errors": await hand.submit(text(given, "view_id"))}

    async def close(self, hand: Hand, given: Json) -> Json:
        await hand.close(text(given, "view_id"), all_of_them=flag(given, "all"))
        return {}


def _spot(given: Json) -> dict[str, str]:
    return {"block_id": text(given, "block_id"), "action_id": text(given, "action_id")}


VERBS: dict[str, Callable[[Acts, Hand, Json], Awaitable[Json]]] = {
    act.__name__: act
    for act in (
        Acts.type,
        Acts.edit,
        Acts.delete,
        Acts.read,
        Acts.shortcut,
        Acts.message_shortcut,
        Acts.open_home,
        Acts.press,
        Acts.choose,
        Acts.fill,
        Acts.suggest,
        Acts.upload,
        Acts.submit,
        Acts.close,
    )
}
