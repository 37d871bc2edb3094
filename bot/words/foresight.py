"""What does the form say about what would happen if it were sent?"""

from collections.abc import Iterator

from bot.domain.draft import Draft, Foreseen
from bot.domain.errors import ContactNotFound, OfferdeskError, ProviderError
from bot.domain.request import Action
from bot.words import ends, holdings, refusals
from bot.words.text import safe, worth

HINT = "What will happen shows here as soon as the customer and the offer are known."


def asked(provider: str) -> str:
    """Say that the answer is yet to come."""
    return f":mag: {safe(provider, 40)} is being asked. You can send this without waiting."


def lines(draft: Draft, foreseen: Foreseen, provider: str) -> Iterator[str]:
    """Say what is known and what is in the way, one line each. `provider` is the provider's title."""
    yield from _known(draft, foreseen)
    yield from _trouble(draft, foreseen.problem, provider)


def _known(draft: Draft, foreseen: Foreseen) -> list[str]:
    reading = foreseen.reading
    if reading is None or (reading.contact is None and not draft.creates_contact):
        return []
    name, address = ("", draft.address) if reading.contact is None else (reading.contact.name, reading.contact.address)
    lines = [f"*Customer:* {' · '.join(filter(None, (safe(name, 100), safe(address, 100))))}"]
    if reading.contact is None:
        lines.append("*First step:* the contact is created under the name above.")
    lines.append(f"*Holds now:* {holdings.all_of(reading.holdings)}")
    if draft.offer is None or not draft.offer.title or foreseen.problem is not None:
        return lines
    lines.append(f"*Then:* {holdings.afterwards(draft.action, reading.holdings, draft.offer)}")
    lines.append(f"*Worth:* {worth(draft.offer)}")
    lines += [f"• {safe(effect, 400)}" for effect in foreseen.effects]
    if foreseen.moves is not None and foreseen.moves.planned is not None:
        lines.append(ends.planned_already(foreseen.moves.id, foreseen.moves.planned))
    if foreseen.rivals:
        named = ", ".join(safe(rival, 20) for rival in foreseen.rivals[:10])
        lines.append(f":warning: Already asked for the same customer and offer: {named}.")
    return lines


def _trouble(draft: Draft, problem: OfferdeskError | None, provider: str) -> list[str]:
    if problem is None:
        return []
    if isinstance(problem, ContactNotFound):
        known = f":warning: {safe(provider, 40)} knows no {safe(draft.address, 100)}. Check the spelling."
        if draft.action is Action.REVOKE:
            return [f"{known} There is nothing to revoke from somebody it does not know."]
        return [f"{known} You can still send this; you are then asked whether the contact is to be created."]
    said = refusals.sentence(problem, provider=provider)
    if isinstance(problem, ProviderError):
        return [f":warning: {said} You can send this all the same; it is looked up before anybody is asked."]
    return [f":warning: {said} Sent like this it would come back to you."]
