"""People: how they act in Slack, and what they see. Nobody can do here what the client would not let them do.

`onlooker` is what they see, `operating` what they do with forms and buttons.
"""

from bot.sandbox import client, composer, events, payloads, shapes
from bot.sandbox.model import CannotDo, Channel, Post
from bot.sandbox.onlooker import NotSeen, Place
from bot.sandbox.operating import Operator
from bot.sandbox.sight import Message

__all__ = ["Message", "NotSeen", "Person"]


class Person(Operator):
    """Somebody at a keyboard."""

    async def types(self, text: str, *, channel: Place = None, thread: Message | None = None) -> Message | None:
        """A message, which is returned; or a slash command, and what Slack shows privately as its answer."""
        self._is_there()
        place = self._world.channels[thread.channel] if thread else self._place(channel)
        if self.id not in place.members:
            raise CannotDo(f"{self.name} is not in #{place.name}")
        if text.startswith("/"):
            if thread:
                raise CannotDo(f"{text.split(maxsplit=1)[0]} is not supported in threads. Sorry!")
            post = await client.run_command(self._world, self.member, place, typed=text)
            return Message(self._world, self.member, post) if post else None
        return await self._posts(text, place, thread)

    async def _posts(self, text: str, place: Channel, thread: Message | None) -> Message:
        if place.archived:
            raise CannotDo(f"#{place.name} is archived")
        if place.is_im and self._world.bot.id in place.members and self._world.manifest.messages_tab_read_only:
            raise CannotDo("Sending messages to this app has been turned off.")
        delivery = client.delivery_of(self._world)
        written, blocks = composer.message(text, self._world)
        root = thread.post.root_ts if thread else None
        post = Post(place.id, self._world.next_ts(), self.id, written, blocks=blocks, thread_ts=root)
        self._world.place(post)
        await delivery.settled()
        return Message(self._world, self.member, post)

    async def edits(self, message: Message, text: str) -> None:
        post = self._own(message)
        before = shapes.message_object(post, self._world)
        post.text, post.blocks = composer.message(text, self._world)
        post.edited = {"user": self.id, "ts": self._world.next_ts()}
        self._world.changed(post, before)
        await client.delivery_of(self._world).settled()

    async def deletes(self, message: Message) -> None:
        self._world.remove(self._own(message))
        await client.delivery_of(self._world).settled()

    async def opens_shortcut(self, callback_id: str) -> None:
        """A global shortcut."""
        self._is_there()
        if self._world.manifest.shortcut(callback_id, "global") is None:
            raise CannotDo(f"there is no global shortcut {callback_id!r} in the manifest")
        await client.interact(self._world, self.member, payloads.shortcut(self._world, self.member, callback_id))

    async def uses_shortcut(self, callback_id: str, message: Message) -> None:
        """A shortcut in the menu of a message."""
        self._is_there()
        if self._world.manifest.shortcut(callback_id, "message") is None:
            raise CannotDo(f"there is no message shortcut {callback_id!r} in the manifest")
        post = self._visible(message)
        if post.only_for:
            raise CannotDo("an ephemeral message has no shortcuts")
        payload = payloads.message_action(self._world, self.member, callback_id, post)
        await client.interact(self._world, self.member, payload)

    async def opens_home(self, *, tab: str = "home") -> None:
        """The app's Home tab (or its messages)."""
        self._is_there()
        if tab == "home" and not self._world.manifest.home_tab:
            raise CannotDo("the app has no Home tab")
        view = self.member.home if tab == "home" else None
        self._world.emit(events.home_opened(self._world, self.member, tab=tab, view=view))
        await client.delivery_of(self._world).settled()

    def reloads(self) -> None:
        """Start the client afresh: what only this person was told is gone, and so are open forms."""
        self.member.asides.clear()
        self._world.modals.close(self.member, all_of_them=True)

    def _place(self, channel: Place) -> Channel:
        if isinstance(channel, Message):
            return self._world.channels[channel.channel]
        if channel == "dm":
            return self._world.direct_channel(self.id)
        if channel is not None:
            return self._world.channel(channel)
        mine = (one for one in self._world.channels.values() if self.id in one.members and not one.is_im)
        return next(mine, None) or self._world.direct_channel(self.id)

    def _own(self, message: Message) -> Post:
        post = self._visible(message)
        if post.user != self.id:
            raise CannotDo(f"{self.name} did not write that message")
        return post
