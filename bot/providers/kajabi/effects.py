"""What else will or may happen when Kajabi grants, revokes or creates: as careful as what is known allows."""

from bot.domain.request import Action, Reading

GRANT_SILENT = (
    "Kajabi is told not to send its welcome mail; a gift mail, a grant confirmation or automations may still go out."
)
GRANT_WELCOME = (
    "Kajabi sends its welcome mail with login details to new customers; "
    "a gift mail, a grant confirmation or automations may go out as well."
)
GRANT_FIRST = "It is their first offer, as far as Kajabi shows: Kajabi creates a customer login for them."
GRANT_AGAIN = "They had this offer before: products that were switched off or have expired may stay off."
REVOKE_PAYING = "Payments go on: revoking access does not cancel the subscription or payment plan."
REVOKE_MAYBE_PAYING = "The offer is sold with recurring payments: if they run, they go on after access is revoked."
REVOKE_BOUGHT = "This was bought: revoking ends access and refunds nothing."
REVOKE_PRODUCTS = "All products of this offer are switched off; progress is kept."
REVOKE_SHARED = "Products that another offer of theirs contains too may be switched off with it."
REVOKE_UNDO = "Undoing it is a new grant, which may send mails and start automations."
CREATE = "Kajabi checks whether the address can get mail, and may refuse it. Automations for new contacts may start."


def effects(action: Action, reading: Reading, *, welcome_email: bool) -> tuple[str, ...]:
    """Say it in sentences; `reading` is the world before, its offer the one in question."""
    if action is Action.CREATE:
        return (CREATE,)
    return _of_grant(reading, welcome_email=welcome_email) if action is Action.GRANT else _of_revoke(reading)


def _of_grant(reading: Reading, *, welcome_email: bool) -> tuple[str, ...]:
    said = [GRANT_WELCOME if welcome_email else GRANT_SILENT]
    if reading.contact is None:
        said.insert(0, CREATE)
    if reading.contact is None or (reading.contact.customer_id is None and not reading.holdings):
        said.append(GRANT_FIRST)
    offer_id = reading.offer.id if reading.offer is not None else None
    if any(one.offer_id == offer_id and one.ended is not None for one in reading.holdings):
        said.append(GRANT_AGAIN)
    return tuple(said)


def _of_revoke(reading: Reading) -> tuple[str, ...]:
    held = reading.holding(reading.offer.id) if reading.offer is not None else None
    said = []
    if held is not None and held.paying:
        said.append(REVOKE_PAYING)
    elif held is not None and held.purchases and reading.offer is not None and reading.offer.recurring:
        said.append(REVOKE_MAYBE_PAYING)
    if held is not None and held.purchases:
        said.append(REVOKE_BOUGHT)
    said.append(REVOKE_PRODUCTS)
    if any(one.active and one != held for one in reading.holdings):
        said.append(REVOKE_SHARED)
    return (*said, REVOKE_UNDO)
