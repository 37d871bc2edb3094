"""Somebody in front of a screen: who they are and what they see."""

from typing import TYPE_CHECKING

from bot.sandbox import shapes, sight
from bot.sandbox.model import CannotDo, Channel, Json, Member, Post, View
from bot.sandbox.sight import Message

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace

Place = str | Channel | Message | None
SHOWN_WHEN_MISSED = 12


class NotSeen(AssertionError):
    """What was waited for did not appear; the message says what there is instead."""


class Onlooker:
    def __init__(self, world: "Workspace", member: Member) -> None:
        self._world = world
        self.member = member

    def __repr__(self) -> str:
        return f"<{self.name} {self.id}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Onlooker) and other.member is self.member

    def __hash__(self) -> int:
        return hash(self.id)

    @property
    def id(self) -> str:
        return self.member.id

    @property
    def name(self) -> str:
        return self.member.name

    @property
    def notices(self) -> list[str]:
        """What Slack itself told this person: that the app did not answer, and the like."""
        return self.member.notices

    @property
    def view(self) -> Json | None:
        """The form that is open, on top of others."""
        return shapes.view_object(self.member.modals[-1], self._world) if self.member.modals else None

    @property
    def form(self) -> Message | None:
        """The form that is open, to be read."""
        return Message(self._world, self.member, self.member.modals[-1]) if self.member.modals else None

    @property
    def home(self) -> Json | None:
        return shapes.view_object(self.member.home, self._world) if self.member.home else None

    def messages(self, in_: Place = None) -> list[Message]:
        """What is in sight, the newest first."""
        return [Message(self._world, self.member, one) for one in sight.in_sight(self._world, self.member, in_)]

    async def sees(self, text: str, *, in_: Place = None, timeout: float = 5) -> Message:  # noqa: ASYNC109 - missing it is a failed claim, not a time-out
        """Wait for a message, form or aside with these words. A channel shows no replies: look in the thread."""
        found = await self._world.changes.until(lambda: self._finds(text, in_), timeout=timeout)
        if found is None:
            seen = "\n---\n".join(one.plain for one in self.messages(in_)[:SHOWN_WHEN_MISSED])
            raise NotSeen(f"{self.name} does not see {text!r} in {in_ or 'Slack'}; there is:\n{seen}")
        return found

    async def does_not_see(self, text: str, *, in_: Place = None, during: float = 0.05) -> None:
        """It is not there, and does not come within a moment."""
        found = await self._world.changes.until(lambda: self._finds(text, in_), timeout=during)
        if found is not None:
            raise NotSeen(f"{self.name} sees {text!r} in {in_ or 'Slack'}:\n{found.plain}")

    def _finds(self, text: str, place: Place) -> Message | None:
        wanted = " ".join(text.split())
        return next((one for one in self.messages(place) if wanted in " ".join(one.plain.split())), None)

    def _is_there(self) -> None:
        if self.member.deleted:
            raise CannotDo(f"{self.name}'s account is deactivated")

    def _visible(self, message: Message) -> Post:
        post = message.post
        there = self.id in self._world.channels[post.channel].members and post.only_for in (None, self.id)
        if post.deleted or not there:
            raise CannotDo(f"{self.name} does not see that message")
        return post

    def _form(self) -> View:
        self._is_there()
        if not self.member.modals:
            raise CannotDo(f"no form is open before {self.name}")
        return self.member.modals[-1]

    def _before_the_eyes(self, message: Message | None) -> Post | View:
        if message is not None and isinstance(message.shown, Post):
            return self._visible(message)
        shown = self.member.modals[-1] if self.member.modals else self.member.home
        if shown is None:
            raise CannotDo(f"neither a form nor the Home tab is open before {self.name}")
        return shown
