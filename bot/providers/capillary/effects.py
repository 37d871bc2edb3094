"""What else will or may happen when Capillary issues or revokes: as careful as what is known allows."""

from bot.domain.request import Action, Holding, Reading
from bot.providers.capillary.meaning import Kind

CREATE = "Customers cannot be created in Capillary from here."
GRANT_TWO_STEPS = (
    "Two steps: the customer is enrolled, then the promotion is issued. If the second is refused, the first stays."
)
GRANT_ISSUES = "The promotion is issued; an enrolment that is there stays as it is."
GRANT_MAYBE_ENROLLED = "If the customer is enrolled already, the new enrolment takes its place, with a new expiry."
GRANT_LATER = "Benefits come later, when the promotion's conditions are met; messages set up in Capillary may go out."
GRANT_LIMIT = "Whether the customer's limit is used up shows only when it is tried: then Capillary refuses."
GRANT_AGAIN = "They had this promotion before, and it has expired."
REVOKE_BENEFITS = (
    "The customer can no longer earn by it. "
    "What becomes of benefits that were given already is not documented: look in Capillary if it matters."
)
REVOKE_TWO_STEPS = (
    "What is issued is revoked first, then the enrolment. If the second step is refused, the first stays done."
)
REVOKE_LIMIT = "Whether a limit that was used up is given back is not known: granting again may be refused."
REVOKE_OURS = (
    "Only what this bot has issued is revoked, by the ids that Capillary gave it; "
    "where something else is issued as well, it refuses."
)
REVOKE_UNDO = "Undoing it is a new grant, with new ids."
UNTOLD = "Capillary does not show here whether they have it; the result will rest on its confirmation alone."


def effects(action: Action, reading: Reading, *, kind: Kind | None, proved: bool) -> tuple[str, ...]:
    """Say it in sentences. `kind` is the promotion's type, None while nobody has asked."""
    if action is Action.CREATE:
        return (CREATE,)
    offer_id = reading.offer.id if reading.offer is not None else ""
    untold = (UNTOLD,) if offer_id in reading.untold else ()
    held = reading.holding(offer_id)
    if action is Action.REVOKE:
        steps = (REVOKE_TWO_STEPS,) if kind is not Kind.DIRECT else ()
        return (*untold, *steps, REVOKE_BENEFITS, REVOKE_LIMIT, *(() if proved else (REVOKE_OURS,)), REVOKE_UNDO)
    return (*untold, *_steps(kind, held, untold=bool(untold)), *_before(reading, offer_id), GRANT_LATER, GRANT_LIMIT)


def _steps(kind: Kind | None, held: Holding | None, *, untold: bool) -> tuple[str, ...]:
    if kind is Kind.DIRECT or held is not None:
        return (GRANT_ISSUES,)
    return (GRANT_TWO_STEPS, GRANT_MAYBE_ENROLLED) if untold else (GRANT_TWO_STEPS,)


def _before(reading: Reading, offer_id: str) -> tuple[str, ...]:
    ended = any(one.offer_id == offer_id and one.ended is not None for one in reading.holdings)
    return (GRANT_AGAIN,) if ended else ()
