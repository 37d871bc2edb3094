"""The main job, played by people in the terminal: granted and verified, denied, failed and then retried."""

from collections.abc import Callable
from dataclasses import dataclass

import click

from bot.sandbox.actors import Person
from bot.sandbox.local_world import LocalWorld
from bot.sandbox.onlooker import Place
from bot.sandbox.sight import Message

WIDTH = 100
#: seconds somebody waits for something to appear
PATIENCE = 15.0


@dataclass(frozen=True, slots=True)
class Narrator:
    """Tells what people do and what they then see."""

    write: Callable[[str], None] = click.echo
    patience: float = PATIENCE

    def chapter(self, title: str) -> None:
        """Begin a part of the story."""
        self.write(f"\n{'─' * 3} {title} {'─' * max(WIDTH - len(title) - 5, 3)}")

    def does(self, person: Person, what: str) -> None:
        """Tell what somebody does."""
        self.write(f"\n▶ {person.name} {what}")

    def shows(self, person: Person, message: Message, where: str) -> None:
        """Show what somebody has in front of them."""
        self.write(f"  {person.name} sees, {where}:")
        for line in message.plain.strip().splitlines():
            self.write(f"  │ {line}" if line.strip() else "  │")

    async def waits(self, person: Person, text: str, where: str, *, in_: Place) -> Message:
        """Wait until somebody sees a text, and show it."""
        message = await person.sees(text, in_=in_, timeout=self.patience)
        self.shows(person, message, where)
        return message


async def play(world: LocalWorld, tell: Narrator) -> None:
    """Play all three parts."""
    await granted(world, tell)
    await denied(world, tell)
    await failed_then_retried(world, tell)


async def granted(world: LocalWorld, tell: Narrator) -> None:
    """One grant from the first word to the proof."""
    ada, grace, linus = world.town.ada, world.town.grace, world.town.linus
    tell.chapter("Ada asks, Grace approves, the bot proves it")
    await _asks(tell, ada, "/offer grant jane@example.com everything bundle because refund case 4412")
    card = await tell.waits(ada, "Everything Bundle", "in #support", in_="#support")
    question = await tell.waits(grace, "Approve", "in the thread", in_=card)
    await tell.waits(linus, "Approve", "in a direct message, because #support is not a channel of his", in_="dm")
    tell.does(grace, "presses Approve")
    await grace.presses("approve", question)
    await tell.waits(ada, "verified", "in #support", in_="#support")
    await tell.waits(ada, "verified", "in a direct message", in_="dm")
    held = sorted(world.kajabi.offer(one).title for one in world.kajabi.holds("jane@example.com"))
    tell.write(f"\n  Kajabi says that Jane holds: {', '.join(held)}")


async def denied(world: LocalWorld, tell: Narrator) -> None:
    """One revoke that a manager does not want."""
    ada, grace = world.town.ada, world.town.grace
    tell.chapter("Grace says no, and why")
    await _asks(tell, ada, "/offer revoke sam@example.com bakers circle because asked to leave")
    question = await _question(world, tell, "Sam Rivers", "in the thread: the warning is in the preview")
    tell.does(grace, "presses Deny and writes why")
    await grace.presses("deny", question)
    await grace.sees("Deny", in_="view", timeout=tell.patience)
    await grace.submits(reason="Cancel the subscription first, else payments go on")
    await tell.waits(ada, "Cancel the subscription first", "in a direct message", in_="dm")


async def failed_then_retried(world: LocalWorld, tell: Narrator) -> None:
    """Kajabi refuses; people hear what was not done, and try again when it is mended."""
    ada, grace = world.town.ada, world.town.grace
    tell.chapter("Kajabi refuses, and then does not")
    refusing = world.kajabi.trouble("forbidden", method="POST", path="*/relationships/offers")
    await _asks(tell, ada, "/offer grant mia.chen@example.com sourdough because won the bake-off")
    question = await _question(world, tell, "Mia Chen", "in the thread")
    tell.does(grace, "presses Approve, while Kajabi refuses every grant")
    await grace.presses("approve", question)
    result = await tell.waits(ada, "Retry", "in #support", in_="#support")
    refusing.stop()
    tell.does(ada, "presses Retry, once the API key has its permission back")
    await ada.presses("retry", result)
    await tell.waits(grace, "Mia Chen now has Sourdough", "in #support", in_="#support")


async def _asks(tell: Narrator, person: Person, command: str) -> None:
    tell.does(person, f"types in #support: {command}")
    await person.types(command, channel="#support")
    await tell.waits(person, "Then:", "a form whose preview fills itself in", in_="view")
    tell.does(person, "presses Send")
    await person.submits()


async def _question(world: LocalWorld, tell: Narrator, customer: str, where: str) -> Message:
    """Wait for the card of a customer, and for the question in its thread."""
    card = await world.town.grace.sees(customer, in_="#support", timeout=tell.patience)
    return await tell.waits(world.town.grace, "Approve", where, in_=card)
