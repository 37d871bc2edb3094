"""What a person can be told to do in one line."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from bot.sandbox import fields
from bot.sandbox.actors import Person
from bot.sandbox.model import CannotDo
from bot.sandbox.sight import Message

PLACE = "#support"
YES, NO = {"yes", "true", "on", "x"}, {"no", "false", "off"}


async def do(person: Person, what: str) -> None:
    """Do what the words say. Raises `CannotDo` with the reason when that is not possible."""
    verb, _, rest = what.partition(" ")
    if what.startswith("/"):
        await person.types(what, channel=PLACE)
        return
    deed = DEEDS.get(verb.lower())
    if deed is None:
        raise CannotDo(f"I do not know {verb!r}: a command begins with /, and `help` shows what else there is.")
    await deed(person, rest.strip())


async def fill(person: Person, words: str) -> None:
    """`offer=kids reason=a gift`: a value reaches to the next field of the form."""
    form = person.form
    if form is None:
        raise CannotDo(f"No form is open before {person.name}.")
    known = list(form.shown.values)
    values: dict[str, str] = {}
    for word in words.split():
        field, equals, value = word.partition("=")
        if equals and (field in known or not values):
            values[field] = value
        elif values:
            values[list(values)[-1]] += f" {word}"
    if not values:
        raise CannotDo(f"Name the field, as in `fill reason=a gift`; there are {', '.join(known)}.")
    for field, value in values.items():
        await person.fills(**{field: _entered(form, field, value.strip())})


def _entered(form: Message, field: str, value: str) -> Any:
    """Nothing clears a field, a box is ticked by `yes`, and a file is named by its path."""
    _, element = fields.find(form.shown, field)  # type: ignore[arg-type]  # a form is a view
    if element["type"] == "file_input" and value:
        return _file(Path(value).expanduser())
    if element["type"] == "checkboxes" and value.lower() in YES | NO:
        return value.lower() in YES
    return value or None


def _file(path: Path) -> tuple[str, bytes]:
    try:
        return path.name, path.read_bytes()
    except OSError as error:
        raise CannotDo(f"{path} cannot be read: {error.strerror}.") from None


async def send(person: Person, _: str) -> None:
    """What the bot finds wrong with it stands at the fields afterwards."""
    if person.form is not None:
        missing = fields.complaints(person.form.shown)  # type: ignore[arg-type]  # a form is a view
        if missing:
            raise CannotDo("Slack does not send it. " + " ".join(f"{name}: {why}" for name, why in missing.items()))
    refused = await person.submits()
    if "" in refused:
        raise CannotDo(f"Slack says: {refused['']}")


async def close(person: Person, _: str) -> None:
    await person.closes()


async def press(person: Person, words: str) -> None:
    """`Approve R-4F7K`: the newest button of that name, on what is about that request."""
    label, _, request = words.rpartition(" ")
    if not _is_id(request):
        label, request = words, ""
    if not label:
        raise CannotDo("Name the button, as in `press Approve`.")
    for message in person.messages():
        named = next((one for one in message.buttons if one.casefold() == label.casefold()), None)
        if named is not None and request.casefold() in message.plain.casefold():
            await person.presses(named, message)
            return
    raise CannotDo(f"{person.name} sees no button {label!r}" + (f" of {request}." if request else "."))


async def say(person: Person, words: str) -> None:
    await person.types(_something(words), channel=PLACE)


async def reply(person: Person, words: str) -> None:
    """`R-4F7K @Offerdesk approve`: below the card of that request, or below what it asked directly."""
    request, _, text = words.partition(" ")
    if not _is_id(request):
        raise CannotDo("Name the request first, as in `reply R-4F7K @Offerdesk approve`.")
    places = (PLACE, "dm")
    for message in (one for place in places if _has(person, place) for one in person.messages(place)):
        if request.casefold() in message.plain.casefold() and not (message.is_ephemeral or message.post.is_reply):
            await person.types(_something(text), thread=message)
            return
    raise CannotDo(f"{person.name} sees nothing about {request} to reply to.")


def _has(person: Person, place: str) -> bool:
    try:
        person.messages(place)
    except CannotDo:
        return False
    return True


def _something(words: str) -> str:
    if not words:
        raise CannotDo("There are no words to write.")
    return words


def _is_id(word: str) -> bool:
    return word.casefold().startswith("r-")


DEEDS: dict[str, Callable[[Person, str], Awaitable[None]]] = {
    "fill": fill,
    "send": send,
    "close": close,
    "press": press,
    "say": say,
    "reply": reply,
}
