"""What else will or may happen when Kajabi grants, revokes or creates: as careful as what is known allows."""

from bot.domain.request import Action, Reading
from bot.providers.kajabi import words


def effects(action: Action, reading: Reading, *, welcome_email: bool) -> tuple[str, ...]:
    """Say it in sentences; `reading` is the world before, its offer the one in question."""
    if action is Action.CREATE:
        return (words.CREATE,)
    return _of_grant(reading, welcome_email=welcome_email) if action is Action.GRANT else _of_revoke(reading)


def _of_grant(reading: Reading, *, welcome_email: bool) -> tuple[str, ...]:
    said = [words.GRANT_WELCOME if welcome_email else words.GRANT_SILENT]
    if reading.contact is None:
        said.insert(0, words.CREATE)
    if reading.contact is None or (reading.contact.customer_id is None and not reading.holdings):
        said.append(words.GRANT_FIRST)
    offer_id = reading.offer.id if reading.offer is not None else None
    if any(one.offer_id == offer_id and one.ended is not None for one in reading.holdings):
        said.append(words.GRANT_AGAIN)
    return tuple(said)


def _of_revoke(reading: Reading) -> tuple[str, ...]:
    held = reading.holding(reading.offer.id) if reading.offer is not None else None
    said = []
    if held is not None and held.paying:
        said.append(words.REVOKE_PAYING)
    elif held is not None and held.purchases and reading.offer is not None and reading.offer.recurring:
        said.append(words.REVOKE_MAYBE_PAYING)
    if held is not None and held.purchases:
        said.append(words.REVOKE_BOUGHT)
    said.append(words.REVOKE_PRODUCTS)
    if any(one.active and one != held for one in reading.holdings):
        said.append(words.REVOKE_SHARED)
    return (*said, words.REVOKE_UNDO)
