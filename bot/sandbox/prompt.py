"""Go on by hand: one line is one thing that one person does."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

import click

from bot.sandbox import deeds
from bot.sandbox.actors import Person
from bot.sandbox.keyboard import is_terminal, lines
from bot.sandbox.local_world import LocalWorld
from bot.sandbox.lookout import Lookout, quiet, where
from bot.sandbox.model import CannotDo
from bot.sandbox.sight import Message
from bot.sandbox.story import Narrator
from bot.sandbox.timeline import DAY, FIXED, HOUR, WEEK, Timeline

HELP = """
Now you. A line says who does what:

  ada: /offer who jane@example.com     type a command in #support
  ada: fill offer=kids reason=a gift   fill in the form that is open
  ada: send                            send it (or: close)
  grace: press Approve R-4F7K          press a button (without R-…: the newest with that name)
  grace: say good morning              write in #support
  grace: reply R-4F7K @Offerdesk deny too expensive
                                       write in the thread of that request
  grace: look                          see what is new (look 5: the newest five)
  later 1 day                          move the clock forward (later: to what is due next)

A line without a name goes on for the person of the line before.
Ada asks, Grace and Linus may approve, Mallory may not, Olga is the admin. `help` shows this again, `quit` ends.
"""
ENDS, HELPS = {"quit", "exit", "q"}, {"help", "?"}
SPANS = {"hour": HOUR, "day": DAY, "week": WEEK}
#: seconds until the bot, which looks at the clock once a second, has noticed for certain that it was moved
NOTICED = 2.5
#: a look shows this many when nobody says how many
SHOWN = 5


async def converse(world: LocalWorld) -> None:
    """Read lines until there are no more; without a terminal, stay up until the process is ended."""
    await quiet(world)
    conversation = Conversation(world)
    click.echo(HELP)
    async for line in lines():
        words = line.strip()
        if words.lower() in ENDS:
            return
        if words.lower() in HELPS:
            click.echo(HELP)
        elif words:
            await conversation.goes_on(words)
    if not is_terminal():
        await asyncio.Event().wait()


class Conversation:
    """Who speaks, and what everybody has seen."""

    def __init__(self, world: LocalWorld) -> None:
        self._world = world
        self._lookout = Lookout(world)
        self._person: Person | None = None

    async def goes_on(self, line: str) -> None:
        """Do what a line says, and show what comes of it."""
        try:
            word, *rest = line.split()
            if word.lower() == "later":
                await self._later(rest)
                return
            person, what = self._parsed(line)
            verb, _, count = what.partition(" ")
            if verb.lower() == "look":
                self._look(person, count.strip())
                return
            await deeds.do(person, what)
        except CannotDo as problem:
            said = str(problem)
            click.echo(f"  {said[:1].upper()}{said[1:]}")
            return
        await quiet(self._world)
        self._show(person, self._lookout.news(person), otherwise="Done.")
        self._hint(person)

    async def _later(self, words: Sequence[str]) -> None:
        """Move the clock forward."""
        timeline = self._world.timeline
        if timeline is None:
            raise CannotDo(FIXED)
        if words:
            await timeline.forward(_seconds(words))
        else:
            click.echo(f"  {(await timeline.to_next()).what}.")
        await quiet(self._world, gap=NOTICED)
        click.echo(f"  It is {_written(timeline)} now.")
        self._hint(None)

    def _hint(self, person: Person | None) -> None:
        """Name those, but for this one, for whom there is something new."""
        others = [other.name for other in self._lookout.curious(person)]
        if others:
            too = "" if person is None else ", too"
            click.echo(f"  (New for {', '.join(others)}{too}: `{others[0].lower()}: look`)")

    def _parsed(self, line: str) -> tuple[Person, str]:
        """Who does what; the person of the line before where none is named."""
        before, colon, after = line.partition(":")
        names = {person.name.lower(): person for person in self._world.town.everybody}
        if colon and before.strip().isalpha():
            if before.strip().lower() not in names:
                raise CannotDo(f"Nobody here is called {before.strip()}; there are {', '.join(names)}.")
            self._person, line = names[before.strip().lower()], after
        if self._person is None:
            raise CannotDo("Say who does it, as in `ada: look`. `help` shows what there is.")
        return self._person, line.strip() or "look"

    def _look(self, person: Person, count: str) -> None:
        if count and not count.isdecimal():
            raise CannotDo("A look is `look` or, for the newest five, `look 5`.")
        news = self._lookout.news(person)
        shown = list(reversed(person.messages()[: int(count)])) if count else news
        self._show(person, shown, otherwise=f"Nothing new for {person.name}; `look {SHOWN}` shows the newest.")

    def _show(self, person: Person, messages: Sequence[Message], *, otherwise: str) -> None:
        for message in messages:
            Narrator().shows(person, message, where(message))
        notices = self._lookout.notices(person)
        for notice in notices:
            click.echo(f"  Slack tells {person.name}: {notice}")
        if not messages and not notices:
            click.echo(f"  {otherwise}")


def _seconds(words: Sequence[str]) -> int:
    """How long `1 day` or `2 weeks` is. Raises `CannotDo`."""
    match words:
        case [number, unit] if number.isdecimal() and unit.lower().removesuffix("s") in SPANS:
            return int(number) * SPANS[unit.lower().removesuffix("s")]
    raise CannotDo("Say how much later, as in `later 1 day`, `later 3 hours` or `later 2 weeks`.")


def _written(timeline: Timeline) -> str:
    return datetime.fromtimestamp(timeline.clock()).astimezone().strftime("%A, %d %B %Y, %H:%M")
